"""The log of taps: append in one transaction, read from a cursor, let go of what is old and safe.

A tap is true once `append` returns.  The hub's acknowledgement is kept lazily: losing it costs
a resend, never an event.  Events stand at places 1, 2, 3 … of the file; `kiosk.core.lineage` tells
places from numbers.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from community.clock import Stamp, steadied
from community.events import Event, Record
from community.guests import GuestWords
from community.ids import Epoch
from community.wire.codec import Unreadable, content_hash, decode_record, encode
from kiosk.core.elsewhere import Lately
from kiosk.core.lineage import Span, epoch_after
from kiosk.errors import LogError
from kiosk.store import counters, guests
from kiosk.store.schema import facts, former, log, marks
from kiosk.store.tables import epoch_of, fact, set_fact
from plumbing.database import Database
from plumbing.inserts import insert_or_update
from plumbing.words import Sentence

DAY_US = 86_400_000_000
"""Microseconds between two marks: what is kept for 30 days is kept for 31 at most."""

_insert_rows = insert(log)
_raise_last = update(facts).where(facts.c.key == "last_seq").values(value=bindparam("seq"))


class Log:
    """A kiosk's log.  Open it once; it knows its epochs and its last place."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changing = asyncio.Lock()
        """Held while events are written or renamed: numbers are given before the writer's turn comes."""
        opened = database.write_now(_open)
        self.spans: tuple[Span, ...] = opened.spans
        """Every epoch something is kept of, the present one last."""
        self.acknowledged: int = opened.acknowledged
        """The place the hub has everything up to; 0 for none."""
        self.oldest: int = opened.oldest
        """The place of the oldest event kept; the next place if none is."""

    @property
    def epoch(self) -> Epoch:
        """The present epoch."""
        return self.spans[-1].epoch

    @property
    def last(self) -> int:
        """The place of the newest event; 0 for none."""
        return self.spans[-1].upto

    async def append(
        self, entries: Sequence[tuple[Stamp, Event]], words: GuestWords | None = None
    ) -> tuple[Record, ...]:
        """Commit events, in order, in one transaction.  They are true once this returns.

        Args:
            entries: The events, with what the clocks said.
            words: What a guest typed, if the last of the events says that one came.

        Raises:
            DatabaseError: Nothing was written.
            ReplayedError: Neither; a badge among them said what was said before.
        """
        if not entries:
            return ()
        async with self._changing:
            here = self.spans[-1]
            first = here.number(here.upto) + 1
            records = tuple(Record(first + i, at, event) for i, (at, event) in enumerate(entries))
            rows = [{"seq": here.after + record.seq, "raw": encode(record)} for record in records]
            last = here.upto + len(records)

            def work(connection: Connection) -> None:
                counters.count(connection, (event for _, event in entries))
                connection.execute(_insert_rows, rows)
                connection.execute(_raise_last, {"seq": str(last)})
                if words is not None:
                    guests.keep(connection, last, entries[-1][0].wall_us, words)

            await self._database.write(work)
            self.spans = (*self.spans[:-1], Span(here.epoch, here.after, last))
            return records

    async def begin_epoch(self, fork: int) -> None:
        """Give every event after number `fork` of the present epoch a new id, in one transaction.

        The file was restored from an old copy: the hub has other events under these numbers.

        Args:
            fork: The last number the hub has the same event under.

        Raises:
            DatabaseError: Nothing was changed.
            LogError: An event cannot be read.
        """
        async with self._changing:
            here = self.spans[-1]
            place = here.place(fork)

            def work(connection: Connection) -> Epoch:
                return _rename(connection, here, place)

            epoch = await self._database.write(work)
            kept = [span for span in self.spans[:-1] if span.upto >= self.oldest]
            if place >= max(self.oldest, here.after + 1):
                kept.append(Span(here.epoch, here.after, place))
            self.spans = (*kept, Span(epoch, place, here.upto))
            self.acknowledged = min(self.acknowledged, place)

    async def content(self, place: int) -> str:
        """Return the content hash of the event at a place; empty if it is not kept."""

        def work(connection: Connection) -> str:
            raw = connection.execute(select(log.c.raw).where(log.c.seq == place)).scalar_one_or_none()
            return "" if raw is None else content_hash(raw)

        return await self._database.read(work)

    async def let_go(self, now_us: int, keep_us: int) -> int:
        """Forget what the hub has acknowledged and what was written longer ago than `keep_us`.

        How long ago is told by marks made here, one a day, never by the events' own clocks.

        Args:
            now_us: Now, by a synchronised clock: microseconds since 1970 UTC.
            keep_us: Microseconds an event is kept, 1 or more.

        Returns:
            How many events are gone.  Never one that is not acknowledged.
        """
        acknowledged, last = self.acknowledged, self.last

        def work(connection: Connection) -> tuple[int, int]:
            connection.execute(delete(marks).where(marks.c.at_us > now_us))  # of a clock that was ahead
            old = marks.c.at_us <= now_us - keep_us
            grown = connection.execute(select(func.max(marks.c.place)).where(old)).scalar_one() or 0
            newest = connection.execute(select(func.max(marks.c.at_us))).scalar_one()
            if newest is None or now_us - newest >= DAY_US:
                connection.execute(insert(marks), {"at_us": now_us, "place": last})
            connection.execute(delete(marks).where(old, marks.c.place < grown))
            upto = min(grown, acknowledged)
            gone = connection.execute(delete(log).where(log.c.seq <= upto)).rowcount
            connection.execute(delete(former).where(former.c.upto <= upto))
            guests.forget(connection, now_us=now_us)
            return gone, _oldest(connection, last)

        gone, self.oldest = await self._database.write(work)
        self.spans = (*(s for s in self.spans[:-1] if s.upto >= self.oldest), self.spans[-1])
        return gone

    async def after(self, seq: int, limit: int) -> tuple[tuple[int, bytes], ...]:
        """Return up to `limit` events after place `seq`, oldest first: place and raw record."""

        def work(connection: Connection) -> tuple[tuple[int, bytes], ...]:
            rows = connection.execute(
                select(log.c.seq, log.c.raw).where(log.c.seq > seq).order_by(log.c.seq).limit(limit)
            )
            return tuple((row.seq, row.raw) for row in rows)

        return await self._database.read(work)

    async def lately(self, after: int, now: Stamp) -> tuple[Lately, ...]:
        """Return every event after place `after`, oldest first, with its time corrected.

        Raises:
            LogError: An event cannot be read.
        """

        def work(connection: Connection) -> tuple[Lately, ...]:
            rows = connection.execute(select(log).where(log.c.seq > after).order_by(log.c.seq)).all()
            records = [_read(row.raw) for row in rows]
            times = steadied([*(record.at for record in records), now])
            return tuple(
                Lately(row.seq, at, record) for row, at, record in zip(rows, times, records, strict=False)
            )

        return await self._database.read(work)

    async def acknowledge(self, upto: int) -> None:
        """Note the hub's cursor.  It may go back when a hub is restored from a backup."""
        self.acknowledged = upto

        def work(connection: Connection) -> None:
            set_fact(connection, "acknowledged", str(upto))
            guests.forget(connection, upto=upto)

        await self._database.write(work)

    async def words(self, span: Span, places: Sequence[int]) -> tuple[GuestWords, ...]:
        """Return what guests typed whose events stand at these places of an epoch."""
        return await self._database.read(lambda connection: guests.beside(connection, span, places))

    def since(self, wall_us: int, now: Stamp | None = None) -> tuple[Record, ...]:
        """Return every record not older than `wall_us`, oldest first: to fold.

        Args:
            wall_us: Microseconds since 1970 UTC.
            now: What the clocks say, if they may know better what the time was earlier in this boot.
        """

        def work(connection: Connection) -> tuple[Record, ...]:
            rows = connection.execute(select(log.c.raw).order_by(log.c.seq)).scalars()
            records = [_read(raw) for raw in rows]
            readings = [record.at for record in records]
            dated = zip(records, steadied([*readings, now] if now else readings), strict=False)
            return tuple(Record(r.seq, at, r.event) for r, at in dated if at.wall_us >= wall_us)

        return self._database.read_now(work)

    def count(self) -> int:
        """Return how many events the log holds."""
        return self._database.read_now(
            lambda connection: connection.execute(select(func.count()).select_from(log)).scalar_one()
        )


