"""Everything on the page "Now", read in one transaction, so it never shows half of a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from community.clock import Hours, at_of
from community.ids import KioskId
from community.visits import Visit
from community.wire.messages import BridgeHealth
from sync.presence import Happened
from sync.store import introductions, kiosks, photos, quarantine, visitors
from sync.views.agenda import Today, read_today
from sync.views.badges import RefusedBadge, UnknownBadge, read_refused, read_unknown
from sync.views.guests import GuestWaiting, read_guests
from sync.views.host_doings import Doing, read_doings
from sync.views.metrics import Gap, read_gaps, read_gone
from sync.views.passages import Passages, passages
from sync.views.people import Choice, Roster, choices, read_directory, roster
from sync.views.timeline import Moment, moments


@dataclass(frozen=True, slots=True)
class KioskHealth:
    """How one kiosk is."""

    kiosk: KioskId
    online: bool
    reader: str
    """As in `Status`."""
    waiting: int
    heard: datetime
    disk_percent: int = 0
    """How full its disk is; 0 if it did not say."""
    bridge: BridgeHealth | None = None
    """The microcontroller at its door; `None` where there is none."""


@dataclass(frozen=True, slots=True)
class Now:
    """Everything on the page "Now"."""

    at: datetime
    roster: Roster
    moments: tuple[Moment, ...]
    """Newest first."""
    unknown: tuple[UnknownBadge, ...]
    """Newest first."""
    refused: tuple[RefusedBadge, ...]
    """Newest first."""
    kiosks: tuple[KioskHealth, ...]
    quarantined: int
    """What could not be understood and waits for a host."""
    put_away: int
    """What a host has looked at and put away."""
    disk_percent: int
    """How full the hub's disk is; 0 if the database is not on a disk of ours."""
    choices: tuple[Choice, ...]
    """All members, in the order of their names."""
    gaps: tuple[Gap, ...] = ()
    """Events that later ones have overtaken: the hub has asked for them."""
    gone: tuple[Gap, ...] = ()
    """Events that will never come."""
    doings: tuple[Doing, ...] = ()
    """What hosts did at the doors today, newest first."""
    guests: tuple[GuestWaiting, ...] = ()
    """Guests of today whom nobody has met yet, the latest first."""
    agenda: Today | None = None
    """What is on today; `None` where no calendar is set."""
    passages: Passages | None = None
    """What the beams at the doors counted today; `None` where there is none."""


def read_now(
    connection: Connection,
    visits: Sequence[Visit],
    happened: Sequence[Happened],
    hours: Hours,
    at: datetime,
    disk_percent: int = 0,
) -> Now:
    """Read the page "Now".

    Args:
        connection: In a read transaction.
        visits: Who is in, earliest arrival first.
        happened: What happened today, newest first.
        hours: The space's zone and closing time.
        at: The present moment, aware.
        disk_percent: How full the hub's disk is.
    """
    known = read_directory(connection)
    quarantined, put_away = quarantine.count(connection)
    day, homes = hours.day_of(at), visitors.homes(connection)
    days = introductions.days_before(connection, [visit.member_id for visit in visits])
    here = roster(visits, known, day, happened, photos.shown(connection, hosts=True), days, homes)
    return Now(
        at=at,
        roster=here,
        moments=moments(happened, known, hours, at),
        unknown=read_unknown(connection, at),
        refused=read_refused(connection, happened, known),
        kiosks=_kiosks(connection),
        quarantined=quarantined,
        put_away=put_away,
        disk_percent=disk_percent,
        choices=choices(known.values(), homes),
        gaps=read_gaps(connection),
        gone=read_gone(connection),
        doings=read_doings(connection, happened, known),
        guests=read_guests(connection, known, {person.member_id for person in here.people}, day, hours.zone),
        agenda=read_today(connection, hours.day_of(at)),
        passages=passages(happened),
    )


def _kiosks(connection: Connection) -> tuple[KioskHealth, ...]:
    return tuple(
        KioskHealth(
            heard.kiosk,
            heard.status.online,
            heard.status.reader,
            heard.status.waiting,
            at_of(heard.heard_us),
            heard.status.disk_percent,
            heard.status.bridge,
        )
        for heard in kiosks.every(connection)
    )
