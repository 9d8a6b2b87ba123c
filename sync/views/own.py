"""Everything the hub knows of one member, for their own page and for the file they may take away.

Nobody else is in it: whom they would rather not meet is never shown, not even to them, and of what happened
between two people it says that it did, not with whom.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import msgspec
from sqlalchemy import Connection

from community.events import members_of
from community.ids import KioskId, MemberId
from community.members import Member
from sync.store import cards, directory, log, newcomers, world
from sync.views.members import read_badges


@dataclass(frozen=True, slots=True)
class Held:
    """One badge."""

    code: str
    """The four characters by which people speak of it."""
    label: str
    status: str
    linked: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at a door."""

    at: datetime
    """Aware, UTC."""
    kiosk: KioskId
    what: str
    """The kind of event, in the wire's word."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to a newcomer, and what a host did about it."""

    message: str
    done: str
    day: date
    """The space's."""


@dataclass(frozen=True, slots=True)
class Everything:
    """All of it."""

    member: Member
    """Without whom they would rather not meet."""
    badges: tuple[Held, ...]
    has_pin: bool
    named_to_the_world: bool
    """Whether they said yes to being named to anybody on the net while they are in."""
    welcomes_newcomers: bool
    """Whether they offered to."""
    has_buddy: bool
    """Whether somebody looks after them as a newcomer; not who, that is theirs to say."""
    messages: tuple[Letter, ...]
    """What was done about messages to them as a newcomer."""
    happened: tuple[Moment, ...]
    """As far back as it is kept, oldest first."""


def read_held(connection: Connection, member_id: MemberId) -> tuple[Held, ...]:
    """Read a member's badges, linked last first."""
    return tuple(
        Held(badge.code, badge.label, badge.status.value, badge.linked)
        for owner, badge in read_badges(connection)
        if owner == member_id
    )


def read_everything(connection: Connection, member_id: MemberId) -> Everything | None:
    """Read all that is known of a member, or `None` if there is no such member."""
    member = directory.member_of(connection, member_id)
    if member is None:
        return None
    happened = [
        Moment(
            datetime.fromtimestamp(stored.record.at.wall_us / 1_000_000, UTC),
            stored.kiosk,
            str(stored.record.event.__struct_config__.tag),
        )
        for stored in log.since(connection, 0)
        if member_id in members_of(stored.record.event)
    ]
    return Everything(
        msgspec.structs.replace(member, avoid=()),
        read_held(connection, member_id),
        cards.has_pin(connection, member_id),
        world.said_yes(connection, member_id),
        member_id in newcomers.volunteering(connection),
        member_id in newcomers.buddies_of(connection),
        tuple(
            Letter(each.message, each.settled, each.day)
            for each in newcomers.settled(connection)
            if each.member_id == member_id
        ),
        tuple(sorted(happened, key=lambda moment: moment.at)),
    )
