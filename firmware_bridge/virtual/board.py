"""The board of the virtual door: a pseudo-terminal, and the firmware in one MicroPython after another.

To the program it is a serial device.  What is virtual is only what `mcu/hal_unix.py` replaces: every byte on
the line is the firmware's own.
"""

import os
import select
import shutil
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from firmware_bridge import mcu
from firmware_bridge.errors import InterpreterMissingError

FIRMWARE = Path(mcu.__file__).parent
"""The folder of the firmware's files."""

HEAP = ("-X", "heapsize=128k")
"""Less than a Pico leaves to its program; and here every object is twice as large as there."""

RADAR_S = 0.1
"""Seconds between two reports of the radar."""

ENDED = 1
"""How a firmware ends that wants to start anew; 0 is one that was released."""

_MOST_BYTES = 4096
_ENDING_S = 2.0
_BOOT_S = 0.2


def interpreter() -> Path:
    """Return the MicroPython to run the firmware with: beside this Python, else on the PATH.

    Raises:
        InterpreterMissingError: There is none.
    """
    beside = Path(sys.executable).with_name("micropython")
    found = str(beside) if beside.exists() else shutil.which("micropython")
    if found is None:
        raise InterpreterMissingError(
            "The door's firmware runs here under MicroPython, which is not installed. "
            "On Debian 13 and Raspberry Pi OS: sudo apt install micropython"
        )
    return Path(found)


class Board:
    """The board from plug to unplug: its line, and one process of the firmware after another.

    Args:
        program: The MicroPython to run the firmware with.
        link: Where the device file appears; replaced if it exists.
        fitted: What it has, as its HELLO says it.
        on_start: Called in the board's thread each time the firmware has started.
        on_shown: Called in the board's thread with each line that the firmware shows.
        radar: Called in the board's thread every `RADAR_S`; returns the bytes the radar says then.
    """

    def __init__(
        self,
        program: Path,
        link: Path,
        fitted: str,
        *,
        on_start: Callable[[], None],
        on_shown: Callable[[str], None],
        radar: Callable[[], bytes],
    ) -> None:
        self._program = program
        self._link = link
        self._fitted = fitted
        self._on_start = on_start
        self._on_shown = on_shown
        self._radar = radar
        self._line, self._keeper = os.openpty()
        tty.setraw(self._keeper)
        self._woken, self._waker = os.pipe()
        self._using = threading.Lock()
        self._pins = -1
        self._process: subprocess.Popen[bytes] | None = None
        self._is_pulled = False
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(self._keeper))
        self._thread = threading.Thread(target=self._run, name="virtual-door", daemon=True)
        self._thread.start()

    def pin(self, text: bytes) -> None:
        """Set a pin; lost while no firmware runs."""
        with self._using:
            if self._pins >= 0:
                with suppress(BrokenPipeError):
                    os.write(self._pins, text)

    def kill(self) -> None:
        """Let the firmware die; it is started anew."""
        with self._using:
            if self._process is not None:
                self._process.kill()

    def pull(self) -> None:
        """End it all; on return the thread and the process are gone and every descriptor is closed."""
        with self._using:  # the firmware may be about to start
            self._is_pulled = True
            if self._process is not None:
                self._process.kill()
        os.write(self._waker, b"\x00")
        self._thread.join()
        os.close(self._woken)
        os.close(self._waker)

    def _run(self) -> None:
        try:
            while not self._is_pulled and self._live() == ENDED:
                # Time for a board to boot; and a firmware that always fails must not take the whole machine.
                select.select([self._woken], [], [], _BOOT_S)
            select.select([self._woken], [], [])
        finally:
            self._link.unlink(missing_ok=True)
            os.close(self._keeper)
            os.close(self._line)

    def _live(self) -> int:
        """Run the firmware once; return how it ended, `ENDED` for every end but a release."""
        radar_out, radar = os.pipe()
        pins_out, pins = os.pipe()
        shown, shown_in = os.pipe()
        theirs = (radar_out, pins_out, shown_in)
        os.set_blocking(radar, False)
        try:
            with self._using:
                if self._is_pulled:
                    for end in theirs:
                        os.close(end)
                    return ENDED
                self._process = subprocess.Popen(  # noqa: S603 - our own firmware, in an interpreter we found
                    [
                        self._program,
                        *HEAP,
                        FIRMWARE / "main.py",
                        *(f"/dev/fd/{end}" for end in theirs),
                        self._fitted,
                    ],
                    stdin=self._line,
                    stdout=self._line,
                    stderr=subprocess.DEVNULL,
                    pass_fds=theirs,
                    process_group=0,  # Ctrl-C in the demo is meant for the demo
                )
                self._pins = pins
            for end in theirs:
                os.close(end)
            self._on_start()
            self._watch(radar, shown)
            try:
                status = self._process.wait(_ENDING_S)
            except subprocess.TimeoutExpired:
                # A firmware that closed its lights and stays is not one any more.
                self._process.kill()
                status = self._process.wait()
            return 0 if status == 0 else ENDED
        finally:
            with self._using:
                self._process, self._pins = None, -1
            for end in (radar, pins, shown):
                os.close(end)

    def _watch(self, radar: int, shown: int) -> None:
        """Play the radar and look at the lights until the firmware has ended."""
        held = b""
        next_s = time.monotonic()
        while True:
            ready, _, _ = select.select([shown], [], [], max(0.0, next_s - time.monotonic()))
            if ready:
                data = os.read(shown, _MOST_BYTES)
                if not data:
                    return
                *lines, held = (held + data).split(b"\n")
                for line in lines:
                    self._on_shown(line.decode("ascii"))
            if time.monotonic() >= next_s:
                next_s = max(next_s + RADAR_S, time.monotonic())
                # A firmware that does not read its radar loses reports, as a UART does.
                with suppress(BlockingIOError, BrokenPipeError):
                    os.write(radar, self._radar())
