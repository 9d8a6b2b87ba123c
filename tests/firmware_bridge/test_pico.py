"""The Pico's own file, run by the real MicroPython on stand-ins for its pins: no board was here to try."""

import os
import select
import subprocess
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware_bridge.mcu import protocol
from firmware_bridge.mcu.frames import FrameReader, encode
from firmware_bridge.virtual.board import FIRMWARE, interpreter
from firmware_bridge.virtual.door import report
from tests.firmware_bridge.conftest import PATIENCE_S, needs_micropython

pytestmark = needs_micropython

PICO = Path(__file__).parents[1] / "fakes/pico"
GREEN = "ring (0, 70, 12)"


class Pico:
    """One start of the firmware on a stand-in for a Pico."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pins, self.seen = folder / "pins", folder / "seen"
        self.pins.touch()
        self.seen.touch()
        self._master, self.line = os.openpty()
        tty.setraw(self.line)
        radar_out, self.radar = os.pipe()
        self.process = subprocess.Popen(
            [interpreter(), FIRMWARE / "main.py"],
            stdin=self._master,
            stdout=self._master,
            stderr=subprocess.DEVNULL,
            pass_fds=[radar_out],
            cwd=folder,
            env={
                **os.environ,
                "MICROPYPATH": f"{PICO}:.frozen",
                "PICO_PINS": str(self.pins),
                "PICO_SEEN": str(self.seen),
                "PICO_RADAR": f"/dev/fd/{radar_out}",
            },
        )
        os.close(radar_out)
        self._frames = FrameReader()
        self._heard: list[tuple[int, int, bytes]] = []
        self.distance_cm: int | None = None
        """Where somebody stands; the radar says so ten times a second while the test listens."""

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for end in (self._master, self.line, self.radar):
            os.close(end)

    def say(self, data: bytes) -> None:
        os.write(self.line, data)

    def hear(self, wanted: Callable[[int, bytes], bool]) -> bytes:
        """Return the payload of the next frame that is wanted; whatever the radar feels is acknowledged."""
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            while self._heard:
                kind, seq, payload = self._heard.pop(0)
                if kind in protocol.EVENTS:
                    self.say(encode(protocol.ACK, seq))
                if wanted(kind, payload):
                    return payload
            ready, _, _ = select.select([self.line], [], [], 0.1)
            assert time.monotonic() < deadline_s, self.seen.read_text()
            if ready:
                self._heard = self._frames.receive_data(os.read(self.line, 4096))
            elif self.distance_cm:
                os.write(self.radar, report(self.distance_cm))

    def wait_until_seen(self, text: str) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while text not in self.seen.read_text():
            assert time.monotonic() < deadline_s, self.seen.read_text()
            select.select([], [], [], 0.01)

    def ended(self) -> int:
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def start(tmp_path: Path, _no_file_is_left: None) -> Iterator[Callable[[], Pico]]:
    picos: list[Pico] = []

    def start_it() -> Pico:
        pico = Pico(tmp_path)
        picos.append(pico)
        return pico

    yield start_it
    for pico in picos:
        pico.close()


HELLO = b"\x00" + encode(protocol.HELLO, 1, b"\x01\x00")


def test_a_pico_says_what_its_wiring_file_says(start: Callable[[], Pico]):
    pico = start()
    pico.say(HELLO)
    first = pico.hear(lambda kind, payload: kind == protocol.HELLO_R and payload[0] == 0)
    second = pico.hear(lambda kind, payload: kind == protocol.HELLO_R and payload[0] == 1)
    said = (first[2:] + second[2:]).decode()
    assert "board=pico" in said
    assert "reset=power" in said
    assert "caps=presence.ld2410,ring:16,buzzer,buttons:3 " in said
    pico.wait_until_seen("watchdog 8000")
    assert "uart 1 256000 4 5" in pico.seen.read_text()


def test_a_picos_radar_buttons_ring_and_buzzer_work_together(start: Callable[[], Pico]):
    pico = start()
    pico.say(HELLO)
    pico.hear(lambda kind, _: kind == protocol.HELLO_R)
    pico.pins.write_text("11")
    assert pico.hear(lambda kind, _: kind == protocol.PRESSED) == b"\x02"
    pico.distance_cm = 80
    near = pico.hear(lambda kind, payload: kind == protocol.PRESENCE and payload[0] == 1)
    assert near == b"\x01\x01\x50\x00"
    pico.say(encode(protocol.LIGHT, 2, b"\x03\xff\x00") + encode(protocol.SOUND, 3, b"\x01"))
    pico.wait_until_seen(GREEN)
    pico.wait_until_seen("buzz 1320")
    assert "buzz 880" in pico.seen.read_text()


def test_a_pico_that_is_released_shows_its_prompt_once_and_then_works_again(start: Callable[[], Pico]):
    pico = start()
    pico.say(HELLO)
    pico.hear(lambda kind, _: kind == protocol.HELLO_R)
    pico.say(encode(protocol.RELEASE, 0))
    pico.hear(lambda kind, _: kind == protocol.ACK)
    assert pico.ended() == 3
    assert (pico.folder / "released").exists()
    assert start().ended() == 0  # main.py has ended: a board is now at its prompt, without a watchdog
    assert not (pico.folder / "released").exists()
    again = start()
    again.say(HELLO)
    again.hear(lambda kind, _: kind == protocol.HELLO_R)


def test_a_pico_whose_left_button_is_held_at_power_on_shows_its_prompt(
    start: Callable[[], Pico], tmp_path: Path
):
    (tmp_path / "pins").write_text("10")
    assert start().ended() == 0
    assert "watchdog" not in (tmp_path / "seen").read_text()
