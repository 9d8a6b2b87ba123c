"""An update that is killed anywhere is finished or undone by whoever comes next; no tap is lost."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from foyer.updating.layout import COMPLETE
from foyer.updating.projecting import schema_of
from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import free_port
from tests.fakes.programs import kiosk_rows, wait_until
from tests.fakes.releases import MIGRATES, Machine, Maker, Processes, head, never_says_that_it_is_up

pytestmark = pytest.mark.faults

GOING = ("build", "rehearse", "stop", "snapshot", "fit", "switch", "start", "health", "keep", "prune")
UNDOING = ("undo-stop", "undo-fit", "undo-switch", "undo-start", "undo-close")

NEW_FROM = GOING.index("start")
"""From this step on the new release stands in its place: it is finished, not undone."""


@pytest.fixture(scope="module")
def door(machine: Machine, reader: VirtualPn532) -> Machine:
    """A machine with a kiosk that somebody has tapped at."""
    machine.has_kiosk(f"pn532:{reader.path}", free_port())
    machine.start()
    machine.tap(reader)
    return machine


@pytest.fixture(scope="module")
def good(maker: Maker) -> Path:
    return maker.release("0.2.0", MIGRATES)


@pytest.fixture(scope="module")
def bad(maker: Maker) -> Path:
    return maker.release("0.3.0", {**MIGRATES, **never_says_that_it_is_up(maker.wheel)})


@pytest.fixture
def rows(door: Machine) -> Iterator[dict[tuple[str, int], bytes]]:
    """The log before; afterwards it holds the same, and a kiosk runs on it."""
    before = kiosk_rows(door.data / "kiosk.db")
    assert before
    yield before
    assert kiosk_rows(door.data / "kiosk.db") == before
    wait_until(lambda: Processes(door.layout).is_up("kiosk"), "the kiosk to run")
    assert not (door.layout.state / "journal.json").exists()
    assert not door.layout.snapshots.exists(), "copies hold members' data"
    running = door.layout.running()
    assert (running / COMPLETE).exists()
    expected = head("kiosk") if door.release == "0.1.0" else "9001"
    assert schema_of(door.data / "kiosk.db") == expected


def killed(machine: Machine, step: str, *arguments: object, hold: Path | None = None) -> None:
    environment = {"DIE_AT": step} | ({"HOLD": str(hold)} if hold else {})
    code, said = machine.update(*arguments, environment=environment)
    assert code == -signal.SIGKILL, said


@pytest.mark.parametrize("step", GOING)
def test_killed_on_the_way_forward(door: Machine, good: Path, rows: object, step: str):
    if door.release == "0.2.0":
        assert door.update("--rollback")[0] == 0
    killed(door, step, good)
    code, said = door.update("--finish")
    if step in {"build", "rehearse", "prune"}:
        assert (code, said) == (0, ""), "nothing was begun, or all was done"
    elif GOING.index(step) < NEW_FROM:
        assert code == 1, said
        assert "interrupted" in said
        assert door.release == "0.1.0"
    else:
        assert code == 0, said
        assert door.release == "0.2.0"


@pytest.mark.parametrize("step", UNDOING)
def test_killed_on_the_way_back(door: Machine, bad: Path, rows: object, step: str, tmp_path: Path):
    if door.release != "0.1.0":
        assert door.update("--rollback")[0] == 0
    killed(door, step, bad, hold=tmp_path / "never")
    code, said = door.update("--finish")
    assert code == 1, said
    assert "runs again, as before" in said
    assert door.release == "0.1.0"
