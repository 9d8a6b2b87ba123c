"""Today's visits as a host may put them right, and what hosts put right of one member's, for that member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from community.clock import at_of
from community.events import Record, VisitCorrected
from community.ids import MemberId
from community.visits import Ended, Visit
from community.wire.codec import decode_record
from sync.corrections import seen_of
from sync.store import newcomers, sisters, visitors
from sync.store.schema import events
from sync.store.visitors import Visiting
from sync.views.people import Choice, choices, name_for_hosts, read_directory

CORRECTED = str(VisitCorrected.__struct_config__.tag)


@dataclass(frozen=True, slots=True)
class TodaysVisit:
    """The latest visit of somebody who came today."""

    member_id: MemberId
    name: str
    arrived: datetime
    """Aware, UTC."""
    left: datetime | None
    assumed: bool
    """Whether nobody said that they left."""
    seen: str
    """What a form gives back, so that nothing is put right that has changed meanwhile."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Everything on the page."""

    inside: tuple[TodaysVisit, ...]
    """By name."""
    gone: tuple[TodaysVisit, ...]
    others: int
    """How many more came today who are not named to hosts."""
    choices: tuple[Choice, ...]
    """Everybody who could be checked in."""


@dataclass(frozen=True, slots=True)
class PutRight:
    """What a host put right of one visit."""

    at: datetime
    """When the host did it; aware, UTC, as every time here."""
    arrived: datetime
    left: datetime | None


@dataclass(frozen=True, slots=True)
class OwnCare:
    """What a member reads about it on their own page."""

    put_right: tuple[PutRight, ...]
    """The latest first."""
    welcomes: bool
    """Whether they offered to welcome newcomers."""
    sisters: bool
    """Whether there are spaces they could carry a letter to."""
    visiting: Visiting | None
    """How they visit from one of those; `None` for a member of this space."""


def read_own_care(connection: Connection, member_id: MemberId) -> OwnCare:
    """Read it for one member."""
    visiting = visitors.of(connection, member_id)
    return OwnCare(
        read_put_right(connection, member_id),
        member_id in newcomers.volunteering(connection),
        visiting is None and not all(each.waits for each in sisters.every(connection)),
        visiting,
    )


def read_by_hand(connection: Connection, visits: Sequence[tuple[Visit, Ended | None]]) -> ByHand:
    """Read the page; `visits` are the latest of everybody who came today."""
    known = read_directory(connection)
    named = [
        TodaysVisit(visit.member_id, name, visit.arrived, visit.left, ended is Ended.ASSUMED, seen_of(visit))
        for visit, ended in visits
        if (name := name_for_hosts(known, visit.member_id))
    ]
    named.sort(key=lambda each: (each.name.casefold(), each.member_id))
    return ByHand(
        tuple(each for each in named if each.left is None),
        tuple(each for each in named if each.left is not None),
        len(visits) - len(named),
        choices(known.values(), visitors.homes(connection)),
    )


def read_put_right(connection: Connection, member_id: MemberId) -> tuple[PutRight, ...]:
    """Read what hosts put right of a member's visits, the latest first, as far back as events are kept."""
    query = select(events.c.raw, events.c.received_us).where(events.c.kind == CORRECTED)
    found = []
    for raw, received_us in connection.execute(query.order_by(events.c.received_us.desc())):
        record = decode_record(raw)
        if not isinstance(record, Record) or not isinstance(record.event, VisitCorrected):
            continue
        event = record.event
        if event.member == member_id:
            left = None if not event.left_us else at_of(event.left_us)
            found.append(PutRight(at_of(received_us), at_of(event.arrived_us), left))
    return tuple(found)