@dataclass(frozen=True, slots=True)
class _Opened:
    spans: tuple[Span, ...]
    acknowledged: int
    oldest: int


def _open(connection: Connection) -> _Opened:
    last = int(fact(connection, "last_seq", "0"))
    newest = connection.execute(select(func.max(log.c.seq))).scalar_one() or 0
    if newest > last:
        raise LogError(
            Sentence(
                "the log holds event {newest} but was last at {last}: this file was changed by another "
                "program; move it aside and start again, the hub has what it acknowledged",
                newest=newest,
                last=last,
            )
        )
    set_fact(connection, "last_seq", str(last))
    rows = connection.execute(select(former).order_by(former.c.upto))
    before = tuple(Span(Epoch(row.epoch), row.after, row.upto) for row in rows)
    present = Span(epoch_of(connection), int(fact(connection, "begins", "0")), last)
    acknowledged = int(fact(connection, "acknowledged", "0"))
    return _Opened((*before, present), acknowledged, _oldest(connection, last))


def _oldest(connection: Connection, last: int) -> int:
    return connection.execute(select(func.min(log.c.seq))).scalar_one() or last + 1


def _rename(connection: Connection, here: Span, place: int) -> Epoch:
    """Begin the epoch after `place`: every later event gets its number there."""
    rows = connection.execute(select(log).where(log.c.seq > place).order_by(log.c.seq)).all()
    content = content_hash(rows[0].raw) if rows else secrets.token_hex(16)
    epoch = epoch_after(here.epoch, here.number(place), content)
    for row in rows:
        record = _read(row.raw)
        raw = encode(Record(row.seq - place, record.at, record.event))
        connection.execute(update(log).where(log.c.seq == row.seq).values(raw=raw))
    kept = connection.execute(
        select(log.c.seq).where(log.c.seq > here.after, log.c.seq <= place).limit(1)
    ).first()
    if kept is not None:
        ended = {"upto": place, "epoch": here.epoch, "after": here.after}
        connection.execute(insert_or_update(connection, former, ["upto"]), ended)
    set_fact(connection, "epoch", epoch)
    set_fact(connection, "begins", str(place))
    if int(fact(connection, "acknowledged", "0")) > place:
        set_fact(connection, "acknowledged", str(place))
    return epoch


def _read(raw: bytes) -> Record:
    record = decode_record(raw)
    if isinstance(record, Unreadable):
        raise LogError(
            Sentence(
                "event {seq} of the log cannot be read ({reason}): a newer Foyer wrote it; "
                "update this program",
                seq=record.seq,
                reason=record.reason,
            )
        )
    return record
