"""What could not be understood: it waits, or was put away for good.

Nothing is lost here.  What is released goes into the log (`batches.release`); what is put away
stays, with who did it and when, and can be taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update

from community.ids import Epoch, KioskId
from sync.store.cursors import COPIED
from sync.store.log import LARGEST_KEPT_BYTES, Strange
from sync.store.schema import quarantine

DOUBT = "not trusted: "
"""How the reason begins for a batch that could be read and may be forged: only a host releases it."""


@dataclass(frozen=True, slots=True)
class Held:
    """One row of the quarantine."""

    id: int
    kiosk: KioskId
    """Empty if the topic named none."""
    seq: int | None
    reason: str
    raw: bytes
    received_us: int
    aside_us: int | None
    """When a host put it away; `None` while it waits."""
    aside_by: str
    """The host's login; empty while it waits."""


def waiting(connection: Connection, limit: int) -> tuple[Held, ...]:
    """Return at most `limit` things that wait, newest first."""
    return _some(connection, quarantine.c.aside_us.is_(None), limit)


def put_away(connection: Connection, limit: int) -> tuple[Held, ...]:
    """Return at most `limit` things that were put away, newest first."""
    return _some(connection, quarantine.c.aside_us.is_not(None), limit)


def count(connection: Connection) -> tuple[int, int]:
    """Return how many things wait, and how many were put away."""
    query = select(func.count(), func.count(quarantine.c.aside_us)).select_from(quarantine)
    everything, away = connection.execute(query).one()
    return everything - away, away


def put_aside(connection: Connection, row: int, host: str, at_us: int) -> bool:
    """Put one thing away for good; return whether it was waiting."""
    done = connection.execute(
        update(quarantine)
        .where(quarantine.c.id == row, quarantine.c.aside_us.is_(None))
        .values(aside_us=at_us, aside_by=host)
    )
    return done.rowcount == 1


def take_back(connection: Connection, row: int) -> bool:
    """Let one thing wait again; return whether it was put away."""
    done = connection.execute(
        update(quarantine)
        .where(quarantine.c.id == row, quarantine.c.aside_us.is_not(None))
        .values(aside_us=None, aside_by=None)
    )
    return done.rowcount == 1


def held_back(connection: Connection, only: int | None = None) -> tuple[tuple[int, Strange], ...]:
    """Return what the quarantine holds that might be readable one day.

    Args:
        connection: In any transaction.
        only: The id of one row to look at; `None` looks at all.

    Returns:
        Each with its row's id, oldest first; never what has no kiosk, was found to be a copy, was cut
        because of its size, was put away by a host, or whose content was let go of.
    """
    query = (
        select(quarantine)
        .where(
            quarantine.c.kiosk != "",
            quarantine.c.reason != COPIED,
            quarantine.c.aside_us.is_(None),
            quarantine.c.raw != b"",
        )
        .order_by(quarantine.c.id)
    )
    if only is not None:
        query = query.where(quarantine.c.id == only)
    return tuple(
        (row.id, Strange(KioskId(row.kiosk), Epoch(row.epoch), row.seq, row.reason, row.raw))
        for row in connection.execute(query)
        if len(row.raw) < LARGEST_KEPT_BYTES
    )


def let_go(connection: Connection, ids: Sequence[int]) -> None:
    """Take rows out of the quarantine."""
    if ids:
        gone = delete(quarantine).where(quarantine.c.id == bindparam("gone"))
        connection.execute(gone, [{"gone": number} for number in ids])


def empty(connection: Connection, before_us: int) -> int:
    """Forget the content of what was received before a moment, and return of how many things.

    Their ids, hashes and reasons stay: what is sent again is still known.
    """
    old = (quarantine.c.received_us < before_us) & (quarantine.c.raw != b"")
    return connection.execute(update(quarantine).where(old).values(raw=b"")).rowcount


def _some(connection: Connection, where: ColumnElement[bool], limit: int) -> tuple[Held, ...]:
    rows = connection.execute(select(quarantine).where(where).order_by(quarantine.c.id.desc()).limit(limit))
    return tuple(
        Held(
            row.id,
            KioskId(row.kiosk),
            row.seq,
            row.reason,
            row.raw,
            row.received_us,
            row.aside_us,
            row.aside_by or "",
        )
        for row in rows
    )
