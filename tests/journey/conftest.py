"""The whole house with nothing pretended but the chip: brokers, databases, hub, reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from foyer.members import import_members
from hardware.virtual.port import BRISK, VirtualPn532
from tests.fakes.brokers import free_port, running_mosquitto
from tests.fakes.counting import counts, pytest_terminal_summary
from tests.fakes.members import write
from tests.fakes.programs import Hub
from tests.fakes.servers import make_database, running_postgresql
from tests.fakes.tidiness import nothing_is_left

__all__ = ["counts", "nothing_is_left", "pytest_terminal_summary"]


@pytest.fixture
def virtual(nothing_is_left: None) -> Iterator[VirtualPn532]:
    """A plugged-in virtual reader that is quick."""
    chip = VirtualPn532(timing=BRISK)
    chip.start()
    yield chip
    chip.stop()


@pytest.fixture(params=["embedded broker, SQLite", "Mosquitto, SQLite", "Mosquitto, PostgreSQL"])
def hub(request: pytest.FixtureRequest, tmp_path: Path, nothing_is_left: None) -> Iterator[Hub]:
    """A running hub with three members, over each kind of broker and database."""
    broker, database = request.param.split(", ")
    if broker == "embedded broker":
        yield from _running(Hub(tmp_path / "hub", free_port(), embedded=True))
        return
    with running_mosquitto(tmp_path) as mosquitto:
        if database == "SQLite":
            yield from _running(Hub(tmp_path / "hub", mosquitto.port))
            return
        with running_postgresql() as server:
            database = make_database(server, "hub")
            yield from _running(Hub(tmp_path / "hub", mosquitto.port, database=database))


def _running(hub: Hub) -> Iterator[Hub]:
    written = import_members(hub.settings, write(hub.folder))
    assert not written.problems
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()
