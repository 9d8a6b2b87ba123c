"""Kiosk, hub and broker are killed again and again while members tap: 0 lost, 0 doubled.

The order and the moments come from a seed.  Before the taps, the kiosk's log already holds a
backlog, so that what is sent again and again is more than a hand can tap.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from community.clock import Stamp
from community.events import CardOpened
from community.ids import MemberId
from hardware.virtual.port import VirtualPn532
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.clock import Clock
from tests.fakes.brokers import free_port, running_mosquitto
from tests.fakes.programs import Count, wait_until
from tests.fakes.stage import Stage, stage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]

BACKLOG = 3_000
"""Events in the log before the first tap."""

ROUNDS = 5
"""Kills, each of a program the seed chose, with taps before and after."""


def backlog(file: Path, number: int = BACKLOG) -> None:
    """Write a backlog into a kiosk's log, before it runs."""
    with closing(open_database(file)) as database:
        stamp: Stamp = Clock().stamp()
        asyncio.run(Log(database).append([(stamp, CardOpened(MemberId("m001")))] * number))


Kill = Callable[[], None]


@contextmanager
def with_mosquitto(folder: Path, virtual: VirtualPn532) -> Iterator[tuple[Stage, dict[str, Kill]]]:
    """Mosquitto without persistence: the broker forgets everything at each kill."""
    with running_mosquitto(folder) as broker, stage(folder, virtual, broker.port) as made:

        def broker_dies() -> None:
            broker.stop()
            broker.start()

        yield made, {"broker": broker_dies}


@contextmanager
def with_embedded(folder: Path, virtual: VirtualPn532) -> Iterator[tuple[Stage, dict[str, Kill]]]:
    """The broker inside the hub: both die together."""
    with stage(folder, virtual, free_port(), embedded=True) as made:
        yield made, {}


@pytest.mark.parametrize("house", [with_mosquitto, with_embedded])
@pytest.mark.parametrize("seed", [1, 2])
def test_kills_in_the_middle_of_a_stream_lose_nothing_and_double_nothing(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str], house, seed: int
):
    chance = random.Random(seed)  # noqa: S311 - a test that can be run again
    with house(tmp_path, virtual) as (door, broker_kill):
        backlog(door.kiosk.file)

        def hub_dies() -> None:
            door.hub.kill()
            door.hub.start()

        def kiosk_dies() -> None:
            door.kiosk.kill()
            door.lift_blindly()
            door.start_kiosk()

        kills: dict[str, Kill] = {"hub": hub_dies, "kiosk": kiosk_dies, **broker_kill}
        plan = [*kills, *chance.choices(list(kills), k=ROUNDS - len(kills))]
        chance.shuffle(plan)

        door.hub.start()
        door.start_kiosk()
        for victim in plan:
            for _ in range(chance.randrange(1, 4)):
                door.tap()
            door.hold()
            door.virtual.wait_for_polls(2, chance.uniform(0, 0.1))
            kills[victim]()
            door.kills += 1
            door.lift_blindly()
        door.tap()
        counted = door.settled()
        door.nothing_was_shown_that_is_not_so()

    assert (counted.lost, counted.doubled, counted.quarantined) == (0, 0, 0), counted
    assert counted.stored == counted.written >= BACKLOG + ROUNDS
    counts.append(f"{house.__name__.replace('_', ' ')}, seed {seed} ({', '.join(plan)} killed): {counted}")


def test_a_hub_killed_while_it_takes_in_a_backlog_has_every_event_once(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        backlog(door.kiosk.file, 30_000)
        door.hub.start()
        door.start_kiosk()
        for part in (500, 3_000):
            wait_until(lambda n=part: len(door.hub.rows.events()) >= n, f"{part} events at the hub")
            door.hub.kill()
            door.kills += 1
            assert door.count().lost > 0, "the hub had everything before it was killed"
            door.hub.start()
        counted: Count = door.settled()
    assert (counted.lost, counted.doubled, counted.quarantined) == (0, 0, 0), counted
    counts.append(f"hub killed while it takes in a backlog: {counted}")
