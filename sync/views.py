"""What hosts see, read from presence and the database.

Views read, handlers write.  Each function here runs inside one read transaction, so a page
never shows half of a change.  A member who hides from hosts is counted, never named; the same
goes for one the directory no longer holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from sqlalchemy import Connection, func, select

from community.badges import BadgeHash, BadgeStatus, short_code
from community.clock import Hours
from community.events import (
    CheckedIn,
    CheckedOut,
    CheckOutUndone,
    Event,
    MeetingUndone,
    Met,
    Record,
    RefusedBadgeTapped,
    UnknownBadgeTapped,
)
from community.ids import KioskId, MemberId
from community.members import Member, Mood
from community.visits import Ended, Visit, Visits
from community.wire.codec import decode_record
from sync.presence import Happened
from sync.store import directory
from sync.store import kiosks as store_kiosks
from sync.store.schema import badges, events, quarantine

UNKNOWN_FOR = timedelta(days=7)
"""An unknown badge that nobody linked is shown this long: its owner has come back, or will not."""

MOST_TAPS = 500
"""Taps of unknown badges looked at: a badge held against the reader all day costs no more."""

MOST_UNKNOWN = 12
"""Unknown badges shown; with more, somebody is testing the reader, not waiting for a host."""

MOST_MOMENTS = 80
"""Lines of today's timeline shown: what a host scrolls through."""


@dataclass(frozen=True, slots=True)
class Person:
    """One member who is in and may be named."""

    member_id: MemberId
    name: str
    trade: str
    """Empty if they did not say."""
    since: datetime
    """Aware, UTC, as every time here."""
    mood: Mood | None
    looking_for: str
    """The first of their needs if that is today's mood, else empty."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in."""

    present: int
    """Everybody, named or not."""
    people: tuple[Person, ...]
    """Those who may be named, earliest arrival first."""

    @property
    def others(self) -> int:
        """How many are in and not named."""
        return self.present - len(self.people)


class Happening(Enum):
    """What a line of the timeline tells."""

    ARRIVED = "arrived"
    LEFT = "left"
    CLOSED = "closed"
    """Nobody said that they left: the visit ended by itself at closing time."""
    MET = "met"


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of today's timeline."""

    at: datetime
    what: Happening
    names: tuple[str, ...]
    """One name; two for a meeting; all of them for closing time.  Never empty."""


@dataclass(frozen=True, slots=True)
class UnknownBadge:
    """A badge waiting to be linked."""

    badge: BadgeHash
    code: str
    """The same four characters the screen at the door shows."""
    at: datetime
    """The last tap."""
    kiosk: KioskId


@dataclass(frozen=True, slots=True)
class RefusedBadge:
    """A revoked or lost badge somebody tapped today."""

    at: datetime
    kiosk: KioskId
    status: BadgeStatus
    name: str
    """Whose badge it is; empty if that may not be said."""


@dataclass(frozen=True, slots=True)
class KioskHealth:
    """How one kiosk is."""

    kiosk: KioskId
    online: bool
    reader: str
    """As in `Status`."""
    waiting: int
    heard: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """A member to choose when linking a badge."""

    member_id: MemberId
    label: str
    """The name, made unique with trade or company where two share it."""


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
    choices: tuple[Choice, ...]
    """All members, in the order of their names."""


def read_now(
    connection: Connection,
    visits: Sequence[Visit],
    happened: Sequence[Happened],
    hours: Hours,
    at: datetime,
) -> Now:
    """Read the page "Now".

    Args:
        connection: In a read transaction.
        visits: Who is in, earliest arrival first.
        happened: What happened today, newest first.
        hours: The space's zone and closing time.
        at: The present moment, aware.
    """
    known = _directory(connection)
    return Now(
        at=at,
        roster=roster(visits, known),
        moments=moments(happened, known, hours, at),
        unknown=_unknown(connection, at),
        refused=_refused(connection, happened, known),
        kiosks=_kiosks(connection),
        quarantined=connection.execute(select(func.count()).select_from(quarantine)).scalar_one(),
        choices=choices(known.values()),
    )


def roster(visits: Sequence[Visit], known: Mapping[MemberId, Member]) -> Roster:
    """Name those who may be named, in the order given, and count everybody."""
    people = []
    for visit in visits:
        member = known.get(visit.member_id)
        if member is not None and member.visibility.hosts:
            looking = visit.mood is Mood.LOOKING and bool(member.needs)
            people.append(
                Person(
                    member_id=member.id,
                    name=member.name,
                    trade=member.trade,
                    since=visit.arrived,
                    mood=visit.mood,
                    looking_for=member.needs[0] if looking else "",
                )
            )
    return Roster(len(visits), tuple(people))


def read_roster(connection: Connection, visits: Sequence[Visit]) -> Roster:
    """Read the roster alone: who is in of `visits`, in their order."""
    return roster(visits, _directory(connection))


def moments(
    happened: Sequence[Happened], known: Mapping[MemberId, Member], hours: Hours, at: datetime
) -> tuple[Moment, ...]:
    """Tell the day, newest first, without what was undone and without those who hide.

    Args:
        happened: What happened today, newest first.
        known: The directory.
        hours: The space's zone and closing time.
        at: The present moment, aware.
    """
    today = _Today(hours)
    for item in reversed(happened):
        today.add(item.at, item.event)
    told = []
    for moment in today.told(at):
        names = tuple(_name(known, member_id) for member_id in moment.who)
        if moment.what is Happening.CLOSED:
            names = tuple(name for name in names if name)
        if names and all(names):
            told.append(Moment(moment.at, moment.what, names))
    return tuple(told[:MOST_MOMENTS])


