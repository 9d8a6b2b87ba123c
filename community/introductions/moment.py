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

_WILLING, _BUSINESS, _ASKABLE, _WORD, _GREETING = range(5)
"""Rows of a moment's flags."""


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
    both: Features
    """Of the first person's acceptance of the other, then the other way."""
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

    @property
    def mine(self) -> Features:
        """Those of the first person's acceptance of the other."""
        return self.both.of_side(0)

    @property
    def theirs(self) -> Features:
        """Those of the other's acceptance of the first person."""
        return self.both.of_side(1)


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
        word = self.new | self.chatty
        """There is something true to say of them to anybody."""
        greeting = word | (age >= KNOWS_AFTER_DAYS)
        self._flags = np.stack(
            (crowd.agreed & ~self.heads_down, crowd.business, crowd.askable, word, greeting)
        )
        self._traits = np.stack((self.chatty.astype(np.float64), standing.missing, standing.newness))
        self._yes = np.stack((standing.my_yes, standing.their_yes))
        self._age = np.where(age >= 0, age, np.nan)

    def terms(self, ones: Indices, others: Indices) -> Terms:
        """Return everything that the scores of some people with others rest on, by row numbers."""
        crowd, standing = self.crowd, self.standing
        met, met_lately, novelty = self._past(ones, others)
        linked = crowd.linked(ones, others)
        common = linked.common
        questions = self._senior(linked.questions, ones, others)
        answers = np.maximum(linked.needs, questions)
        same_language = crowd.preferred[ones][:, None] == crowd.preferred[others]
        overlap = standing.overlap(ones, others)
        of_ones, of_others = self._yes[:, ones, None], self._yes[:, None, others]
        yes = np.empty((2, *answers.shape))
        yes[0, 0], yes[0, 1], yes[1, 0], yes[1, 1] = of_ones[0], of_others[0], of_others[1], of_ones[1]
        both = Features(
            answers, answers[::-1], common, same_language.astype(np.float64), overlap, yes[0], yes[1]
        )
        my_yes, their_yes = acceptance(both, self.weights)
        other_company = crowd.companies[ones][:, None] != crowd.companies[others]
        strangers = ~standing.have_friend_in_common(ones, others)
        mine, theirs = self._flags[:, ones, None], self._flags[:, None, others]
        traits = self._traits[:, ones, None] + self._traits[:, None, others]
        one_sided = (mine[_WORD] & theirs[_GREETING]) | (mine[_GREETING] & theirs[_WORD])
        return Terms(
            open=self.compatible(ones, others, at_table=False),
            unmet=~met,
            met_lately=met_lately,
            business=mine[_BUSINESS] & theirs[_BUSINESS],
            other_company=other_company,
            askable=mine[_ASKABLE] | theirs[_ASKABLE],
            my_need=linked.needs[0],
            their_need=linked.needs[1],
            my_question=questions[0],
            their_question=questions[1],
            common=common,
            both=both,
            my_yes=my_yes,
            their_yes=their_yes,
            reciprocal=mutual(my_yes, their_yes),
            novelty=novelty,
            warmth={
                "common_ground": common,
                "overlap": overlap,
                "open_to_chat": traits[0],
                "lift": traits[1],
                "newcomer": traits[2],
                "bridge": other_company.astype(np.float64) + ~same_language + strangers,
            },
            reason=(common > 0) | met | crowd.share_uncommon_language(ones, others) | one_sided,
        )

    def gains(self, one: int, other: int, kind: Kind) -> tuple[float, float]:
        """Return what two people can hope for from each other: an answer to a need, or to a question.

        The same as `my_need` and `their_need`, or `my_question` and `their_question`, of `terms`.
        """
        mine, theirs = self.crowd.link(kind, one, other)
        if kind is not Kind.KNOWLEDGE or mine == theirs == 0:
            return mine, theirs
        both = self._senior(np.array([[[mine]], [[theirs]]]), np.array([one]), np.array([other]))
        return float(both[0, 0, 0]), float(both[1, 0, 0])

    def _senior(self, probabilities: Numbers, ones: Indices, others: Indices) -> Numbers:
        """Return the worth of advice, both ways: a little more from somebody who has been here longer."""
        gaps = np.empty(probabilities.shape)
        np.subtract(self._age[others], self._age[ones][:, None], out=gaps[0])
        np.negative(gaps[0], out=gaps[1])
        gaps = np.fmax(gaps, 0.0)  # nothing too where an age is not known
        return np.minimum(probabilities * (1 + SENIORITY * (1 - np.exp(-gaps / SENIORITY_DAYS))), 1.0)

    def compatible(self, ones: Indices, others: Indices, *, at_table: bool) -> Flags:
        """Say which pairs nothing bars altogether; a table asks less of the past."""
        crowd = self.crowd
        willing = self._flags[_WILLING]
        free: Flags = willing[ones][:, None] & willing[others]
        free &= crowd.share_language(ones, others)
        free &= ones[:, None] != others
        barred = np.zeros((len(ones), len(crowd.members)), np.bool_)
        for at, row in enumerate(ones.tolist()):
            found = self.standing.between(row)
            if len(found.columns):
                barred[at, found.columns] = found.refused if at_table else found.barred
            if row in crowd.avoiding:
                barred[at, crowd.avoiding[row]] = True
        free &= ~barred.take(others, axis=1)
        return free

    def _past(self, ones: Indices, others: Indices) -> tuple[Flags, Flags, Numbers]:
        """Return who met, who met lately, and how new each pair still is."""
        shape = len(ones), len(self.crowd.members)
        met, met_lately, novelty = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_), np.ones(shape)
        for at, row in enumerate(ones.tolist()):
            found = self.standing.between(row)
            if not len(found.columns):
                continue
            met[at, found.columns] = found.met
            met_lately[at, found.columns] = found.met_lately
            novelty[at, found.columns] = found.novelty
        return met.take(others, axis=1), met_lately.take(others, axis=1), novelty.take(others, axis=1)

    def _in_mood(self, mood: Mood) -> Flags:
        flags = np.zeros(len(self.crowd.members), np.bool_)
        index = self.crowd.index
        flags[[index[member] for member, now in self.moods.items() if now is mood and member in index]] = True
        return flags
