"""What a host puts right on the dashboard holds at the door: real hub, broker, and kiosk program."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from foyer.members import import_members
from tests.fakes.brokers import free_port
from tests.fakes.door_program import Door, reader
from tests.fakes.members import AMINA, LEA, write
from tests.fakes.programs import Hub, KioskProgram, wait_until
from tests.sync.dashboard.house import Browser

pytestmark = pytest.mark.timeout(480)


@dataclass
class Dashboard:
    """Where the dashboard of a running hub is, as a `Browser` asks it."""

    port: int
    codes: list[str]


@pytest.fixture
def house(tmp_path: Path, nothing_is_left: None) -> Iterator[tuple[Hub, Door]]:
    """A hub with its own broker, and a door."""
    hub = Hub(tmp_path / "hub", free_port(), embedded=True)
    assert not import_members(hub.settings, write(hub.folder)).problems
    with reader() as virtual:
        kiosk = KioskProgram(
            tmp_path / "door", f"pn532:{virtual.path}", hub.broker_port, hub.badge_key, "door"
        )
        door = Door(kiosk, virtual)
        hub.start()
        try:
            door.start()
            door.knows_members()
            yield hub, door
        finally:
            door.kiosk.kill()
            hub.kill()


def does(host: Browser, **fields: str) -> None:
    """Send a form of the page, for the visit as it stands there."""
    page = host.get("/visits")
    if "id" in fields:
        line = page.text.partition(f'id="m-{fields["id"]}"')[2]
        found = re.search(r'name="seen" value="([^"]*)"', line)
        assert found, page.text
        fields["seen"] = found[1]
    answer = host.post("/visits", {"form_token": page.form_token, **fields})
    assert answer.headers["location"].startswith(f"/visits?said={fields['do']}")


def test_who_is_checked_in_or_out_by_hand_is_so_at_the_door(house: tuple[Hub, Door]):
    hub, door = house
    said = [json.loads(line) for line in hub.program.out.read_text().splitlines()]
    host = Browser(Dashboard(hub.dashboard_port, [line["code"] for line in said if "code" in line]))
    assert host.set_up().status == 303

    does(host, do="in", member="Léa")
    door.has_heard(("visit_corrected", LEA))
    assert door.tap(LEA)["outcome"] == "OwnCard", "a tap is no second arrival"

    does(host, do="in", member="Amina")
    door.has_heard(("visit_corrected", AMINA))
    hub.kill()
    hub.start()
    wait_until(lambda: AMINA in hub.present()["members"], "the hub to know it still")
    host.log_in()
    does(host, do="out", id=AMINA)
    assert AMINA not in hub.present()["members"]
    wait_until(lambda: door.held().count(("visit_corrected", AMINA)) == 2, "the door to hear of it")
    assert door.tap(AMINA)["outcome"] == "Arrived", "she had left"
