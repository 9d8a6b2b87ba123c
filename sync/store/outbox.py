"""What webhooks are to be told, written in the transaction of what happened: both are there, or neither.

Who may be told of is decided here and nowhere else (decision 0033): of comings and goings only of people whom
other members and hosts may see and who are not heads-down; of cards only of people whom hosts may see; that
somebody was erased always, so that others can forget them too.  A body holds ids, never a name.

Source: CloudEvents 1.0, structured JSON.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from operator import itemgetter

import msgspec
from sqlalchemy import Connection, delete, insert, or_, select

from community.clock import us_of
from community.events import CheckedIn, CheckedOut, CheckOutUndone, MoodChosen, Record, VisitCorrected
from community.ids import KioskId, MemberId
from community.members import Member, Mood
from sync.store.machines_schema import deliveries, webhooks
from sync.store.schema import events, members

LATEST_US = 86_400_000_000
"""Microseconds after which a coming or going is no news: a door that was off for days tells nobody."""

AT_ONCE = 500
"""Members asked for in one query."""

_member = msgspec.json.Decoder(Member)
_record = msgspec.json.Decoder(Record)


class Kind(Enum):
    """What a webhook can ask to be told."""

    ARRIVED = "member.arrived"
    LEFT = "member.left"
    """And that leaving was a mistake."""
    CHANGED = "member.changed"
    """Somebody is new, or something on their card is another; what, the API tells whoever may read it."""
    ERASED = "member.erased"


class State(Enum):
    """How a delivery stands."""

    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"
    """It was tried for three days, or the target wants no more: only a person sends it again."""


class Said(msgspec.Struct, frozen=True):
    """The data of an event."""

    member: MemberId
    uncertain: bool = False
    """Whether the time is only when the hub heard of it: the door's clock was wrong."""


class Envelope(msgspec.Struct, frozen=True):
    """One event as it is sent."""

    id: str
    source: str
    type: str
    time: str
    data: Said
    specversion: str = "1.0"
    datacontenttype: str = "application/json"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell, before it is known to whom."""

    kind: Kind
    member: MemberId
    source: str
    at_us: int
    suffix: str = ""
    """What makes the type another than the kind's own."""
    uncertain: bool = False
    put_right: VisitCorrected | None = None
    """The visit that a host ended by hand, if it was not over."""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A mood, and what is known of when it was chosen."""

    event: MoodChosen
    at_us: int
    """As the door's clock said."""
    heard: tuple[int, int]
    """When the hub heard of it, and its number in the door's log."""
    uncertain: bool


def happened(connection: Connection, new: Sequence[tuple[KioskId, Record]], now_us: int) -> int:
    """Note what doors said for the webhooks that want to know.

    An arrival that still waits is told no more once who arrived chose heads-down.

    Args:
        connection: In the transaction that takes these events in.
        new: Events the hub did not have before.
        now_us: Microseconds since 1970 UTC.

    Returns:
        How many deliveries there are more.
    """
    quiet = {
        record.event.member
        for _, record in new
        if isinstance(record.event, MoodChosen) and record.event.mood is Mood.HEADS_DOWN
    }
    _withdraw(connection, sorted(quiet), [Kind.ARRIVED])
    found = [told for kiosk, record in new if (told := _told(kiosk, record, now_us)) is not None]
    wanted = _wanted(connection) if found else []
    if not wanted:
        return 0
    people = _people(connection, {told.member for told in found})
    moods = _moods(connection, now_us)
    open_about = [
        told
        for told in found
        if (member := people.get(told.member)) is not None
        and may_be_told(member, _mood(told, moods, now_us))
        and not (told.put_right is not None and _was_over(connection, told.put_right))
    ]
    return _put(connection, wanted, open_about, now_us)


def changed(connection: Connection, people: Iterable[Member], now_us: int | None = None) -> int:
    """Note that members are new or other than before, in the transaction that does it.

    What is still to be told of somebody who is hidden from now on is told no more, not by hand either.
    """
    everybody = list(people)
    hidden = [member.id for member in everybody if not may_be_told(member, None)]
    _withdraw(connection, hidden, (Kind.ARRIVED, Kind.LEFT))  # what waits for a paused one too
    wanted = _wanted(connection)
    if not wanted:
        return 0
    at_us = _now_us() if now_us is None else now_us
    told = [Told(Kind.CHANGED, m.id, "/directory", at_us) for m in everybody if m.visibility.hosts]
    return _put(connection, wanted, told, at_us)


def erased(connection: Connection, member_id: MemberId, now_us: int | None = None) -> int:
    """Forget what was told or is to be told of somebody, and tell that they were erased.

    Paused webhooks are told as well, once they go on: whoever has a copy must forget, too.
    """
    connection.execute(delete(deliveries).where(deliveries.c.member_id == member_id))
    at_us = _now_us() if now_us is None else now_us
    told = [Told(Kind.ERASED, member_id, "/directory", at_us)]
    return _put(connection, _wanted(connection, paused_too=True), told, at_us)


def may_be_told(member: Member, mood: Mood | None) -> bool:
    """Say whether webhooks may be told that somebody comes or goes."""
    return member.visibility.members and member.visibility.hosts and mood is not Mood.HEADS_DOWN


