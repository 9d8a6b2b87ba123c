"""The product's own judge: how good it would be that two people meet, slot by slot, and why.

Pure.  Each slot has its own score; nothing here adds them up.  Scores are worked out for whole blocks of
pairs; the same lines make one row at a tap and the table of the day's plan, so the two agree to the last
digit that is kept.

Source: reciprocal scores by geometric mean, after Pizzato et al. 2010 and Neve and Palomares 2019.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.acceptance import FEATURES, Features, acceptance, cut, mutual
from community.introductions.crowd import KNOWS_AFTER_DAYS, NEW_FOR_DAYS, Crowd
from community.introductions.ground import Ground
from community.introductions.introduction import Introduction
from community.introductions.judge import SLOTS, Scores
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

Flags = NDArray[np.bool_]

DIGITS = 6
"""Decimals kept of a score: beyond, two machines may disagree, and a tie must be a tie everywhere."""

SENIORITY = 0.2
"""What advice gains from somebody who has been here much longer."""

SENIORITY_DAYS = 365.0
"""The difference of days at which two thirds of it are reached."""

CATCHING_UP = 0.5
"""What a neighbour's score is worth if the two have met before: new faces first."""

LEAST_WARMTH = 0.01
"""The least a neighbour with a true reason counts, whatever the weights: a reason is a reason."""

ROWS_AT_ONCE = 256
"""Rows of a table worked out together: bounds the memory of a table of thousands."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Everything the scores of some pairs rest on; arrays of shape (ones, others)."""

    open: Flags
    """Nothing bars the two altogether."""
    unmet: Flags
    met_lately: Flags
    business: Flags
    """Both are open to business."""
    other_company: Flags
    askable: Flags
    """One of the two is glad to be asked."""
    my_need: Numbers
    """The probability that the other's offers answer the first person's needs; `their_need` the other way."""
    their_need: Numbers
    my_question: Numbers
    """The probability that the other knows about what the first person needs, their seniority counted in."""
    their_question: Numbers
    common: Numbers
    mine: Features
    """Of the first person's acceptance of the other."""
    theirs: Features
    my_yes: Numbers
    """The probability that the first person says yes to the other."""
    their_yes: Numbers
    reciprocal: Numbers
    """The geometric mean of the two."""
    novelty: Numbers
    missing: Numbers
    """Ties missing to three, of both together."""
    newness: Numbers
    chats: Numbers
    """How many of the two said that they are open to a chat."""
    bridges: Numbers
    """How many of three: another company, another preferred language, nobody in common."""
    reason: Flags
    """A neighbour has something true to say, on both sides."""


