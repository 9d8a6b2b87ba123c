"""The simulated fleet: real logs, real uplinks, real hubs, a real Mosquitto, and a true count."""

import asyncio
import json
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from community.events import Record
from community.ids import KioskId, SpaceId
from foyer import simulate
from foyer.fleet import kiosk_without_door
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from plumbing.mqtt import Broker
from sync.bootstrap import MIGRATIONS
from sync.store import log
from tests.fakes.brokers import running_mosquitto


@pytest.mark.timeout(600)
def test_a_fleet_of_two_spaces_has_every_event_at_its_hub_once(tmp_path: Path):
    with running_mosquitto(tmp_path) as broker:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "foyer", "simulate", "--spaces", "2", "--kiosks", "2", "--days", "3"),
                *("--broker", f"127.0.0.1:{broker.port}", "--json", str(tmp_path / "fleet.json")),
            ],
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    tally = json.loads((tmp_path / "fleet.json").read_text())
    assert tally["written"] == tally["stored"] == 2 * 2 * 3 * 30 * 3
    assert (tally["lost"], tally["doubled"], tally["quarantined"]) == (0, 0, 0)
    assert "1080" in done.stdout


async def test_what_is_missing_or_there_twice_is_counted(tmp_path: Path):
    """The count itself: one event never arrived, and another stands there under a number nobody gave."""
    url = f"sqlite:///{tmp_path}/hub.db"
    hub = Database(open_engine(url))
    upgrade(hub, MIGRATIONS)
    space, door = SpaceId("loft"), KioskId("door")
    async with kiosk_without_door(tmp_path, Broker(), space, door) as one:
        await one.write(list(simulate.life(1, 30, random.Random(1))))  # noqa: S311 - made up
        rows = await one.log.after(0, 100)
        records = [msgspec.json.decode(raw, type=Record) for _, raw in rows]
        extra = msgspec.structs.replace(records[0], seq=99)
        arrived = [
            log.Arrived(door, one.log.epoch, record, msgspec.json.encode(record))
            for record in [*records[1:], extra]
        ]
        await hub.write(lambda c: log.append(c, arrived, (), 1))
        hub.close()
        tally = await asyncio.to_thread(simulate.count, {space: url}, [one], 1.0)
    assert (tally.written, tally.lost, tally.doubled, tally.right) == (len(rows), 1, 1, False)


@pytest.mark.parametrize("arguments", [["--spaces", "0"], ["--broker", "nowhere"], ["--days", "-1"]])
def test_what_cannot_be_simulated_is_said(arguments: list[str]):
    done = subprocess.run(
        [sys.executable, "-m", "foyer", "simulate", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("foyer: --")
