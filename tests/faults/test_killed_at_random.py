"""Everything is killed at random while kiosks write fast: 0 lost, 0 doubled, on every broker and database.

A few seconds each in the suite; `make chaos SECONDS=…` keeps it going.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import RunningBroker, free_port, running_mosquitto, running_nats
from tests.fakes.counting import LONGEST_S, share_s
from tests.fakes.mayhem import Victim, mayhem
from tests.fakes.programs import Count
from tests.fakes.servers import crashing_postgresql, make_database
from tests.fakes.stage import Stage, stage

pytestmark = [pytest.mark.faults, pytest.mark.chaos, pytest.mark.timeout(LONGEST_S)]

SHORT_S = 5
"""Seconds of one run in the suite; longer if not everybody was killed once by then."""

SHARE = 0.16
"""Of a long run, for each house."""

House = Callable[[Path, VirtualPn532], AbstractContextManager[tuple[Stage, list[Victim]]]]


def victim(broker: RunningBroker) -> Victim:
    """A broker that is killed."""
    return Victim(broker.name, broker.stop, broker.start)


@contextmanager
def mosquitto_and_sqlite(folder: Path, virtual: VirtualPn532) -> Iterator[tuple[Stage, list[Victim]]]:
    """A broker that keeps nothing, and the hub on a file."""
    with running_mosquitto(folder) as broker, stage(folder, virtual, broker.port) as door:
        yield door, [victim(broker)]


@contextmanager
def embedded_and_postgresql(folder: Path, virtual: VirtualPn532) -> Iterator[tuple[Stage, list[Victim]]]:
    """The broker inside the hub dies with it; the hub is on a server, which crashes too."""
    with crashing_postgresql() as server:
        database = make_database(server.url, "hub")
        with stage(folder, virtual, free_port(), embedded=True, database=database) as door:
            yield door, [Victim("postgresql", server.crash, server.start)]


@contextmanager
def nats_and_sqlite(folder: Path, virtual: VirtualPn532) -> Iterator[tuple[Stage, list[Victim]]]:
    """A broker over streams on the disk, in MQTT 3.1.1."""
    with running_nats(folder) as broker, stage(folder, virtual, broker.port) as door:
        yield door, [victim(broker)]


@pytest.mark.parametrize(
    "house",
    [mosquitto_and_sqlite, embedded_and_postgresql, nats_and_sqlite],
    ids=lambda house: house.__name__,
)
def test_nothing_is_lost_or_doubled_whoever_is_killed_whenever(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str], total: list[Count], house: House
):
    with house(tmp_path, virtual) as (door, others), mayhem(door, 1, others) as made:
        counted = made.rage(share_s(SHARE, SHORT_S))
    assert counted.is_whole(), counted
    total.append(counted)
    counts.append(f"{house.__name__.replace('_', ' ')}: {counted} ({made.by_victim()})")
