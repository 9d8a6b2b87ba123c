"""What one kiosk lacks of the other doors' day, from the log of them all.

Everything here runs inside one transaction of the caller's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, or_, select

from community.boots import Boots
from community.clock import Stamp
from community.events import Record, for_other_doors, members_of
from community.ids import Epoch, KioskId, MemberId
from community.wire.codec import encode
from community.wire.messages import (
    LARGEST_BATCH,
    LARGEST_BATCH_BYTES,
    LATELY_US,
    DoorEvent,
    DoorEvents,
    DoorsHeard,
    Erasure,
)
from sync.store.feed import Kind
from sync.store.schema import cursors, events, feed

_record = msgspec.json.Decoder(Record)
_erasure = msgspec.json.Decoder(Erasure)


@dataclass(frozen=True, slots=True)
class _Log:
    """One log of the last day and a half, and what the kiosk that asks has of it."""

    kiosk: KioskId
    epoch: Epoch
    since: int
    """Numbers up to this are older."""
    upto: int
    """It is here without a gap up to this number."""
    known: int


def lacking(
    connection: Connection, said: DoorsHeard, now: Stamp, only: KioskId | None = None
) -> Iterator[DoorEvents]:
    """Yield what a kiosk lacks of the last day and a half, log by log, oldest first.

    Args:
        connection: In a reading transaction; read while the answer is taken.
        said: What the kiosk says it has, of its own log too: of an earlier life it may have lost some.
        now: The hub's clocks.
        only: Whose logs alone; `None` for all.
    """
    logs = _logs(connection, said, now.wall_us - LATELY_US)
    logs = [log for log in logs if only is None or log.kiosk == only]
    erased = _erased(connection) if logs else frozenset()
    for log in logs:
        yield from _tellings(connection, log, erased, now)


def _logs(connection: Connection, said: DoorsHeard, begin_us: int) -> list[_Log]:
    stands = {(stand.kiosk, stand.count): stand.upto for stand in said.passed}
    first = func.min(events.c.seq)
    query = (
        select(events.c.kiosk, events.c.epoch, first.label("first"), cursors.c.upto)
        .join(cursors, (cursors.c.kiosk == events.c.kiosk) & (cursors.c.epoch == events.c.epoch))
        # What happened lately was received lately; the other way round only good clocks can tell.
        .where(events.c.received_us >= begin_us, or_(events.c.at_us >= begin_us, events.c.synced.is_(False)))
        .group_by(events.c.kiosk, events.c.epoch, cursors.c.upto)
        .order_by(events.c.kiosk, events.c.epoch)
    )
    found = []
    for row in connection.execute(query):
        known = stands.get((row.kiosk, row.epoch), 0)
        if known < row.upto and row.first <= row.upto:
            found.append(_Log(KioskId(row.kiosk), Epoch(row.epoch), row.first - 1, row.upto, known))
    return found


def _tellings(
    connection: Connection, log: _Log, erased: frozenset[MemberId], now: Stamp
) -> Iterator[DoorEvents]:
    batch: list[DoorEvent] = []
    size = 0
    after = max(log.known, log.since)

    for seq, event in _told(connection, log, erased, now):
        if batch and (len(batch) == LARGEST_BATCH or size + len(bytes(event.record)) > LARGEST_BATCH_BYTES):
            yield DoorEvents(log.kiosk, log.epoch, after, seq - 1, tuple(batch), log.since)
            after, batch, size = seq - 1, [], 0
        batch.append(event)
        size += len(bytes(event.record))
    yield DoorEvents(log.kiosk, log.epoch, after, log.upto, tuple(batch), log.since)


def _told(
    connection: Connection, log: _Log, erased: frozenset[MemberId], now: Stamp
) -> Iterator[tuple[int, DoorEvent]]:
    """Yield the number of each event the kiosk lacks, and what it is told of it."""
    query = (
        select(events.c.seq, events.c.raw, events.c.received_us)
        .where(
            events.c.kiosk == log.kiosk,
            events.c.epoch == log.epoch,
            events.c.seq > log.since,
            events.c.seq <= log.upto,
        )
        .order_by(events.c.seq)
    )
    rows = [(_record.decode(row.raw), row.received_us) for row in connection.execute(query)]
    boots = Boots()
    for record, received_us in rows:
        boots.learn(log.kiosk, record.at, received_us)
    for record, received_us in rows:
        event = for_other_doors(record.event)
        if record.seq <= log.known or event is None or not erased.isdisjoint(members_of(event)):
            continue
        happened_us = boots.happened_us(log.kiosk, record.at, received_us)
        raw = encode(msgspec.structs.replace(record, event=event))
        guess = not boots.is_known(log.kiosk, record.at)
        yield record.seq, DoorEvent(max(0, now.wall_us - happened_us), msgspec.Raw(raw), guess)


def _erased(connection: Connection) -> frozenset[MemberId]:
    """Return whom nobody is told of any more."""
    bodies: Sequence[str | None] = (
        connection.execute(select(feed.c.body).where(feed.c.kind == Kind.ERASED.value)).scalars().all()
    )
    told = (_erasure.decode(body) for body in bodies if body is not None)
    return frozenset(erasure.member for erasure in told if not erasure.lifted)
