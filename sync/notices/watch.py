"""What has become true, put into the outbox in the transaction that looked.

Every function runs inside the transaction of the connection it is given.  Each looks at how things stand, not
at what has just happened: a hub that was away, or killed, finds what it has missed if it still holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from community.clock import Hours, at_of, us_of
from community.ids import MemberId
from community.introductions.memory import Memory
from community.introductions.pairing import Pair, pair
from community.visits import Visit
from sync.notices.kinds import Kind, is_quiet, lasts
from sync.notices.rules import Around, Asked, agreed, both_in
from sync.notices.troubles import KioskSeen, State, Trouble, troubles
from sync.presence import Happened
from sync.store import deeds, guests, introductions, kiosks, notices, quarantine
from sync.store import notice_outbox as outbox
from sync.store.guests import Guest
from sync.views.badges import read_unknown
from sync.views.kiosks import Stands, read_doors
from sync.views.members import read_badges
from sync.views.own import CHANGES
from sync.views.people import read_directory


@dataclass(frozen=True, slots=True)
class Seen:
    """What the event loop knows at one moment."""

    at: datetime
    """Aware."""
    hours: Hours
    visits: Sequence[Visit]
    """Who is in."""
    happened: Sequence[Happened] = ()
    """What happened today, newest first; without it nobody has refused anybody today."""


def around(connection: Connection, seen: Seen) -> Around:
    """Return who is in, and what holds between people."""
    moods = {visit.member_id: visit.mood for visit in seen.visits}
    return Around(read_directory(connection), moods, _barred(connection, seen))


def due_both_in(connection: Connection, seen: Seen) -> tuple[tuple[MemberId, MemberId], ...]:
    """Return who is to be told now, and of whom.  At night wishes wait for another day."""
    if is_quiet(seen.at.astimezone(seen.hours.zone).time()):
        return ()
    inside = {visit.member_id for visit in seen.visits}
    possible = [wish for wish in notices.every_wish(connection) if inside.issuperset(wish)]
    if not possible:
        return ()
    reach = notices.every_reach(connection)
    asked = Asked(
        possible,
        {member_id for member_id, each in reach.items() if each.works},
        {member_id for member_id, each in reach.items() if each.found},
    )
    # everybody's past takes longer to read than who asked for whom
    return both_in(asked, around(connection, seen)) if agreed(asked) else ()


def put_both_in(connection: Connection, seen: Seen) -> int:
    """Fulfil the wishes of members who are both in, and return how many; each wish is over with it."""
    told, at_us = due_both_in(connection, seen), us_of(seen.at)
    for to, about in told:
        key = f"{Kind.BOTH_IN.value}:{to}:{about}:{at_us}"
        outbox.put(connection, key, Kind.BOTH_IN.value, at_us, member_id=to, subject=about)
        notices.take_back(connection, to, about)
    return len(told)


def due_guests(connection: Connection, at: datetime) -> tuple[Guest, ...]:
    """Return guests who asked just now for members who want to hear of it and have not."""
    waiting = guests.waiting(connection, us_of(at - lasts(Kind.GUEST)))
    if not any(guest.member for guest in waiting):
        return ()
    reach = notices.every_reach(connection)
    wanted = {member_id for member_id, each in reach.items() if each.works and each.guests}
    return tuple(
        guest for guest in waiting if guest.member in wanted and not outbox.has(connection, _key_of(guest))
    )


def put_guests(connection: Connection, at: datetime) -> int:
    """Tell members of guests who have asked for them, and return how many."""
    found = due_guests(connection, at)
    for guest in found:
        outbox.put(connection, _key_of(guest), Kind.GUEST.value, guest.came_us, member_id=guest.member)
    return len(found)


def due_changes(connection: Connection, seen: Seen) -> tuple[MemberId, ...]:
    """Return who is to be told that hosts changed something of theirs: once a day, and not at night."""
    if is_quiet(seen.at.astimezone(seen.hours.zone).time()):
        return ()
    done = deeds.since(connection, us_of(seen.at - lasts(Kind.CHANGED)))
    changes = [each for each in done if each.deed in CHANGES and each.host]
    if not changes:
        return ()
    owners = {str(badge.badge): owner for owner, badge in read_badges(connection)}
    latest: dict[MemberId, int] = {}
    for each in changes:
        latest.setdefault(owners.get(each.subject, MemberId(each.subject)), each.at_us)
    reach = notices.every_reach(connection)
    return tuple(
        member_id
        for member_id, changed_us in sorted(latest.items())
        if member_id in reach and reach[member_id].works and _is_news(connection, seen, member_id, changed_us)
    )


def put_changes(connection: Connection, seen: Seen) -> int:
    """Tell members that hosts changed something of theirs, and return how many."""
    told, at_us = due_changes(connection, seen), us_of(seen.at)
    for member_id in told:
        key = f"{Kind.CHANGED.value}:{member_id}:{at_us}"
        outbox.put(connection, key, Kind.CHANGED.value, at_us, member_id=member_id)
    return len(told)


def changed_troubles(
    connection: Connection, at: datetime, hub_disk_percent: int
) -> tuple[frozenset[Trouble], frozenset[str]]:
    """Return the troubles that have begun, and the keys of those that are over."""
    before = notices.known_troubles(connection)
    found = troubles(_state(connection, at, hub_disk_percent), before, at)
    begun = frozenset(trouble for trouble in found if trouble.key not in before)
    return begun, before - {trouble.key for trouble in found}


def put_troubles(connection: Connection, at: datetime, hub_disk_percent: int) -> int:
    """Tell hosts of what has begun, and forget what is over; return how many notices.

    A trouble is known from now on, also where no channel carries it: one that is chosen later is told of
    what begins later.
    """
    begun, over = changed_troubles(connection, at, hub_disk_percent)
    at_us, count = us_of(at), 0
    for key in over:
        notices.end_trouble(connection, key)
    channels = notices.every_channel(connection)
    for trouble in sorted(begun, key=lambda each: each.key):
        notices.begin_trouble(connection, trouble.key, at_us)
        kind = trouble.kind.value
        for channel in (each for each in channels if kind in each.kinds):
            key = f"{trouble.key}:{at_us}:{channel.id}"
            outbox.put(connection, key, kind, at_us, channel_id=channel.id, subject=trouble.where)
            count += 1
    return count


def _key_of(guest: Guest) -> str:
    return f"{Kind.GUEST.value}:{guest.kiosk}:{guest.epoch}:{guest.seq}"


def _is_news(connection: Connection, seen: Seen, member_id: MemberId, changed_us: int) -> bool:
    """Say whether a member has not been told since, nor today."""
    told_us = outbox.last_us(connection, member_id, Kind.CHANGED.value)
    if told_us is None:
        return True
    day_of = seen.hours.day_of
    return told_us < changed_us and day_of(at_of(told_us)) != day_of(seen.at)


def _state(connection: Connection, at: datetime, hub_disk_percent: int) -> State:
    stands = {door.kiosk: door.stands for door in read_doors(connection, at)}
    waits, _away = quarantine.count(connection)
    return State(
        [
            KioskSeen(
                heard.kiosk,
                heard.status.online,
                at_of(heard.heard_us),
                heard.status.disk_percent,
            )
            for heard in kiosks.every(connection)
            if stands.get(heard.kiosk) is not Stands.OUT
        ],
        hub_disk_percent,
        waits,
        len(read_unknown(connection, at)),
    )


def _barred(connection: Connection, seen: Seen) -> frozenset[Pair]:
    """Return the pairs of whom one would rather not, as far back as anybody remembers."""
    past = frozenset(
        pair(member_id, between.other)
        for member_id, known in introductions.pasts(connection).items()
        for between in known.pairs
        if between.barred
    )
    story = ((item.at, item.event) for item in reversed(seen.happened))
    memory = Memory.of(story, seen.hours)
    return past | memory.today(seen.hours.day_of(seen.at)).barred
