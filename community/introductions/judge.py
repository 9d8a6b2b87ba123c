"""What the planner asks about people: ids in, numbers out.

Pure.  The product's own judge is `community.introductions.matchmaker`; evaluations bring others, so that
the planner that is measured is the planner that runs.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.slots import Slot

SLOTS: tuple[Slot, ...] = tuple(Slot)
"""The order of the first axis of every array below."""

Scores = NDArray[np.float64]


class Judge(Protocol):
    """Scores for pairs, each slot its own."""

    def row(self, one: MemberId, others: Sequence[MemberId]) -> Scores:
        """Return the score of one person with each of some others.

        Returns:
            Shape (slots, len(others)), each in 0..1; 0 where a filter bars the two or the slot has
            nothing true to say.  Symmetric: `row(a, [b])` equals `row(b, [a])`.  Whether they are present is
            the planner's business, everything else that bars is the judge's.
        """

    def table(self, people: Sequence[MemberId]) -> Scores:
        """Return the scores of all pairs: shape (slots, n, n), symmetric, the diagonal 0; `row` for each."""

    def seeker(self, one: MemberId, other: MemberId, slot: Slot) -> MemberId | None:
        """Return whose need or question the slot's score rests on; `None` where both gain alike."""


class TableJudge(Judge, Protocol):
    """A judge who can also say who must not be put together at all."""

    def barred(self, one: MemberId, others: Sequence[MemberId]) -> NDArray[np.bool_]:
        """Say with whom somebody must not sit at a table.

        Returns:
            Shape (len(others),): `True` for themselves, where one of the two is heads-down, hidden or did not
            agree, where they avoid or refused each other, or share no language.  Having met, or having been
            shown to each other lately, bars nobody from a table.  Symmetric.
        """


def by_own_best(scores: Scores) -> Scores:
    """Return a table's scores as shares of what people find at best in the same slot, on average.

    Slots have no scale in common; where one must be chosen before another, this is what is compared.
    """
    best = scores.max(axis=2, initial=0.0)
    found = np.maximum(np.count_nonzero(best, axis=1), 1)
    unit = best.sum(axis=1) / found
    shares: Scores = scores / np.where(unit > 0, unit, 1.0)[:, None, None]
    return shares
