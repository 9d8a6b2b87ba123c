"""`foyer demo`: without a terminal it counts what really happened; with one it ends when told to."""

import json
import os
import pty
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path

import pytest

from foyer.house import House
from tests.fakes.boards import needs_micropython
from tests.fakes.programs import wait_until

TAPS = 12

SIZES = ("COLUMNS", "LINES")
"""They would be believed before the terminal itself."""


@pytest.mark.timeout(300)
def test_a_small_run_greets_every_arrival_and_loses_and_doubles_nothing(tmp_path: Path):
    file = tmp_path / "counts.json"
    folder = tmp_path / "tmp"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "foyer", "demo", "--headless", "--taps", str(TAPS), "--json", str(file)],
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=80,
        check=False,
    )
    assert done.returncode == 0, done.stderr + (file.read_text() if file.exists() else "")
    counts = json.loads(file.read_text())
    assert counts["taps"] == TAPS
    assert counts["greetings"] == counts["arrivals"] > 0
    assert counts["events_at_hub"] == counts["events_at_kiosk"]
    assert (counts["lost"], counts["doubled"], counts["quarantined"]) == (0, 0, 0)
    assert counts["present_on_dashboard"] == counts["present_at_kiosk"]
    assert counts["tap_to_screen_ms"]["p50"] > 0
    assert list(folder.iterdir()) == [], "the demo left something behind"


class Terminal:
    """A demo in a terminal of its own, by default 120 columns by 33 rows; what it writes is kept."""

    def __init__(self, folder: Path, *options: str, columns: int = 120) -> None:
        self.told = bytearray()
        self._ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 33, columns, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "foyer", "demo", *options],
            env={
                **{name: value for name, value in os.environ.items() if name not in SIZES},
                "TMPDIR": str(folder),
                "XDG_RUNTIME_DIR": str(folder / "run"),
                "TERM": "xterm-256color",
            },
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        try:
            while part := os.read(self._ours, 65536):
                self.told += part
        except OSError:  # the other end is closed: the demo has ended
            pass

    def says(self, text: str) -> None:
        """Wait until it has written this."""
        try:
            wait_until(lambda: text.encode() in self.told or self.process.poll() is not None, text, 60.0)
            assert text.encode() in self.told, self.told.decode(errors="replace")[-2_000:]
        except AssertionError:
            self.process.terminate()
            self.end()
            raise

    def types(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def end(self) -> int:
        """Wait for its end; return its exit status."""
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join()
            os.close(self._ours)


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """Where the demo puts what it makes."""
    (tmp_path / "run").mkdir(mode=0o700)
    yield tmp_path
    assert [left.name for left in tmp_path.iterdir()] == ["run"], "the demo left something behind"
    assert list((tmp_path / "run").iterdir()) == []


@pytest.mark.timeout(480)
@pytest.mark.parametrize("key", [b"\x11", b"\x03"], ids=["Ctrl-Q", "Ctrl-C"])
def test_the_demo_ends_by_either_key_and_says_so(temporary: Path, key: bytes):
    demo = Terminal(temporary, "--port", "0")
    demo.says("Ctrl-Q: end")
    demo.types(key)
    assert demo.end() == 0
    assert b"nothing was left on this machine" in demo.told
    assert b"Traceback" not in demo.told


@pytest.mark.timeout(480)
@needs_micropython
def test_with_a_door_somebody_comes_nearer_by_key_and_the_real_firmware_draws_the_ring(temporary: Path):
    demo = Terminal(temporary, "--port", "0", "--door", columns=150)
    demo.says("F5 F6 F7 buttons")
    for distance in (300, 260, 220):  # one by one: what comes faster than fingers is not a person's
        demo.types(b"\x1b[A")
        demo.says(f"somebody at {distance} cm")
    demo.types(b"\x11")
    assert demo.end() == 0
    assert b"Traceback" not in demo.told


def test_the_door_is_drawn_in_a_terminal_only(temporary: Path):
    demo = Terminal(temporary, "--headless", "--door")
    assert demo.end() == 2
    assert b"--door draws a picture" in demo.told


@pytest.mark.timeout(480)
def test_two_interrupts_while_it_starts_leave_nothing(temporary: Path):
    demo = Terminal(temporary, "--port", "0")
    wait_until(lambda: list(temporary.glob("foyer-demo-*/hub.log")), "the hub to start")
    for _ in range(2):
        demo.process.send_signal(signal.SIGINT)
    demo.end()
    assert b"Traceback" not in demo.told


def test_a_port_that_is_taken_is_said_in_the_demo_s_words(temporary: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        demo = Terminal(temporary, "--port", str(other.getsockname()[1]))
        assert demo.end() == 2
    told = demo.told.decode()
    assert "another program has it" in told
    assert "--port 0" in told
    assert "Traceback" not in told
    assert "[dashboard]" not in told


@pytest.mark.parametrize("port", ["-1", "70000"])
def test_what_is_no_port_is_said(temporary: Path, port: str):
    demo = Terminal(temporary, f"--port={port}")
    assert demo.end() == 2
    assert b"--port must be from 0 to 65535" in demo.told


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("eloise", ["Éloïse"]),
        ("ÉLOÏSE", ["Éloïse"]),
        ("  d’arcy ", ["D'Arcy"]),
        ("jean noel", ["Jean-Noël"]),
        ("jean-noel", ["Jean-Noël"]),
        ("rap", ["Raphaël"]),
        ("mal", ["Malik"]),
        ("ma", ["Malik", "Maëlle", "Matthieu", "Marie-Laure"]),
        ("elodie", []),
        ("", []),
        ("'", []),
    ],
)
def test_a_name_typed_in_a_hurry_is_found(tmp_path: Path, typed: str, names: list[str]):
    house = House(tmp_path, 1, dashboard_port=0, crowd=0)
    assert [house.names[member] for member in house.find(typed)] == names
