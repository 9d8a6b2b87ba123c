"""The log of every kiosk, as the hub holds it: appended to, never changed until it is let go of.

Everything here runs inside one transaction of the caller's.  Sending an event again is
harmless; the same id with other content is a copied card and goes to the quarantine, once.
A quarantined number counts as received, so nothing a kiosk says can block what comes after.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from operator import itemgetter

import msgspec
from sqlalchemy import Connection, Row, and_, bindparam, or_, select

from community.events import Event, Record
from community.guests import GuestWords
from community.ids import Epoch, KioskId
from community.wire.codec import content_hash
from community.wire.messages import Cursor
from plumbing.inserts import insert_ignoring
from sync.store import cursors, guests, host_requests, outbox, secure_badges
from sync.store.cursors import COPIED, Asked, Gap, with_content
from sync.store.schema import events, quarantine

LONGEST_REASON = 300
"""Characters of a reason kept."""

LARGEST_KEPT_BYTES = 256_000
"""Bytes kept of a payload that cannot be read: four times the largest honest batch."""

ASK_AT_ONCE = 500
"""Numbers in one question to the database, well below SQLite's and PostgreSQL's limits."""

# Built once: for a commit of a few events, building the questions took longer than asking them.
_contents = select(events.c.seq, events.c.content).where(
    events.c.kiosk == bindparam("of_kiosk"), events.c.epoch == bindparam("of_epoch")
)
_contents_between = _contents.where(events.c.seq.between(bindparam("first"), bindparam("last")))
_contents_among = _contents.where(events.c.seq.in_(bindparam("numbers", expanding=True)))


class Stored(msgspec.Struct, frozen=True, gc=False):
    """One event as the hub has it.

    A struct, as `Arrived` is: a frozen dataclass takes six times as long to make, and there is one an event.
    """

    kiosk: KioskId
    epoch: Epoch
    record: Record
    received_us: int
    """When the hub committed it, microseconds since 1970 UTC by the hub's clock."""


class Arrived(msgspec.Struct, frozen=True, gc=False):
    """One readable event, with its bytes as the kiosk wrote them."""

    kiosk: KioskId
    epoch: Epoch
    record: Record
    raw: bytes
    words: GuestWords | None = None
    """What a guest typed, beside the event that says that they came."""


@dataclass(frozen=True, slots=True)
class Strange:
    """Something that could not be understood."""

    kiosk: KioskId
    epoch: Epoch
    """Empty where it could not be read."""
    seq: int | None
    """The event's number, or `None` where it could not be read."""
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Appended:
    """What one transaction changed."""

    new: tuple[Stored, ...]
    """The events that were not there before, in no particular order."""
    quarantined: tuple[Strange, ...]
    """What went to the quarantine for the first time."""
    cursors: tuple[tuple[KioskId, Cursor], ...]
    """Where every kiosk and epoch that was touched now stands, moved or not."""
    repeated: int = 0
    """Events that were there already."""
    gaps: tuple[Gap, ...] = ()
    """What turned out to be gone for good."""
    waiting: tuple[tuple[KioskId, Epoch], ...] = ()
    """Whose later events wait for one that has not come."""


@dataclass(slots=True)
class _Touched:
    """What came for one log."""

    arrived: list[Arrived] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    contents: dict[int, str] = field(default_factory=dict)
    """Of those that arrived, as the log has them."""
    oldest: list[int] = field(default_factory=list)
    asked: set[int] = field(default_factory=lambda: {0})


def append(
    connection: Connection,
    arrived: Sequence[Arrived],
    strange: Sequence[Strange],
    received_us: int,
    asked: Sequence[Asked] = (),
) -> Appended:
    """Keep what is new, quarantine what is strange, move the cursors on.

    Args:
        connection: In a writing transaction.
        arrived: Readable events in any order, repeats included.
        strange: What could not be read, repeats included.
        received_us: Now, microseconds since 1970 UTC.
        asked: What their batches say beside, repeats included.
    """
    touched = _touched(arrived, strange, asked)
    new: list[Stored] = []
    rows: list[tuple[object, ...]] = []
    came: list[guests.Came] = []
    doubtful = list(strange)
    for (kiosk, epoch), about_it in touched.items():
        known = about_it.contents = _known(connection, kiosk, epoch, about_it.arrived)
        for item in about_it.arrived:
            content = content_hash(item.raw)
            first = known.setdefault(item.record.seq, content)
            if first is content:
                rows.append(_row(item, content, received_us))
                new.append(Stored(kiosk, epoch, item.record, received_us))
                if item.words is not None:
                    came.append(guests.Came(kiosk, epoch, item.record, item.words))
            elif first != content:
                doubtful.append(Strange(kiosk, epoch, item.record.seq, COPIED, item.raw))
    insert_ignoring(connection, events, rows)
    guests.keep(connection, came, received_us)
    secure_badges.count(connection, (item.record.event for item in new))
    host_requests.fulfil(connection, ((item.kiosk, item.record, received_us) for item in new))
    outbox.happened(connection, [(item.kiosk, item.record) for item in new], received_us)
    kept = _quarantine(connection, doubtful, received_us)
    gone: list[Gap] = []
    said: list[tuple[KioskId, Cursor]] = []
    waiting = []
    for (kiosk, epoch), about_it in sorted(touched.items(), key=itemgetter(0)):
        cursor = cursors.move_on(connection, kiosk, epoch, about_it.numbers)
        oldest = max(about_it.oldest, default=0)
        if oldest > cursor.upto + 1:
            gone += cursors.pass_over(connection, cursor, kiosk, oldest, received_us)
            cursor = cursors.move_on(connection, kiosk, epoch, about_it.numbers)
        said += [
            (kiosk, with_content(connection, kiosk, cursor, n, about_it.contents))
            for n in sorted(about_it.asked)
        ]
        if max(about_it.numbers, default=0) > cursor.upto:
            waiting.append((kiosk, epoch))
    return Appended(
        new=tuple(new),
        quarantined=kept,
        cursors=tuple(said),
        gaps=tuple(gone),
        waiting=tuple(waiting),
        repeated=len(arrived) - len(new) - (len(doubtful) - len(strange)),
    )