def _told(kiosk: KioskId, record: Record, now_us: int) -> Told | None:
    event, at = record.event, record.at
    at_us = at.wall_us if at.synced else now_us
    if at_us < now_us - LATEST_US:
        return None
    source, uncertain = f"/kiosks/{kiosk}", not at.synced
    match event:
        case CheckedIn(member=member):
            return Told(Kind.ARRIVED, member, source, at_us, uncertain=uncertain)
        case CheckedOut(member=member):
            return Told(Kind.LEFT, member, source, at_us, uncertain=uncertain)
        case CheckOutUndone(member=member):
            return Told(Kind.LEFT, member, source, at_us, ".undone", uncertain)
        case VisitCorrected(member=member, arrived_us=arrived_us, left_us=0, was_us=0):
            return Told(Kind.ARRIVED, member, source, arrived_us)
        case VisitCorrected(member=member, left_us=left_us, was_us=was_us) if left_us and was_us:
            return Told(Kind.LEFT, member, source, left_us, put_right=event)
        case _:
            return None


def _was_over(connection: Connection, put_right: VisitCorrected) -> bool:
    """Say whether a visit was known to be over before a host put it right: then only its times are other."""
    kinds = ["checked_out", "check_out_undone", "visit_corrected"]
    query = select(events.c.raw).where(events.c.kind.in_(kinds), events.c.at_us >= put_right.was_us)
    said = [_record.decode(raw).event for raw in connection.execute(query.order_by(events.c.at_us)).scalars()]
    before = [e for e in said if e != put_right and getattr(e, "member", None) == put_right.member]
    last = before[-1] if before else None
    return isinstance(last, CheckedOut) or (isinstance(last, VisitCorrected) and last.left_us > 0)


def _wanted(connection: Connection, *, paused_too: bool = False) -> list[tuple[str, frozenset[str]]]:
    """Return who wants to be told of what."""
    rows = connection.execute(select(webhooks.c.id, webhooks.c.kinds, webhooks.c.paused))
    return [(row.id, frozenset(row.kinds.split())) for row in rows if paused_too or not row.paused]


def _people(connection: Connection, ids: Collection[MemberId]) -> dict[MemberId, Member]:
    ordered, found = sorted(ids), {}
    for first in range(0, len(ordered), AT_ONCE):
        here = members.c.id.in_(ordered[first : first + AT_ONCE])
        for body in connection.execute(select(members.c.body).where(here)).scalars():
            member = _member.decode(body)
            found[member.id] = member
    return found


def _moods(connection: Connection, now_us: int) -> list[_Chosen]:
    """Return the moods that may be of the last day."""
    day = now_us - LATEST_US
    query = select(events.c.seq, events.c.raw, events.c.received_us).where(
        events.c.kind == "mood_chosen", or_(events.c.at_us >= day, events.c.received_us >= day)
    )
    chosen = []
    for row in connection.execute(query):
        record = _record.decode(row.raw)
        if isinstance(record.event, MoodChosen):
            heard = (row.received_us, row.seq)
            chosen.append(_Chosen(record.event, record.at.wall_us, heard, uncertain=not record.at.synced))
    return chosen


def _mood(told: Told, moods: Iterable[_Chosen], now_us: int) -> Mood | None:
    """Return the latest mood of the visit that something is told of.

    Where a clock was wrong, what was heard first counts as first, and within one batch the log's order.
    """
    theirs = [each for each in moods if each.event.member == told.member]
    doubtful = told.uncertain or any(each.uncertain for each in theirs)
    since = told.at_us if told.kind is Kind.ARRIVED else now_us - LATEST_US
    of_visit = [
        ((*each.heard, 0) if doubtful else (each.at_us, *each.heard), each.event.mood)
        for each in theirs
        if (each.heard[0] if told.uncertain or each.uncertain else each.at_us) >= since
    ]
    return max(of_visit, key=itemgetter(0))[1] if of_visit else None


def _put(
    connection: Connection, wanted: Sequence[tuple[str, frozenset[str]]], told: Iterable[Told], now_us: int
) -> int:
    rows = []
    for each in told:
        for webhook, kinds in wanted:
            if each.kind.value in kinds:
                message = f"msg_{secrets.token_hex(16)}"
                rows.append(
                    {
                        "id": message,
                        "webhook": webhook,
                        "kind": each.kind.value,
                        "member_id": each.member,
                        "body": msgspec.json.encode(_envelope(message, each)),
                        "made_us": now_us,
                        "first_us": None,
                        "due_us": now_us,
                        "tries": 0,
                        "state": State.WAITING.value,
                        "answer": "",
                        "last_us": None,
                    }
                )
    if rows:
        connection.execute(insert(deliveries), rows)
    return len(rows)


def _envelope(message: str, told: Told) -> Envelope:
    time = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=told.at_us)
    return Envelope(
        message,
        told.source,
        f"foyer.{told.kind.value}{told.suffix}",
        time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        Said(told.member, told.uncertain),
    )


def _withdraw(connection: Connection, ids: Sequence[MemberId], kinds: Iterable[Kind]) -> None:
    """Take back what is to be told of people, or was given up and can be sent again."""
    of_these = deliveries.c.kind.in_([kind.value for kind in kinds])
    for first in range(0, len(ids), AT_ONCE):
        theirs = deliveries.c.member_id.in_(ids[first : first + AT_ONCE])
        gone = delete(deliveries).where(theirs, of_these, deliveries.c.state != State.DONE.value)
        connection.execute(gone)


def _now_us() -> int:
    return us_of(datetime.now(UTC))
