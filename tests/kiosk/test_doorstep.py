"""The door's microcontroller and the kiosk: light and sound after the commit, and a lobby that wakes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from community.events import BeamCounted
from community.wire.messages import BridgeHealth
from firmware_bridge.door import (
    Away,
    BridgeFault,
    BridgeLost,
    Capability,
    Glow,
    Light,
    Near,
    Passed,
    Pressed,
    SensorHealth,
    Tone,
)
from kiosk import signals as signals_module
from kiosk.core import beam
from kiosk.core.pieces import Attention
from kiosk.core.signs import ACCEPTED, LOOK, SIGN_S
from kiosk.doorstep import Doorstep
from kiosk.signals import LASTS_S, Signals
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.clock import SteadyClock
from plumbing.errors import DatabaseError, DatabaseTrouble
from tests.fakes.bridges import READY, FakeBridge
from tests.fakes.waiting import Seen

LOST = BridgeLost(BridgeFault.UNPLUGGED, "it is unplugged")


@dataclass
class Place:
    """A doorstep on a real log, and what it told."""

    doorstep: Doorstep
    log: Log
    bridge: FakeBridge
    attentions: Seen[Attention] = field(default_factory=Seen)
    buttons: list[int] = field(default_factory=list)
    committed: Seen[int] = field(default_factory=Seen)
    written: list[int] = field(default_factory=list)
    """What was counted, once it has ended."""

    def counted(self) -> list[int]:
        return [r.event.count for r in self.log.since(0) if isinstance(r.event, BeamCounted)]


@asynccontextmanager
async def standing(file: Path) -> AsyncIterator[Place]:
    database = open_database(file)
    log = Log(database)
    doorstep = Doorstep(
        SteadyClock(),
        log,
        on_attention=lambda: place.attentions.add(doorstep.attention),
        on_button=lambda button: place.buttons.append(button),  # noqa: PLW0108 - made below
        on_committed=lambda: place.committed.add(1),
    )
    place = Place(doorstep, log, FakeBridge())
    doorstep.signals.use(place.bridge)
    task = asyncio.create_task(doorstep.run())
    try:
        yield place
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        place.written = place.counted()
        database.close()


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with standing(tmp_path / "kiosk.db") as made:
        yield made


async def test_near_wakes_with_a_welcoming_light_and_away_rests(place: Place):
    place.doorstep.bridge_is(READY)
    place.doorstep.feel(Near(90))
    place.doorstep.feel(Near(60))
    assert place.attentions.all == [Attention.AWAKE]
    assert place.bridge.lights[-1] == Light(Glow.WELCOME, LASTS_S)
    place.doorstep.feel(Away())
    assert place.attentions.all == [Attention.AWAKE, Attention.USUAL]
    assert place.bridge.lights[-1].glow is Glow.REST


async def test_the_lobby_dims_by_itself_and_a_tap_wakes_it(place: Place):
    place.doorstep.dims_after(0.05)
    place.doorstep.bridge_is(READY)
    await place.attentions.until(lambda seen: seen[-1] is Attention.ASLEEP)
    place.doorstep.touched()
    assert place.attentions.all[-1] is Attention.USUAL
    await place.attentions.until(lambda seen: seen[-1] is Attention.ASLEEP)
    place.doorstep.bridge_is(LOST)
    assert place.attentions.all[-1] is Attention.USUAL


async def test_bodies_are_written_in_one_event_and_the_rest_at_the_end(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(beam, "GATHER_S", 0.05)
    async with standing(tmp_path / "kiosk.db") as place:
        for _ in range(3):
            place.doorstep.feel(Passed())
        await place.committed.count(1)
        assert place.counted() == [3]
        monkeypatch.setattr(beam, "GATHER_S", 3600.0)
        place.doorstep.feel(Passed())
        place.doorstep.feel(Passed())
    assert place.written == [3, 2]
    assert place.doorstep.attention is Attention.USUAL


async def test_bodies_that_cannot_be_written_are_written_later(place: Place, monkeypatch):
    monkeypatch.setattr(beam, "GATHER_S", 0.02)
    tried: Seen[int] = Seen()
    append = place.log.append

    async def full(entries):
        tried.add(1)
        raise DatabaseError(DatabaseTrouble.FULL, "the disk is full")

    monkeypatch.setattr(place.log, "append", full)
    place.doorstep.feel(Passed())
    await tried.count(2)
    monkeypatch.setattr(place.log, "append", append)
    place.doorstep.feel(Passed())
    await place.committed.count(1)
    assert sum(place.counted()) == 2


async def test_buttons_go_up_as_they_are_pressed(place: Place):
    for button in (1, 3, 2):
        place.doorstep.feel(Pressed(button))
    assert place.buttons == [1, 3, 2]


async def test_health_says_what_a_host_must_know(place: Place):
    assert place.doorstep.health is None
    place.doorstep.bridge_is(LOST)
    assert place.doorstep.health == BridgeHealth("lost", fault="unplugged")
    place.doorstep.bridge_is(READY)
    place.doorstep.feel(SensorHealth(Capability.RADAR, works=False))
    place.doorstep.feel(SensorHealth(Capability.BEAM, works=False))
    assert place.doorstep.health == BridgeHealth("ready", "1.2.0", silent=("beam", "presence.ld2410"))
    place.doorstep.feel(SensorHealth(Capability.RADAR, works=True))
    assert place.doorstep.health == BridgeHealth("ready", "1.2.0", silent=("beam",))


async def test_trouble_is_a_light_that_lasts(place: Place):
    place.doorstep.bridge_is(READY)
    place.doorstep.feel(Near())
    place.doorstep.trouble_is(there=True)
    assert place.bridge.lights[-1].glow is Glow.TROUBLE
    place.doorstep.trouble_is(there=False)
    assert place.bridge.lights[-1].glow is Glow.WELCOME


async def test_a_sign_ends_by_itself_and_what_rests_is_said_again(monkeypatch):
    said: Seen[Light | Tone] = Seen()
    monkeypatch.setattr(signals_module, "SIGN_S", 0.02)
    monkeypatch.setattr(signals_module, "AGAIN_S", 0.02)
    signals = Signals()
    signals.give(ACCEPTED)
    signals.resting_is(Glow.WELCOME)
    signals.use(FakeBridge(said.add))
    signals.give(ACCEPTED)
    signals.resting_is(Glow.TROUBLE)
    words = await said.count(5)
    signals.stop()
    trouble = Light(Glow.TROUBLE, LASTS_S)
    assert words[:5] == [Light(Glow.ACCEPTED, 0.02), Tone.ACCEPTED, trouble, trouble, trouble]


async def test_a_space_that_wants_quiet_keeps_the_light():
    bridge = FakeBridge()
    signals = Signals()
    signals.use(bridge, sound=False)
    signals.give(ACCEPTED)
    signals.stop()
    assert bridge.lights == [Light(Glow.ACCEPTED, SIGN_S)]
    assert bridge.tones == []


async def test_a_later_sign_takes_the_place_of_an_earlier_one():
    bridge = FakeBridge()
    signals = Signals()
    signals.use(bridge)
    signals.give(ACCEPTED)
    signals.give(LOOK)
    signals.resting_is(Glow.WELCOME)
    signals.stop()
    assert bridge.lights == [Light(Glow.ACCEPTED, SIGN_S), Light(Glow.LOOK, SIGN_S)]
    assert bridge.tones == [Tone.ACCEPTED, Tone.LOOK]


async def test_a_door_that_starts_anew_is_told_what_rests(place: Place):
    place.doorstep.bridge_is(READY)
    assert [light.glow for light in place.bridge.lights] == [Glow.REST]
    place.doorstep.bridge_is(LOST)
    place.doorstep.bridge_is(READY)
    assert [light.glow for light in place.bridge.lights] == [Glow.REST] * 3
