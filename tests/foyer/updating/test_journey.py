"""A machine is updated, goes back, and is saved from a release that does not work: no tap is ever lost."""

import json
import urllib.request
from pathlib import Path

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


def page_of_the_hub(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()


def schemas(machine: Machine) -> tuple[str, str]:
    return schema_of(machine.data / "hub.db"), schema_of(machine.data / "kiosk.db")


def test_forward_and_back_and_back_from_what_does_not_work(
    machine: Machine, reader: VirtualPn532, maker: Maker, tmp_path: Path
):
    broker, dashboard = free_port(), free_port()
    machine.has_hub(broker, dashboard)
    machine.has_kiosk(f"pn532:{reader.path}", broker)
    machine.start()
    machine.tap(reader)
    hub = HubRows(f"sqlite:///{machine.data}/hub.db")

    # forward: the new tables, and every tap
    code, said = machine.update(maker.release("0.2.0", MIGRATES))
    assert code == 0, said + machine.says("hub") + machine.says("kiosk")
    assert machine.release == "0.2.0"
    assert version_of_the_hub(dashboard) == "0.2.0"
    assert "<form" in page_of_the_hub(dashboard, "/"), "templates are in the wheel"
    assert "--" in page_of_the_hub(dashboard, "/static/foyer.css")
    assert schemas(machine) == ("9001", "9001")
    assert not (machine.layout.state / "journal.json").exists()
    machine.tap(reader)

    # back: the old tables, and what was written meanwhile
    code, said = machine.update("--rollback")
    assert code == 0, said
    assert machine.release == version_of_the_hub(dashboard) == "0.1.0"
    assert schemas(machine) == (head("sync"), head("kiosk"))
    assert machine.log == 2
    machine.tap(reader)

    # a release that does not come up: tapped on while it is watched, then undone by itself
    services = Processes(machine.layout)
    hold = tmp_path / "hold"
    hold.touch()
    files = {**MIGRATES, **never_says_that_it_is_up(maker.wheel)}
    trying = machine.begin(maker.release("0.3.0", files), environment={"HOLD": str(hold)})
    try:
        wait_until(
            lambda: trying.poll() is not None or (machine.release == "0.3.0" and services.is_up("kiosk")),
            "the broken kiosk to be there",
            PATIENT_S,
        )
        assert trying.poll() is None, trying.communicate()[0]
        assert machine.release == "0.3.0"
        machine.tap(reader)
        rows = kiosk_rows(machine.data / "kiosk.db")
        hold.unlink()
        said, _ = trying.communicate(timeout=300)
    finally:
        trying.kill()
        trying.wait()
    assert trying.returncode == 1, said
    assert "did not come up: the kiosk." in said
    assert machine.release == version_of_the_hub(dashboard) == "0.1.0"
    assert schemas(machine) == (head("sync"), head("kiosk"))
    assert kiosk_rows(machine.data / "kiosk.db") == rows
    assert len(rows) == 4
    assert all(services.is_up(name) for name in ("hub", "kiosk"))
    wait_until(lambda: len(hub.events()) == len(rows), "the hub to have every event", PATIENT_S)
