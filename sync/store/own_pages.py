"""Members' own pages: which codes were used, and who has their page open.

Every function runs inside the transaction of the connection it is given.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from community.clock import us_of
from community.ids import MemberId
from sync.store.schema import member_sessions, used_passes

IDLE = timedelta(minutes=15)
"""After that long without a look a page is closed: it may be somebody else's phone."""

LONGEST = timedelta(hours=1)
"""After that long a page is closed in any case; another tap opens it again."""

REMEMBERED = timedelta(days=1)
"""How long a used code is known for one: far longer than it is good, whatever a kiosk's clock says."""


def use(connection: Connection, claim: str, at_us: int) -> bool:
    """Note that a code was used; `False` if it was before.

    Args:
        connection: In a writing transaction; there is one at a time.
        claim: The hash of what the code says, 64 hexadecimal digits.
        at_us: Now, microseconds since 1970 UTC.
    """
    if connection.execute(select(used_passes).where(used_passes.c.claim == claim)).first() is not None:
        return False
    connection.execute(insert(used_passes).values(claim=claim, used_us=at_us))
    return True


def forget(connection: Connection, now_us: int) -> int:
    """Remove codes and sessions that are over, and return how many they were."""
    old = delete(used_passes).where(used_passes.c.used_us < now_us - _us(REMEMBERED))
    seen, created = member_sessions.c.seen_us, member_sessions.c.created_us
    over = (seen < now_us - _us(IDLE)) | (created < now_us - _us(LONGEST))
    return connection.execute(old).rowcount + connection.execute(delete(member_sessions).where(over)).rowcount


def open_session(connection: Connection, token: str, member_id: MemberId, at: datetime) -> None:
    """Open a member's page to whoever holds a token; `token` is its hash."""
    now_us = _since_1970_us(at)
    connection.execute(
        insert(member_sessions).values(token=token, member_id=member_id, created_us=now_us, seen_us=now_us)
    )


def whose(connection: Connection, token: str, at: datetime) -> MemberId | None:
    """Return whose page a token opens; `None` if it opens none (any more)."""
    now_us, table = _since_1970_us(at), member_sessions
    row = connection.execute(
        select(table.c.member_id)
        .where(table.c.token == token)
        .where(table.c.seen_us >= now_us - _us(IDLE), table.c.created_us >= now_us - _us(LONGEST))
    ).scalar_one_or_none()
    return None if row is None else MemberId(row)


def touch(connection: Connection, token: str, at: datetime) -> None:
    """Note that a page was looked at."""
    mine = member_sessions.c.token == token
    connection.execute(update(member_sessions).where(mine).values(seen_us=_since_1970_us(at)))


def end(connection: Connection, token: str) -> None:
    """Close a page."""
    connection.execute(delete(member_sessions).where(member_sessions.c.token == token))


def end_all(connection: Connection, member_id: MemberId) -> None:
    """Close a member's page wherever it is open."""
    connection.execute(delete(member_sessions).where(member_sessions.c.member_id == member_id))


def _since_1970_us(at: datetime) -> int:
    return us_of(at)


def _us(time: timedelta) -> int:
    return time // timedelta(microseconds=1)
