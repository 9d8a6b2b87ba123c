"""A machine is updated, goes back, and is saved from a release that does not work: no tap is ever lost."""

import json
import urllib.request
from pathlib import Path

import pytest

from foyer.updating.projecting import schema_of
from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import free_port
from tests.fakes.programs import HubRows, kiosk_rows, wait_until
from tests.fakes.releases import (
    MIGRATES,
    PATIENT_S,
    Machine,
    Maker,
    Processes,
    head,
    never_says_that_it_is_up,
)


def version_of_the_hub(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=60) as answer:
        return json.load(answer)["version"]


def answers(port: int) -> bool:
    try:
        return bool(version_of_the_hub(port))
    except OSError:
        return False


def page_of_the_hub(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()


def schemas(machine: Machine) -> tuple[str, str]:
    return schema_of(machine.data / "hub.db"), schema_of(machine.data / "kiosk.db")


@pytest.fixture(scope="module")
def dashboard() -> int:
    return free_port()


@pytest.fixture(scope="module")
def place(machine: Machine, reader: VirtualPn532, dashboard: int) -> Machine:
    """A machine with a hub and a kiosk that somebody has tapped at."""
    broker = free_port()
    machine.has_hub(broker, dashboard)
    machine.has_kiosk(f"pn532:{reader.path}", broker)
    machine.start()
    machine.tap(reader)
    return machine


def test_a_release_that_does_not_come_up_is_undone_and_keeps_the_taps_made_on_it(
    place: Machine, reader: VirtualPn532, dashboard: int, maker: Maker, tmp_path: Path
):
    services, hold, before = Processes(place.layout), tmp_path / "hold", place.log
    hold.touch()
    files = {**MIGRATES, **never_says_that_it_is_up(maker.wheel)}
    trying = place.begin(maker.release("0.3.0", files), environment={"HOLD": str(hold)})
    try:
        wait_until(
            lambda: trying.poll() is not None or (place.release == "0.3.0" and services.is_up("kiosk")),
            "the broken kiosk to be there",
            PATIENT_S,
        )
        assert trying.poll() is None, trying.communicate()[0]
        place.tap(reader)
        rows = kiosk_rows(place.data / "kiosk.db")
        hold.unlink()
        said, _ = trying.communicate(timeout=PATIENT_S)
    finally:
        trying.kill()
        trying.wait()
    assert trying.returncode == 1, said
    assert "did not come up: " in said
    assert "the kiosk." in said
    wait_until(lambda: answers(dashboard), "the old hub to answer", PATIENT_S)
    assert place.release == version_of_the_hub(dashboard) == "0.1.0"
    assert schemas(place) == (head("sync"), head("kiosk"))
    assert kiosk_rows(place.data / "kiosk.db") == rows
    assert len(rows) == before + 1
    assert all(services.is_up(name) for name in ("hub", "kiosk"))
    hub = HubRows(f"sqlite:///{place.data}/hub.db")
    wait_until(lambda: len(hub.events()) == len(rows), "the hub to have every event", PATIENT_S)


def test_forward_and_back_with_every_tap(place: Machine, reader: VirtualPn532, dashboard: int, maker: Maker):
    before = place.log
    code, said = place.update(maker.release("0.2.0", MIGRATES))
    assert code == 0, said + place.says("hub") + place.says("kiosk")
    assert place.release == version_of_the_hub(dashboard) == "0.2.0"
    assert "<form" in page_of_the_hub(dashboard, "/"), "templates are in the wheel"
    assert "--" in page_of_the_hub(dashboard, "/static/foyer.css")
    assert schemas(place) == ("9001", "9001")
    assert not (place.layout.state / "journal.json").exists()
    place.tap(reader)

    code, said = place.update("--rollback")
    assert code == 0, said
    assert place.release == version_of_the_hub(dashboard) == "0.1.0"
    assert schemas(place) == (head("sync"), head("kiosk"))
    assert place.log == before + 1
    place.tap(reader)
    hub = HubRows(f"sqlite:///{place.data}/hub.db")
    wait_until(lambda: len(hub.events()) == place.log, "the hub to have every event", PATIENT_S)
