"""Who visits from a sister space, and until when.  A row is gone with its member.

Every function runs inside the transaction of the connection it is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row, delete, select

from community.ids import MemberId
from plumbing.inserts import insert_or_update
from sync.store.sisters_schema import visitors


@dataclass(frozen=True, slots=True)
class Visiting:
    """One of them."""

    member_id: MemberId
    home: str
    """The id of the space they come from."""
    home_name: str
    """As its card said when they came."""
    visitor: str
    """Under which name that space knows them."""
    issued_s: int
    """When their last letter was written, seconds since 1970 UTC."""
    until: date
    """The last day of their visit, the space's."""


def put(connection: Connection, visiting: Visiting) -> None:
    """Keep that somebody visits, or for how much longer."""
    row = {
        "member_id": visiting.member_id,
        "home": visiting.home,
        "home_name": visiting.home_name,
        "visitor": visiting.visitor,
        "issued_s": visiting.issued_s,
        "until": visiting.until.isoformat(),
    }
    connection.execute(insert_or_update(connection, visitors, ["member_id"]), [row])


def find(connection: Connection, home: str, visitor: str) -> Visiting | None:
    """Return who visits from a space under a name; `None` if nobody does."""
    theirs = select(visitors).where(visitors.c.home == home, visitors.c.visitor == visitor)
    row = connection.execute(theirs).one_or_none()
    return None if row is None else _visiting(row)


def of(connection: Connection, member_id: MemberId) -> Visiting | None:
    """Return how a member visits; `None` for a member of this space."""
    row = connection.execute(select(visitors).where(visitors.c.member_id == member_id)).one_or_none()
    return None if row is None else _visiting(row)


def homes(connection: Connection) -> Mapping[MemberId, str]:
    """Return the name of the space that each who visits comes from."""
    rows = connection.execute(select(visitors.c.member_id, visitors.c.home_name))
    return {MemberId(row.member_id): row.home_name for row in rows}


def over(connection: Connection, today: date) -> tuple[MemberId, ...]:
    """Return whose visit has ended before today, by id."""
    query = select(visitors.c.member_id).where(visitors.c.until < today.isoformat())
    return tuple(map(MemberId, connection.execute(query.order_by(visitors.c.member_id)).scalars()))


def forget(connection: Connection, member_id: MemberId) -> None:
    """Let go of it with its member."""
    connection.execute(delete(visitors).where(visitors.c.member_id == member_id))


def _visiting(row: Row[tuple[object, ...]]) -> Visiting:
    return Visiting(
        MemberId(row.member_id),
        row.home,
        row.home_name,
        row.visitor,
        row.issued_s,
        date.fromisoformat(row.until),
    )
