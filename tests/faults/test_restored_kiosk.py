"""A kiosk whose file is put back from an old copy: what it wrote since gets new ids, and nothing is lost."""

import shutil
from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import running_mosquitto
from tests.fakes.stage import Stage, stage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]


def restore(door: Stage, copy: Path) -> None:
    """Put an old copy in the place of the kiosk's file."""
    for file in door.kiosk.folder.glob("kiosk.db*"):
        file.unlink()
    shutil.copy(copy, door.kiosk.file)


def test_a_kiosk_restored_from_an_old_copy_loses_nothing_and_doubles_nothing(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    copy = tmp_path / "copy.db"
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        door.hub.start()
        door.start_kiosk()
        door.waits_for_members()
        door.tap()
        door.settled()
        door.kiosk.stop()
        shutil.copy(door.kiosk.file, copy)

        door.start_kiosk()
        for _ in range(3):
            door.tap()
        door.settled()
        lived = door.kiosk.rows()
        assert len(lived) >= 4
        door.kiosk.kill()
        door.hub.stop()

        # More taps than were forgotten, before the hub is heard of: its cursor lies within the log.
        restore(door, copy)
        door.start_kiosk()
        for _ in range(4):
            door.tap()
        door.hub.start()
        counted = door.settled()
        assert door.kiosk.log_says("restored from an old copy") == 1
        at_hub = {(epoch, seq): raw for epoch, seq, raw in door.hub.rows.events()}
        assert at_hub == {**lived, **door.kiosk.rows()}
        assert len({epoch for epoch, _ in at_hub}) == 2

        # And the same copy once more, with nothing written since.
        door.kiosk.kill()
        restore(door, copy)
        door.start_kiosk()
        door.tap()
        again = door.settled()
        assert {**at_hub, **door.kiosk.rows()} == {
            (epoch, seq): raw for epoch, seq, raw in door.hub.rows.events()
        }
    assert (counted.lost, again.lost, again.quarantined) == (0, 0, 0), again
    counts.append(f"kiosk restored from an old copy, twice: {len(at_hub)} events stored, 0 lost, 0 doubled")
