"""The disk is full: a tap that cannot be noted is not greeted, nothing is half-written, and it passes."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from kiosk.core.views import TroubleScreen, UnknownBadge
from tests.fakes.brokers import free_port, running_mosquitto
from tests.fakes.members import STRANGE
from tests.fakes.programs import is_whole, kiosk_rows, wait_until
from tests.fakes.stage import stage
from tests.fakes.witness import kiosk_on_screen, lift

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    if os.geteuid() != 0:
        reason = "only root may mount a small file system"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill the file system to its last byte; return the file to remove."""
    file = folder / "filler"
    with file.open("wb", buffering=0) as stream:
        size = 65_536
        while size:
            try:
                stream.write(bytes(size))
            except OSError:
                size //= 2
    return file


async def test_a_tap_on_a_full_disk_is_refused_in_words_and_the_next_one_works_once_there_is_room(
    small_disk: Path, tmp_path: Path, virtual: VirtualPn532
):
    file = small_disk / "kiosk.db"
    async with kiosk_on_screen(
        small_disk, virtual, broker_port=free_port(), badge_key=tmp_path / "badge.key"
    ) as witness:
        await witness.ready()
        assert (await witness.tap(virtual, STRANGE)).seqs == (1,)
        assert (small_disk / "ballast").stat().st_blocks
        filler = fill(small_disk)

        refused = 0
        while refused == 0:  # a page or two may still be free inside the files
            seen, noted = len(witness.painted), len(kiosk_rows(file))
            virtual.present(type(STRANGE)(b"\x04" + os.urandom(6)))
            await witness.until(
                lambda n=seen: witness.seen(TroubleScreen, n) or witness.seen(UnknownBadge, n)
            )
            refused = len(witness.seen(TroubleScreen, seen))
            assert len(kiosk_rows(file)) == noted + (0 if refused else 1)
            await lift(virtual)
        assert not (small_disk / "ballast").exists(), "a tap was refused while there was ballast to let go"
        _, words = witness.seen(TroubleScreen, seen)[0]
        assert "Le disque est plein" in words
        assert "The disk is full" in words
        assert not witness.seen(UnknownBadge, seen), "a tap was greeted that was not noted"

        filler.unlink()
        noted = len(kiosk_rows(file))
        seen = len(witness.painted)
        trace = await witness.tap(virtual, type(STRANGE)(b"\x04" + os.urandom(6)))
        assert (trace.outcome, trace.seqs) == ("Unknown", (noted + 1,))
        await witness.shows(UnknownBadge, since=seen)
    log = kiosk_rows(file)
    assert sorted(seq for _, seq in log) == list(range(1, noted + 2))
    assert is_whole(file)


def test_a_hub_on_a_full_disk_takes_everything_in_once_there_is_room(
    small_disk: Path, tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        door.hub.database = f"sqlite:///{small_disk}/hub.db"
        settings = door.hub.settings.read_text().replace(f"sqlite:///{door.hub.file}", door.hub.database)
        door.hub.settings.write_text(settings)
        door.hub.start()
        door.start_kiosk()
        door.tap()
        door.settled()
        filler = fill(small_disk)
        while not (complaints := door.hub.program.err.read_text().count("nothing can be stored")):
            door.tap()
        assert complaints
        assert "is full" in door.hub.program.err.read_text()
        behind = door.count()
        assert behind.lost > 0
        filler.unlink()
        counted = door.settled()
        door.hub.stop()
    assert (counted.lost, counted.doubled, counted.quarantined) == (0, 0, 0)
    assert is_whole(small_disk / "hub.db")
    counts.append(f"hub's disk full while members tap: {counted}")


def test_a_kiosk_that_cannot_even_start_on_a_full_disk_says_so(
    small_disk: Path, tmp_path: Path, virtual: VirtualPn532
):
    with stage(tmp_path, virtual, free_port()) as door:
        filler = fill(small_disk)
        door.kiosk.settings.write_text(
            door.kiosk.settings.read_text().replace(f'"{door.kiosk.folder}"', f'"{small_disk}"')
        )
        door.kiosk.start()
        assert door.kiosk.program.end() == 2
        assert door.kiosk.log_says("is full: free some space on it") == 1
        assert door.kiosk.log_says("Traceback") == 0
        filler.unlink()
        door.start_kiosk()
        wait_until((small_disk / "kiosk.db").exists, "the kiosk to have its database")
