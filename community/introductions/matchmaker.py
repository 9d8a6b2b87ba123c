"""The product's own judge: how good it would be that two people meet, slot by slot, and why.

Pure.  Each slot has its own score; nothing here adds them up.

Source: reciprocal scores by geometric mean, after Pizzato et al. 2010 and Neve and Palomares 2019.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import assert_never

import numpy as np

from community.ids import MemberId
from community.introductions.acceptance import FEATURES, cut
from community.introductions.crowd import KNOWS_AFTER_DAYS, Crowd
from community.introductions.ground import Ground
from community.introductions.introduction import Introduction
from community.introductions.judge import SLOTS, Scores
from community.introductions.moment import Flags, Moment, Terms
from community.introductions.past import Past
from community.introductions.reasons import (
    BothLike,
    CatchUp,
    KnowsThePlace,
    NewHere,
    OpenToChat,
    Reason,
    SharedLanguage,
    TheyAsk,
    TheyKnow,
    TheyNeed,
    TheyOffer,
)
from community.introductions.sides import Kind
from community.introductions.slots import Slot
from community.introductions.sparse import Indices, Numbers
from community.introductions.standing import Standing
from community.introductions.weights import Weights
from community.members import Member, Mood

DIGITS = 6
"""Decimals kept of a score: beyond, two machines may disagree, and a tie must be a tie everywhere."""

CATCHING_UP = 0.5
"""What a neighbour's score is worth if the two have met before: new faces first."""

ALIKE = 0.05
"""Probabilities closer than this are no difference: who of the two gains more cannot be told."""

LEAST_WARMTH = 0.01
"""The least a neighbour with a true reason counts, whatever the weights: a reason is a reason."""

ROWS_AT_ONCE = 64
"""Rows of a table worked out together: bounds the memory of a table of thousands."""

ROWS_KEPT = 64
"""Rows kept for a second look: whom a tap shows is told next."""

_PARTNER, _ADVICE, _NEIGHBOUR = (SLOTS.index(slot) for slot in (Slot.PARTNER, Slot.ADVICE, Slot.NEIGHBOUR))


