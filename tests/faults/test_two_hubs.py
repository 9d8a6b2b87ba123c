"""Two spaces, two hubs, one broker, one database server: one hub is killed again and again.

This is how Foyer grows (decision 0014): a space has one hub, a hub has one database.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from community.clock import Stamp
from community.events import CardOpened, Event
from community.ids import KioskId, MemberId, SpaceId
from foyer.fleet import FleetKiosk, kiosk_without_door, sending
from foyer.hubprocess import HubProcess
from foyer.simulate import count, hub_settings
from plumbing.clock import Clock
from sync.store.schema import cursors
from tests.fakes.brokers import running_mosquitto
from tests.fakes.programs import wait_until
from tests.fakes.servers import running_postgresql

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

SPACES = [SpaceId("loft"), SpaceId("nook")]
BACKLOG = 20_000
KILLS = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path):
    """Each space's database: files, or databases of one server."""
    if request.param == "sqlite":
        yield {space: f"sqlite:///{tmp_path}/{space}-hub.db" for space in SPACES}
        return
    with running_postgresql() as server:
        engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for space in SPACES:
                connection.execute(text(f"CREATE DATABASE {space}"))
        engine.dispose()
        yield {space: f"{server}/{space}" for space in SPACES}


def backlog(kiosk: int) -> list[tuple[Stamp, Event]]:
    stamp = Clock().stamp()
    return [(stamp, CardOpened(MemberId(f"m{kiosk}-{number % 50}"))) for number in range(BACKLOG)]


def here(url: str) -> int:
    """How far the hub has come, over all of its kiosks."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return sum(connection.execute(select(cursors.c.upto)).scalars())
    finally:
        engine.dispose()


@contextlib.asynccontextmanager
async def running(hub: HubProcess) -> AsyncIterator[None]:
    await hub.start()
    try:
        yield
    finally:
        await hub.stop()


async def test_a_hub_killed_in_the_middle_of_a_backlog_loses_and_doubles_nothing_and_harms_no_other(
    tmp_path: Path, databases: dict[SpaceId, str], counts: list[str], request: pytest.FixtureRequest
):
    with running_mosquitto(tmp_path) as broker:
        hubs = [
            HubProcess(hub_settings(tmp_path, space, broker.broker, url), log=tmp_path / f"{space}.log")
            for space, url in databases.items()
        ]
        async with contextlib.AsyncExitStack() as stack:
            fleet: list[FleetKiosk] = []
            for number, space in enumerate(SPACES * 2):
                door = kiosk_without_door(tmp_path, broker.broker, space, KioskId(f"door-{number}"))
                fleet.append(await stack.enter_async_context(door))
                await fleet[-1].write(backlog(number))
            for hub in hubs:
                await stack.enter_async_context(running(hub))
            victim = databases[SPACES[0]]
            async with sending(fleet):
                for kill in range(1, KILLS + 1):
                    some = 2 * BACKLOG * kill // (KILLS + 2)
                    await asyncio.to_thread(
                        wait_until, lambda n=some: here(victim) >= n, f"{some} events at the victim", 120
                    )
                    await hubs[0].kill()
                    await hubs[0].start()
                for one in fleet:
                    await asyncio.wait_for(one.told.wait(), 120)
            tally = await asyncio.to_thread(count, databases, fleet, 0.0)
    assert (tally.lost, tally.doubled, tally.quarantined) == (0, 0, 0), tally
    assert tally.stored == tally.written == 4 * BACKLOG
    counts.append(
        f"two hubs, one killed {KILLS} times ({request.node.callspec.id}): {tally.written} written, "
        f"{tally.stored} stored, {tally.lost} lost, {tally.doubled} doubled"
    )
