"""Failed taps that a host has seen to: of which badge or PIN, up to when, and who.

Every function runs inside the transaction of the connection it is given.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import Connection, delete, select

from community.badges import BadgeHash
from community.ids import MemberId
from plumbing.inserts import insert_or_update
from sync.store.care_schema import tap_marks

KEPT = timedelta(days=90)
"""As long as the hub keeps taps."""

PIN = "pin:"
"""What the subject of a wrong PIN begins with, before the member's id; that of a badge is its keyed hash."""


def see_to(connection: Connection, subject: str, upto_us: int, host: str) -> None:
    """Note that a host saw to everything of a badge or PIN that came in up to a moment."""
    row = {"subject": subject, "upto_us": upto_us, "host": host}
    connection.execute(insert_or_update(connection, tap_marks, ["subject"]), [row])


def seen_to(connection: Connection) -> Mapping[str, int]:
    """Return up to when each was seen to, microseconds since 1970 UTC by the hub's clock."""
    return {row.subject: row.upto_us for row in connection.execute(select(tap_marks))}


def sweep(connection: Connection, now_us: int) -> int:
    """Remove what is older than `KEPT`, and return how much that was."""
    oldest_us = now_us - int(KEPT / timedelta(microseconds=1))
    return connection.execute(delete(tap_marks).where(tap_marks.c.upto_us < oldest_us)).rowcount


def forget(connection: Connection, member_id: MemberId, badges: Iterable[BadgeHash]) -> None:
    """Remove what names a member or a badge that was theirs."""
    theirs = [PIN + member_id, *badges]
    connection.execute(delete(tap_marks).where(tap_marks.c.subject.in_(theirs)))
