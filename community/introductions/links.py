"""From pairs of items to pairs of people: how likely one answers the other, and by which two items.

Pure.  Works on arrays: a community of thousands has hundreds of thousands of such pairs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from community.introductions.sparse import Indices, Numbers, Sparse, smallest

DIGITS = 4
"""Decimals kept of a probability: beyond, two machines may disagree."""

CERTAIN = 0.999
"""No pair of items is surer than this: a sum of logarithms must stay finite."""


@dataclass(frozen=True, slots=True, eq=False)
class ItemPairs:
    """Pairs of items, each of one person and one other, and how strongly each pair speaks."""

    ones: Indices
    """Who stands on the first side, as a row number."""
    others: Indices
    places: Indices
    """The item's place among the first person's items of its kind."""
    their_places: Indices
    strengths: Numbers
    """In 0..1."""

    @classmethod
    def joined(cls, parts: "list[ItemPairs]") -> "ItemPairs":
        """Return all pairs of some runs of them."""
        return cls(
            _all([part.ones for part in parts]),
            _all([part.others for part in parts]),
            _all([part.places for part in parts]),
            _all([part.their_places for part in parts]),
            np.concatenate([np.zeros(0), *(part.strengths for part in parts)]),
        )

    def only(self, which: NDArray[np.bool_] | Indices) -> "ItemPairs":
        """Return some of the pairs."""
        return ItemPairs(
            self.ones[which],
            self.others[which],
            self.places[which],
            self.their_places[which],
            self.strengths[which],
        )

    def moved(self, rows: Indices) -> "ItemPairs":
        """Return the pairs with everybody's row exchanged for a new one; -1 for who is left out."""
        ones, others = rows[self.ones], rows[self.others]
        moved = ItemPairs(ones, others, self.places, self.their_places, self.strengths)
        return moved.only((ones >= 0) & (others >= 0))

    def by_person(self, size: int) -> "ItemPairs":
        """Return one line for each pair of people, with their best two items.

        The strength becomes the probability that at least one pair of items holds (noisy-or); ties
        between items go to those written first.

        Args:
            size: The number of people, above every row number.
        """
        order = np.lexsort((self.their_places, self.places, -self.strengths, self.others, self.ones))
        ranked = self.only(order)
        between = ranked.ones * size + ranked.others
        firsts = np.flatnonzero(np.diff(between, prepend=-1))
        if not len(firsts):
            return ranked
        misses = np.log1p(-np.minimum(ranked.strengths, CERTAIN))
        together = np.round(-np.expm1(np.add.reduceat(misses, firsts)), DIGITS).astype(np.float64)
        best = ranked.only(firsts)
        return ItemPairs(best.ones, best.others, best.places, best.their_places, together)

    def shortlist(self, size: int, longest: int) -> "ItemPairs":
        """Return the strongest others of each person, at most `longest`.

        Ties go to those who come next in the circle of all people, not to the first of the list: where
        hundreds share an interest, the same few must not stand for all of them.
        """
        distance = (self.others - self.ones) % max(size, 1)
        ranked = self.only(np.lexsort((distance, -self.strengths, self.ones)))
        starts = np.searchsorted(ranked.ones, ranked.ones)
        return ranked.only(np.arange(len(ranked.ones)) - starts < longest)

    def both_ways(self, size: int) -> "ItemPairs":
        """Return every pair from either side, with the same strength and the same two items."""
        turned = ItemPairs(self.others, self.ones, self.their_places, self.places, self.strengths)
        every = ItemPairs.joined([self, turned])
        lower = every.only(every.ones < every.others)
        _, firsts = np.unique(lower.ones * size + lower.others, return_index=True)
        one_way = lower.only(firsts)
        other_way = ItemPairs(
            one_way.others, one_way.ones, one_way.their_places, one_way.places, one_way.strengths
        )
        return ItemPairs.joined([one_way, other_way])


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """A table of people by people, with the two items each entry rests on."""

    table: Sparse
    turned: Sparse
    """The table with rows and columns exchanged; itself where every entry stands both ways."""
    places: NDArray[np.unsignedinteger]
    """Of the row's person: the item's place, in the order of the table's entries; as small as it may be."""
    their_places: NDArray[np.unsignedinteger]

    @classmethod
    def of(cls, size: int, pairs: ItemPairs, *, both_ways: bool = False) -> "Links":
        """Return the table of these pairs of people, each once at most.

        Args:
            size: The number of people, above every row number.
            pairs: In any order.
            both_ways: Whether they come from `ItemPairs.both_ways`.
        """
        table = Sparse.of(size, pairs.ones, pairs.others, pairs.strengths)
        order = np.lexsort((pairs.others, pairs.ones))
        return cls(
            table,
            table if both_ways else table.turned(),
            smallest(pairs.places[order]),
            smallest(pairs.their_places[order]),
        )

    def pairs(self) -> ItemPairs:
        """Return the entries as pairs again."""
        return ItemPairs(
            self.table.rows,
            self.table.columns.astype(np.intp),
            self.places.astype(np.intp),
            self.their_places.astype(np.intp),
            self.table.values.astype(np.float64),
        )

    def best(self, one: int, other: int) -> tuple[int, int] | None:
        """Return the places of the two items an entry rests on; `None` if there is no entry."""
        place = self.table.place(one, other)
        return None if place is None else (int(self.places[place]), int(self.their_places[place]))


def _all(parts: list[Indices]) -> Indices:
    return np.concatenate([np.zeros(0, np.intp), *parts])
