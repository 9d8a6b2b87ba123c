"""The product's planner on scores from elsewhere: what is measured is the planner that runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.judge import SLOTS, Judge, Scores
from community.introductions.planner import Hopes, Plan, PlanRules, at_tap, batch
from community.introductions.slots import Slot

Numbers = NDArray[np.float64]
Edge = tuple[int, int]

SLOT = SLOTS.index(Slot.NEIGHBOUR)
"""The slot that carries the scores; the two others have nothing to say."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a day is run."""

    at_tap: bool = True
    """Whether anything is committed before the plan's hour."""
    late: float = 0.0
    """The share of the day's people who come after it."""


def member(place: int) -> MemberId:
    """Return the id of one place; ids stand in the order of places."""
    return MemberId(f"{place:05d}")


@dataclass(frozen=True, slots=True)
class TableJudge:
    """A judge that reads its scores from a table."""

    scores: Numbers
    """Shape (n, n), symmetric, in 0..1; 0 for who may not meet."""

    def row(self, one: MemberId, others: Sequence[MemberId]) -> Scores:
        """Return the scores of one person with some others."""
        found = np.zeros((len(SLOTS), len(others)))
        found[SLOT] = self.scores[int(one), [int(other) for other in others]]
        return found

    def table(self, people: Sequence[MemberId]) -> Scores:
        """Return the scores of all pairs."""
        places = [int(one) for one in people]
        found = np.zeros((len(SLOTS), len(places), len(places)))
        found[SLOT] = self.scores[np.ix_(places, places)]
        return found

    def seeker(self, one: MemberId, other: MemberId, slot: Slot) -> MemberId | None:  # noqa: ARG002 - the protocol's
        """Both gain alike."""
        return None


def plan_day(
    judge: Judge, arrivals: Sequence[int], usual: Sequence[int], rules: PlanRules, habits: Habits
) -> list[Edge]:
    """Run one day through the planner: taps in order, the batch at its hour, the late taps after it.

    Args:
        judge: Scores.
        arrivals: Those who come, in order.
        usual: Those who usually come on such a day.
        rules: Caps and shares.
        habits: How the day is run.

    Returns:
        Everybody who is shown to each other, the smaller place first.
    """
    plan, early = Plan(), len(arrivals) - round(habits.late * len(arrivals))
    regulars = frozenset(member(one) for one in usual)
    hopes = Hopes(judge, regulars, rules.seed)
    here: set[MemberId] = set()
    for number, one in enumerate(arrivals):
        if number == early:
            plan = _matched(plan, judge, here, rules)
        here.add(member(one))
        if habits.at_tap or number >= early:
            tap = at_tap(
                member(one), plan, judge, here, regulars, rules, hour_passed=number >= early, hopes=hopes
            )
            plan = plan.with_(*tap.committed).with_shown(p.pair for p in tap.shown)
    if early == len(arrivals):
        plan = _matched(plan, judge, here, rules)
    return [(int(p.first), int(p.second)) for p in plan.pairings]


def _matched(plan: Plan, judge: Judge, here: set[MemberId], rules: PlanRules) -> Plan:
    found = batch(plan, judge, here, rules)
    return plan.with_(*found).with_shown(p.pair for p in found)
