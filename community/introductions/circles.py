"""Make a matching better: give a few pairs back, and take as many new ones among the same people.

Pure.  From pair to pair a new pair leads, until the circle closes; it may pass outside once, where its
two ends find somebody who has room, or nobody.  Circles of two, three and four pairs are looked for at once,
in the table of all steps from pair to pair.

Source: local exchanges as in Maue & Sanders 2007, "Engineering algorithms for approximate weighted matching".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from community.introductions.matching import NEVER, Counts, Edge, Matching, Weights

LEAST_GAIN = 1e-6
"""What a circle must bring: less is rounding, and could go round for ever."""

WORK = 2_000
"""People times rounds, about: large rooms are exchanged fewer times."""

FEWEST_ROUNDS, MOST_ROUNDS = 4, 12

ACROSS = 250
"""Pairs, at most, among which circles may also lead from one slot to another: where caps bind before slots
do it is needed, and in a large room the slots alone come near enough."""

WORTH_A_ROUND = 0.0005
"""The share by which a round must have made a matching better for another one to follow."""

MOST = 2_000
"""Circles of one length that are considered in a round, the best of them."""

TRIES = 1
"""Circles that are tried in a round, for each pair: where limits bind, most turn out not to close."""

Circle = tuple[int, ...]
Places = NDArray[np.intp]
Steps = NDArray[np.float32]


def b_matching(weights: Weights, capacity: Counts, room: Counts) -> list[Edge]:
    """Choose pairs of high total weight.

    Args:
        weights: Shape (slots, n, n), symmetric; above 0 where the two may be paired in the slot.
        capacity: Shape (n,): in how many pairs each may take part, 0 or more.
        room: Shape (slots, n): in how many of each slot, 0 or more.

    Returns:
        Each pair once, in one slot, in order.  Nothing can be added to it.  Same input, same answer.
    """
    matching = Matching.empty(weights, capacity, room)
    matching.fill()
    every = range(len(weights))
    for _ in range(min(MOST_ROUNDS, max(FEWEST_ROUNDS, WORK // max(len(capacity), 1)))):
        before = matching.total
        for slot in every:
            _exchange(matching, [slot])
        if len(matching.edges) <= ACROSS:
            _exchange(matching, every)
        matching.fill()
        if matching.total <= before * (1 + WORTH_A_ROUND):
            break
    return sorted(matching.edges)


def _exchange(matching: Matching, slots: Sequence[int]) -> None:
    """Exchange pairs of these slots, each once at most."""
    edges = sorted(edge for edge in matching.edges if edge[0] in slots)
    if not edges:
        return
    ways = _Ways.of(matching, slots, edges)
    touched: set[int] = set()
    tries = TRIES * len(edges)
    for circle in ways.circles():
        pairs = {ways.pair[way] for way in circle} - {ways.outside}
        if not tries:
            break
        if touched.isdisjoint(pairs):
            tries -= 1
            old = [edges[at] for at in sorted(pairs)]
            if _turn(matching, slots, old, ways.new_pairs(circle)):
                touched.update(pairs)


def _turn(
    matching: Matching, slots: Sequence[int], old: Sequence[Edge], new: Iterable[tuple[int, int]]
) -> bool:
    """Give old pairs back for new ones, and for the best their people find besides; undo what is no gain."""
    before = sum(matching.edges[edge] for edge in old)
    for edge in old:
        matching.drop(edge)
        matching.forbid(edge)
    added = [matching.add_in(slots, *ends) for ends in new]
    people = [end for edge in old for end in edge[1:]]
    added += [matching.add_best(slots, person) for person in people]
    taken = [edge for edge in added if edge is not None]
    for edge in old:
        matching.allow(edge)
    if sum(matching.edges[edge] for edge in taken) > before + LEAST_GAIN:
        return True
    for edge in taken:
        matching.drop(edge)
    for edge in old:
        matching.add(*edge)
    return False


@dataclass(frozen=True, slots=True)
class _Ways:
    """Some pairs, each walked both ways, and what every step from one to another gains.

    Pair `p` of `n` is way `p` from its first person to its second, way `p + n` back; one more way leads
    outside.
    """

    enter: list[int]
    leave: list[int]
    pair: list[int]
    """Which pair each way walks; outside is itself."""
    steps: Steps
    """A new pair of who leaves and who is entered, less half of both old ones: the steps of a circle add up
    to what it gains."""

    @classmethod
    def of(cls, matching: Matching, slots: Sequence[int], edges: Sequence[Edge]) -> "_Ways":
        ends = np.array([edge[1:] for edge in edges])
        enter = np.concatenate((ends[:, 0], ends[:, 1]))
        leave = np.concatenate((ends[:, 1], ends[:, 0]))
        half = np.tile([matching.edges[edge] / 2 for edge in edges], 2)
        weights = np.maximum.reduce([matching.weights[slot] for slot in slots])
        spare = np.max([_spare(matching, slot) for slot in slots], axis=0)
        steps = np.full((len(enter) + 1, len(enter) + 1), NEVER, dtype=np.float32)
        gains = weights.take(leave, axis=0).take(enter, axis=1)
        gains -= half[:, None]
        gains -= half
        steps[:-1, :-1] = gains
        steps[:-1, -1] = spare[leave] - half
        steps[-1, :-1] = spare[enter] - half
        pairs = [*range(len(edges)), *range(len(edges)), len(enter)]
        ways = cls(enter.tolist(), leave.tolist(), pairs, steps)
        ways.forbid_turning_back(steps)
        return ways

    @property
    def outside(self) -> int:
        """The way that leads outside."""
        return len(self.enter)

    def forbid_turning_back(self, steps: Steps) -> None:
        """Let no way lead to itself or to its own return."""
        way = np.arange(self.outside)
        steps[way, way] = steps[way, (way + self.outside // 2) % self.outside] = NEVER
        steps[self.outside, self.outside] = NEVER

    def new_pairs(self, circle: Circle) -> list[tuple[int, int]]:
        """Return the pairs a circle takes, those outside left out."""
        return [
            (self.leave[one], self.enter[other])
            for one, other in pairwise((*circle, circle[0]))
            if one != self.outside != other
        ]

    def circles(self) -> Iterator[Circle]:
        """Yield circles that gain, the best first; two of them may want the same pair."""
        twice, via = self._two_steps()
        found: list[tuple[float, Circle]] = []
        gains, x, z = _gaining(np.triu(self.steps + self.steps.T, 1))
        found += self._distinct(gains, x, z)
        gains, x, z = _gaining(twice + self.steps.T)
        found += self._distinct(gains, x, via(x, z), z)
        gains, x, z = _gaining(np.triu(twice + twice.T, 1))
        found += self._distinct(gains, x, via(x, z), z, via(z, x))
        found.sort()
        for _, circle in found:
            yield circle

    def _distinct(self, gains: Steps, *ways: Places) -> Iterable[tuple[float, Circle]]:
        """Return the circles of these ways that want no pair twice, with what stands for their gain."""
        pairs = np.sort(np.array(self.pair)[np.stack(ways)], axis=0)
        good = (pairs[1:] != pairs[:-1]).all(axis=0)
        circles = zip(*(way[good].tolist() for way in ways), strict=True)
        return zip(gains[good].tolist(), circles, strict=True)

    def _two_steps(self) -> tuple[Steps, Callable[[Places, Places], Places]]:
        """Return what two steps gain at best, from way to way, and by which way they pass."""
        every = np.arange(len(self.steps))
        nearest = self.steps.argmax(axis=1)
        others = self.steps.copy()
        others[every, nearest] = NEVER
        second = others.argmax(axis=1)
        best = self.steps[nearest] + self.steps[every, nearest][:, None]
        gains = self.steps[second] + others[every, second][:, None]
        better = gains > best
        np.maximum(best, gains, out=best)
        self.forbid_turning_back(best)
        return best, lambda x, z: np.where(better[x, z], second[x], nearest[x])


def _spare(matching: Matching, slot: int) -> Weights:
    """Return what everybody would find in a slot among those who have room; 0 for nothing."""
    free = matching.weights[slot][:, matching.open(slot)]
    found: Weights = free.max(axis=1, initial=0.0)
    return found


def _gaining(total: Steps) -> tuple[Steps, Places, Places]:
    """Return the best `MOST` entries above the least gain: minus the gain, and where it stands."""
    ones, others = np.nonzero(total > LEAST_GAIN)
    gains = -total[ones, others]
    if len(gains) > MOST:
        near = gains <= np.partition(gains, MOST - 1)[MOST - 1]
        gains, ones, others = gains[near], ones[near], others[near]
    order = np.argsort(gains, kind="stable")[:MOST]
    return gains[order], ones[order], others[order]
