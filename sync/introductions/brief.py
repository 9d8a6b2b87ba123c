"""The brief of the day: what only a person can do now, a line each.

For hosts only, and only of people whom hosts may know.  Who is away, and who has met nobody, is told to
nobody else; who would rather not meet whom is in none of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from community.clock import Hours, at_of, us_of
from community.ids import MemberId
from community.introductions.pairing import PersonPast
from community.introductions.reasons import Reason
from community.introductions.slots import Slot
from community.members import Mood
from community.visits import Visit
from sync.introductions.overview import PairLine
from sync.store import arrivals, briefs, introductions, visitors
from sync.store.briefs import Mark, Marked
from sync.views.people import Homes, Known, name_for_hosts, read_directory

FIRST_DAYS = 3
"""Visits for which somebody is new: a host says hello."""

NEW_FOR = timedelta(days=90)
"""How long somebody who has met nobody yet is helped to."""

AWAY_FROM, AWAY_UPTO = timedelta(weeks=3), timedelta(weeks=8)
"""Since when somebody has not come whom a host may write to; later it is no longer news."""

USUAL = timedelta(weeks=6)
"""The time before that tells how often they came."""

OFTEN = 1.5
"""Visits a week from which somebody is missed: people who come now and then are not asked after."""

LOOKED_BACK = USUAL + AWAY_UPTO

MEET_AT_MOST = 2
"""People to meet in one line."""

LATER: Mapping[Mark, timedelta] = {
    Mark.INTRODUCED: timedelta(days=90),
    Mark.VISITED: timedelta(0),
    Mark.NOT_NOW: timedelta(days=13),
}
"""For how many more days after today a line is not shown again."""


@dataclass(frozen=True, slots=True)
class New:
    """Somebody who is in for the first, second or third time."""

    key: str
    name: str
    visit: int
    """1 to `FIRST_DAYS`."""
    meet: tuple[str, ...]
    """Whom today's plan has for them, and who is in."""
    home: str = ""
    """The sister space they visit from; empty for a member of this one."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """Somebody who has come a few times and has met nobody yet."""

    key: str
    name: str
    visits: int
    meet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """Two people who are in, one of whom has what the other looks for, or asks."""

    key: str
    one: str
    other: str
    reason: Reason
    slot: Slot


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who used to come, and has not for some weeks."""

    key: str
    name: str
    a_week: int
    """How often they used to come."""
    weeks: int
    """For how long they have not."""


Line = New | Unmet | Needed | Away

AT_MOST: Mapping[type[Line], int] = {Needed: 5, Away: 5}
"""Lines of a kind: more is a list, and nobody works through a list at the door."""


@dataclass(frozen=True, slots=True)
class Done:
    """A line that somebody has seen to today."""

    line: Line
    marked: Marked


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything on the page."""

    day: date
    lines: tuple[Line, ...]
    """What is to be done, the most urgent first."""
    done: tuple[Done, ...]
    """What was done or put off today, the latest first."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the brief is made from, besides who is in and today's pairs."""

    members: Known
    pasts: Mapping[MemberId, PersonPast]
    came: Mapping[MemberId, frozenset[date]]
    """The days of the last `LOOKED_BACK` on which each came."""
    marked: Mapping[str, Marked]
    homes: Homes = field(default_factory=dict)
    """Who visits, and from where."""


def read_facts(connection: Connection, hours: Hours, at: datetime) -> Facts:
    """Read it in one transaction.

    Args:
        connection: In a read transaction.
        hours: Tells the space's days.
        at: Now, aware.
    """
    since = at - LOOKED_BACK
    came: dict[MemberId, set[date]] = defaultdict(set)
    for member_id, at_us in arrivals.since(connection, us_of(since)):
        came[member_id].add(hours.day_of(at_of(at_us)))
    return Facts(
        members=read_directory(connection),
        pasts=introductions.pasts(connection),
        came={member_id: frozenset(days) for member_id, days in came.items()},
        marked=briefs.holding(connection, hours.day_of(at)),
        homes=visitors.homes(connection),
    )


