"""The product's own judge: how good it would be that two people meet, slot by slot, and why.

Pure.  Each slot has its own score; nothing here adds them up.

Source: reciprocal scores by geometric mean, after Pizzato et al. 2010 and Neve and Palomares 2019.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
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

ROWS_AT_ONCE = 256
"""Rows of a table worked out together: bounds the memory of a table of thousands."""


class Matchmaker:
    """Scores and reasons for the people of one day, as things stand at one moment.

    Made anew for each moment from the one before (`then`): what does not change during a day is kept.
    """

    def __init__(
        self, crowd: Crowd, standing: Standing, moods: Mapping[MemberId, Mood | None], weights: Weights
    ) -> None:
        self._moment = Moment(crowd, standing, moods, weights)

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
            scores[:, known] = self._scores(np.array([row]), rows)[:, 0]
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
        terms = self.terms(one, other)
        if terms is None or slot is Slot.NEIGHBOUR:
            return None
        partner = slot is Slot.PARTNER
        mine = float((terms.my_need if partner else terms.my_question)[0, 0])
        theirs = float((terms.their_need if partner else terms.their_question)[0, 0])
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
        score = float(self.row(visitor, [other])[SLOTS.index(slot), 0])
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

    def _scores(self, ones: Indices, others: Indices) -> Scores:
        terms, weights = self._moment.terms(ones, others), self.weights
        worth = np.where(terms.open, terms.reciprocal * terms.novelty, 0.0)
        partner = np.maximum(terms.my_need, terms.their_need) * (
            terms.unmet & terms.business & terms.other_company
        )
        advice = np.maximum(terms.my_question, terms.their_question) * terms.unmet
        warmth = np.zeros(terms.open.shape)
        for name, values in terms.warmth.items():
            warmth = warmth + cut(getattr(weights, name)) * values
        neighbour = 1 - np.exp(-np.maximum(warmth, LEAST_WARMTH))
        neighbour *= np.where(terms.unmet, 1.0, CATCHING_UP) * (terms.reason & ~terms.met_lately)
        by_slot = {Slot.PARTNER: partner, Slot.ADVICE: advice, Slot.NEIGHBOUR: neighbour}
        return np.round(np.stack([by_slot[slot] * worth for slot in SLOTS]), DIGITS)

    def _rows(self, people: Sequence[MemberId]) -> tuple[Indices, Flags]:
        """Return the rows of those who are known, and which of them all are."""
        index = self.crowd.index
        rows = np.array([index.get(member, -1) for member in people], np.intp)
        known = rows >= 0
        return rows[known], known
