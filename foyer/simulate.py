"""`foyer simulate`: a made-up fleet that speaks the real protocol with real hubs over a given broker.

Every kiosk has a real log on the disk and a real uplink; every space has a `foyer hub` of its own, a process
with a database, as `docs/scaling.md` says.  At the end every log is held against its hub's database, byte for
byte.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, select

from community.clock import Stamp
from community.events import CheckedIn, CheckedOut, Event, MoodChosen
from community.ids import Epoch, KioskId, MemberId, SpaceId
from community.members import Mood
from foyer.errors import SimulationError
from foyer.fleet import FleetKiosk, kiosk_without_door, sending
from foyer.hubprocess import HubProcess
from plumbing.clock import Clock
from plumbing.database import Database, open_engine
from plumbing.mqtt import Broker
from plumbing.words import Sentence
from sync.store.schema import events, quarantine

MEMBERS = 120
"""People of one space; about half of them come on a day."""

READ_AT_ONCE = 10_000

LONGEST_S = 3_600.0
"""Seconds a fleet may take until its hubs have everything."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of every event of a fleet."""

    spaces: int
    kiosks: int
    written: int
    stored: int
    lost: int
    doubled: int
    """Rows at a hub beyond one for each event."""
    quarantined: int
    took_s: float
    """From the first uplink's start to the last hub's answer for everything."""

    @property
    def right(self) -> bool:
        """Whether every event is at its hub once."""
        return not (self.lost or self.doubled or self.quarantined)


async def simulate(broker: Broker, *, spaces: int, kiosks: int, days: int, seed: int = 1) -> Tally:
    """Let a fleet live its days, and count.

    Args:
        broker: Between the kiosks and the hubs.
        spaces: Each with a hub of its own, 1 or more.
        kiosks: Of each space, 1 or more.
        days: Made up, the last of them yesterday, 1 or more.
        seed: The same seed makes the same days.

    Raises:
        SimulationError: The hubs did not get everything in time.
        HubStartError: A hub did not start.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up people, nothing secret
    with tempfile.TemporaryDirectory(prefix="foyer-fleet-") as name:
        folder = Path(name)
        async with AsyncExitStack() as stack:
            fleet: list[FleetKiosk] = []
            databases: dict[SpaceId, str] = {}
            for space in (SpaceId(f"space-{number}") for number in range(1, spaces + 1)):
                databases[space] = f"sqlite:///{folder}/{space}-hub.db"
                settings = hub_settings(folder, space, broker, databases[space])
                hub = HubProcess(settings, log=folder / f"{space}.log")
                stack.push_async_callback(hub.stop)
                await hub.start()
                for number in range(1, kiosks + 1):
                    door = kiosk_without_door(folder, broker, space, KioskId(f"door-{number}"))
                    fleet.append(await stack.enter_async_context(door))
                    await fleet[-1].write(list(life(days, kiosks, chance)))
            began_s = time.monotonic()
            async with sending(fleet):
                await _all_told(fleet)
            took_s = time.monotonic() - began_s
            return await asyncio.to_thread(count, databases, fleet, took_s)


def hub_settings(folder: Path, space: SpaceId, broker: Broker, database: str) -> Path:
    """Write the settings of one space's hub, and return where they are."""
    file = folder / f"{space}.toml"
    file.write_text(
        f'database = "{database}"\nbadge_key_file = "{folder}/{space}.key"\n'
        f'[space]\nid = "{space}"\nclosing = "04:00"\n[dashboard]\nport = 0\n[text]\nencoder = false\n'
        f'[broker]\nhost = "{broker.host}"\nport = {broker.port}\n',
        encoding="utf-8",
    )
    return file


def life(days: int, doors: int, chance: random.Random) -> Iterator[tuple[Stamp, Event]]:
    """Yield what happened at one of a space's doors on its last days, oldest first."""
    now = Clock().stamp()
    began = now.at.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    boot = f"{chance.getrandbits(128):032x}"
    for day in range(days):
        happened: list[tuple[datetime, Event]] = []
        for number in chance.sample(range(MEMBERS), MEMBERS // 2 // doors or 1):
            member = MemberId(f"m{number:04d}")
            arrives = began + timedelta(days=day, hours=8, minutes=chance.uniform(0, 300))
            happened.append((arrives, CheckedIn(member)))
            happened.append((arrives + timedelta(seconds=9), MoodChosen(member, chance.choice(list(Mood)))))
            happened.append((arrives + timedelta(hours=chance.uniform(1, 8)), CheckedOut(member)))
        for at, event in sorted(happened, key=lambda one: one[0]):
            up_us = int((at - began) / timedelta(microseconds=1))
            wall_us = (
                int((began - datetime.fromtimestamp(0, began.tzinfo)) / timedelta(microseconds=1)) + up_us
            )
            yield msgspec.structs.replace(now, wall_us=wall_us, boot=boot, up_us=up_us, synced=True), event


def count(databases: Mapping[SpaceId, str], fleet: Sequence[FleetKiosk], took_s: float) -> Tally:
    """Hold every log against the database of its space's hub, on any thread but the event loop's."""
    written = stored = doubled = aside = 0
    for space, url in databases.items():
        database = Database(open_engine(url, visiting=True))
        try:
            for one in (one for one in fleet if one.space == space):
                log = asyncio.run(_log(one))
                here = database.read_now(partial(_rows, kiosk=one.name))
                written += len(log)
                right = sum(log.get(key) == raw for key, raw in here)
                stored += right
                doubled += len(here) - right
            aside += database.read_now(
                lambda c: c.execute(select(func.count()).select_from(quarantine)).scalar_one()
            )
        finally:
            database.close()
    return Tally(
        len(databases), len(fleet), written, stored, written - stored, doubled, aside, round(took_s, 2)
    )


async def _log(one: FleetKiosk) -> dict[tuple[Epoch, int], bytes]:
    """Return a kiosk's log: the event's bytes by epoch and number."""
    found: dict[tuple[Epoch, int], bytes] = {}
    place = 0
    while rows := await one.log.after(place, READ_AT_ONCE):
        for place, raw in rows:
            span = next(span for span in one.log.spans if place <= span.upto)
            found[span.epoch, span.number(place)] = raw
    return found


def _rows(connection: Connection, kiosk: KioskId) -> list[tuple[tuple[Epoch, int], bytes]]:
    query = select(events.c.epoch, events.c.seq, events.c.raw).where(events.c.kiosk == kiosk)
    return [((Epoch(row.epoch), row.seq), bytes(row.raw)) for row in connection.execute(query)]


async def _all_told(fleet: list[FleetKiosk]) -> None:
    try:
        async with asyncio.timeout(LONGEST_S):
            await asyncio.gather(*(one.told.wait() for one in fleet))
    except TimeoutError as error:
        missing = sum(not one.told.is_set() for one in fleet)
        raise SimulationError(
            Sentence(
                "after {seconds} s the hubs have not answered {count} of the kiosks: look at the broker",
                seconds=round(LONGEST_S),
                count=missing,
            )
        ) from error
