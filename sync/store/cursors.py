"""Where each kiosk's log stands here: up to where it is without a gap, and what will never come.

Everything here runs inside one transaction of the caller's.  A quarantined number counts as received, so
nothing a kiosk says can block what comes after; so does one that its kiosk has let go of.
"""

from collections.abc import Container
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, select, update

from community.ids import LARGEST_NUMBER, Epoch, KioskId
from community.wire.messages import Cursor
from plumbing.database import insert_or_update
from sync.store.schema import cursors, events, gaps, quarantine

COPIED = "another event already has this number: was the kiosk's card copied?"
"""The reason for an event whose id is taken by other content."""

STRIDE = 1_000
"""Numbers looked at in one step when a cursor moves on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a batch says of its log beside the events in it."""

    kiosk: KioskId
    epoch: Epoch
    oldest: int = 0
    """What is smaller does not exist any more; 0 if it is not said."""
    number: int = 0
    """The number whose content is wanted; 0 for that of the cursor."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that will never come."""

    kiosk: KioskId
    epoch: Epoch
    first: int
    last: int


def move_on(connection: Connection, kiosk: KioskId, epoch: Epoch, received: Container[int] = ()) -> Cursor:
    """Move one cursor to the end of what is here without a gap, and return it.

    Args:
        connection: In a writing transaction.
        kiosk: Whose.
        epoch: Which of its logs.
        received: Numbers that are known to be here, in the log or the quarantine: they are not asked for.
    """
    here = (cursors.c.kiosk == kiosk) & (cursors.c.epoch == epoch)
    before = connection.execute(select(cursors.c.upto).where(here)).scalar_one_or_none()
    upto = before or 0
    while True:
        while upto + 1 in received:
            upto += 1
        reached = _run_after(connection, kiosk, epoch, upto)
        if reached == upto:
            break
        upto = reached
    if before is None:
        row = {"kiosk": kiosk, "epoch": epoch, "upto": upto}
        connection.execute(insert_or_update(connection, cursors, ["kiosk", "epoch"]), row)
    elif upto != before:
        connection.execute(update(cursors).where(here).values(upto=upto))
    return Cursor(epoch, upto)


def pass_over(
    connection: Connection, cursor: Cursor, kiosk: KioskId, oldest: int, noticed_us: int
) -> list[Gap]:
    """Note what is missing between a cursor and the oldest event there is, and move the cursor before it."""
    here: set[int] = set()
    for table in (events, quarantine):
        query = select(table.c.seq).where(
            table.c.kiosk == kiosk,
            table.c.epoch == cursor.epoch,
            table.c.seq > cursor.upto,
            table.c.seq < oldest,
        )
        here.update(connection.execute(query).scalars())
    edges = [cursor.upto, *sorted(here), oldest]
    missing = [
        Gap(kiosk, cursor.epoch, before + 1, after - 1)
        for before, after in pairwise(edges)
        if after > before + 1
    ]
    rows = [
        {"kiosk": kiosk, "epoch": gap.epoch, "first": gap.first, "last": gap.last, "noticed_us": noticed_us}
        for gap in missing
    ]
    if rows:
        connection.execute(insert_or_update(connection, gaps, ["kiosk", "epoch", "first"]), rows)
    at = (cursors.c.kiosk == kiosk) & (cursors.c.epoch == cursor.epoch)
    connection.execute(update(cursors).where(at).values(upto=oldest - 1))
    return missing


def _run_after(connection: Connection, kiosk: KioskId, epoch: Epoch, upto: int) -> int:
    """Return the last number of the run without a gap after `upto`, looking `STRIDE` numbers ahead."""
    numbers: set[int] = set()
    last = min(upto + STRIDE, LARGEST_NUMBER)
    for table in (events, quarantine):
        query = select(table.c.seq).where(
            table.c.kiosk == kiosk, table.c.epoch == epoch, table.c.seq > upto, table.c.seq <= last
        )
        numbers.update(connection.execute(query).scalars())
    while upto + 1 in numbers:
        upto += 1
    return upto


def with_content(connection: Connection, kiosk: KioskId, cursor: Cursor, number: int = 0) -> Cursor:
    """Return the cursor with the content of event `number`, by default of the one it stands at."""
    at = number or cursor.upto
    here = (kiosk, cursor.epoch, at)
    query = select(events.c.content).where(
        events.c.kiosk == here[0], events.c.epoch == here[1], events.c.seq == here[2]
    )
    content = connection.execute(query).scalar_one_or_none() if at else None
    if content is None and at:
        aside = select(quarantine.c.content).where(
            quarantine.c.kiosk == here[0],
            quarantine.c.epoch == here[1],
            quarantine.c.seq == here[2],
            quarantine.c.reason != COPIED,
        )
        content = connection.execute(aside.limit(1)).scalar_one_or_none()
    return Cursor(cursor.epoch, cursor.upto, at=at, content=content or "")


def gaps_of(connection: Connection) -> tuple[Gap, ...]:
    """Return every run of numbers that is gone for good, by kiosk, epoch and number."""
    query = select(gaps).order_by(gaps.c.kiosk, gaps.c.epoch, gaps.c.first)
    rows = connection.execute(query)
    return tuple(Gap(KioskId(row.kiosk), Epoch(row.epoch), row.first, row.last) for row in rows)


def cursors_of(connection: Connection, kiosk: KioskId | None = None) -> tuple[tuple[KioskId, Cursor], ...]:
    """Return where each epoch of one kiosk, or of all, stands, with the content of its last event."""
    query = select(cursors).order_by(cursors.c.kiosk, cursors.c.epoch)
    if kiosk is not None:
        query = query.where(cursors.c.kiosk == kiosk)
    rows = connection.execute(query).all()
    stand = ((KioskId(row.kiosk), Cursor(Epoch(row.epoch), row.upto)) for row in rows)
    return tuple((name, with_content(connection, name, cursor)) for name, cursor in stand)
