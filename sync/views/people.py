"""Who is in, and who can be chosen: members as hosts may see them."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Connection

from community.events import CheckedIn
from community.ids import MemberId
from community.members import Member, Mood
from community.names import words_of
from community.visits import Visit
from sync.presence import Happened
from sync.store import directory, visitors

NEW_FOR = timedelta(days=90)
"""Who joined longer ago is not marked: they have been here since before the door counted."""

FIRST_VISITS = 3
"""Visits for which somebody is marked as new."""

Known = Mapping[MemberId, Member]
"""The directory."""

Homes = Mapping[MemberId, str]
"""The name of the sister space from which each who visits comes."""


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
    """The first of their needs that still holds if that is today's mood, else empty."""
    uncertain: bool = False
    """Whether `since` is: see `Happened`."""
    photo: bool = False
    """Whether hosts may see a picture of them."""
    visit: int = 0
    """1 to `FIRST_VISITS` for somebody who is new, 0 for everybody else."""
    visiting: str = ""
    """The name of the sister space they visit from; empty for a member of this one."""


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


@dataclass(frozen=True, slots=True)
class Choice:
    """A member to choose when linking a badge."""

    member_id: MemberId
    label: str
    """The name, made unique with trade or company where two share it."""


def roster(
    visits: Sequence[Visit],
    known: Known,
    day: date,
    happened: Sequence[Happened] = (),
    pictures: Container[MemberId] = (),
    days: Mapping[MemberId, int] = MappingProxyType({}),
    homes: Homes = MappingProxyType({}),
) -> Roster:
    """Name those who may be named, in the order given, and count everybody.

    Args:
        visits: Who is in.
        known: The directory.
        day: The space's: needs that ended before it are left out.
        happened: What happened today, in any order: it says which arrivals are uncertain.
        pictures: Who gave a picture that is for hosts.
        days: On how many days before today some of them came; who is not in it is not marked as new.
        homes: Who visits, and from where.
    """
    doubtful = {
        (item.event.member, item.at)
        for item in happened
        if item.uncertain and isinstance(item.event, CheckedIn)
    }
    people = []
    for visit in visits:
        member = known.get(visit.member_id)
        if member is not None and member.visibility.hosts:
            needs = member.open_needs(day) if visit.mood is Mood.LOOKING else ()
            people.append(
                Person(
                    member_id=member.id,
                    name=member.name,
                    trade=member.trade,
                    since=visit.arrived,
                    mood=visit.mood,
                    looking_for=needs[0] if needs else "",
                    uncertain=(member.id, visit.arrived) in doubtful,
                    photo=member.id in pictures,
                    visit=_visit(member, days.get(member.id), day),
                    visiting=homes.get(member.id, ""),
                )
            )
    return Roster(len(visits), tuple(people))


def _visit(member: Member, days: int | None, day: date) -> int:
    """Return which visit this is, for somebody who is new; 0 for everybody else."""
    long_known = member.joined is not None and day - member.joined > NEW_FOR
    return 0 if days is None or days >= FIRST_VISITS or member.host or long_known else days + 1


def read_roster(connection: Connection, visits: Sequence[Visit], day: date) -> Roster:
    """Read the roster alone; the args are those of `roster`."""
    return roster(visits, read_directory(connection), day)


def choices(everybody: Iterable[Member], homes: Homes = MappingProxyType({})) -> tuple[Choice, ...]:
    """Return a label for each member that no other member has, in the order of the labels.

    Args:
        everybody: In any order.
        homes: Who visits, and from where: their label says so.
    """
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
            if member.id in homes:
                label = f"{label} ({homes[member.id]})"
            labelled.append(Choice(member.id, label))
    return tuple(sorted(labelled, key=lambda c: (words_of(c.label), c.member_id)))


def read_choices(connection: Connection) -> tuple[Choice, ...]:
    """Read the labels of all members."""
    return choices(read_directory(connection).values(), visitors.homes(connection))


def read_directory(connection: Connection) -> Known:
    """Read all members, those who hide from hosts included."""
    return {member.id: member for member in directory.all_members(connection)}


def name_for_hosts(known: Known, member_id: MemberId | None) -> str:
    """Return the member's name, or nothing if hosts may not read it or there is no such member."""
    member = None if member_id is None else known.get(member_id)
    return member.name if member is not None and member.visibility.hosts else ""
