"""Every way the door's microcontroller can fail, with the real firmware and on pseudo-terminals."""

import os
import tty
from pathlib import Path

import pytest

from firmware_bridge.door import BridgeFault, BridgeLost, Capability
from firmware_bridge.mcu.version import FIRMWARE
from firmware_bridge.virtual.door import FITTED, VirtualDoor
from foyer.doctor import door, ports
from foyer.doctor.findings import Level
from foyer.doctor.processes import Process
from kiosk.settings import DoorSettings
from tests.fakes.boards import needs_micropython


def at(path) -> DoorSettings:
    return DoorSettings(str(path))


@pytest.fixture
def board(tmp_path: Path):
    made = VirtualDoor(tmp_path / "door", fitted=(*FITTED, "beam"))
    made.start()
    yield made
    made.stop()


def test_without_a_microcontroller_there_is_nothing_to_say(say):
    assert door.check(None, say) == []
    assert door.check(DoorSettings(), say) == []


@needs_micropython
def test_one_that_answers_is_named_with_its_parts(board, say):
    (found,) = door.check(at(board.path), say)
    assert found.level is Level.WORKS
    assert f"firmware {FIRMWARE}, with the radar, the beam, the light, the buzzer, the buttons." in found.what


@needs_micropython
def test_a_radar_that_does_not_speak_is_found(board, say):
    board.silence_radar(is_dead=True)
    works, silent = door.check(at(board.path), say)
    assert works.level is Level.WORKS
    assert silent.level is Level.BROKEN
    assert silent.what == "At the door, the radar does not speak."


def test_a_port_that_says_nothing_is_told(say, monkeypatch):
    monkeypatch.setattr(door, "LATEST_S", 0.3)
    keeper, mute = os.openpty()
    tty.setraw(mute)
    try:
        (found,) = door.check(at(os.ttyname(mute)), say)
    finally:
        os.close(keeper)
        os.close(mute)
    assert found.level is Level.BROKEN
    assert "foyer mcu flash" in found.cure


def test_a_missing_port_is_told_with_the_ports_there_are(say, tmp_path, monkeypatch):
    monkeypatch.setattr(ports, "DEV", tmp_path)
    (found,) = door.check(at("/dev/no-such-port"), say)
    assert found.what == "There is no port /dev/no-such-port."
    assert "or to none" in found.cure
    (tmp_path / "ttyACM0").touch()
    (found,) = door.check(at("/dev/no-such-port"), say)
    assert str(tmp_path / "ttyACM0") in found.cure


@pytest.mark.parametrize("kind", BridgeFault)
def test_every_fault_has_a_cure(kind, say):
    found = door.of_state(BridgeLost(kind, "x"), "/dev/foyer-door", say)
    assert found.level is Level.BROKEN
    assert found.cure


def test_a_kiosk_that_uses_it_is_left_alone(say):
    mine = Process(7, "python3", ("foyer", "kiosk"))
    found = door.of_holder("/dev/foyer-door", mine, say)
    assert found is not None
    assert found.level is Level.WORKS
    other = door.of_holder("/dev/foyer-door", Process(8, "minicom", ("minicom",)), say)
    assert other is not None
    assert "minicom" in other.what
    assert door.of_holder("/dev/foyer-door", None, say) is None


def test_another_firmware_is_said_and_every_part_has_a_name(say):
    assert door.of_version("1.0.0", "1.0.0", say) == []
    (found,) = door.of_version("0.9.0", "1.0.0", say)
    assert found.level is Level.NOTICE
    assert "foyer mcu update" in found.cure
    names = {door.of_silent(capability, say).what for capability in Capability}
    assert len(names) == len(Capability)
