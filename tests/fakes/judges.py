"""A judge for tests: scores straight from an array, as plain as can be."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.judge import SLOTS, Scores
from community.introductions.pairing import Pair, pair
from community.introductions.slots import Slot


class FakeJudge:
    """Scores by pair and slot; whatever was not said is 0.

    It counts what it is asked (`rows`), and can be told that somebody is out of the question from now on.
    """

    def __init__(self, scores: Mapping[tuple[Pair, Slot], float], barred: Iterable[Pair] = ()) -> None:
        self._scores = {(pair(*both), slot): score for (both, slot), score in scores.items()}
        self._barred = {pair(*both) for both in barred}
        self.out: set[MemberId] = set()
        """Heads-down, hidden or erased: they score 0 with everybody."""
        self.rows = 0

    def row(self, one: MemberId, others: Sequence[MemberId]) -> Scores:
        """Return what was said of these."""
        self.rows += 1
        return np.array(
            [[self._score(one, other, slot) for other in others] for slot in SLOTS], dtype=np.float64
        ).reshape(len(SLOTS), len(others))

    def table(self, people: Sequence[MemberId]) -> Scores:
        """Return `row` for each."""
        rows = [self.row(one, people) for one in people]
        return np.stack(rows, axis=1) if rows else np.zeros((len(SLOTS), 0, 0))

    def seeker(self, one: MemberId, other: MemberId, slot: Slot) -> MemberId | None:
        """The smaller id seeks in the first two slots."""
        return None if slot is Slot.NEIGHBOUR else min(one, other)

    def barred(self, one: MemberId, others: Sequence[MemberId]) -> NDArray[np.bool_]:
        """Return who was said to be barred."""
        return np.array(
            [
                one == other or one in self.out or other in self.out or pair(one, other) in self._barred
                for other in others
            ],
            dtype=bool,
        )

    def _score(self, one: MemberId, other: MemberId, slot: Slot) -> float:
        if one == other or one in self.out or other in self.out or pair(one, other) in self._barred:
            return 0.0
        return self._scores.get((pair(one, other), slot), 0.0)
