"""Kiosks without doors: the real log and the real uplink, for measuring and for simulated fleets."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from community.clock import Stamp
from community.events import Event
from community.ids import KioskId, SpaceId
from kiosk.core.troubles import HubState
from kiosk.elsewhere import Elsewhere
from kiosk.store.directory import DirectoryStore
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from kiosk.uplink import Uplink
from plumbing.clock import Clock
from plumbing.mqtt import Broker

APPEND_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class FleetKiosk:
    """One kiosk of a fleet, its log open."""

    space: SpaceId
    name: KioskId
    log: Log
    uplink: Uplink
    told: asyncio.Event
    """Set once the hub has answered for everything in the log."""

    async def write(self, entries: Sequence[tuple[Stamp, Event]]) -> None:
        """Write what happened at its door, a thousand events in a transaction, and let the uplink know."""
        for first in range(0, len(entries), APPEND_AT_ONCE):
            self.told.clear()
            await self.log.append(entries[first : first + APPEND_AT_ONCE])
        self.uplink.nudge()


@asynccontextmanager
async def kiosk_without_door(
    folder: Path, broker: Broker, space: SpaceId, name: KioskId
) -> AsyncIterator[FleetKiosk]:
    """Open one kiosk's log in a folder; nothing is sent before its uplink runs."""
    database = open_database(folder / f"{space}-{name}.db")
    told = asyncio.Event()

    def heard(state: HubState) -> None:
        if state.waiting == 0:
            told.set()

    log = Log(database)
    clock = Clock()
    elsewhere = Elsewhere(
        name,
        events=log,
        store=ElsewhereStore(database, name),
        clock=clock,
        on_heard=lambda _heard: None,
    )
    uplink = Uplink(
        broker,
        space,
        name,
        events=log,
        directory=DirectoryStore(database),
        elsewhere=elsewhere,
        clock=clock,
        program="fleet",
        on_directory=lambda _items: None,
        on_hub=heard,
    )
    try:
        yield FleetKiosk(space, name, log, uplink, told)
    finally:
        database.close()


@asynccontextmanager
async def sending(kiosks: Sequence[FleetKiosk]) -> AsyncIterator[None]:
    """Let kiosks talk with their hubs until the block ends."""
    running = [asyncio.create_task(one.uplink.run(), name=f"uplink {one.space} {one.name}") for one in kiosks]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.wait(running)
