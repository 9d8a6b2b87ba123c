"""Two kiosk programs in one space: who came in at one door is in at the other, whatever is down."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from community.ids import MemberId
from foyer.members import import_members
from plumbing.database import Database, open_engine
from sync.store import directory
from tests.contract.recorded import validate
from tests.fakes.brokers import Mosquitto, running_mosquitto
from tests.fakes.door_program import Door, reader
from tests.fakes.members import AMINA, LEA, PAUL, write
from tests.fakes.programs import (
    Hub,
    KioskProgram,
    Recorder,
    of_other_doors,
    wait_until,
)

pytestmark = pytest.mark.timeout(480)


@dataclass
class House:
    """Two doors, a broker and a hub."""

    street: Door
    garden: Door
    broker: Mosquitto
    hub: Hub

    @property
    def doors(self) -> tuple[Door, Door]:
        """Both."""
        return self.street, self.garden


@pytest.fixture
def house(tmp_path: Path, nothing_is_left: None) -> Iterator[House]:
    hub_folder = tmp_path / "hub"
    with running_mosquitto(tmp_path) as broker, reader() as first, reader() as second:
        hub = Hub(hub_folder, broker.port)
        assert not import_members(hub.settings, write(hub.folder)).problems
        doors = [
            Door(
                KioskProgram(tmp_path / name, f"pn532:{virtual.path}", broker.port, hub.badge_key, name),
                virtual,
            )
            for name, virtual in (("street-door", first), ("garden-door", second))
        ]
        hub.start()
        try:
            for door in doors:
                door.start()
                door.knows_members()
            yield House(*doors, broker, hub)
        finally:
            for door in doors:
                door.kiosk.kill()
            hub.kill()


def agrees(hub: Hub, *members: str) -> None:
    """Wait until these members are in, as the hub has it; Paul is hidden and only counted."""
    wanted = {"present": len(members), "members": sorted({*members} - {PAUL})}

    def so() -> bool:
        said = hub.present()
        return {**said, "members": sorted(said["members"])} == wanted

    wait_until(so, f"the hub to have {members} in")


def erase(hub: Hub, member: str) -> None:
    """Erase a member in the hub's database, as the dashboard does."""
    database = Database(open_engine(hub.database))
    try:
        database.write_now(lambda c: directory.remove_member(c, MemberId(member)))
    finally:
        database.close()


def test_who_came_in_at_one_door_is_in_at_the_other(house: House):
    street, garden = house.doors
    with Recorder(house.broker.port) as recorder:
        assert street.tap(LEA)["outcome"] == "Arrived"
        garden.has_heard(("checked_in", LEA))
        arrival = garden.tap(AMINA)
        assert (arrival["outcome"], arrival["introduced"]) == ("Arrived", 1), "they need each other"
        assert garden.tap(LEA)["outcome"] == "OwnCard"
        street.has_heard(("checked_in", AMINA), ("introduced", AMINA))

        house.hub.kill()
        assert garden.tap(PAUL)["outcome"] == "Arrived"
        street.has_heard(("checked_in", PAUL))
        assert street.tap(PAUL)["outcome"] == "OwnCard"
        garden.leaves(LEA)
        street.has_heard(("checked_out", LEA))
        assert street.tap(LEA)["outcome"] == "Arrived"
        garden.has_heard(("checked_in", LEA))
        messages = list(recorder.messages)

    for topic, payload in messages:
        validate(topic, payload)
    for payload in recorder.said("told"):
        assert "Léa".encode() not in payload, "a name stands in what doors tell each other"
        assert b"unknown_badge" not in payload
    house.hub.start()
    agrees(house.hub, LEA, AMINA, PAUL)


def test_doors_that_were_cut_off_go_on_alone_and_agree_again(house: House):
    street, garden = house.doors
    assert street.tap(AMINA)["outcome"] == "Arrived"
    garden.has_heard(("checked_in", AMINA))

    house.broker.stop()
    street.leaves(AMINA)
    assert street.tap(LEA)["outcome"] == "Arrived"
    assert garden.tap(LEA)["outcome"] == "Arrived", "it cannot know"
    assert garden.tap(PAUL)["outcome"] == "Arrived"
    house.broker.start()

    street.has_heard(("checked_in", PAUL), ("checked_in", LEA))
    garden.has_heard(("checked_out", AMINA))
    agrees(house.hub, LEA, PAUL)
    assert street.tap(PAUL)["outcome"] == "OwnCard"
    assert garden.tap(AMINA)["outcome"] == "Arrived", "she left at the other door"
    assert garden.tap(LEA)["outcome"] in {"OwnCard", "SameTap"}, "or within the quiet period"


def test_a_door_that_was_off_learns_the_day_from_the_other_or_from_the_hub(house: House):
    street, garden = house.doors
    garden.kiosk.kill()
    assert street.tap(LEA)["outcome"] == "Arrived"
    house.hub.kill()
    garden.start()
    garden.has_heard(("checked_in", LEA))
    assert garden.tap(LEA)["outcome"] == "OwnCard"

    garden.kiosk.kill()
    assert street.tap(PAUL)["outcome"] == "Arrived"
    house.hub.start()
    agrees(house.hub, LEA, PAUL)
    street.kiosk.kill()
    garden.start()
    garden.has_heard(("checked_in", PAUL))
    assert garden.tap(PAUL)["outcome"] == "OwnCard"


def test_a_door_that_lost_its_disk_learns_from_the_hub_who_is_in(house: House):
    street, garden = house.doors
    assert street.tap(LEA)["outcome"] == "Arrived"
    agrees(house.hub, LEA)
    garden.kiosk.kill()
    street.kiosk.kill()
    for file in street.kiosk.folder.glob("kiosk.db*"):
        file.unlink()
    street.start()
    street.knows_members()
    street.has_heard(("checked_in", LEA))
    assert street.tap(LEA)["outcome"] == "OwnCard"


def test_whoever_is_erased_is_erased_at_every_door(house: House):
    street, garden = house.doors
    assert street.tap(LEA)["outcome"] == "Arrived"
    garden.has_heard(("checked_in", LEA))
    assert street.tap(PAUL)["outcome"] == "Arrived"
    garden.has_heard(("checked_in", PAUL))
    erase(house.hub, LEA)
    wait_until(lambda: not [e for e in garden.held() if e[1] == LEA], "the garden door to forget her")
    garden.kiosk.kill()
    garden.start()  # it asks for the day once more
    assert street.tap(AMINA)["outcome"] == "Arrived"
    garden.has_heard(("checked_in", AMINA), ("checked_in", PAUL))
    assert LEA not in json.dumps(of_other_doors(garden.kiosk.file))
