"""A board with MicroPython on it and nothing else, or whatever was copied to it: for the real mpremote.

The interpreter is a real one, its files are a folder, its pins the stand-ins of `tests/fakes/pico`.  As a
board does, it runs `main.py` after a reset, and shows its prompt once that has ended.
"""

import os
import select
import subprocess
import threading
import tty
from pathlib import Path

from firmware_bridge.virtual.board import interpreter

PICO = Path(__file__).parent / "pico"
RESET = 3
"""How the stand-in's `machine.reset` ends the interpreter."""

PROMPT = b">>> "
RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
SOFT_REBOOT = b"\r\nMPY: soft reboot\r\n" + RAW_PROMPT
"""What a board says to Ctrl-D at its raw prompt; the interpreter as a program ends instead."""

MOST_BYTES = 4096


class PromptBoard:
    """A board on a pseudo-terminal, plugged in until it is closed.

    Args:
        link: Where its device file appears.
        folder: Its files; made if it is not there.
    """

    def __init__(self, link: Path, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.starts: list[str] = []
        """What it ran, in order: `main` or `prompt`."""
        self._outside, self._port = os.openpty()
        self._inside, self._terminal = os.openpty()
        for end in (self._port, self._terminal):
            tty.setraw(end)
        self._radar, self._radar_in = os.pipe()
        self._woken, self._waker = os.pipe()
        for name in ("pins", "seen"):
            (folder.parent / name).touch()
        link.symlink_to(os.ttyname(self._port))
        self._thread = threading.Thread(target=self._run, name="prompt-board", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Unplug it."""
        os.write(self._waker, b"\x00")
        self._thread.join()
        ends = (self._outside, self._port, self._inside, self._terminal, self._radar, self._radar_in)
        for end in (*ends, self._woken, self._waker):
            os.close(end)

    def _run(self) -> None:
        process = self._start()
        try:
            while True:
                ready, _, _ = select.select([self._outside, self._inside, self._woken], [], [], 0.02)
                if self._woken in ready:
                    return
                for end in ready:
                    to = self._inside if end == self._outside else self._outside
                    os.write(to, os.read(end, MOST_BYTES))
                if not ready and process.poll() is not None:
                    process = self._after(process.returncode)
        finally:
            process.kill()
            process.wait()

    def _after(self, status: int) -> "subprocess.Popen[bytes]":
        """Go on as a board does once what it ran has ended."""
        if status == RESET:
            return self._start()
        if self.starts[-1] == "main":
            return self._prompt()
        process = self._prompt()
        self._read_until(PROMPT)
        os.write(self._inside, b"\r\x01")
        self._read_until(RAW_PROMPT)
        os.write(self._outside, SOFT_REBOOT)
        return process

    def _start(self) -> "subprocess.Popen[bytes]":
        if not (self.folder / "main.py").exists():
            return self._prompt()
        self.starts.append("main")
        return self._micropython("main.py")

    def _prompt(self) -> "subprocess.Popen[bytes]":
        self.starts.append("prompt")
        return self._micropython("-i")

    def _micropython(self, what: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [interpreter(), what],
            stdin=self._terminal,
            stdout=self._terminal,
            stderr=self._terminal,
            pass_fds=[self._radar],
            cwd=self.folder,
            env={
                **os.environ,
                "MICROPYPATH": f":{PICO}:.frozen",
                "PICO_PINS": str(self.folder.parent / "pins"),
                "PICO_SEEN": str(self.folder.parent / "seen"),
                "PICO_RADAR": f"/dev/fd/{self._radar}",
            },
        )

    def _read_until(self, end: bytes) -> None:
        said = b""
        while not said.endswith(end):
            ready, _, _ = select.select([self._inside, self._woken], [], [])
            if self._woken in ready:
                return
            said += os.read(self._inside, MOST_BYTES)
