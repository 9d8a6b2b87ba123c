"""A kiosk with a screen, in a terminal of its own: keys go in, and kills come from outside."""

import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path

from tests.fakes.programs import wait_until

ROWS, COLUMNS = 33, 120


@dataclass
class KioskTerminal:
    """`foyer kiosk` on a pseudo-terminal; what it draws is kept as it was written."""

    settings: Path
    command: tuple[str, ...] = ("kiosk",)
    """What to run instead, with its own arguments."""
    drawn: bytearray = field(default_factory=bytearray)
    process: subprocess.Popen[bytes] | None = None
    _ours: int = -1
    _reader: threading.Thread | None = None

    def start(self) -> None:
        """Start it."""
        self._ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        clean = {k: v for k, v in os.environ.items() if not k.startswith("FOYER_")}
        self.drawn.clear()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "foyer", *self.command, "--settings", str(self.settings)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**clean, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(ROWS)},
            start_new_session=True,
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def types(self, text: str) -> None:
        """Press keys as fast as a person may."""
        for key in text:
            os.write(self._ours, key.encode())
            threading.Event().wait(0.09)  # fingers: closer together they would be a reader's

    def shows(self, text: str) -> None:
        """Wait until it has drawn this."""

        def drawn() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, self.drawn.decode(errors="replace")[-2_000:]
            return text.encode() in self.drawn

        wait_until(drawn, f"{text!r} on the screen", 60.0)

    def kill(self) -> None:
        """End it at once, as a power cut would; twice changes nothing."""
        if self.process is None or self._reader is None:
            return
        self.process.kill()
        self.process.wait(20)
        self._reader.join()
        os.close(self._ours)
        self.process = self._reader = None

    def _read(self) -> None:
        try:
            while part := os.read(self._ours, 65536):
                self.drawn += part
        except OSError:  # the other end is closed: it has ended
            pass
