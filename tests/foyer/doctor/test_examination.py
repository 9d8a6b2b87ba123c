"""The whole examination, on machines in every state."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from foyer.doctor import examination
from foyer.doctor.examination import examine, lines_of, summary
from foyer.doctor.findings import broken, notice, works
from foyer.hubprocess import HubProcess
from hardware.virtual.port import BRISK, VirtualPn532
from tests.fakes.brokers import free_port


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    for name in list(os.environ):
        if name.startswith("FOYER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def virtual():
    chip = VirtualPn532(timing=BRISK)
    chip.start()
    yield chip
    chip.stop()


async def test_a_fresh_machine_is_told_calmly_what_is_missing(capsys):
    assert await examine(None, None) == 0
    told = capsys.readouterr().out
    assert "Neither a kiosk nor a hub is set up on this machine yet." in told
    assert "foyer demo" in told
    assert "✗" not in told


async def test_only_the_reader_can_be_looked_at(capsys, kiosk_file, virtual):
    assert (
        await examine(kiosk_file(device=f"pn532:{virtual.path}", port=free_port()), None, only_reader=True)
        == 0
    )
    told = capsys.readouterr().out
    assert [line for line in told.splitlines() if line and not line.startswith(" ")] == [
        "Badge reader",
        "Nothing is broken.",
    ]
    assert "PN532 v1.6" in told


async def test_a_reader_that_is_set_wrong_is_told_with_the_reader(capsys, kiosk_file):
    assert await examine(kiosk_file(device="acr122u", port=free_port()), None, only_reader=True) == 1
    assert "'reader.device'" in capsys.readouterr().out


async def test_a_house_in_order_has_nothing_broken(
    capsys, kiosk_file, hub_file, mosquitto, virtual, tmp_path
):
    files = (
        kiosk_file(device=f"pn532:{virtual.path}", port=mosquitto.port),
        hub_file(port=mosquitto.port, dashboard=free_port()),
    )
    hub = HubProcess(files[1])
    await hub.start()
    try:
        status = await examine(*files)
    finally:
        await hub.stop()
    told = capsys.readouterr().out
    assert status == 0, told
    for sentence in (
        f"The badge reader at {virtual.path} answers: PN532 v1.6, 115200 baud.",
        "Hub: 0 events kept",
        "speaks MQTT 5 and lets the kiosk in.",
        "The hub may speak and listen on the broker.",
        "The hub is on the line: Foyer",
        "The hub is well: Foyer",
        "is private and whole; its fingerprint",
    ):
        assert sentence in told, sentence
    assert (tmp_path / "badge.key").read_text().strip() not in told


async def test_the_doctor_only_looks(capsys, kiosk_file, hub_file, mosquitto, tmp_path):
    files = (kiosk_file(port=mosquitto.port), hub_file(port=mosquitto.port, dashboard=free_port()))
    hub = HubProcess(files[1])
    await hub.start()
    await hub.stop()  # while it runs it writes to its files itself, at any time
    before = _files(tmp_path)
    await examine(*files)
    assert _files(tmp_path) == before
    assert "Hub: 0 events kept" in capsys.readouterr().out


async def test_what_is_broken_is_told_with_a_cure_and_a_status(capsys, kiosk_file, hub_file):
    assert await examine(kiosk_file(device="pn532:/dev/no-such-port"), hub_file()) == 1
    lines = capsys.readouterr().out.splitlines()
    broken_lines = [number for number, line in enumerate(lines) if line.startswith("  ✗")]
    assert len(broken_lines) == 4  # reader, broker twice, hub
    assert all(lines[number + 1].startswith("      → ") for number in broken_lines)
    assert lines[-1] == "Broken: 4. What to do stands under each."


async def test_it_speaks_french_to_whom_the_locale_says_so(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert await examine(None, None) == 0
    told = capsys.readouterr().out
    assert "Ni borne ni hub ne sont encore installés" in told
    assert "Rien n’est en panne." in told


async def test_a_check_that_fails_itself_does_not_end_the_others(capsys, monkeypatch):
    def fails(_say):
        raise RuntimeError("a fault with somebody's name in it")

    monkeypatch.setattr(examination.machine, "check_clock", fails)
    assert await examine(None, None) == 1
    told = capsys.readouterr().out
    assert "This could not be looked at to the end (RuntimeError)." in told
    assert "somebody" not in told
    assert "Screen" in told


def test_a_running_kiosk_keeps_its_reader(capsys, kiosk_file, virtual, tmp_path):
    settings = kiosk_file(device=f"pn532:{virtual.path}")
    kiosk = subprocess.Popen(
        [sys.executable, "-m", "foyer", "kiosk", "--headless", "--settings", str(settings)],
        cwd=Path(__file__).parents[3],
        stderr=subprocess.DEVNULL,
    )
    try:
        assert virtual.wait_for_polls(2, 30)
        asyncio.run(examine(settings, None))
        assert virtual.wait_for_polls(2, 10), "the kiosk goes on reading"
        assert kiosk.poll() is None
    finally:
        kiosk.terminate()
        kiosk.wait(20)
    told = capsys.readouterr().out
    assert f"the kiosk is using it (process {kiosk.pid}), so it was left alone." in told
    assert "Kiosk: 0 events kept, last: never; not yet taken by the hub: 0; epoch" in told


def test_a_terminal_without_check_marks_gets_plain_ones():
    assert lines_of(works("fine"), "ascii") == ["  + fine"]
    assert lines_of(broken("not “fine”", "mend it"), "ascii") == ["  X not ?fine?", "      -> mend it"]
    assert lines_of(notice("so so", "look"), "utf-8") == ["  ! so so", "      → look"]


def test_the_last_line_counts_what_is_broken(say):
    assert summary([works("a"), notice("b")], say) == "Nothing is broken."
    assert summary([broken("a", "b"), broken("c", "d")], say).startswith("Broken: 2.")


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file's size and time of change, but for what the running broker writes."""
    return {
        str(file): (file.stat().st_size, file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith((".log", "-shm"))
    }
