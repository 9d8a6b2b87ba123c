"""Read what the newcomers' path is made from, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import Connection

from community.clock import Hours, at_of, us_of
from community.events import MeetingUndone, Met
from community.ids import MemberId
from community.introductions.pairing import PersonPast, pair
from community.members import Visibility
from community.visits import Visit
from plumbing.words import SOURCE
from sync.introductions.overview import PairLine
from sync.newcomers.messages import Arrival, Done, DueMessage, Settled, Written, due_messages
from sync.newcomers.path import NOT_YET, Buddy, Candidate, Coming, Newcomer, candidates, first_day, newcomers
from sync.newcomers.wording import Message, Text, Texts
from sync.presence import Happened
from sync.store import arrivals, introductions, visitors
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
    """Of everybody who ever came; whom they met before today among it."""
    met: Mapping[MemberId, frozenset[MemberId]]
    """Whom each met before today, as far as it is known by whom."""
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
    pasts, homes = introductions.pasts(connection), visitors.homes(connection)
    # who visits from a sister space is on no path of ours, and is not asked to look after anybody
    ours = {member_id: one for member_id, one in read_directory(connection).items() if member_id not in homes}
    return Facts(
        day,
        ours,
        _coming(connection, pasts, hours, at),
        _met(pasts),
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


def path_of(
    facts: Facts,
    visits: Sequence[Visit],
    happened: Sequence[Happened],
    pairs: Iterable[PairLine],
    ours: Texts,
    space: str,
) -> Path:
    """Return the page.

    Args:
        facts: What was read.
        visits: Who is in.
        happened: What happened today, newest first.
        pairs: Today's pairs whom hosts may know.
        ours: What newcomers are written where no host wrote anything else.
        space: What the place is called.
    """
    moods = {visit.member_id: visit.mood for visit in visits}
    meet: dict[MemberId, list[str]] = defaultdict(list)
    for line in pairs:
        for member_id in line.pair if not line.met else ():
            meet[member_id].append(line.named_beside(member_id))
    coming = dict(facts.coming)
    for member_id, others in _met_today(happened).items():
        known = coming.get(member_id, NOT_YET)
        more = len(others - facts.met.get(member_id, frozenset()))
        coming[member_id] = Coming(known.days, known.visits, known.met + more)
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
    due = due_messages(_arrivals(facts), {**ours, **facts.texts}, SOURCE, facts.done, space, facts.day)
    return Path(facts.day, shown, choices, due, _hidden(facts, coming))


def _hidden(facts: Facts, coming: Mapping[MemberId, Coming]) -> int:
    """Count who would be on the path, and is not named to hosts."""
    unseen = [
        msgspec.structs.replace(member, visibility=Visibility())
        for member in facts.members.values()
        if not member.visibility.hosts
    ]
    return len(newcomers(unseen, coming, (), {}, {}, facts.day))


def _met_today(happened: Sequence[Happened]) -> Mapping[MemberId, set[MemberId]]:
    """Return whom each met today by their badges; what somebody said in private is not told."""
    met: set[tuple[MemberId, MemberId]] = set()
    for item in reversed(happened):
        match item.event:
            case Met(first=first, second=second):
                met.add(pair(first, second))
            case MeetingUndone(first=first, second=second):
                met.discard(pair(first, second))
            case _:
                pass
    found: dict[MemberId, set[MemberId]] = defaultdict(set)
    for first, second in met:
        found[first].add(second)
        found[second].add(first)
    return found


def _met(pasts: Mapping[MemberId, PersonPast]) -> Mapping[MemberId, frozenset[MemberId]]:
    found: dict[MemberId, set[MemberId]] = defaultdict(set)
    for member_id, past in pasts.items():
        for other in (two.other for two in past.pairs if two.met is not None):
            found[member_id].add(other)
            found[other].add(member_id)
    return {member_id: frozenset(others) for member_id, others in found.items()}


def _arrivals(facts: Facts) -> Iterable[Arrival]:
    """Yield whom hosts may write to and who came, as far as their first day is known."""
    for member in facts.members.values():
        known = facts.coming.get(member.id)
        first = None if known is None else first_day(member, known)
        if known is None or first is None or member.host or not member.visibility.hosts:
            continue
        yield Arrival(member.id, member.name, member.language, first, max(known.days), known.visits)


def _coming(
    connection: Connection, pasts: Mapping[MemberId, PersonPast], hours: Hours, at: datetime
) -> Mapping[MemberId, Coming]:
    day, since = hours.day_of(at), at - LOOKED_BACK
    days: dict[MemberId, set[date]] = defaultdict(set)
    for member_id, at_us in arrivals.since(connection, us_of(since)):
        came = hours.day_of(at_of(at_us))
        if came <= day:
            days[member_id].add(came)
    found = {}
    for member_id in {*days, *pasts}:
        past = pasts.get(member_id, PersonPast(member_id))
        own = frozenset(days.get(member_id, ()))
        # what was made at night does not know of today, and the log not of what was let go of
        found[member_id] = Coming(own, max(past.days + (day in own), len(own)), past.ties)
    return found
