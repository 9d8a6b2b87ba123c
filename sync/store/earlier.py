"""What the events that were let go of said of each member: the fold of the past goes on from here.

Everything here runs inside one transaction of the caller's.  Numbers and days, one row a member, gone with
them.
"""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, delete, insert, select

from community.ids import MemberId
from community.introductions.pairing import PersonPast
from plumbing.words import Sentence
from sync.errors import EarlierError
from sync.store.schema import earlier, members

FOLD = 1
"""Of the rule that made a row (`sync.introductions.past`); a later rule must convert what is here."""

_past = msgspec.json.Decoder(PersonPast)


def everybody(connection: Connection) -> tuple[PersonPast, ...]:
    """Return what is known of everybody, by id.

    Raises:
        EarlierError: A newer program wrote it.
    """
    rows = connection.execute(select(earlier).order_by(earlier.c.member_id)).all()
    if any(row.fold != FOLD for row in rows):
        raise EarlierError(
            Sentence("the hub's past was folded by another version of Foyer: update this program")
        )
    return tuple(_past.decode(row.body) for row in rows)


def put(connection: Connection, people: Iterable[PersonPast]) -> None:
    """Replace what is known; only of people in the directory, who may have been erased meanwhile."""
    known = {MemberId(member_id) for member_id in connection.execute(select(members.c.id)).scalars()}
    rows = [
        _row(_without(past, {other.other for other in past.pairs} - known))
        for past in people
        if past.member in known
    ]
    connection.execute(delete(earlier))
    if rows:
        connection.execute(insert(earlier), rows)


def forget(connection: Connection, member_id: MemberId) -> None:
    """Remove a member, and every mention of them."""
    connection.execute(delete(earlier).where(earlier.c.member_id == member_id))
    for past in everybody(connection):
        if any(two.other == member_id for two in past.pairs):
            connection.execute(delete(earlier).where(earlier.c.member_id == past.member))
            connection.execute(insert(earlier), _row(_without(past, {member_id})))


def _without(past: PersonPast, gone: set[MemberId]) -> PersonPast:
    return msgspec.structs.replace(past, pairs=tuple(two for two in past.pairs if two.other not in gone))


def _row(past: PersonPast) -> dict[str, object]:
    return {"member_id": past.member, "fold": FOLD, "body": msgspec.json.encode(past).decode()}
