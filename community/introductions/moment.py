"""What speaks for pairs of people at one moment: everything the scores rest on, whole blocks at a time.

Pure.  The same lines make one row at a tap and the table of the day's plan: the two agree to the last digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.acceptance import Features, acceptance, mutual
from community.introductions.crowd import KNOWS_AFTER_DAYS, NEW_FOR_DAYS, Crowd
from community.introductions.sides import Kind
from community.introductions.sparse import Indices, Numbers
from community.introductions.standing import Standing
from community.introductions.weights import Weights
from community.members import Mood

Flags = NDArray[np.bool_]

SENIORITY = 0.2
"""What advice gains from somebody who has been here much longer."""

SENIORITY_DAYS = 365.0
"""The difference of days at which two thirds of it are reached."""


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
    warmth: Mapping[str, Numbers]
    """What makes them good neighbours, under the names of its weights: what they have in common, the usual
    weekdays they share, how many of the two said that they are open to a chat, the ties missing to three of
    both together, how new they are together, and how many of three things lie between them that a meeting
    would bridge: another company, another preferred language, nobody in common."""
    reason: Flags
    """A neighbour has something true to say, on both sides."""


class Moment:
    """The people of one day as things stand.  Lives until a mood, an answer or a meeting changes them."""

    def __init__(
        self, crowd: Crowd, standing: Standing, moods: Mapping[MemberId, Mood | None], weights: Weights
    ) -> None:
        self.crowd = crowd
        self.standing = standing
        self.moods = moods
        self.weights = weights
        age = crowd.age_days
        self.heads_down = self._in_mood(Mood.HEADS_DOWN)
        self.chatty = self._in_mood(Mood.OPEN)
        self.new = (age >= 0) & (age <= NEW_FOR_DAYS)
        self._worth_a_word = self.new | self.chatty
        """There is something true to say of them to anybody."""
        self._worth_a_greeting = self._worth_a_word | (age >= KNOWS_AFTER_DAYS)

    def terms(self, ones: Indices, others: Indices) -> Terms:
        """Return everything that the scores of some people with others rest on, by row numbers."""
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
            open=self.compatible(ones, others, at_table=False),
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
            warmth={
                "common_ground": common,
                "overlap": overlap,
                "open_to_chat": _sum(self.chatty.astype(np.float64), ones, others),
                "lift": _sum(standing.missing, ones, others),
                "newcomer": _sum(standing.newness, ones, others),
                "bridge": other_company.astype(np.float64) + ~same_language + strangers,
            },
            reason=self._have_reason(ones, others, common, met),
        )

    def _have_reason(self, ones: Indices, others: Indices, common: Numbers, met: Flags) -> Flags:
        """Say which pairs have a true reason to meet as neighbours, and a sentence for both of them."""
        between = (common > 0) | met | self.crowd.share_uncommon_language(ones, others)
        word, greeting = self._worth_a_word, self._worth_a_greeting
        one_sided = (word[ones][:, None] & greeting[others]) | (greeting[ones][:, None] & word[others])
        return between | one_sided

    def compatible(self, ones: Indices, others: Indices, *, at_table: bool) -> Flags:
        """Say which pairs nothing bars altogether; a table asks less of the past."""
        crowd = self.crowd
        willing = crowd.agreed & ~self.heads_down
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
