"""A hub that is restored from a backup is behind its kiosks: they send again what it has lost."""

import shutil
from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import running_mosquitto
from tests.fakes.stage import stage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(90)]


def test_a_hub_restored_from_an_older_copy_gets_again_what_the_copy_lacks(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    backup = tmp_path / "backup.db"
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        door.hub.start()
        door.start_kiosk()
        door.tap()
        door.settled()
        door.hub.stop()
        shutil.copy(door.hub.file, backup)

        door.hub.start()
        door.tap()
        door.tap()
        assert door.settled().stored == 3
        door.hub.kill()
        for file in door.hub.folder.glob("hub.db*"):
            file.unlink()
        shutil.copy(backup, door.hub.file)
        assert door.count().lost == 2

        door.hub.start()
        counted = door.settled()
        assert door.kiosk.log_says("the hub went back from event 3 to 1: sending again") == 1
    assert (counted.stored, counted.lost, counted.doubled, counted.quarantined) == (3, 0, 0, 0)
    counts.append(f"hub restored from an older copy: {counted}")
