"""Pair up many people at once: a b-matching, the heaviest pairs first, then exchanged for better ones.

Pure.  Everybody has a limit over all slots and one in each slot; two people are paired at most once.
Exact matching needs a solver and seconds; `foyer bench plan` measures how near this comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Weights = NDArray[np.float64]
Edge = tuple[int, int, int]
"""Slot, and two places, the smaller first."""

HEAVY = 6
"""Edges of each person in each slot that are tried first: nearly all that is taken is among them."""

NEVER = -np.inf


@dataclass(slots=True)
class Matching:
    """Pairs, and what everybody has left.  Lives while one matching is made."""

    weights: Weights
    """Shape (slots, n, n): what can still be taken; `NEVER` for the others, and for pairs already taken."""
    given: Weights
    """The same before anything was taken."""
    capacity: Counts
    """Shape (n,): in how many more pairs each may take part."""
    room: Counts
    """Shape (slots, n): in how many more of each slot."""
    edges: dict[Edge, float]
    """What was taken, and its weight."""

    @classmethod
    def empty(cls, weights: Weights, capacity: Counts, room: Counts) -> "Matching":
        """Return the matching without a pair.

        Args:
            weights: Shape (slots, n, n), symmetric; above 0 where the two may be paired in the slot.
            capacity: Shape (n,), 0 or more.
            room: Shape (slots, n), 0 or more.
        """
        free = np.where(weights > 0, weights, NEVER)
        people = np.arange(weights.shape[1])
        free[:, people, people] = NEVER
        return cls(free, free.copy(), capacity.copy(), room.copy(), {})

    @property
    def total(self) -> float:
        """The weight of all that was taken."""
        return sum(self.edges.values())

    def open(self, slot: int) -> NDArray[np.bool_]:
        """Say who may take part in one more pair of a slot."""
        free: NDArray[np.bool_] = (self.capacity > 0) & (self.room[slot] > 0)
        return free

    def add(self, slot: int, one: int, other: int) -> bool:
        """Take a pair in a slot if it can be taken; say whether it was."""
        if not (
            self.weights[slot, one, other] > 0
            and min(self.capacity[one], self.capacity[other]) > 0
            and min(self.room[slot, one], self.room[slot, other]) > 0
        ):
            return False
        self._count(slot, one, other, -1)
        self.edges[edge_of(slot, one, other)] = float(self.given[slot, one, other])
        self.weights[:, one, other] = self.weights[:, other, one] = NEVER
        return True

    def add_in(self, slots: Sequence[int], one: int, other: int) -> Edge | None:
        """Take a pair in the slot where it weighs most of those where it can be taken; `None` if nowhere."""
        best_first = slots
        if len(slots) > 1:
            best_first = sorted(slots, key=lambda slot: (-self.weights[slot, one, other], slot))
        for slot in best_first:
            if self.add(slot, one, other):
                return edge_of(slot, one, other)
        return None

    def drop(self, edge: Edge) -> None:
        """Give a pair back."""
        slot, one, other = edge
        self._count(slot, one, other, 1)
        del self.edges[edge]
        self.weights[:, one, other] = self.weights[:, other, one] = self.given[:, one, other]

    def forbid(self, edge: Edge) -> None:
        """Let nobody take a pair in its slot; it is not taken now."""
        slot, one, other = edge
        self.weights[slot, one, other] = self.weights[slot, other, one] = NEVER

    def allow(self, edge: Edge) -> None:
        """Let a pair be taken again, unless it was taken in another slot."""
        slot, one, other = edge
        if not any((taken, one, other) in self.edges for taken in range(len(self.weights))):
            self.weights[slot, one, other] = self.weights[slot, other, one] = self.given[edge]

    def add_best(self, slots: Sequence[int], person: int) -> Edge | None:
        """Take the pair of somebody with the best partner in these slots; `None` if there is none."""
        if self.capacity[person] <= 0 or not any(self.room[slot, person] > 0 for slot in slots):
            return None
        best = [np.where(self.open(slot), self.weights[slot, person], NEVER) for slot in slots]
        return self.add_in(slots, person, int(np.maximum.reduce(best).argmax()))

    def fill(self) -> None:
        """Add pairs, the heaviest first, until none can be added."""
        self._take(HEAVY)
        self._take(len(self.capacity))

    def _take(self, most: int) -> None:
        """Add pairs, the heaviest first, from among the `most` heaviest of each person."""
        found = [self._heaviest(slot, most) for slot in range(len(self.weights))]
        weights = np.concatenate([some for some, _ in found])
        edges = np.concatenate([ends for _, ends in found])
        for edge in edges[np.argsort(-weights, kind="stable")].tolist():
            self.add(*edge)

    def _heaviest(self, slot: int, most: int) -> tuple[Weights, Counts]:
        """Return the weights of pairs that can be added, and the pairs: slot, one, other."""
        places = np.flatnonzero(self.open(slot))
        weights = self.weights[slot][np.ix_(places, places)]
        if most < len(places):
            near = np.argpartition(-weights, most, axis=1)[:, :most]
            kept = np.zeros(weights.shape, dtype=bool)
            np.put_along_axis(kept, near, values=True, axis=1)
            weights = np.where(kept | kept.T, weights, NEVER)
        ones, others = np.nonzero(np.triu(weights, 1) > 0)
        edges = np.column_stack((np.full(len(ones), slot), places[ones], places[others]))
        return weights[ones, others], edges

    def _count(self, slot: int, one: int, other: int, by: int) -> None:
        for person in (one, other):
            self.capacity[person] += by
            self.room[slot, person] += by


def edge_of(slot: int, one: int, other: int) -> Edge:
    """Return a pair of a slot in its one order."""
    return (slot, one, other) if one < other else (slot, other, one)