class Matchmaker:
    """Scores and reasons for the people of one day, as things stand at one moment.

    Made anew for each moment from the one before (`then`): what does not change during a day is kept.  It
    remembers the last rows it worked out.
    """

    def __init__(
        self, crowd: Crowd, standing: Standing, moods: Mapping[MemberId, Mood | None], weights: Weights
    ) -> None:
        self._moment = Moment(crowd, standing, moods, weights)
        self._kept: dict[int, tuple[Indices, Scores]] = {}
        """By row number: with whom, and the scores."""

    @property
    def crowd(self) -> Crowd:
        """Everybody."""
        return self._moment.crowd

    @property
    def standing(self) -> Standing:
        """The past."""
        return self._moment.standing

    @property
    def moods(self) -> Mapping[MemberId, Mood | None]:
        """Of those present."""
        return self._moment.moods

    @property
    def weights(self) -> Weights:
        """The numbers behind the scores."""
        return self._moment.weights

    @classmethod
    def of(
        cls,
        members: Iterable[Member],
        ground: Ground,
        past: Past,
        day: date,
        moods: Mapping[MemberId, Mood | None] | None = None,
        weights: Weights | None = None,
    ) -> "Matchmaker":
        """Return the matchmaker of a day; takes milliseconds for hundreds of members.

        Args:
            members: Everybody in the directory.
            ground: What answers what among them; of members who changed since, it is not believed.
            past: What is known from before.
            day: The space's day.
            moods: Of those present.
            weights: The prior if `None`.
        """
        crowd = Crowd.of(members, ground, day)
        return cls(crowd, Standing(crowd, past), moods or {}, weights or Weights())

    def then(
        self,
        past: Past | None = None,
        moods: Mapping[MemberId, Mood | None] | None = None,
        weights: Weights | None = None,
    ) -> "Matchmaker":
        """Return the matchmaker of another moment of the same day; what is `None` stays as it is.

        Cheap if `past` was laid over the same past as before.
        """
        return Matchmaker(
            self.crowd,
            self.standing if past is None else self.standing.then(past),
            self.moods if moods is None else moods,
            self.weights if weights is None else weights,
        )

    def row(self, one: MemberId, others: Sequence[MemberId]) -> Scores:
        """Return the score of one person with each of some others, as `Judge` says."""
        scores = np.zeros((len(SLOTS), len(others)))
        row = self.crowd.index.get(one)
        if row is not None:
            rows, known = self._rows(others)
            found = self._scores(np.array([row]), rows)[:, 0]
            scores[:, known] = found
            if len(self._kept) == ROWS_KEPT:
                self._kept = {}
            self._kept[row] = rows, found
        return scores

    def table(self, people: Sequence[MemberId]) -> Scores:
        """Return the scores of all pairs, as `Judge` says."""
        scores = np.zeros((len(SLOTS), len(people), len(people)))
        rows, known = self._rows(people)
        places = np.flatnonzero(known)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = slice(start, start + ROWS_AT_ONCE)
            scores[:, places[some, None], places] = self._scores(rows[some], rows)
        return scores

    def seeker(self, one: MemberId, other: MemberId, slot: Slot) -> MemberId | None:
        """Return whose need or question the slot's score rests on; `None` where both gain alike."""
        row, column = self.crowd.index.get(one), self.crowd.index.get(other)
        if row is None or column is None or slot is Slot.NEIGHBOUR:
            return None
        mine, theirs = self._moment.gains(row, column, Kind.OFFER if slot is Slot.PARTNER else Kind.KNOWLEDGE)
        if abs(mine - theirs) < ALIKE:
            return None
        return one if mine > theirs else other

    def barred(self, one: MemberId, others: Sequence[MemberId]) -> Flags:
        """Say with whom somebody must not sit at a table, as `TableJudge` says."""
        barred = np.ones(len(others), np.bool_)
        row = self.crowd.index.get(one)
        if row is not None:
            rows, known = self._rows(others)
            barred[known] = ~self._moment.compatible(np.array([row]), rows, at_table=True)[0]
        return barred

    def features(self, one: MemberId, others: Sequence[MemberId]) -> Numbers:
        """Return the features of one person's acceptance of each of some others.

        Returns:
            Shape (len(others), len(FEATURES)); zeros for who is not known.
        """
        found = np.zeros((len(others), len(FEATURES)))
        row = self.crowd.index.get(one)
        if row is not None:
            rows, known = self._rows(others)
            found[known] = self._moment.terms(np.array([row]), rows).mine.stacked()[0]
        return found

    def terms(self, one: MemberId, other: MemberId) -> Terms | None:
        """Return everything one pair's scores rest on; `None` if one of them is not known."""
        row, column = self.crowd.index.get(one), self.crowd.index.get(other)
        if row is None or column is None:
            return None
        return self._moment.terms(np.array([row]), np.array([column]))

    def introduction(self, visitor: MemberId, other: MemberId, slot: Slot) -> Introduction | None:
        """Return an introduction as the visitor is to read it; `None` where nothing true can be said.

        It quotes what the two wrote themselves, as it stands today.
        """
        score = self._score(visitor, other, slot)
        if score <= 0:
            return None
        match slot:
            case Slot.PARTNER:
                reasons = self._both_ways(Kind.OFFER, visitor, other)
            case Slot.ADVICE:
                reasons = self._both_ways(Kind.KNOWLEDGE, visitor, other)
            case Slot.NEIGHBOUR:
                reasons = self._neighbourly(visitor, other)[:1]
            case _:
                assert_never(slot)
        return Introduction(other, slot, reasons[0], score, reasons[1] if len(reasons) > 1 else None)

    def _both_ways(self, kind: Kind, visitor: MemberId, other: MemberId) -> list[Reason]:
        """Return what the visitor gains and what the other gains, each if there is anything."""
        ground = self.crowd.ground
        found: list[Reason] = []
        offers = kind is Kind.OFFER
        mine, theirs = ground.items(kind, visitor, other), ground.items(kind, other, visitor)
        if mine is not None:
            found.append(TheyOffer(*mine) if offers else TheyKnow(*mine))
        if theirs is not None:
            found.append(TheyNeed(*theirs) if offers else TheyAsk(*theirs))
        return found

    def _neighbourly(self, visitor: MemberId, other: MemberId) -> list[Reason]:
        """Return everything true to say of a neighbour, the warmest first."""
        crowd = self.crowd
        row, column = crowd.index[visitor], crowd.index[other]
        found: list[Reason] = []
        met = self.standing.past.met(visitor, other)
        if met is not None:
            found.append(CatchUp(met))
        both_described = crowd.ground_rows[row] >= 0 and crowd.ground_rows[column] >= 0
        interests = crowd.ground.items(Kind.INTEREST, visitor, other) if both_described else None
        if interests is not None:
            found.append(BothLike(*interests))
        joined = crowd.members[column].joined
        if joined is not None and self._moment.new[column]:
            found.append(NewHere(joined))
        if self._moment.chatty[column]:
            found.append(OpenToChat())
        language = crowd.uncommon_language(row, column)
        if language is not None:
            found.append(SharedLanguage(language))
        if joined is not None and crowd.age_days[column] >= KNOWS_AFTER_DAYS:
            found.append(KnowsThePlace(joined))
        return found

    def _score(self, one: MemberId, other: MemberId, slot: Slot) -> float:
        """Return one pair's score, out of a row worked out before if there is one."""
        row, column = self.crowd.index.get(one), self.crowd.index.get(other)
        if row is None or column is None:
            return 0.0
        rows, scores = self._kept.get(row, (_NOBODY, _NOTHING))
        places = (rows == column).nonzero()[0]
        if not len(places):
            scores, places = self._scores(np.array([row]), np.array([column]))[:, 0], _FIRST
        return float(scores[SLOTS.index(slot), places[0]])

    def _scores(self, ones: Indices, others: Indices) -> Scores:
        terms, weights = self._moment.terms(ones, others), self.weights
        worth = np.where(terms.open, terms.reciprocal * terms.novelty, 0.0)
        scores = np.empty((len(SLOTS), *worth.shape))
        scores[_PARTNER] = np.maximum(terms.my_need, terms.their_need)
        scores[_PARTNER] *= terms.unmet & terms.business & terms.other_company
        scores[_ADVICE] = np.maximum(terms.my_question, terms.their_question)
        scores[_ADVICE] *= terms.unmet
        warmth = np.zeros(worth.shape)
        for name, values in terms.warmth.items():
            warmth += cut(getattr(weights, name)) * values
        neighbour = 1 - np.exp(-np.maximum(warmth, LEAST_WARMTH))
        neighbour *= np.where(terms.unmet, 1.0, CATCHING_UP) * (terms.reason & ~terms.met_lately)
        scores[_NEIGHBOUR] = neighbour
        scores *= worth
        return scores.round(DIGITS)

    def _rows(self, people: Sequence[MemberId]) -> tuple[Indices, Flags]:
        """Return the rows of those who are known, and which of them all are."""
        index = self.crowd.index
        rows = np.fromiter(map(index.get, people, repeat(-1)), np.intp, len(people))
        known = rows >= 0
        return rows[known], known


_FIRST: Indices = np.zeros(1, np.intp)
_NOBODY: Indices = np.zeros(0, np.intp)
_NOTHING: Scores = np.zeros((len(SLOTS), 0))