def brief_of(facts: Facts, visits: Sequence[Visit], pairs: Sequence[PairLine], day: date) -> Brief:
    """Return the brief of a day.

    Args:
        facts: What was read.
        visits: Who is in.
        pairs: Today's pairs whom hosts may know.
        day: Today.
    """
    free = {visit.member_id for visit in visits if visit.mood is not Mood.HEADS_DOWN}
    inside = {visit.member_id for visit in visits}
    open_pairs = [pair for pair in pairs if not pair.met and set(pair.pair) <= free]
    fresh = [*_newcomers(facts, inside, open_pairs, day)]
    helped = {line.name for line in fresh}
    needed = [line for line in _needed(open_pairs) if not {line.one, line.other} & helped]
    away = _away(facts, inside, day)
    lines: list[Line] = []
    done: list[Done] = []
    for line in (*fresh, *needed, *away):
        marked = facts.marked.get(line.key)
        if marked is None:
            lines.append(line)
        elif marked.day == day:
            done.append(Done(line, marked))
    done.sort(key=lambda each: -each.marked.at_us)
    return Brief(day, tuple(_not_too_many(lines)), tuple(done))


def mark(line: str, what: Mark, day: date, host: str, at_us: int) -> Marked:
    """Return what is kept when a host has seen to a line."""
    return Marked(line, day, what, day + LATER[what], host, at_us)


def _newcomers(
    facts: Facts, inside: Iterable[MemberId], pairs: Sequence[PairLine], day: date
) -> Iterable[New | Unmet]:
    found: list[tuple[int, str, New | Unmet]] = []
    for member_id in inside:
        member, name = facts.members.get(member_id), name_for_hosts(facts.members, member_id)
        if member is None or not name:
            continue
        past, home = facts.pasts.get(member_id, PersonPast(member_id)), facts.homes.get(member_id, "")
        if past.days < FIRST_DAYS:
            line = New(f"new:{member_id}", name, past.days + 1, _to_meet(member_id, pairs), home)
            found.append((past.days, name, line))
        elif past.ties == 0 and member.introductions and member.joined and day - member.joined <= NEW_FOR:
            unmet = Unmet(f"unmet:{member_id}", name, past.days + 1, _to_meet(member_id, pairs))
            found.append((past.days, name, unmet))
    return [line for _days, _name, line in sorted(found, key=lambda each: each[:2])]


def _to_meet(member_id: MemberId, pairs: Iterable[PairLine]) -> tuple[str, ...]:
    theirs = [pair for pair in pairs if member_id in pair.pair]
    return tuple(pair.named_beside(member_id) for pair in theirs)[:MEET_AT_MOST]


def _needed(pairs: Iterable[PairLine]) -> Iterable[Needed]:
    for line in pairs:
        if line.slot is not Slot.NEIGHBOUR and line.reason is not None:
            first, second = line.pair
            yield Needed(f"pair:{first}:{second}", line.one, line.other, line.reason, line.slot)


def _away(facts: Facts, inside: Iterable[MemberId], day: date) -> Iterable[Away]:
    here, found = set(inside), []
    for member_id, days in facts.came.items():
        name = name_for_hosts(facts.members, member_id)
        earlier = {each for each in days if each < day}
        if not name or member_id in here or not earlier:
            continue
        last = max(earlier)
        if not AWAY_FROM <= day - last <= AWAY_UPTO:
            continue
        a_week = sum(last - USUAL < each <= last for each in earlier) / (USUAL.days / 7)
        if a_week >= OFTEN:
            line = Away(f"away:{member_id}", name, round(a_week), (day - last).days // 7)
            found.append((-last.toordinal(), name, line))
    return [line for _last, _name, line in sorted(found, key=lambda each: each[:2])]


def _not_too_many(lines: Iterable[Line]) -> Iterable[Line]:
    seen: Counter[type[Line]] = Counter()
    for line in lines:
        seen[type(line)] += 1
        if type(line) not in AT_MOST or seen[type(line)] <= AT_MOST[type(line)]:
            yield line
