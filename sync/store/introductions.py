"""What the feed holds of introductions: the day's plan, what is known of the past, tables, weights.

Everything here runs inside one transaction of the caller's.  The plan and the tables are kept nowhere else:
what kiosks were told is what a hub that starts again goes on from.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, select

from community.ids import MemberId, TableId
from community.introductions.pairing import DayPlan, PersonPast
from community.introductions.tables import Table
from community.introductions.weights import Weights
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member
from sync.store import feed as feed_store
from sync.store.feed import Change, Kind
from sync.store.schema import feed, members

Body = TypeVar("Body", bound=msgspec.Struct)

_member = msgspec.json.Decoder(Member)

ASK_AT_ONCE = 500
"""Keys in one question to the database, well below SQLite's and PostgreSQL's limits."""


class _Days(msgspec.Struct):
    """The one part of a `PersonPast` that the page "Now" needs."""

    days: int = 0


_days = msgspec.json.Decoder(_Days)

NOTHING = PersonPast(MemberId(""))
"""Somebody of whom nothing is known yet: they have no item in the feed."""


def plan_of(connection: Connection, day: date) -> DayPlan:
    """Return the plan of a day; empty if there is none."""
    return _read(connection, Kind.PLAN, DayPlan).get(day.isoformat(), DayPlan(day))


def put_plan(connection: Connection, plan: DayPlan) -> int:
    """Keep a day's plan, without whoever may not be introduced any more, and let go of every other day's.

    Returns:
        The latest revision of the feed.
    """
    welcome = _welcome(connection)
    pairings = tuple(p for p in plan.pairings if p.first in welcome and p.second in welcome)
    key = plan.day.isoformat()
    over = [Change(Kind.PLAN, other, None) for other in _read(connection, Kind.PLAN, DayPlan) if other != key]
    today = Change(Kind.PLAN, key, DayPlan(plan.day, pairings) if pairings else None)
    return feed_store.write(connection, [*over, today])


def pasts(connection: Connection) -> Mapping[MemberId, PersonPast]:
    """Return what is known of everybody's past, as kiosks were told."""
    return {MemberId(key): past for key, past in _read(connection, Kind.PAST, PersonPast).items()}


def days_before(connection: Connection, whose: Sequence[MemberId]) -> Mapping[MemberId, int]:
    """Return on how many days before today each of these came; asked at every tap, so no more is read."""
    found = dict.fromkeys(whose, 0)
    for start in range(0, len(whose), ASK_AT_ONCE):
        some = list(whose[start : start + ASK_AT_ONCE])
        query = select(feed.c.key, feed.c.body).where(
            feed.c.kind == Kind.PAST.value, feed.c.key.in_(some), feed.c.body.is_not(None)
        )
        for row in connection.execute(query):
            found[MemberId(row.key)] = _days.decode(row.body).days
    return found


def put_pasts(connection: Connection, everybody: Iterable[PersonPast]) -> int:
    """Replace what is known of the past; only people in the directory have one, or stand in one.

    Returns:
        The latest revision of the feed.
    """
    known = _ids(connection)
    changes = {key: Change(Kind.PAST, key, None) for key in _read(connection, Kind.PAST, PersonPast)}
    for past in everybody:
        if past.member in known:
            told = _without(past, lambda other: other in known)
            empty = told == msgspec.structs.replace(NOTHING, member=past.member)
            changes[past.member] = Change(Kind.PAST, past.member, None if empty else told)
    return feed_store.write(connection, list(changes.values()))


def tables(connection: Connection) -> tuple[Table, ...]:
    """Return every open table, the earliest first."""
    found = _read(connection, Kind.TABLE, Table).values()
    return tuple(sorted(found, key=lambda table: (table.at, table.id)))


