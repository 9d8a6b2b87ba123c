"""Everything introductions are decided from, as the hub knows it at one moment.

What a kiosk is told in the feed is what the hub decides from, so that both decide alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Connection

from community.ids import MemberId, SpaceId
from community.introductions.pairing import DayPlan, PersonPast
from community.introductions.past import Past
from community.introductions.rules import PlanRules, rules_of
from community.introductions.tables import Table
from community.introductions.today import Today
from community.introductions.weights import Weights
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member
from sync.store import directory, introductions


@dataclass(frozen=True)
class Room:
    """What the database says; read in one transaction, so that nothing of it is half a change."""

    day: date
    members: Mapping[MemberId, Member]
    people: Mapping[MemberId, PersonPast]
    """What is known of the days before `day`."""
    model: TextModel
    vectors: Mapping[MemberId, ItemVectors]
    weights: Weights
    plan: DayPlan
    tables: tuple[Table, ...]
    """The earliest first."""

    @cached_property
    def past(self) -> Past:
        """The days before today."""
        return Past.of(self.people.values())

    def past_with(self, today: Today) -> Past:
        """Return the past with today laid over it."""
        return self.past.with_today(self.day, met=today.met, shown=today.shown, barred=today.barred)

    def rules(self, space: SpaceId, cap: int) -> PlanRules:
        """Return how much is planned for whom on this day; the args are those of `rules_of`."""
        return rules_of(space, self.day, cap, self.people, self.weights)


def read_room(connection: Connection, day: date) -> Room:
    """Read everything a day's introductions are decided from.

    Args:
        connection: In a read transaction.
        day: The space's.
    """
    model, vectors = introductions.wording(connection)
    return Room(
        day=day,
        members={member.id: member for member in directory.all_members(connection)},
        people=introductions.pasts(connection),
        model=model,
        vectors=vectors,
        weights=introductions.weights(connection),
        plan=introductions.plan_of(connection, day),
        tables=introductions.tables(connection),
    )
