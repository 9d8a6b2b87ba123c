"""The log of taps: append in one transaction, read from a cursor.

A tap is true once `append` returns.  The hub's acknowledgement is kept lazily: losing it costs
a resend, never an event.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, insert, select, update

from community.clock import Stamp
from community.events import Event, Record
from community.ids import Epoch
from community.wire.codec import Unreadable, decode_record, encode
from kiosk.errors import LogError
from kiosk.store.schema import facts, log
from kiosk.store.tables import epoch_of, fact, set_fact
from plumbing.database import Database
from plumbing.words import Sentence

_insert_rows = insert(log)
_raise_last = update(facts).where(facts.c.key == "last_seq").values(value=bindparam("seq"))


class Log:
    """A kiosk's log.  Open it once; it knows its epoch and its last number."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.epoch, self.last, self.acknowledged = database.write_now(_open)
        """`last` is the number of the newest event, `acknowledged` the hub's cursor; 0 for none."""

    async def append(self, entries: Sequence[tuple[Stamp, Event]]) -> tuple[Record, ...]:
        """Commit events, in order, in one transaction.  They are true once this returns.

        Raises:
            DatabaseError: Nothing was written.
        """
        records = tuple(Record(self.last + 1 + i, at, event) for i, (at, event) in enumerate(entries))
        if not records:
            return ()
        rows = [{"seq": record.seq, "raw": encode(record)} for record in records]
        last = records[-1].seq

        def work(connection: Connection) -> None:
            connection.execute(_insert_rows, rows)
            connection.execute(_raise_last, {"seq": str(last)})

        await self._database.write(work)
        self.last = last
        return records

    async def after(self, seq: int, limit: int) -> tuple[tuple[int, bytes], ...]:
        """Return up to `limit` events after number `seq`, oldest first: number and raw record."""

        def work(connection: Connection) -> tuple[tuple[int, bytes], ...]:
            rows = connection.execute(
                select(log.c.seq, log.c.raw).where(log.c.seq > seq).order_by(log.c.seq).limit(limit)
            )
            return tuple((row.seq, row.raw) for row in rows)

        return await self._database.read(work)

    async def acknowledge(self, upto: int) -> None:
        """Note the hub's cursor.  It may go back when a hub is restored from a backup."""
        self.acknowledged = upto
        await self._database.write(lambda connection: set_fact(connection, "acknowledged", str(upto)))

    def since(self, wall_us: int) -> tuple[Record, ...]:
        """Return every record not older than `wall_us`, oldest first: to fold at start."""

        def work(connection: Connection) -> tuple[Record, ...]:
            rows = connection.execute(select(log.c.raw).order_by(log.c.seq)).scalars()
            return tuple(record for record in map(_read, rows) if record.at.wall_us >= wall_us)

        return self._database.read_now(work)

    def count(self) -> int:
        """Return how many events the log holds."""
        return self._database.read_now(
            lambda connection: connection.execute(select(func.count()).select_from(log)).scalar_one()
        )


def _open(connection: Connection) -> tuple[Epoch, int, int]:
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
    return epoch_of(connection), last, int(fact(connection, "acknowledged", "0"))


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
