"""`foyer bench ingest`: what a hub takes in, beside the raw limits of the same machine in the same run.

The hub is `foyer hub` in a process of its own, behind a real broker; committed is what it has answered with
a cursor.  The raw limits are a bare paho sender and receiver on the same broker, and the driver's own
`executemany` of the same rows into the same table, a thousand at a time, each with a sync to the disk.  Both
are taken again before every flow, the ratio is the median over the rounds: a shared machine changes
its pace from one second to the next.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import MetaData, func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.sql.elements import quoted_name

from community.clock import Stamp
from community.events import CheckedIn, Record
from community.ids import MemberId
from community.wire.codec import content_hash, encode
from foyer.benchhouse import SPACE, WIRE, Hub, Place, bare, place
from foyer.benchlive import drain, tap_to_page
from foyer.errors import BenchError
from foyer.members import import_members
from foyer.village.people import FILE
from plumbing.database import Database, open_engine
from plumbing.inserts import insert_ignoring
from plumbing.migrations import upgrade
from sync.bootstrap import MIGRATIONS
from sync.store.directory import all_members
from sync.store.schema import events

KIOSKS = 2
"""That send at once."""

ROUNDS = 3
RAW_BATCH = 1_000
BACKLOG = 100_000
TAPS, TAPS_A_SECOND, VIEWERS = 1_000, 50.0, 10
PEOPLE = 50
"""Who come and go on the page that is looked at: each once a second, far longer than a tap takes."""

GROW_AT_ONCE = 10_000
YEAR_US = 365 * 86_400 * 1_000_000

BATCHES = (1, 20, 100)
"""Events in one message; a kiosk with a backlog sends 100."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One way of sending."""

    batch: int
    events: int
    per_s: float
    """Events committed a second."""
    hub_us: float
    """The hub's processor time an event, microseconds."""
    raw_per_s: float
    """The raw limit it is held against: QoS 1 messages for single events, else rows of `executemany`."""
    ratio: float


@dataclass(frozen=True, slots=True)
class Grown:
    """The same flow once the hub's database has grown."""

    rows: int
    flow: Flow
    rss_mb: float


@dataclass(slots=True)
class Figures:
    """Everything measured."""

    broker: str
    engine: str
    flows: list[Flow] = field(default_factory=list)
    drain_s: list[float] = field(default_factory=list)
    """Seconds for a kiosk's backlog, once a round."""
    page_ms: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """p50, p95, p99 from a tap to a host's open page."""
    rss_mb: float = 0.0
    """The hub's memory after all that, with the pages open."""
    grown: list[Grown] = field(default_factory=list)


async def bench(
    *, database: str, mosquitto: bool, events_sent: int, grow: Sequence[int], json_file: Path | None
) -> None:
    """Measure, print a line for each figure, and write them.

    Args:
        database: The hub's, empty of events; an empty text for SQLite in a temporary folder.
        mosquitto: Whether the broker is Mosquitto, else the one that ships with Foyer.
        events_sent: In each flow of batches; a fifth of it one by one.
        grow: How many rows the database is grown to, one after the other, before batches are measured again.
        json_file: Where the figures go besides.

    Raises:
        BenchError: Something needed is missing, or did not do what it should.
    """
    if not await asyncio.to_thread(WIRE.exists):
        raise BenchError("ingest is measured from a checkout: bench/wire.py is not part of the wheel")
    with tempfile.TemporaryDirectory(prefix="foyer-bench-") as name:
        async with place(Path(name), database, mosquitto=mosquitto) as where:
            figures = Figures(where.broker, make_url(where.database).get_backend_name())
            await asyncio.to_thread(_made_ready, where)
            await _measured(where, figures, events_sent)
            for rows in grow:
                await asyncio.to_thread(_grow, where, rows)
                async with Hub(where) as hub:
                    rounds = [
                        await _flow(where, hub, f"at-{rows}-{number}", BATCHES[-1], events_sent)
                        for number in range(ROUNDS)
                    ]
                    rss_mb = hub.rss_mb
                flow = _median(rounds)
                figures.grown.append(Grown(rows, flow, round(rss_mb, 1)))
                print(
                    f"{rows:>11,} events there: {flow.per_s:7.0f} events/s committed, "
                    f"raw {flow.raw_per_s:7.0f} rows/s, ratio {flow.ratio:.0%}; "
                    f"{flow.hub_us:.0f} µs of the hub's processor an event; its memory {rss_mb:.0f} MB",
                    flush=True,
                )
    if json_file is not None:
        text = json.dumps(asdict(figures), indent=2)
        await asyncio.to_thread(json_file.write_text, text + "\n", encoding="utf-8")


