"""Match everybody present at the plan's hour, and again when somebody left.

Pure.  Every slot's scores are read as shares of what people find at best in that slot, so that none outweighs
the others by its scale alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.circles import b_matching
from community.introductions.dayplan import Plan
from community.introductions.judge import SLOTS, Judge, Scores, by_own_best
from community.introductions.lots import lot
from community.introductions.matching import Counts, Edge
from community.introductions.pairing import Origin, Pairing, pair
from community.introductions.rules import PlanRules

LARGEST_TABLE = 800
"""People matched together, at most: above, they are dealt into equal groups by hash, since the table of
all pairs grows with the square."""

A_PAIR = 2


def batch(plan: Plan, judge: Judge, present: Collection[MemberId], rules: PlanRules) -> tuple[Pairing, ...]:
    """Match everybody present on the room they have left.

    Args:
        plan: The day's plan so far.
        judge: Scores.
        present: Everybody present, in any order.
        rules: Caps, and the seed from which is drawn which of equal choices is taken.

    Returns:
        New pairings for the plan.  Whoever would stay with nothing while others have something joins a pair
        as a third, if all three have room under their caps; a slot may then hold one more.
    """
    here = frozenset(present)
    found: list[Pairing] = []
    for group in _groups(sorted(here), rules.seed):
        found += _matched(group, plan, judge, here, rules)
    return tuple(found)


@dataclass(slots=True)
class _Left:
    """What is left for one group, as places in it."""

    scores: Scores
    """0 for pairs that stand in the plan already."""
    capacity: Counts
    room: Counts
    pairs: list[tuple[int, int]]
    """Pairs of the plan that hold now."""


def _groups(people: list[MemberId], seed: str) -> list[list[MemberId]]:
    """Deal people into as few equal groups as can be matched together.

    They stand as their lots fell: where two choices are worth the same, whoever stands first has it.
    """
    count = -(-len(people) // LARGEST_TABLE)
    dealt = sorted(people, key=lambda one: lot(seed, one))
    return [dealt[first::count] for first in range(count)]


def _matched(
    group: list[MemberId], plan: Plan, judge: Judge, here: frozenset[MemberId], rules: PlanRules
) -> list[Pairing]:
    scores = judge.table(group)
    left = _left(group, scores, plan, here, rules)
    shares = by_own_best(left.scores)
    edges = b_matching(shares, left.capacity, left.room)
    for _, one, other in edges:
        left.capacity[[one, other]] -= 1
    left.pairs += [(one, other) for _, one, other in edges]
    edges += _thirds(shares, left)
    return [
        Pairing(
            *pair(group[one], group[other]),
            SLOTS[slot],
            judge.seeker(group[one], group[other], SLOTS[slot]),
            min(1.0, float(scores[slot, one, other])),
            origin=Origin.PLAN,
        )
        for slot, one, other in edges
    ]


def _left(
    group: list[MemberId], scores: Scores, plan: Plan, here: frozenset[MemberId], rules: PlanRules
) -> _Left:
    """Return what the plan leaves to a group: what was shown counts, and what still can be."""
    place = {member: at for at, member in enumerate(group)}
    capacity = np.array([rules.cap_of(member) for member in group], dtype=np.int64)
    room = np.full((len(SLOTS), len(group)), rules.per_slot, dtype=np.int64)
    free, pairs = scores.copy(), []
    for pairing in plan.pairings:
        slot = SLOTS.index(pairing.slot)
        ends = [place[member] for member in pairing.pair if member in place]
        alive = here.issuperset(pairing.pair)
        if len(ends) == A_PAIR:
            one, other = ends
            alive = bool(scores[slot, one, other] > 0)
            free[:, one, other] = free[:, other, one] = 0.0
            pairs += [(one, other)] if alive else []
        if alive or pairing.pair in plan.shown:
            capacity[ends] -= 1
        if alive and pairing.pair not in plan.closed:
            room[slot, ends] -= 1
    return _Left(free, np.maximum(capacity, 0), np.maximum(room, 0), pairs)


def _thirds(shares: Scores, left: _Left) -> Iterable[Edge]:
    """Let whoever has nothing join the pair they gain most with."""
    best: NDArray[np.float64] = shares.max(axis=0, initial=0.0)
    pairs = list(left.pairs)
    alone = set(range(len(left.capacity))).difference(*pairs)
    for third in sorted(alone):
        open_to = [
            (best[third, one] + best[third, other], -one, -other)
            for one, other in pairs
            if min(best[third, one], best[third, other]) > 0 and left.capacity[[one, other]].min() > 0
        ]
        if not open_to or left.capacity[third] < A_PAIR:
            continue
        _, one, other = max(open_to)
        for end in (-one, -other):
            left.capacity[[third, end]] -= 1
            pairs.append((third, end))
            yield int(shares[:, third, end].argmax()), third, end