def put_tables(
    connection: Connection,
    changed: Iterable[Table],
    gone: Iterable[TableId] = (),
    *,
    only_open: bool = False,
) -> int:
    """Open or change tables, and take others away; who left the directory has no seat.

    Args:
        connection: In a writing transaction.
        changed: As they are to be.
        gone: Those to take away; one that is gone already is left so.
        only_open: Leave those of `changed` alone that were taken away meanwhile.

    Returns:
        The latest revision of the feed.
    """
    known = _ids(connection)
    here = _read(connection, Kind.TABLE, Table)
    changes = [Change(Kind.TABLE, table, None) for table in gone if table in here]
    changes += [
        Change(Kind.TABLE, table.id, _seated(table, known))
        for table in changed
        if table.id in here or not only_open
    ]
    return feed_store.write(connection, changes)


def weights(connection: Connection) -> Weights:
    """Return the weights everybody scores with; the fixed ones if nothing was learned."""
    return _read(connection, Kind.WEIGHTS, Weights).get(Kind.WEIGHTS.value, Weights())


def put_weights(connection: Connection, learned: Weights | None) -> int:
    """Let every kiosk score with these; `None` for the fixed ones.

    Returns:
        The latest revision of the feed.
    """
    return feed_store.write(connection, [Change(Kind.WEIGHTS, Kind.WEIGHTS.value, learned)])


def wording(connection: Connection) -> tuple[TextModel, Mapping[MemberId, ItemVectors]]:
    """Return how to read the vectors of members' items, and the vectors by member."""
    model = _read(connection, Kind.TEXT, TextModel).get(Kind.TEXT.value, TextModel())
    return model, {MemberId(key): item for key, item in _read(connection, Kind.WORDS, ItemVectors).items()}


def forgotten(connection: Connection, member_id: MemberId) -> list[Change]:
    """Return what has to change in the feed so that nothing of introductions names a member any more."""
    changes: list[Change] = []
    for key, plan in _read(connection, Kind.PLAN, DayPlan).items():
        left = tuple(p for p in plan.pairings if member_id not in p.pair)
        if left != plan.pairings:
            changes.append(Change(Kind.PLAN, key, DayPlan(plan.day, left) if left else None))
    for key, past in _read(connection, Kind.PAST, PersonPast).items():
        if key == member_id:
            changes.append(Change(Kind.PAST, key, None))
        elif any(pair.other == member_id for pair in past.pairs):
            changes.append(Change(Kind.PAST, key, _without(past, lambda other: other != member_id)))
    for key, table in _read(connection, Kind.TABLE, Table).items():
        if member_id in table.invited or member_id in table.coming:
            changes.append(Change(Kind.TABLE, key, _seated(table, {*table.invited} - {member_id})))
    return changes


def _read(connection: Connection, kind: Kind, body: type[Body]) -> dict[str, Body]:
    """Return everything of one kind that is not gone, by its key."""
    decoder = msgspec.json.Decoder(body)
    query = select(feed.c.key, feed.c.body).where(feed.c.kind == kind.value, feed.c.body.is_not(None))
    return {row.key: decoder.decode(row.body) for row in connection.execute(query)}


def _ids(connection: Connection) -> set[MemberId]:
    return {MemberId(member_id) for member_id in connection.execute(select(members.c.id)).scalars()}


def _welcome(connection: Connection) -> set[MemberId]:
    """Return who may be introduced."""
    bodies = connection.execute(select(members.c.body)).scalars()
    return {member.id for member in map(_member.decode, bodies) if member.may_be_introduced}


def _without(past: PersonPast, keep: Callable[[MemberId], bool]) -> PersonPast:
    return msgspec.structs.replace(past, pairs=tuple(pair for pair in past.pairs if keep(pair.other)))


def _seated(table: Table, known: Container[MemberId]) -> Table:
    """Return the table without those who are not known (any more)."""
    return msgspec.structs.replace(
        table,
        invited=tuple(guest for guest in table.invited if guest in known),
        coming=tuple(guest for guest in table.coming if guest in known),
    )
