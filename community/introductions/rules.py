"""The rules of one day: how much is planned for whom, from when on, and drawn from what.

Pure.  The doors and the hub make them of the same facts, so that both decide alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from community.clock import Hours
from community.ids import MemberId
from community.introductions.pairing import PersonPast
from community.introductions.past import Past
from community.introductions.slots import Slot
from community.introductions.weights import Weights
from community.members import Member, Space

ASKED_LESS_AFTER = 3
"""Days in a row without a word about whom they were shown, after which somebody is shown one fewer a day."""

OFTEN = 2
"""Visits on one weekday in eight weeks from which on somebody usually comes that day."""


@dataclass(frozen=True, slots=True)
class PlanRules:
    """How much, how soon, and how much of it by chance."""

    cap: int = 3
    """How many introductions a person takes part in on one day, at most."""
    per_slot: int = 1
    """How many open ones of each slot a person has at a time, at most."""
    reserve: float = 0.85
    """Before the hour a pair is committed only if it is above this share of what both could hope for."""
    explore: float = 0.0
    """The share of choices at the tap that are drawn among the admissible instead of taking the best."""
    seed: str = ""
    """What chance is drawn from: the same seed, the same day."""
    caps: Mapping[MemberId, int] = field(default_factory=dict)
    """Own, lower caps of some people."""

    def cap_of(self, member: MemberId) -> int:
        """Return how many introductions a day one person takes part in, at most."""
        return min(self.cap, self.caps.get(member, self.cap))


def rules_of(
    space: str, day: date, cap: int, people: Mapping[MemberId, PersonPast], weights: Weights
) -> PlanRules:
    """Return how much is planned for whom on a day.

    Args:
        space: The space's id: it stands in the seed.
        day: The space's.
        cap: Introductions a person takes part in on one day, at most.
        people: What is known of the days before: who leaves introductions unanswered is asked less.
        weights: They say how much is left to chance.
    """
    return PlanRules(
        cap=cap,
        per_slot=max(1, -(-cap // len(Slot))),  # a cap is spread over the slots evenly
        explore=weights.explore,
        seed=seed_of(space, day),
        caps=asked_less({member: past.unanswered for member, past in people.items()}, cap),
    )


def seed_of(space: str, day: date) -> str:
    """Return what a space's chance is drawn from on a day: the same day goes the same way twice."""
    return f"{space} {day.isoformat()}"


def asked_less(unanswered: Mapping[MemberId, int], cap: int) -> dict[MemberId, int]:
    """Return the own caps of who never answers: one fewer for every three silent days, never none.

    Args:
        unanswered: Days in a row on which each person was shown people and said nothing.
        cap: What everybody else has.
    """
    return {
        member: max(min(cap, 1), cap - count // ASKED_LESS_AFTER)
        for member, count in unanswered.items()
        if count >= ASKED_LESS_AFTER
    }


def regulars(members: Iterable[Member], past: Past, day: date) -> frozenset[MemberId]:
    """Return who usually comes on such a day and may be introduced."""
    return frozenset(
        member.id
        for member in members
        if member.may_be_introduced and past.weekdays(member.id)[day.weekday()] >= OFTEN
    )


def plan_hour(space: Space, hours: Hours, day: date) -> datetime:
    """Return the moment (UTC) at which a day's plan is completed; the default if it cannot be read."""
    try:
        clock_time = time.fromisoformat(space.plan_at)
    except ValueError:
        clock_time = time.fromisoformat(Space().plan_at)
    return hours.moment(day, clock_time)
