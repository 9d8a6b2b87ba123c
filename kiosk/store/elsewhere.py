"""What this kiosk holds of the other doors: events of the last day and a half, each once, then forgotten."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, delete, select

from community.clock import Stamp, steadied
from community.events import Record, for_other_doors, members_of
from community.ids import KioskId, MemberId
from community.wire.codec import Unreadable, decode_record, encode
from community.wire.messages import LATELY_US, DoorEvents
from kiosk.core.elsewhere import Heard, content_of
from kiosk.store import counters
from kiosk.store.schema import elsewhere, erased, log
from plumbing.database import Database
from plumbing.inserts import insert_ignoring

MOST_HELD = 20_000
"""Events held at most: five doors with a thousand arrivals each, several times over.  More is a mistake or an
attack, and is not taken."""

_record = msgspec.json.Decoder(Record)
_stamp = msgspec.json.Decoder(Stamp)


class ElsewhereStore:
    """The stored events.  Open it once; it holds a copy in memory, for every tap and every telling."""

    def __init__(self, database: Database, kiosk: KioskId) -> None:
        """`kiosk` is this one: an earlier life of its own log is like another door's."""
        self._database, self._kiosk = database, kiosk
        self.held: list[Heard] = []
        """In the order in which they were heard."""
        self._contents: set[tuple[KioskId, str]] = set()
        self._erased: frozenset[MemberId] = frozenset()
        database.write_now(_forget_erased)
        self._look(*database.read_now(_all))

    async def take(self, told: DoorEvents, heard: Stamp) -> tuple[Heard, ...] | None:
        """Keep what is new of a telling, and return it; nothing is written if nothing is.

        Args:
            told: Of any door; of this one what the hub has of it.
            heard: What this kiosk's clocks say.

        Returns:
            In the order in which it was told; `None` if there is no room for it.

        Raises:
            DatabaseError: Nothing was written.
        """
        fresh: dict[str, Heard] = {}
        for event in self._read(told, heard):
            if (told.kiosk, event.content) not in self._contents:
                fresh.setdefault(event.content, event)
        if not fresh:
            return ()
        if len(self.held) + len(fresh) > MOST_HELD:
            return None

        def work(connection: Connection) -> tuple[Heard, ...]:
            own = _own_contents(connection) if told.kiosk == self._kiosk else frozenset()
            new = tuple(event for content, event in fresh.items() if content not in own)
            if new:
                insert_ignoring(connection, elsewhere, [_row(event) for event in new])
                counters.raise_to(connection, counters.proved_in(event.record.event for event in new))
            return new

        new = await self._database.write(work)
        self.held += new
        self._contents.update((event.kiosk, event.content) for event in new)
        return new

    async def forget_erased(self) -> None:
        """Forget what names anybody whom the feed calls erased; to be called after each change of it."""
        gone, names = await self._database.read(_erased_here)
        if gone:
            await self._database.write(_forget_erased)
            self._look(*await self._database.read(_all))
        self._erased = names

    async def let_go(self, now: Stamp) -> int:
        """Forget what was heard longer ago than doors tell each other; return how much.

        Args:
            now: What this kiosk's clocks say; they must be synchronised.
        """
        when = steadied([*(event.heard for event in self.held), now])
        old = [e for e, at in zip(self.held, when, strict=False) if now.wall_us - at.wall_us > LATELY_US]
        if not old:
            return 0

        def work(connection: Connection) -> None:
            for event in old:
                row = (elsewhere.c.kiosk == event.kiosk) & (elsewhere.c.content == event.content)
                connection.execute(delete(elsewhere).where(row))

        await self._database.write(work)
        self._look(*await self._database.read(_all))
        return len(old)

    def _read(self, told: DoorEvents, heard: Stamp) -> Iterable[Heard]:
        """Yield the events this version can read; one of a newer kiosk is the hub's alone."""
        for said in told.events:
            record = decode_record(bytes(said.record))
            if isinstance(record, Unreadable) or not self._erased.isdisjoint(members_of(record.event)):
                continue
            event = for_other_doors(record.event)
            if event is not None:
                record = msgspec.structs.replace(record, event=event)
                content = content_of(record)
                yield Heard(told.kiosk, record, heard, said.age_us, said.guess, content)

    def _look(self, held: Sequence[Heard], names: frozenset[MemberId]) -> None:
        self.held, self._erased = list(held), names
        self._contents = {(event.kiosk, event.content) for event in self.held}


def _all(connection: Connection) -> tuple[list[Heard], frozenset[MemberId]]:
    held = [
        Heard(
            KioskId(row.kiosk),
            _record.decode(row.raw),
            _stamp.decode(row.heard),
            row.age_us,
            row.guess,
            row.content,
        )
        for row in connection.execute(select(elsewhere).order_by(elsewhere.c.place))
    ]
    return held, _names(connection)


def _names(connection: Connection) -> frozenset[MemberId]:
    return frozenset(MemberId(name) for name in connection.execute(select(erased.c.member_id)).scalars())


def _erased_here(connection: Connection) -> tuple[list[int], frozenset[MemberId]]:
    """Return the places of what names somebody who was erased, and everybody who was."""
    names = _names(connection)
    rows = connection.execute(select(elsewhere.c.place, elsewhere.c.raw)).all() if names else []
    return [r.place for r in rows if not names.isdisjoint(members_of(_record.decode(r.raw).event))], names


def _forget_erased(connection: Connection) -> None:
    for place in _erased_here(connection)[0]:
        connection.execute(delete(elsewhere).where(elsewhere.c.place == place))


def _own_contents(connection: Connection) -> frozenset[str]:
    """Return what stands in this kiosk's own log: the hub may pass on what was written since it was asked."""
    found = set()
    for raw in connection.execute(select(log.c.raw)).scalars():
        record = decode_record(raw)
        event = None if isinstance(record, Unreadable) else for_other_doors(record.event)
        if not isinstance(record, Unreadable) and event is not None:
            found.add(content_of(msgspec.structs.replace(record, event=event)))
    return frozenset(found)


def _row(event: Heard) -> tuple[object, ...]:
    """Return every column of a new row; the database gives it its place."""
    raw, heard = encode(event.record), encode(event.heard)
    return None, event.kiosk, event.content, raw, heard, event.age_us, event.guess