async def _measured(where: Place, figures: Figures, events_sent: int) -> None:
    """Everything that one hub is asked, from its start on."""
    async with Hub(where) as hub:
        for batch in BATCHES:
            rounds = [
                await _flow(where, hub, f"by-{batch}-{number}", batch, events_sent)
                for number in range(ROUNDS)
            ]
            flow = _median(rounds)
            figures.flows.append(flow)
            unit = "messages" if batch == 1 else "rows"
            print(
                f"{batch:>3} events a message: {flow.per_s:7.0f} events/s committed, "
                f"raw {flow.raw_per_s:7.0f} {unit}/s, ratio {flow.ratio:.0%}; "
                f"{flow.hub_us:.0f} µs of the hub's processor an event",
                flush=True,
            )
        figures.drain_s = [
            round(await drain(where, f"drain-{number}", BACKLOG), 2) for number in range(ROUNDS)
        ]
        print(f"a kiosk's backlog of {BACKLOG:,}: {_listed(figures.drain_s)} s", flush=True)
        people = await asyncio.to_thread(_named, where)
        took_ms = await tap_to_page(
            *(where, hub.dashboard_port, people), taps=TAPS, per_second=TAPS_A_SECOND, viewers=VIEWERS
        )
        cuts = statistics.quantiles(took_ms, n=100, method="inclusive")
        figures.page_ms = (round(cuts[49], 1), round(cuts[94], 1), round(cuts[98], 1))
        figures.rss_mb = round(hub.rss_mb, 1)
        p50, p95, p99 = figures.page_ms
        print(
            f"tap to a host's open page, {TAPS_A_SECOND:.0f} a second, {VIEWERS} pages: "
            f"p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} ms; the hub's memory {figures.rss_mb:.0f} MB",
            flush=True,
        )


async def _flow(where: Place, hub: Hub, prefix: str, batch: int, events_sent: int) -> Flow:
    """Measure the raw limit, then the hub."""
    count = events_sent // 5 if batch == 1 else events_sent
    if batch == 1:
        raw_per_s = await _raw_messages(where, count)
    else:
        raw_per_s = await asyncio.to_thread(_raw_rows, where, count)
    async with bare("send", where.protocol, where.broker_port, SPACE, prefix, KIOSKS, count, batch) as sender:
        used_s = hub.cpu_s
        sender.begin()
        said = await sender.say()
        used_s = hub.cpu_s - used_s
    per_s = said["events"] / said["took_s"]
    hub_us = used_s / said["events"] * 1e6
    return Flow(batch, count, round(per_s), round(hub_us, 1), round(raw_per_s), round(per_s / raw_per_s, 3))


