"""What anybody on the net may know of the space: whether it is open, how many are in, and a few first names.

Who is counted and who is named is decided here and nowhere else (decision 0028).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from community.agenda import Agenda
from community.clock import Hours
from community.events import CheckedIn
from community.ids import HUB, KioskId, MemberId
from community.introductions.tables import Table
from community.members import Member, Mood
from community.visits import Visit
from sync.agenda.kept import read_kept
from sync.presence import Happened
from sync.store import introductions, kiosks, world
from sync.views.people import Known, read_directory


@dataclass(frozen=True, slots=True)
class Seen:
    """The space as the world sees it at one moment."""

    present: int
    """Everybody whose badge is in, named or not."""
    names: tuple[str, ...]
    """First names, in the order of the alphabet: not in that of arrival, which is nobody's business."""
    is_open: bool | None
    """`None` while it cannot be known: no door is heard."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What is on, today and later."""

    agendas: tuple[Agenda, ...]
    """The earliest day first."""
    tables: tuple[Table, ...]
    """The earliest first."""


def may_be_named(member: Member, visit: Visit, *, said_yes: bool, sure: bool) -> bool:
    """Say whether the world may read the first name of somebody who is in.

    Args:
        member: Who.
        visit: The visit they are on.
        said_yes: Whether they agreed to be named to the world.
        sure: Whether it is certain that they are in, and in what mood.

    Returns:
        The world is the widest circle: a yes to it counts only while every nearer one may read the name too.
    """
    nearer = member.visibility.lobby and member.visibility.members and member.visibility.hosts
    return said_yes and nearer and sure and visit.mood is not Mood.HEADS_DOWN


def seen(
    visits: Sequence[Visit],
    happened: Sequence[Happened],
    known: Known,
    said_yes: Collection[MemberId],
    doors: Collection[KioskId],
    hours: Hours,
    at: datetime,
) -> Seen:
    """Return what the world may see.

    Args:
        visits: Who is in.
        happened: What happened today, in any order.
        known: The directory.
        said_yes: Who agreed to be named to the world.
        doors: Kiosks that are heard at this moment.
        hours: The space's zone and closing time.
        at: The present moment, aware.

    Returns:
        Nobody is named while a door that was used today is not heard: somebody may have left there, or chosen
        to be left alone, and the hub would not know yet.  Nor is anybody who came at an uncertain time.
    """
    all_heard = all(item.kiosk in doors or item.kiosk == HUB for item in happened)
    certain = {
        (item.event.member, item.at)
        for item in happened
        if isinstance(item.event, CheckedIn) and not item.uncertain
    }
    names = [
        first_name(member)
        for visit in visits
        if (member := known.get(visit.member_id)) is not None
        and may_be_named(
            member,
            visit,
            said_yes=member.id in said_yes,
            sure=all_heard and (member.id, visit.arrived) in certain,
        )
    ]
    closes = hours.moment(hours.day_of(at), hours.closing)
    is_open = None if not doors else bool(visits) and at < closes
    return Seen(len(visits), tuple(sorted(names, key=str.casefold)), is_open)


def first_name(member: Member) -> str:
    """Return the part of a name that the world may read: as on the screen in the room, the first word."""
    return member.name.split()[0]


def read_seen(
    connection: Connection,
    visits: Sequence[Visit],
    happened: Sequence[Happened],
    hours: Hours,
    at: datetime,
    *,
    line_up: bool,
) -> Seen:
    """Read what the world may see.

    Args:
        connection: In a read transaction.
        visits: As for `seen`, like the next three.
        happened: What happened today.
        hours: The space's.
        at: The present moment, aware.
        line_up: Whether the broker answers: otherwise no door is heard, whatever was said last.
    """
    doors = {heard.kiosk for heard in kiosks.every(connection) if heard.status.online} if line_up else set()
    return seen(visits, happened, read_directory(connection), world.everybody(connection), doors, hours, at)


def read_coming(connection: Connection, today: date) -> Coming:
    """Read what is on from today on: as many days of the calendar as are known, and the open tables."""
    kept = read_kept(connection)
    agendas = () if kept is None else kept.good.agendas
    return Coming(tuple(a for a in agendas if a.day >= today), introductions.tables(connection))
