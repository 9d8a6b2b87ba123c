"""Pair up many people at once: a b-matching, greedy first, then exchanged until nothing small helps.

Pure.  Everybody has a limit over all slots and one in each slot; two people are paired at most once.
Exact matching needs a solver and seconds; `foyer bench plan` measures how near this comes.

Source: exchanges of two edges, after Maue & Sanders 2007, "Engineering algorithms for approximate weighted
matching".
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Weights = NDArray[np.float64]
Edge = tuple[int, int, int]
"""Slot, and two places, the smaller first."""

LEAST_GAIN = 1e-9
"""What an exchange must bring: less is rounding, and could go round in circles."""

PASSES = 40
"""Rounds of exchanges, at most; a few suffice, and a bound is a bound."""

HEAVY = 24
"""Edges of each person in each slot from which paths are grown."""

INSIDE = 2

A_FEW = 2

NEVER = -np.inf


def b_matching(weights: Weights, capacity: Counts, room: Counts) -> list[Edge]:
    """Choose pairs of high total weight.

    Args:
        weights: Shape (slots, n, n), symmetric; above 0 where the two may be paired in the slot.
        capacity: Shape (n,): in how many pairs each may take part.
        room: Shape (slots, n): in how many of each slot.

    Returns:
        Each pair once, in one slot, in order.  Nothing can be added to it.  Same input, same answer.
    """
    state = _State.empty(weights, capacity, room)
    while _propose(state):
        pass
    _fill(state)
    for _ in range(PASSES):
        moved = [_exchange(state, slot) for slot in range(len(weights))]
        if not any(moved):
            break
        _fill(state)
    return sorted(state.edges)


@dataclass(slots=True)
class _State:
    weights: Weights
    """What may still be taken: `NEVER` for those who may not be paired, and for pairs already taken."""
    given: Weights
    capacity: Counts
    """What is left of it."""
    room: Counts
    """What is left of it."""
    edges: dict[Edge, float]

    @classmethod
    def empty(cls, weights: Weights, capacity: Counts, room: Counts) -> "_State":
        free = np.where(weights > 0, weights, NEVER)
        people = np.arange(weights.shape[1])
        free[:, people, people] = NEVER
        return cls(free, free.copy(), capacity.copy(), room.copy(), {})

    def open(self, slot: int) -> NDArray[np.bool_]:
        """Say who may take part in one more pair of a slot."""
        free: NDArray[np.bool_] = (self.capacity > 0) & (self.room[slot] > 0)
        return free

    def may(self, slot: int, one: int, other: int) -> bool:
        """Say whether a pair can be added."""
        return bool(
            self.weights[slot, one, other] > 0
            and min(self.capacity[one], self.capacity[other]) > 0
            and min(self.room[slot, one], self.room[slot, other]) > 0
        )

    def add(self, slot: int, one: int, other: int) -> None:
        """Take a pair."""
        self._count(slot, one, other, -1)
        self.edges[_edge(slot, one, other)] = float(self.given[slot, one, other])
        self.weights[:, one, other] = self.weights[:, other, one] = NEVER

    def drop(self, slot: int, one: int, other: int) -> None:
        """Give a pair back."""
        self._count(slot, one, other, 1)
        del self.edges[_edge(slot, one, other)]
        self.weights[:, one, other] = self.weights[:, other, one] = self.given[:, one, other]

    def _count(self, slot: int, one: int, other: int, by: int) -> None:
        for person in (one, other):
            self.capacity[person] += by
            self.room[slot, person] += by


def _edge(slot: int, one: int, other: int) -> Edge:
    return (slot, one, other) if one < other else (slot, other, one)


def _propose(state: _State) -> bool:
    """Take what is best on paths of heavy edges, at most one pair a person and slot; say if any was taken."""
    proposed = []
    for slot in range(len(state.weights)):
        proposed += [(-float(state.weights[slot, i, j]), slot, i, j) for i, j in _best_on_paths(state, slot)]
    added = False
    for _, *edge in sorted(proposed):
        if state.may(*edge):
            state.add(*edge)
            added = True
    return added


def _heavy(state: _State, slot: int) -> list[tuple[int, int]]:
    """Return the heaviest edges of each person in one slot that can still be added, heaviest first."""
    places = np.flatnonzero(state.open(slot))
    weights = state.weights[slot][np.ix_(places, places)]
    if len(places) > HEAVY:
        near = np.argpartition(-weights, HEAVY, axis=1)[:, :HEAVY]
        keep = np.zeros(weights.shape, dtype=bool)
        np.put_along_axis(keep, near, values=True, axis=1)
        weights = np.where(keep | keep.T, weights, NEVER)
    ones, others = np.nonzero(np.triu(weights, 1) > 0)
    order = np.argsort(-weights[ones, others], kind="stable")
    return list(zip(places[ones[order]].tolist(), places[others[order]].tolist(), strict=True))


def _best_on_paths(state: _State, slot: int) -> list[tuple[int, int]]:
    """Grow paths and even circles from heavy edges, and return the best matching on each."""
    far: dict[int, tuple[int, int]] = {}
    beside: dict[int, list[int]] = {}
    for one, other in _heavy(state, slot):
        mine, theirs = beside.setdefault(one, []), beside.setdefault(other, [])
        if len(mine) == INSIDE or len(theirs) == INSIDE:
            continue
        first, before = far.get(one, (one, 0))
        last, after = far.get(other, (other, 0))
        if first == other and before % 2 == 0:
            continue
        mine.append(other)
        theirs.append(one)
        far[first] = (last, before + after + 1)
        far[last] = (first, before + after + 1)
    chosen: list[tuple[int, int]] = []
    seen: set[int] = set()
    weights = state.weights[slot]
    starts = sorted(beside, key=lambda person: (len(beside[person]) == INSIDE, person))
    for start in starts:
        if start in seen:
            continue
        path = [start]
        seen.add(start)
        while fresh := [person for person in beside[path[-1]] if person not in seen]:
            path.append(fresh[0])
            seen.add(fresh[0])
        edges = list(pairwise(path))
        if len(edges) > 1 and start in beside[path[-1]]:
            edges.append((path[-1], start))
            values = [float(weights[edge]) for edge in edges]
            options = _apart(values[1:], edges[1:]), _apart(values[:-1], edges[:-1])
            chosen += max(options)[1]
        else:
            chosen += _apart([float(weights[edge]) for edge in edges], edges)[1]
    return chosen


def _apart(values: list[float], edges: list[tuple[int, int]]) -> tuple[float, list[tuple[int, int]]]:
    """Return the heaviest edges of a path of which no two touch, and their weight."""
    total = [0.0, 0.0]
    for value in values:
        total.append(max(total[-1], total[-2] + value))
    chosen = []
    at = len(values) + 1
    while at > 1:
        if total[at] > total[at - 1]:
            chosen.append(edges[at - 2])
            at -= 2
        else:
            at -= 1
    return total[-1], chosen


def _fill(state: _State) -> None:
    """Add pairs, the heaviest first, until none can be added."""
    both = [state.open(slot) for slot in range(len(state.weights))]
    found = []
    for slot, free in enumerate(both):
        places = np.flatnonzero(free)
        weights = np.triu(state.weights[slot][np.ix_(places, places)], 1)
        ones, others = np.nonzero(weights > 0)
        found.append((weights[ones, others], np.full(len(ones), slot), places[ones], places[others]))
    weights, slots, ones, others = (np.concatenate(part) for part in zip(*found, strict=True))
    for at in np.argsort(-weights, kind="stable").tolist():
        edge = int(slots[at]), int(ones[at]), int(others[at])
        if state.may(*edge):
            state.add(*edge)


def _exchange(state: _State, slot: int) -> bool:
    """Exchange pairs of one slot for better ones, each pair once at most; say whether any was."""
    edges = sorted(edge for edge in state.edges if edge[0] == slot)
    if len(edges) < A_FEW:
        return False
    held = np.array([state.edges[edge] for edge in edges])
    ends = np.array([edge[1:] for edge in edges])
    weights = state.weights[slot]
    spare = np.where(state.open(slot), weights, NEVER).max(axis=1)
    spare = np.maximum(spare, 0.0)
    moves: list[tuple[float, int, int, int]] = []
    lost = held[:, None] + held[None, :]
    for side in (0, 1):
        one, other = ends[:, 0], ends[:, 1]
        mate, rest = (ends[:, 0], ends[:, 1]) if side == 0 else (ends[:, 1], ends[:, 0])
        near = weights[one[:, None], mate[None, :]]
        far = weights[other[:, None], rest[None, :]]
        spares_far = spare[other][:, None] + spare[rest][None, :]
        spares_near = spare[one][:, None] + spare[mate][None, :]
        gain = np.maximum(near + np.maximum(far, spares_far), far + spares_near) - lost
        gain[np.tril_indices(len(edges))] = NEVER
        first, second = np.nonzero(gain > LEAST_GAIN)
        moves.extend(
            (-float(g), int(a), int(b), side)
            for g, a, b in zip(gain[first, second], first, second, strict=True)
        )
    touched: set[int] = set()
    done = False
    for _, a, b, side in sorted(moves):
        if a in touched or b in touched:
            continue
        if _apply(state, slot, edges[a], edges[b], side):
            touched |= {a, b}
            done = True
    return done


def _apply(state: _State, slot: int, first: Edge, second: Edge, side: int) -> bool:
    """Give two pairs back and take the best of what their ends can have instead; say if that was better."""
    _, one, other = first
    _, mate, rest = second if side == 0 else (slot, second[2], second[1])
    best, value = [first, second], state.edges[first] + state.edges[second] + LEAST_GAIN
    state.drop(*first)
    state.drop(*second)
    for wanted in (((one, mate), (other, rest)), ((one, mate),), ((other, rest),)):
        added = [_edge(slot, *ends) for ends in wanted if _added(state, slot, *ends)]
        for person in (one, other, mate, rest):
            options = np.where(state.open(slot), state.weights[slot, person], NEVER)
            partner = int(options.argmax())
            if _added(state, slot, person, partner):
                added.append(_edge(slot, person, partner))
        worth = sum(float(state.given[edge]) for edge in added)
        if worth > value:
            best, value = added, worth
        for edge in added:
            state.drop(*edge)
    for edge in best:
        state.add(*edge)
    return best != [first, second]


def _added(state: _State, slot: int, one: int, other: int) -> bool:
    if not state.may(slot, one, other):
        return False
    state.add(slot, one, other)
    return True
