"""A program that draws in a terminal of its own and is told what to draw: when each byte came, and how many.

The terminal is a pseudo-terminal of 120x33 cells that knows synchronised output (DEC 2026), as foot does.
"""

import fcntl
import os
import pty
import select
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from foyer.errors import BenchError

COLUMNS, ROWS = 120, 33

FRAME_END = b"\x1b[?2026l"
"""After this the terminal shows what was written: everything before it is one picture."""

ASKED = b"\x1b[?2026$p"
ANSWER = b"\x1b[?2026;2$y"

QUIET_S = 0.08
"""Seconds without a byte after which a program has said what it had to say."""

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What became of one word."""

    first_ms: float
    """Until its first byte was at the terminal."""
    whole_ms: float
    """Until the picture that holds what was waited for was at the terminal."""
    bytes: int
    """Written until then."""


class Terminal:
    """One program in its terminal, for as long as it is open."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._line, line = socket.socketpair()
        unlike = {"COLUMNS", "LINES", "NO_COLOR", "TMUX"}
        clean = {name: value for name, value in os.environ.items() if name not in unlike}
        self._process = subprocess.Popen(  # noqa: S603 - a program of ours
            [sys.executable, *arguments, str(line.fileno())],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            pass_fds=[line.fileno()],
            env={**clean, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(theirs)
        line.close()
        self._written = bytearray()

    def ready(self) -> None:
        """Wait until it may be told what to draw.

        Raises:
            BenchError: It did not start.
        """
        self._until(lambda: bool(select.select([self._line], [], [], 0)[0]), "to be ready")
        if self._line.recv(1) != b"r":
            raise BenchError("a measured screen did not start")
        self.rest()

    def press(self, word: bytes, *, until: str = "") -> Drawn:
        """Tell it one word, and watch what it writes.

        Args:
            word: What its own page says.
            until: The picture is whole once it holds this; empty for the first picture at all.

        Raises:
            BenchError: It has ended, or draws nothing.
        """
        self._written.clear()
        wanted = until.encode()
        began_s = time.perf_counter()
        self._line.send(word)
        first_s = self._until(lambda: bool(self._written), "to draw")
        whole_s = self._until(lambda: self._holds(wanted), "to draw everything")
        size = self._written.index(FRAME_END, max(0, self._written.find(wanted))) + len(FRAME_END)
        return Drawn((first_s - began_s) * 1_000, (whole_s - began_s) * 1_000, size)

    def rest(self) -> None:
        """Wait until it draws nothing any more."""
        while self._read(QUIET_S):
            pass

    def cpu_s(self) -> float:
        """Return the processor time it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mb(self) -> float:
        """Return its resident memory."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()
        self._line.close()
        os.close(self._ours)

    def _holds(self, wanted: bytes) -> bool:
        place = self._written.find(wanted)
        return place >= 0 and self._written.find(FRAME_END, place) >= 0

    def _until(self, true: Callable[[], bool], what: str) -> float:
        until_s = time.monotonic() + PATIENCE_S
        while not true():
            if self._process.poll() is not None or time.monotonic() > until_s:
                raise BenchError(f"a measured screen was waited for {what}, in vain")
            self._read(0.05)
        return time.perf_counter()

    def _read(self, wait_s: float) -> bool:
        """Read what is there within some seconds; `False` if there was nothing."""
        if not select.select([self._ours], [], [], wait_s)[0]:
            return False
        try:
            part = os.read(self._ours, 1 << 17)
        except OSError as error:  # the program has ended
            raise BenchError("a measured screen has ended") from error
        if ASKED in part:
            os.write(self._ours, ANSWER)
        self._written += part
        return True
