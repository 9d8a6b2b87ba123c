"""A hub that is restored from a backup is behind its kiosks: they send again what it has lost."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from community.ids import MemberId
from hardware.virtual.port import VirtualPn532
from plumbing.database import Database, open_engine
from sync.store import directory
from tests.fakes.brokers import running_mosquitto
from tests.fakes.programs import revision, wait_until
from tests.fakes.stage import stage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


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


def foyer(*arguments: object) -> str:
    """Run a command as an operator would."""
    done = subprocess.run(
        [sys.executable, "-m", "foyer", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return f"{done.returncode} {done.stdout}{done.stderr}"


def test_a_hub_restored_by_its_own_commands_gets_todays_events_again_from_the_kiosk(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    yesterday = tmp_path / "yesterday.backup"
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        door.hub.start()
        door.start_kiosk()
        door.tap()
        door.settled()
        made = foyer("hub", "backup", yesterday, "--settings", door.hub.settings)
        assert made.startswith("0 "), made
        for _ in range(4):  # today
            door.tap()
        assert door.settled().stored == 5
        running = foyer("hub", "restore", yesterday, "--settings", door.hub.settings)
        assert running.startswith("2 "), running
        assert "the hub is running: stop it first" in running
        door.hub.kill()
        door.tap()  # nobody is there to take this one in
        restored = foyer("hub", "restore", yesterday, "--settings", door.hub.settings)
        assert restored.startswith("0 "), restored
        assert "What was there before is kept" in restored
        assert door.count().stored == 1

        door.hub.start()
        counted = door.settled()
        door.tap()
        counted = door.settled()
    assert (counted.stored, counted.lost, counted.doubled, counted.quarantined) == (7, 0, 0, 0)
    counts.append(f"hub restored from yesterday's backup: {counted}")


def test_a_member_erased_since_the_copy_was_made_is_erased_again(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    backup = tmp_path / "backup.db"
    erased = MemberId("m001")
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        door.hub.start()
        door.start_kiosk()
        door.waits_for_members()
        door.hub.stop()
        shutil.copy(door.hub.file, backup)
        before = revision(door.kiosk.file)
        with closing(Database(open_engine(door.hub.database))) as database:
            database.write_now(lambda c: directory.remove_member(c, erased))
        door.hub.start()
        wait_until(lambda: revision(door.kiosk.file) > before, "the kiosk to hear of the erasure")

        door.hub.kill()
        for file in door.hub.folder.glob("hub.db*"):
            file.unlink()
        shutil.copy(backup, door.hub.file)
        door.hub.start()
        wait_until(lambda: "they were erased again" in door.hub.program.err.read_text(), "the second erasure")
        door.hub.stop()
        with closing(Database(open_engine(door.hub.database))) as database:
            assert erased not in [member.id for member in database.read_now(directory.all_members)]
        with closing(sqlite3.connect(f"file:{door.kiosk.file}?mode=ro", uri=True)) as kiosk:
            found = kiosk.execute("SELECT kind FROM items WHERE key = ?", (erased,)).fetchall()
        assert found == [("erased",)]
    counts.append("hub restored from a copy that still had an erased member: erased again")
