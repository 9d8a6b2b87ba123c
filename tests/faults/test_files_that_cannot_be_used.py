"""A database that is garbage or too new, a port that is taken: one sentence, status 2, nothing changed."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import free_port
from tests.fakes.programs import Program
from tests.fakes.stage import Stage, stage

pytestmark = [pytest.mark.faults]

GARBAGE = b"this was a database once\n" * 1_000


@pytest.fixture
def door(tmp_path: Path, virtual: VirtualPn532) -> Iterator[Stage]:
    with stage(tmp_path, virtual, free_port(), embedded=True) as made:
        yield made


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def start(door: Stage, program: str) -> Program:
    """Start one of the two programs, which is expected to end."""
    if program == "kiosk":
        door.kiosk.start()
        return door.kiosk.program
    door.hub.program.run("hub", "--settings", str(door.hub.settings), "--announce")
    return door.hub.program


def database_of(door: Stage, program: str) -> Path:
    return door.kiosk.file if program == "kiosk" else door.hub.file


def sentence(program: Program) -> str:
    """What it said as it ended with status 2: the one line beside its log, no traceback."""
    assert program.end() == 2
    said = program.err.read_text()
    assert "Traceback" not in said
    (line,) = [line for line in said.splitlines() if line.startswith("foyer: ")]
    return line


@pytest.mark.parametrize("program", ["kiosk", "hub"])
def test_a_garbage_database_is_said_and_left_alone(door: Stage, program: str):
    file = database_of(door, program)
    file.write_bytes(GARBAGE)
    line = sentence(start(door, program))
    assert str(file) in line
    assert "is damaged: move it aside, restore the last backup, and keep the old file" in line
    assert file.read_bytes() == GARBAGE


@pytest.mark.parametrize("program", ["kiosk", "hub"])
def test_a_database_of_a_newer_foyer_is_said_and_left_alone(door: Stage, program: str):
    if program == "kiosk":
        door.start_kiosk()
        door.kiosk.stop()
    file = database_of(door, program)
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
        before = list(database.iterdump())
    line = sentence(start(door, program))
    assert "was written by a newer Foyer (schema 9999): update this program" in line
    with closing(sqlite3.connect(file)) as database:
        assert list(database.iterdump()) == before


def test_a_log_somebody_wrote_into_is_said_and_left_alone(door: Stage):
    door.start_kiosk()
    door.kiosk.stop()
    with closing(sqlite3.connect(door.kiosk.file)) as database:
        database.execute("INSERT INTO log VALUES (9, x'7b7d')")
        database.commit()
    line = sentence(start(door, "kiosk"))
    assert "holds event 9 but was last at 0" in line
    with closing(sqlite3.connect(door.kiosk.file)) as database:
        assert database.execute("SELECT seq FROM log").fetchall() == [(9,)]


def test_a_dashboard_port_that_is_taken_is_said_with_the_cure(door: Stage, taken_port: int):
    text = door.hub.settings.read_text().replace(f"port = {door.hub.dashboard_port}", f"port = {taken_port}")
    door.hub.settings.write_text(text)
    line = sentence(start(door, "hub"))
    assert f"the hub cannot listen on 127.0.0.1:{taken_port}" in line
    assert "choose another `port`" in line


def test_a_broker_port_that_is_taken_is_said_with_the_cure(door: Stage, taken_port: int):
    text = door.hub.settings.read_text().replace(f"port = {door.hub.broker_port}", f"port = {taken_port}")
    door.hub.settings.write_text(text)
    line = sentence(start(door, "hub"))
    assert f"the embedded broker cannot listen on 127.0.0.1:{taken_port}" in line
    assert "choose another `port` in [broker]" in line
