"""One step of the plan of the day: join what kiosks did alone, complete what has room.

Pure.  Heavy for a full room: the caller runs it beside the event loop.
"""

from collections.abc import Collection

from community.ids import MemberId
from community.introductions.judge import Judge
from community.introductions.pairing import DayPlan
from community.introductions.planner import Plan, PlanRules, batch, reconcile
from community.introductions.today import Today


def joined(stored: DayPlan, today: Today, rules: PlanRules) -> Plan:
    """Return the day's plan with what kiosks did since it was written.

    The same however often it is done: what a kiosk said stands in its log for the whole day.
    """
    ours = Plan(stored.pairings, today.shown, today.closed)
    theirs = Plan(today.paired, today.shown, today.closed)
    return reconcile(ours, theirs, today.shown, rules)


def completed(plan: Plan, judge: Judge, present: Collection[MemberId], rules: PlanRules) -> Plan:
    """Return the plan with everybody present matched on the room they have left."""
    return plan.with_(*batch(plan, judge, present, rules))