def _median(rounds: Sequence[Flow]) -> Flow:
    """Return the round whose ratio is the median."""
    return sorted(rounds, key=lambda flow: flow.ratio)[len(rounds) // 2]


def _listed(seconds: Sequence[float]) -> str:
    return ", ".join(f"{one:.1f}" for one in seconds)


async def _raw_messages(where: Place, count: int) -> float:
    async with (
        bare("receive", where.protocol, where.broker_port, SPACE),
        bare("send", where.protocol, where.broker_port, SPACE, "raw", KIOSKS, count, 1) as sender,
    ):
        sender.begin()
        said = await sender.say()
    return round(float(said["events"]) / float(said["took_s"]), 1)


def _made_ready(where: Place) -> None:
    """Make the hub's tables and its members.

    Raises:
        BenchError: The database is somebody's.
    """
    database = Database(open_engine(where.database))
    try:
        if inspect(database.engine).has_table(events.name) and database.read_now(
            lambda c: c.execute(select(events.c.seq).limit(1)).first()
        ):
            raise BenchError("the database holds events: give an empty one")
        upgrade(database, MIGRATIONS)
    finally:
        database.close()
    import_members(where.settings, FILE)


def _named(where: Place) -> list[MemberId]:
    """Return who comes and goes: whoever hides from hosts is never on the page, however fast it is."""
    database = Database(open_engine(where.database))
    try:
        known = database.read_now(all_members)
    finally:
        database.close()
    return [member.id for member in known if member.visibility.hosts][:PEOPLE]


def _raw_rows(where: Place, count: int) -> float:
    """Return how many rows a second the driver takes: the same rows, table, indices and syncs, no more."""
    sqlite = where.database.startswith("sqlite")
    # A file of its own: two programs that both write checkpoints into one may lose what was committed.
    engine = open_engine(f"sqlite:///{where.folder}/raw.db" if sqlite else where.database)
    raw = events.to_metadata(MetaData(), name="bench_events")
    for index in raw.indexes:
        index.name = quoted_name(f"bench_{index.name}", quote=None)
    rows = _rows("raw", 1, count)
    try:
        raw.create(engine)
        mark = "?" if sqlite else "%s"
        insert = f"INSERT INTO {raw.name} VALUES ({', '.join([mark] * len(raw.columns))})"  # noqa: S608 - our own name
        line = engine.raw_connection()
        try:
            cursor = line.cursor()
            began_s = time.monotonic()
            for first in range(0, count, RAW_BATCH):
                if sqlite:
                    cursor.execute("BEGIN IMMEDIATE")  # its driver leaves transactions to us
                cursor.executemany(insert, rows[first : first + RAW_BATCH])
                line.commit()
            took_s = time.monotonic() - began_s
        finally:
            line.close()
        raw.drop(engine)
    finally:
        engine.dispose()
    return round(count / took_s, 1)


def _grow(where: Place, rows: int) -> None:
    """Let the database hold so many events while the hub is away: old ones, of which the hash is left."""
    database = Database(open_engine(where.database))
    try:
        here = database.read_now(lambda c: c.execute(select(func.count()).select_from(events)).scalar_one())
        for first in range(here, rows, GROW_AT_ONCE):
            numbers = range(first + 1, min(first + GROW_AT_ONCE, rows) + 1)
            more = [
                ("grown", "0123456789abcdef", n, "", 0, False, b"", content_hash(b"%d" % n), 0)
                for n in numbers
            ]
            database.write_now(partial(insert_ignoring, table=events, rows=more))
    finally:
        database.close()


def _rows(kiosk: str, first: int, count: int) -> list[tuple[object, ...]]:
    """Return rows of the events' table, with bytes as long as a real event's, none of them the same."""
    now_us = time.time_ns() // 1_000
    began_us = now_us - YEAR_US
    epoch, boot = "0123456789abcdef", "8f0c2f0e-3f5a-4c57-9d43-1f2e5a6b7c8d"
    made: list[tuple[object, ...]] = []
    for number in range(first, first + count):
        at_us = began_us + number * 1_000
        event = CheckedIn(MemberId(f"m{number * 7919 % 300:04d}"))
        raw = encode(Record(number, Stamp(at_us, boot, number * 1_000, synced=True), event))
        made.append((kiosk, epoch, number, "checked_in", at_us, True, raw, content_hash(raw), at_us))
    return made
