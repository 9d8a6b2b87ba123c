"""What is to be told and what was.  A notice is here before anybody tries to send it.

Every function runs inside the transaction of the connection it is given.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from community.ids import MemberId
from sync.store.notice_schema import outbox
from sync.store.tries import Outcome

KEPT = timedelta(days=7)
"""How long it is known that something was sent or given up: as long as the page for hosts looks back."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One notice that waits to be sent."""

    id: int
    key: str
    kind: str
    channel_id: int | None
    member_id: MemberId | None
    """Who is told, where it is a member."""
    subject: str
    made_us: int
    tries: int


@dataclass(frozen=True, slots=True)
class Last:
    """How it went the last time somebody was told something."""

    at_us: int
    outcome: Outcome
    waits: bool
    """Whether it is tried again."""


def put(
    connection: Connection,
    key: str,
    kind: str,
    at_us: int,
    *,
    channel_id: int | None = None,
    member_id: MemberId | None = None,
    subject: str = "",
) -> bool:
    """Keep a notice to be sent; `False` if it is there already, sent or not."""
    if has(connection, key):
        return False
    connection.execute(
        insert(outbox).values(
            key=key,
            kind=kind,
            channel_id=channel_id,
            member_id=member_id,
            subject=subject,
            made_us=at_us,
            next_us=at_us,
            tries=0,
            outcome=Outcome.NONE.value,
            done_us=None,
        )
    )
    return True


def has(connection: Connection, key: str) -> bool:
    """Say whether a notice is there already, sent or not."""
    return connection.execute(select(outbox.c.id).where(outbox.c.key == key)).first() is not None


def last_us(connection: Connection, member_id: MemberId, kind: str) -> int | None:
    """Return when the latest notice of a kind for a member was put here, sent or not."""
    mine = (outbox.c.member_id == member_id) & (outbox.c.kind == kind)
    return connection.execute(select(func.max(outbox.c.made_us)).where(mine)).scalar_one_or_none()


def due(connection: Connection, now_us: int, limit: int) -> tuple[Waiting, ...]:
    """Return at most `limit` notices whose time has come, the one that waits longest first."""
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.done_us.is_(None), outbox.c.next_us <= now_us)
        .order_by(outbox.c.next_us, outbox.c.id)
        .limit(limit)
    )
    return tuple(_waiting(row) for row in rows)


def next_us(connection: Connection) -> int | None:
    """Return when the next notice is to be tried; `None` if nothing waits."""
    query = select(func.min(outbox.c.next_us)).where(outbox.c.done_us.is_(None))
    found: int | None = connection.execute(query).scalar_one()
    return found


def done(connection: Connection, row_id: int, outcome: Outcome, at_us: int) -> bool:
    """Note that a notice was sent, or will not be; `False` if it was withdrawn meanwhile."""
    return _note(connection, row_id, {"outcome": outcome.value, "done_us": at_us})


def again(connection: Connection, row_id: int, outcome: Outcome, next_us: int) -> None:
    """Note that a try was in vain, and when the next one is."""
    _note(connection, row_id, {"outcome": outcome.value, "next_us": next_us})


def _note(connection: Connection, row_id: int, values: dict[str, object]) -> bool:
    tried = update(outbox).where(outbox.c.id == row_id).values(tries=outbox.c.tries + 1, **values)
    return bool(connection.execute(tried).rowcount)


def last_to_channels(connection: Connection) -> dict[int, Last]:
    """Return how the last try to tell something to each channel went."""
    rows = connection.execute(
        select(outbox).where(outbox.c.channel_id.is_not(None), outbox.c.tries > 0).order_by(outbox.c.id)
    )
    return {row.channel_id: _last(row) for row in rows}


def last_to_member(connection: Connection, member_id: MemberId) -> Last | None:
    """Return how the last try to tell a member something went; `None` if there was none."""
    row = connection.execute(
        select(outbox)
        .where(outbox.c.member_id == member_id, outbox.c.outcome != Outcome.UNTRUE.value)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _last(row)


def given_up(connection: Connection) -> int:
    """Return how many notices were given up lately, to members and hosts alike."""
    failed = outbox.c.outcome.not_in([Outcome.SENT.value, Outcome.UNTRUE.value, Outcome.NONE.value])
    query = select(func.count()).select_from(outbox).where(outbox.c.done_us.is_not(None), failed)
    return connection.execute(query).scalar_one()


def tests_since(connection: Connection, member_id: MemberId, kind: str, since_us: int) -> int:
    """Return how many notices of a kind a member asked for since then."""
    mine = (outbox.c.member_id == member_id) & (outbox.c.kind == kind) & (outbox.c.made_us >= since_us)
    return connection.execute(select(func.count()).select_from(outbox).where(mine)).scalar_one()


def forget(connection: Connection, now_us: int) -> int:
    """Remove what was sent or given up a while ago, and return how much that was."""
    oldest_us = now_us - KEPT // timedelta(microseconds=1)
    return connection.execute(delete(outbox).where(outbox.c.done_us < oldest_us)).rowcount


def _waiting(row: Row[tuple[object, ...]]) -> Waiting:
    member_id = None if row.member_id is None else MemberId(row.member_id)
    return Waiting(row.id, row.key, row.kind, row.channel_id, member_id, row.subject, row.made_us, row.tries)


def _last(row: Row[tuple[object, ...]]) -> Last:
    at_us = row.done_us if row.done_us is not None else row.made_us
    return Last(at_us, Outcome(row.outcome), row.done_us is None)
