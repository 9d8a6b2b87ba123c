"""Where each kiosk's log stands here: up to where it is without a gap, and what will never come.

Everything here runs inside one transaction of the caller's.  A quarantined number counts as received, so
nothing a kiosk says can block what comes after; so does one that its kiosk has let go of.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from sqlalchemy import Connection, bindparam, select, union_all, update

from community.ids import LARGEST_NUMBER, Epoch, KioskId
from community.wire.messages import Cursor
from plumbing.inserts import insert_or_update
from sync.store.schema import cursors, events, gaps, quarantine

COPIED = "another event already has this number: was the kiosk's card copied?"
"""The reason for an event whose id is taken by other content."""

STRIDE = 1_000
"""Numbers looked at in one step when a cursor moves on."""

# Built once: for a commit of a few events, building the questions took longer than asking them.
_here = (cursors.c.kiosk == bindparam("of_kiosk")) & (cursors.c.epoch == bindparam("of_epoch"))
_upto = select(cursors.c.upto).where(_here)
_move = update(cursors).where(_here).values(upto=bindparam("to"))
_numbers = union_all(
    *(
        select(table.c.seq).where(
            table.c.kiosk == bindparam("of_kiosk"),
            table.c.epoch == bindparam("of_epoch"),
            table.c.seq > bindparam("after"),
            table.c.seq <= bindparam("last"),
        )
        for table in (events, quarantine)
    )
)
_content = select(events.c.content).where(
    events.c.kiosk == bindparam("of_kiosk"),
    events.c.epoch == bindparam("of_epoch"),
    events.c.seq == bindparam("number"),
)
_content_aside = (
    select(quarantine.c.content)
    .where(
        quarantine.c.kiosk == bindparam("of_kiosk"),
        quarantine.c.epoch == bindparam("of_epoch"),
        quarantine.c.seq == bindparam("number"),
        quarantine.c.reason != COPIED,
    )
    .limit(1)
)


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
    here = {"of_kiosk": kiosk, "of_epoch": epoch}
    before = connection.execute(_upto, here).scalar_one_or_none()
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
        connection.execute(_move, {**here, "to": upto})
    return Cursor(epoch, upto)


def pass_over(
    connection: Connection, cursor: Cursor, kiosk: KioskId, oldest: int, noticed_us: int
) -> list[Gap]:
    """Note what is missing between a cursor and the oldest event there is, and move the cursor before it."""
    here = _numbers_after(connection, kiosk, cursor.epoch, cursor.upto, oldest - 1)
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
    connection.execute(_move, {"of_kiosk": kiosk, "of_epoch": cursor.epoch, "to": oldest - 1})
    return missing


def _run_after(connection: Connection, kiosk: KioskId, epoch: Epoch, upto: int) -> int:
    """Return the last number of the run without a gap after `upto`, looking `STRIDE` numbers ahead."""
    numbers = _numbers_after(connection, kiosk, epoch, upto, min(upto + STRIDE, LARGEST_NUMBER))
    while upto + 1 in numbers:
        upto += 1
    return upto


def _numbers_after(connection: Connection, kiosk: KioskId, epoch: Epoch, upto: int, last: int) -> set[int]:
    """Return which numbers after `upto`, none beyond `last`, are here."""
    asked = {"of_kiosk": kiosk, "of_epoch": epoch, "after": upto, "last": last}
    return set(connection.execute(_numbers, asked).scalars())


def with_content(
    connection: Connection,
    kiosk: KioskId,
    cursor: Cursor,
    number: int = 0,
    known: Mapping[int, str] = MappingProxyType({}),
) -> Cursor:
    """Return the cursor with the content of event `number`, by default of the one it stands at.

    `known` is the content of some of the log's events: they are not asked for.
    """
    at = number or cursor.upto
    asked = {"of_kiosk": kiosk, "of_epoch": cursor.epoch, "number": at}
    content = known.get(at)
    if content is None and at:
        content = connection.execute(_content, asked).scalar_one_or_none()
    if content is None and at:
        content = connection.execute(_content_aside, asked).scalar_one_or_none()
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
