"""What each person could hope for among those who usually come on such a day.

Pure apart from what it keeps: a cache of one day, as good as empty.  A pair is committed before the plan's
hour only if it stands high in what both could hope for.
"""

from collections.abc import Iterable

import numpy as np

from community.ids import MemberId
from community.introductions.judge import Judge, Scores
from community.introductions.lots import lot

SAMPLE = 128
"""People among whom hopes are measured, at most: above, a share drawn by hash says where a score stands to
within a few hundredths, at a cost that no longer grows."""

ROUNDING = 1e-9


class Hopes:
    """What people could hope for, kept.  Lives for a day, or until the feed says more.

    Making one takes a table of scores of at most `SAMPLE` people; whoever is not among them takes a row when
    first asked about.
    """

    def __init__(self, judge: Judge, people: Iterable[MemberId], seed: str = "") -> None:
        self._judge = judge
        self._people = _sample(sorted(set(people)), seed)
        self._known: dict[MemberId, Scores] = {}
        table = judge.table(self._people)
        for at, member in enumerate(self._people):
            self._known[member] = np.sort(np.delete(table[:, at], at, axis=1), axis=1)

    def least(self, member: MemberId, slot: int, reserve: float) -> float:
        """Return the score from which on a pair is in the top `1 - reserve` of what somebody could hope for.

        Nobody to hope for is 0: then anything is good.
        """
        scores = self._of(member)[slot]
        if not len(scores):
            return 0.0
        top = int((1 - reserve) * (len(scores) - 1) + ROUNDING) + 1
        return float(scores[-top])

    def best(self, member: MemberId, slot: int) -> float:
        """Return the best one person could hope for in a slot; 0 if nothing."""
        scores = self._of(member)[slot]
        return float(scores[-1]) if len(scores) else 0.0

    def _of(self, member: MemberId) -> Scores:
        known = self._known.get(member)
        if known is None:
            known = self._known[member] = np.sort(self._judge.row(member, self._people), axis=1)
        return known


def _sample(people: list[MemberId], seed: str) -> list[MemberId]:
    """Return these people, or as many of them as hopes are measured among."""
    if len(people) <= SAMPLE:
        return people
    return sorted(sorted(people, key=lambda one: (lot(seed, one), one))[:SAMPLE])
