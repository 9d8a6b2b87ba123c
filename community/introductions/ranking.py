"""Whom a visitor would best be shown in one slot, one after the other.

Pure.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from community.ids import MemberId
from community.introductions.judge import Scores
from community.introductions.lots import lot
from community.introductions.pairing import pair


class BestFirst:
    """The places in a row that score at all, best first; equal ones as the lots of the visitor's pairs fall.

    Lives during one tap.  Lots are drawn only as far as anybody looks: an order may be thousands long.
    """

    def __init__(self, row: Scores, visitor: MemberId, others: Sequence[MemberId], seed: str) -> None:
        """Prepare the order.

        Args:
            row: The visitor's scores with each of the others in one slot.
            visitor: Who tapped.
            others: Whose scores these are.
            seed: What lots are drawn from; a pair's is the same from both sides.
        """
        places = np.flatnonzero(row > 0)
        self._places = places[np.argsort(-row[places], kind="stable")]
        self._losses = -row[self._places]
        self._visitor, self._others, self._seed = visitor, others, seed
        self._found: list[int] = []

    def __iter__(self) -> Iterator[int]:
        """Yield places in `others`; each time anew, and each time the same."""
        at = 0
        while at < len(self._found) or self._find_more():
            yield self._found[at]
            at += 1

    def _find_more(self) -> bool:
        """Put the next ones that are worth the same in order; say whether there were any."""
        begin = len(self._found)
        if begin == len(self._places):
            return False
        end = int(np.searchsorted(self._losses, self._losses[begin], side="right"))
        equal: list[int] = self._places[begin:end].tolist()
        self._found += sorted(equal, key=self._lot) if len(equal) > 1 else equal
        return True

    def _lot(self, place: int) -> float:
        return lot(self._seed, *pair(self._visitor, self._others[place]))