def choices(everybody: Iterable[Member]) -> tuple[Choice, ...]:
    """Return a label for each member that no other member has, in the order of the labels."""
    by_name: dict[str, list[Member]] = {}
    for member in everybody:
        by_name.setdefault(member.name.casefold(), []).append(member)
    labelled = []
    for namesakes in by_name.values():
        for nth, member in enumerate(sorted(namesakes, key=lambda m: m.id), start=1):
            label = member.name
            if len(namesakes) > 1:
                hint = member.trade or member.company
                label = f"{member.name} · {hint} · {nth}" if hint else f"{member.name} · {nth}"
            labelled.append(Choice(member.id, label))
    return tuple(sorted(labelled, key=lambda c: (c.label.casefold(), c.member_id)))


def read_choices(connection: Connection) -> tuple[Choice, ...]:
    """Read the labels of all members."""
    return choices(_directory(connection).values())


def _directory(connection: Connection) -> dict[MemberId, Member]:
    return {member.id: member for member in directory.all_members(connection)}


@dataclass(frozen=True, slots=True)
class _Told:
    at: datetime
    what: Happening
    who: tuple[MemberId, ...]


class _Today:
    """Today's events, told as a host would tell them: what was undone is not told."""

    def __init__(self, hours: Hours) -> None:
        self._visits = Visits(hours)
        self._told: list[_Told] = []
        self._closed: dict[datetime, list[MemberId]] = {}

    def add(self, at: datetime, event: Event) -> None:
        """Add one event; they come in order."""
        match event:
            case CheckedIn(member=member) if self._visits.open_visit(member, at) is None:
                self._close(member, at)
                self._told.append(_Told(at, Happening.ARRIVED, (member,)))
            case CheckedOut(member=member) if self._visits.open_visit(member, at) is not None:
                self._told.append(_Told(at, Happening.LEFT, (member,)))
            case CheckOutUndone(member=member):
                self._take_back(Happening.LEFT, {member})
            case Met(first=first, second=second):
                self._told.append(_Told(at, Happening.MET, (first, second)))
            case MeetingUndone(first=first, second=second):
                self._take_back(Happening.MET, {first, second})
            case _:
                pass
        self._visits.add(at, event)

    def told(self, at: datetime) -> list[_Told]:
        """Return everything told by `at`, newest first."""
        for member_id in self._visits.last:
            self._close(member_id, at)
        closings = [_Told(end, Happening.CLOSED, tuple(who)) for end, who in self._closed.items()]
        told = sorted([*self._told, *closings], key=lambda told: told.at)
        told.reverse()
        return told

    def _close(self, member_id: MemberId, at: datetime) -> None:
        """Tell that the member's last visit ended by itself, if it did."""
        match self._visits.ended(member_id, at):
            case (end, Ended.ASSUMED):
                self._closed.setdefault(end, []).append(member_id)
            case _:
                pass

    def _take_back(self, what: Happening, who: set[MemberId]) -> None:
        for index in reversed(range(len(self._told))):
            told = self._told[index]
            if told.what is what and set(told.who) == who:
                del self._told[index]
                return


def _unknown(connection: Connection, at: datetime) -> tuple[UnknownBadge, ...]:
    rows = connection.execute(
        select(events.c.kiosk, events.c.at_us, events.c.synced, events.c.raw, events.c.received_us)
        .where(events.c.kind == "unknown_badge", events.c.received_us >= _us(at - UNKNOWN_FOR))
        .order_by(events.c.received_us.desc(), events.c.seq.desc())
        .limit(MOST_TAPS)
    )
    latest: dict[BadgeHash, UnknownBadge] = {}
    for row in rows:
        record = decode_record(row.raw)
        # what a newer program wrote is not ours to show
        if isinstance(record, Record) and isinstance(record.event, UnknownBadgeTapped):
            badge = record.event.badge
            tapped = _at(row.at_us if row.synced else row.received_us)
            latest.setdefault(badge, UnknownBadge(badge, short_code(badge), tapped, KioskId(row.kiosk)))
    linked = set(connection.execute(select(badges.c.hash).where(badges.c.hash.in_(list(latest)))).scalars())
    waiting = [unknown for badge, unknown in latest.items() if badge not in linked]
    return tuple(waiting[:MOST_UNKNOWN])


def _refused(
    connection: Connection, happened: Sequence[Happened], known: Mapping[MemberId, Member]
) -> tuple[RefusedBadge, ...]:
    latest: dict[BadgeHash, tuple[Happened, BadgeStatus]] = {}
    for item in happened:
        if isinstance(item.event, RefusedBadgeTapped):
            latest.setdefault(item.event.badge, (item, item.event.status))
    owners = {
        row.hash: MemberId(row.member_id)
        for row in connection.execute(
            select(badges.c.hash, badges.c.member_id).where(badges.c.hash.in_(list(latest)))
        )
    }
    refused = [
        RefusedBadge(item.at, item.kiosk, status, _name(known, owners[badge]) if badge in owners else "")
        for badge, (item, status) in latest.items()
    ]
    return tuple(refused[:MOST_UNKNOWN])


def _kiosks(connection: Connection) -> tuple[KioskHealth, ...]:
    return tuple(
        KioskHealth(
            heard.kiosk,
            heard.status.online,
            heard.status.reader,
            heard.status.waiting,
            _at(heard.heard_us),
        )
        for heard in store_kiosks.every(connection)
    )


def _name(known: Mapping[MemberId, Member], member_id: MemberId) -> str:
    """Return the member's name, or nothing if hosts may not read it."""
    member = known.get(member_id)
    return member.name if member is not None and member.visibility.hosts else ""


def _us(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def _at(us: int) -> datetime:
    return datetime.fromtimestamp(us / 1_000_000, UTC)