class Matchmaker:
    """Scores and reasons for the people of one day, as things stand at one moment.

    Made anew for each moment from the one before (`then`): what does not change during a day is kept.
    """

    def __init__(
        self, crowd: Crowd, standing: Standing, moods: Mapping[MemberId, Mood | None], weights: Weights
    ) -> None:
        self.crowd = crowd
        self.standing = standing
        self.moods = moods
        self.weights = weights
        self._heads_down = self._in_mood(Mood.HEADS_DOWN)
        self._chatty = self._in_mood(Mood.OPEN)
        age = crowd.age_days
        self._new = (age >= 0) & (age <= NEW_FOR_DAYS)
        self._worth_a_word = self._new | self._chatty
        """There is something true to say of them to anybody."""
        self._worth_a_greeting = self._worth_a_word | (age >= KNOWS_AFTER_DAYS)

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
        if mine == theirs:
            return None
        return one if mine > theirs else other

    def barred(self, one: MemberId, others: Sequence[MemberId]) -> Flags:
        """Say with whom somebody must not sit at a table, as `TableJudge` says."""
        barred = np.ones(len(others), np.bool_)
        row = self.crowd.index.get(one)
        if row is not None:
            rows, known = self._rows(others)
            barred[known] = ~self._compatible(np.array([row]), rows, at_table=True)[0]
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
            found[known] = self._terms(np.array([row]), rows).mine.stacked()[0]
        return found

    def terms(self, one: MemberId, other: MemberId) -> Terms | None:
        """Return everything one pair's scores rest on; `None` if one of them is not known."""
        row, column = self.crowd.index.get(one), self.crowd.index.get(other)
        if row is None or column is None:
            return None
        return self._terms(np.array([row]), np.array([column]))

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
        if joined is not None and self._new[column]:
            found.append(NewHere(joined))
        if self._chatty[column]:
            found.append(OpenToChat())
        language = crowd.uncommon_language(row, column)
        if language is not None:
            found.append(SharedLanguage(language))
        if joined is not None and crowd.age_days[column] >= KNOWS_AFTER_DAYS:
            found.append(KnowsThePlace(joined))
        return found

    def _scores(self, ones: Indices, others: Indices) -> Scores:
        terms, weights = self._terms(ones, others), self.weights
        worth = np.where(terms.open, terms.reciprocal * terms.novelty, 0.0)
        partner = np.maximum(terms.my_need, terms.their_need) * (
            terms.unmet & terms.business & terms.other_company
        )
        advice = np.maximum(terms.my_question, terms.their_question) * terms.unmet
        warmth = (
            cut(weights.common_ground) * terms.common
            + cut(weights.overlap) * terms.mine.overlap
            + cut(weights.open_to_chat) * terms.chats
            + cut(weights.lift) * terms.missing
            + cut(weights.newcomer) * terms.newness
            + cut(weights.bridge) * terms.bridges
        )
        neighbour = 1 - np.exp(-np.maximum(warmth, LEAST_WARMTH))
        neighbour *= np.where(terms.unmet, 1.0, CATCHING_UP) * (terms.reason & ~terms.met_lately)
        by_slot = {Slot.PARTNER: partner, Slot.ADVICE: advice, Slot.NEIGHBOUR: neighbour}
        return np.round(np.stack([by_slot[slot] * worth for slot in SLOTS]), DIGITS)

    def _terms(self, ones: Indices, others: Indices) -> Terms:
        crowd, standing = self.crowd, self.standing
        met, met_lately, novelty = self._past(ones, others)
        my_need = crowd.linked(Kind.OFFER, ones, others)
        their_need = crowd.linked_back(Kind.OFFER, ones, others)
        ages = crowd.age_days[ones][:, None], crowd.age_days[others]
        my_question = _senior(crowd.linked(Kind.KNOWLEDGE, ones, others), *ages)
        their_question = _senior(crowd.linked_back(Kind.KNOWLEDGE, ones, others), *reversed(ages))
        common = crowd.linked(Kind.INTEREST, ones, others)
        same_language = crowd.preferred[ones][:, None] == crowd.preferred[others]
        overlap = standing.overlap(ones, others)
        answers_me, i_answer = np.maximum(my_need, my_question), np.maximum(their_need, their_question)
        fluent = same_language.astype(np.float64)
        mine = Features(
            answers_me,
            i_answer,
            common,
            fluent,
            overlap,
            standing.my_yes[ones][:, None],
            standing.their_yes[others],
        )
        theirs = Features(
            i_answer,
            answers_me,
            common,
            fluent,
            overlap,
            standing.my_yes[others],
            standing.their_yes[ones][:, None],
        )
        my_yes, their_yes = acceptance(mine, self.weights), acceptance(theirs, self.weights)
        other_company = crowd.companies[ones][:, None] != crowd.companies[others]
        strangers = ~standing.have_friend_in_common(ones, others)
        return Terms(
            open=self._compatible(ones, others, at_table=False),
            unmet=~met,
            met_lately=met_lately,
            business=_both(crowd.business, ones, others),
            other_company=other_company,
            askable=crowd.askable[ones][:, None] | crowd.askable[others],
            my_need=my_need,
            their_need=their_need,
            my_question=my_question,
            their_question=their_question,
            common=common,
            mine=mine,
            theirs=theirs,
            my_yes=my_yes,
            their_yes=their_yes,
            reciprocal=mutual(my_yes, their_yes),
            novelty=novelty,
            missing=_sum(standing.missing, ones, others),
            newness=_sum(standing.newness, ones, others),
            chats=_sum(self._chatty.astype(np.float64), ones, others),
            bridges=other_company.astype(np.float64) + ~same_language + strangers,
            reason=self._have_reason(ones, others, common, met),
        )

    def _have_reason(self, ones: Indices, others: Indices, common: Numbers, met: Flags) -> Flags:
        """Say which pairs have a true reason to meet as neighbours, and a sentence for both of them."""
        between = (common > 0) | met | self.crowd.share_uncommon_language(ones, others)
        word, greeting = self._worth_a_word, self._worth_a_greeting
        one_sided = (word[ones][:, None] & greeting[others]) | (greeting[ones][:, None] & word[others])
        return between | one_sided

    def _compatible(self, ones: Indices, others: Indices, *, at_table: bool) -> Flags:
        """Say which pairs nothing bars altogether; a table asks less of the past."""
        crowd = self.crowd
        willing = crowd.agreed & ~self._heads_down
        free = _both(willing, ones, others)
        free &= crowd.share_language(ones, others)
        free &= ones[:, None] != others
        place = np.full(len(crowd.members), False)
        for at, row in enumerate(ones):
            found = self.standing.between(int(row))
            place[:] = False
            place[found.columns] = found.refused if at_table else found.barred
            place[crowd.avoiding.get(int(row), _NOBODY)] = True
            free[at] &= ~place[others]
        return free

    def _past(self, ones: Indices, others: Indices) -> tuple[Flags, Flags, Numbers]:
        """Return who met, who met lately, and how new each pair still is."""
        shape = len(ones), len(self.crowd.members)
        met, met_lately, novelty = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_), np.ones(shape)
        for at, row in enumerate(ones):
            found = self.standing.between(int(row))
            met[at, found.columns] = found.met
            met_lately[at, found.columns] = found.met_lately
            novelty[at, found.columns] = found.novelty
        return met[:, others], met_lately[:, others], novelty[:, others]

    def _rows(self, people: Sequence[MemberId]) -> tuple[Indices, Flags]:
        """Return the rows of those who are known, and which of them all are."""
        index = self.crowd.index
        rows = np.array([index.get(member, -1) for member in people], np.intp)
        known = rows >= 0
        return rows[known], known

    def _in_mood(self, mood: Mood) -> Flags:
        flags = np.zeros(len(self.crowd.members), np.bool_)
        index = self.crowd.index
        flags[[index[member] for member, now in self.moods.items() if now is mood and member in index]] = True
        return flags


_NOBODY: Indices = np.zeros(0, np.intp)


def _senior(probability: Numbers, age: Numbers, their_age: Numbers) -> Numbers:
    """Return the worth of advice: a little more from somebody who has been here longer."""
    gap = np.where((age >= 0) & (their_age > age), their_age - age, 0.0)
    return np.minimum(probability * (1 + SENIORITY * (1 - np.exp(-gap / SENIORITY_DAYS))), 1.0)


def _both(flags: Flags, ones: Indices, others: Indices) -> Flags:
    return flags[ones][:, None] & flags[others]


def _sum(numbers: Numbers, ones: Indices, others: Indices) -> Numbers:
    return numbers[ones][:, None] + numbers[others]
