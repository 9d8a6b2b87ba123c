"""Read what the newcomers' path is made from, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import Connection

from community.clock import Hours
from community.ids import MemberId
from community.introductions.pairing import PersonPast
from community.members import Visibility
from community.visits import Visit
from sync.introductions.overview import PairLine
from sync.newcomers.messages import Arrival, Done, DueMessage, Settled, Texts, Written, due_messages
from sync.newcomers.path import Buddy, Candidate, Coming, Newcomer, candidates, newcomers
from sync.newcomers.wording import Message, Text
from sync.store import arrivals, introductions
from sync.store import newcomers as store
from sync.views.people import Known, name_for_hosts, read_directory

LOOKED_BACK = timedelta(days=89)
"""Not longer than raw taps are kept unless somebody sets it otherwise."""

MEET_AT_MOST = 2
"""Names in one line: two introductions on the first day."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at one moment."""

    day: date
    members: Known
    coming: Mapping[MemberId, Coming]
    """Of everybody who ever came."""
    buddies: Mapping[MemberId, MemberId]
    volunteers: frozenset[MemberId]
    texts: Texts
    done: Done


@dataclass(frozen=True, slots=True)
class Path:
    """Everything on the page."""

    day: date
    newcomers: tuple[Newcomer, ...]
    candidates: Mapping[MemberId, tuple[Candidate, ...]]
    """Who could look after each newcomer who is in."""
    due: tuple[DueMessage, ...]
    hidden: int
    """How many who are new prefer not to be named to hosts."""


def read_facts(connection: Connection, hours: Hours, at: datetime) -> Facts:
    """Read it.

    Args:
        connection: In a read transaction.
        hours: Tells the space's days.
        at: Now, aware.
    """
    day = hours.day_of(at)
    return Facts(
        day,
        read_directory(connection),
        _coming(connection, hours, at),
        store.buddies_of(connection),
        store.volunteering(connection),
        read_texts(connection),
        read_done(connection),
    )


def read_texts(connection: Connection) -> Texts:
    """Read what hosts wrote in the place of our texts."""
    known = {message.value: message for message in Message}
    return {
        (known[each.message], each.language): Text(each.subject, each.body)
        for each in store.texts(connection)
        if each.message in known
    }


def read_done(connection: Connection) -> Done:
    """Read what was done about messages."""
    known = {message.value: message for message in Message}
    return {
        (each.member_id, known[each.message]): Written(Settled(each.settled), each.day)
        for each in store.settled(connection)
        if each.message in known
    }


def read_due(connection: Connection, hours: Hours, space: str, at: datetime) -> tuple[DueMessage, ...]:
    """Read what is to be written to newcomers today, for whoever sends messages.

    Args:
        connection: In a read transaction.
        hours: Tells the space's days.
        space: What the place is called.
        at: Now, aware.
    """
    return due_of(read_facts(connection, hours, at), space)


def due_of(facts: Facts, space: str) -> tuple[DueMessage, ...]:
    """Return what is to be written to newcomers on the day of these facts."""
    return due_messages(_arrivals(facts), facts.texts, facts.done, space, facts.day)


def path_of(facts: Facts, visits: Sequence[Visit], pairs: Iterable[PairLine], space: str) -> Path:
    """Return the page.

    Args:
        facts: What was read.
        visits: Who is in.
        pairs: Today's pairs whom hosts may know.
        space: What the place is called.
    """
    moods = {visit.member_id: visit.mood for visit in visits}
    meet: dict[MemberId, list[str]] = defaultdict(list)
    met: dict[MemberId, int] = defaultdict(int)
    for line in pairs:
        for member_id in line.pair:
            met[member_id] += line.met
            if not line.met:
                meet[member_id].append(line.named_beside(member_id))
    coming = {
        member_id: Coming(known.days, known.visits, known.met + met[member_id])
        for member_id, known in facts.coming.items()
    }
    buddies = {
        member_id: Buddy(buddy, name_for_hosts(facts.members, buddy), buddy in moods)
        for member_id, buddy in facts.buddies.items()
    }
    shown = newcomers(
        facts.members.values(),
        coming,
        moods.keys(),
        {member_id: tuple(names[:MEET_AT_MOST]) for member_id, names in meet.items()},
        buddies,
        facts.day,
    )
    new = {one.member_id for one in shown}
    known_well = facts.members.keys() - new
    choices = {
        one.member_id: candidates(
            facts.members[one.member_id], facts.members, moods, facts.volunteers, known_well
        )
        for one in shown
        if one.is_in
    }
    return Path(facts.day, shown, choices, due_of(facts, space), _hidden(facts, coming))


def _hidden(facts: Facts, coming: Mapping[MemberId, Coming]) -> int:
    """Count who would be on the path, and is not named to hosts."""
    unseen = [
        msgspec.structs.replace(member, visibility=Visibility())
        for member in facts.members.values()
        if not member.visibility.hosts
    ]
    return len(newcomers(unseen, coming, (), {}, {}, facts.day))


def _arrivals(facts: Facts) -> Iterable[Arrival]:
    """Yield whom hosts may write to and who came, as far as their first day is known."""
    for member in facts.members.values():
        known = facts.coming.get(member.id)
        if known is None or known.first is None or member.host or not member.visibility.hosts:
            continue
        yield Arrival(
            member.id, member.name, member.language, known.first, max(known.days), max(known.visits, 1)
        )


def _coming(connection: Connection, hours: Hours, at: datetime) -> Mapping[MemberId, Coming]:
    day, since = hours.day_of(at), at - LOOKED_BACK
    days: dict[MemberId, set[date]] = defaultdict(set)
    for member_id, at_us in arrivals.since(connection, int(since.timestamp() * 1_000_000)):
        came = hours.day_of(datetime.fromtimestamp(at_us / 1_000_000, UTC))
        if came <= day:
            days[member_id].add(came)
    pasts = introductions.pasts(connection)
    found = {}
    for member_id in {*days, *pasts}:
        past = pasts.get(member_id, PersonPast(member_id))
        own = frozenset(days.get(member_id, ()))
        # what was made at night does not know of today, and the log not of what was let go of
        found[member_id] = Coming(own, max(past.days + (day in own), len(own)), past.ties)
    return found
