"""Everything the hub knows of one member, for their own page and for the file they may take away.

Nobody else is in it but those of whom they asked to hear, by id: whom they would rather not meet is never
shown, not even to them, and of what happened between two people it says that it did, not with whom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection

from community.clock import at_of
from community.events import members_of
from community.ids import KioskId, MemberId
from community.members import Member
from sync.store import (
    cards,
    deeds,
    directory,
    log,
    newcomers,
    notices,
    photos,
    receipts,
    together,
    visitors,
    world,
)
from sync.store.deeds import Deed
from sync.store.receipts import Line
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
class Kept:
    """A meeting of which only this is left; with whom, they read on their receipt."""

    day: date
    how: str
    about: str
    useful: bool


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
    told_at: str
    """Where they are told of things; empty for nowhere."""
    asked_for: tuple[MemberId, ...]
    """Whom they would like to hear of."""
    told_of_guests: bool
    """Whether they are told that a guest asked for them, if they are told anything."""
    may_be_found: bool
    """Whether whoever asks for them may be told that they are in."""
    welcomes_newcomers: bool
    """Whether they offered to."""
    has_buddy: bool
    """Whether somebody looks after them as a newcomer; not who, that is theirs to say."""
    looks_after: int
    """How many newcomers they look after; not whom."""
    messages: tuple[Letter, ...]
    """What was done about messages to them as a newcomer."""
    happened: tuple[Moment, ...]
    """As far back as it is kept, oldest first."""
    days_kept: Mapping[str, int]
    """On how many days of a month they came, of the time of which no moment is kept any more."""
    meetings_kept: tuple[Kept, ...]
    """Their meetings of that time, oldest first."""
    people_met_kept: int
    """How many people they met by badge in that time, as hosts' map of the community has it."""
    came_of_it: tuple[Line, ...]
    """What they wrote themselves, the latest day first."""
    visiting_from: str
    """The sister space they visit from; empty for a member of this one."""
    visiting_until: date | None
    """The last day of that visit; `None` for a member."""
    photo: bool
    """Whether they gave a picture of themselves."""
    photo_for_hosts: bool
    """Whether hosts may see it."""
    photo_for_members: bool
    """Whether members who met them may."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something a host did about a member."""

    at: datetime
    """Aware, UTC."""
    deed: Deed


CHANGES_SHOWN = 10

CHANGES = frozenset(
    {
        *(Deed.BADGE_LINKED, Deed.DOOR_LINKED, Deed.BADGE_UNLINKED, Deed.BADGE_LOST, Deed.BADGE_REVOKED),
        *(Deed.BADGE_ACTIVE, Deed.BADGE_HANDED_OVER, Deed.BADGE_RENAMED, Deed.BADGE_LEVEL),
        *(Deed.PIN_SET, Deed.PIN_REMOVED, Deed.MEMBER_COMFORT, Deed.HOST_NAMED, Deed.HOST_NO_MORE),
        *(Deed.MEMBER_ADDED, Deed.MEMBER_CHANGED),
    }
)
"""What a host, or another program, can do about a member that the member is told."""


def read_changes(connection: Connection, member_id: MemberId) -> tuple[Changed, ...]:
    """Read what hosts did about a member and the badges they have, newest first, at most `CHANGES_SHOWN`."""
    theirs = [badge.badge for owner, badge in read_badges(connection) if owner == member_id]
    done = deeds.of_subjects(connection, [member_id, *theirs], 5 * CHANGES_SHOWN)
    changes = [Changed(at_of(one.at_us), one.deed) for one in done if one.deed in CHANGES and one.host]
    return tuple(changes[:CHANGES_SHOWN])


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
            at_of(stored.record.at.wall_us),
            stored.kiosk,
            str(stored.record.event.__struct_config__.tag),
        )
        for stored in log.since(connection, 0)
        if member_id in members_of(stored.record.event)
    ]
    reach, photo = notices.reach_of(connection, member_id), photos.photo_of(connection, member_id)
    buddies, visiting = newcomers.buddies_of(connection), visitors.of(connection, member_id)
    return Everything(
        member=msgspec.structs.replace(member, avoid=()),
        badges=read_held(connection, member_id),
        has_pin=cards.has_pin(connection, member_id),
        named_to_the_world=world.said_yes(connection, member_id),
        told_at=reach.address,
        asked_for=notices.wishes_of(connection, member_id),
        told_of_guests=reach.guests,
        may_be_found=reach.found,
        welcomes_newcomers=member_id in newcomers.volunteering(connection),
        has_buddy=member_id in buddies,
        looks_after=sum(buddy == member_id for buddy in buddies.values()),
        messages=tuple(
            Letter(each.message, each.settled, each.day)
            for each in newcomers.settled(connection)
            if each.member_id == member_id
        ),
        happened=tuple(sorted(happened, key=lambda moment: moment.at)),
        days_kept=receipts.days(connection, member_id),
        meetings_kept=tuple(
            Kept(one.day, one.how, one.about, one.useful) for one in receipts.meetings(connection, member_id)
        ),
        people_met_kept=sum(member_id in two for two in together.ties_kept(connection)),
        came_of_it=receipts.lines(connection, member_id),
        visiting_from="" if visiting is None else visiting.home_name,
        visiting_until=None if visiting is None else visiting.until,
        photo=photo is not None,
        photo_for_hosts=photo is not None and photo.hosts,
        photo_for_members=photo is not None and photo.members,
    )