def _touched(
    arrived: Iterable[Arrived], strange: Iterable[Strange], asked: Iterable[Asked]
) -> dict[tuple[KioskId, Epoch], _Touched]:
    touched: dict[tuple[KioskId, Epoch], _Touched] = defaultdict(_Touched)
    for about in asked:
        touched[about.kiosk, about.epoch].oldest.append(about.oldest)
        touched[about.kiosk, about.epoch].asked.add(about.number)
    for item in arrived:
        touched[item.kiosk, item.epoch].arrived.append(item)
    for about_it in touched.values():
        about_it.numbers.update(item.record.seq for item in about_it.arrived)
    for odd in strange:
        if odd.epoch:
            touched[odd.kiosk, odd.epoch].numbers.add(odd.seq or 0)
    return touched


def since(connection: Connection, at_us: int) -> tuple[Stored, ...]:
    """Return every event that may have happened at `at_us` or later, oldest number first.

    The clock of a kiosk may have been far behind: then what was received since may have happened since.  A
    year of backlog that came in yesterday is not among it, if its clock was right.
    """
    query = (
        select(events.c.kiosk, events.c.epoch, events.c.raw, events.c.received_us)
        .where(or_(events.c.at_us >= at_us, and_(~events.c.synced, events.c.received_us >= at_us)))
        .order_by(events.c.kiosk, events.c.epoch, events.c.seq)
    )
    return tuple(_read_all(connection.execute(query)))


def strides(connection: Connection) -> Iterator[tuple[Stored, ...]]:
    """Yield every event that was not let go of, a few hundred at a time, by kiosk and number."""
    query = (
        select(events.c.kiosk, events.c.epoch, events.c.raw, events.c.received_us)
        .where(events.c.kind != "")
        .order_by(events.c.kiosk, events.c.epoch, events.c.seq)
    )
    everything = iter(_read_all(connection.execute(query.execution_options(yield_per=ASK_AT_ONCE))))
    while stride := tuple(islice(everything, ASK_AT_ONCE)):
        yield stride


def _known(
    connection: Connection, kiosk: KioskId, epoch: Epoch, arrived: Iterable[Arrived]
) -> dict[int, str]:
    """Return the content hash of every event of one log that is already here under one of these numbers."""
    known: dict[int, str] = {}
    ordered = sorted({item.record.seq for item in arrived})
    for start in range(0, len(ordered), ASK_AT_ONCE):
        part = ordered[start : start + ASK_AT_ONCE]
        run = part[-1] - part[0] < 2 * len(part)  # usual, and a cheaper question than a list of numbers
        here = {"of_kiosk": kiosk, "of_epoch": epoch}
        rows = (
            connection.execute(_contents_between, {**here, "first": part[0], "last": part[-1]})
            if run
            else connection.execute(_contents_among, {**here, "numbers": part})
        )
        known.update((row.seq, row.content) for row in rows)
    return known


@cache
def _kind(event: type[Event]) -> str:
    """Return the word under which a kind of event travels; msgspec makes it anew each time it is asked."""
    return str(event.__struct_config__.tag)


def _row(item: Arrived, content: str, received_us: int) -> tuple[object, ...]:
    """Return an event's row, in the order of the table's columns."""
    record = item.record
    return (
        *(item.kiosk, item.epoch, record.seq, _kind(type(record.event)), record.at.wall_us, record.at.synced),
        *(item.raw, content, received_us),
    )


def _quarantine(connection: Connection, doubtful: Iterable[Strange], received_us: int) -> tuple[Strange, ...]:
    """Keep each strange thing once, however often it is sent."""
    candidates: dict[tuple[str, str, int | None, str], Strange] = {}
    for item in doubtful:
        candidates.setdefault((item.kiosk, item.epoch, item.seq, content_hash(item.raw)), item)
    kept = {key: item for key, item in candidates.items() if not _is_quarantined(connection, key)}
    if kept:
        connection.execute(
            quarantine.insert(),
            [
                {
                    "kiosk": kiosk,
                    "epoch": epoch,
                    "seq": seq,
                    "reason": _plain(item.reason),
                    "raw": item.raw[:LARGEST_KEPT_BYTES],
                    "content": content,
                    "received_us": received_us,
                }
                for (kiosk, epoch, seq, content), item in kept.items()
            ],
        )
    return tuple(kept.values())


def _is_quarantined(connection: Connection, key: tuple[str, str, int | None, str]) -> bool:
    kiosk, epoch, seq, content = key
    same_seq = quarantine.c.seq.is_(None) if seq is None else quarantine.c.seq == seq
    query = select(quarantine.c.id).where(
        and_(
            quarantine.c.kiosk == kiosk,
            quarantine.c.epoch == epoch,
            same_seq,
            quarantine.c.content == content,
        )
    )
    return connection.execute(query.limit(1)).first() is not None


def _read_all(rows: Iterable[Row[tuple[str, str, bytes, int]]]) -> Iterable[Stored]:
    decoder = msgspec.json.Decoder(Record)
    for row in rows:
        yield Stored(KioskId(row.kiosk), Epoch(row.epoch), decoder.decode(row.raw), row.received_us)


def _plain(reason: str) -> str:
    """Return a reason every database can hold."""
    return "".join(letter if letter.isprintable() else "?" for letter in reason)[:LONGEST_REASON]
