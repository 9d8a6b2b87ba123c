"""A real terminal: tmux, and in it a program with a screen; keys go in, and kills come from outside."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.conftest import tool
from tests.fakes.programs import wait_until

COLUMNS, ROWS = 120, 33

TMUX = """\
set -g default-terminal tmux-256color
set -g status off
set -g remain-on-exit on
set -g escape-time 0
"""

HOLD_S = 0.09
"""Seconds between two keys: closer together they would be a reader's and not a person's."""


def usual() -> dict[str, str]:
    """Our environment without our settings, and without what says which terminal and language this is."""
    terminals = {"COLUMNS", "LINES", "TMUX", "TMUX_PANE", "DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR", "TERM"}
    kept = {k: v for k, v in os.environ.items() if k not in terminals and not k.startswith("FOYER_")}
    return {**kept, "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", "TERM": "xterm-256color"}


@dataclass
class Tmux:
    """A tmux of its own with one pane."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="foyer-tmux-")))
    """A short path: a socket's may have 108 bytes."""
    environment: Mapping[str, str] = field(default_factory=usual)

    def start(self, size: tuple[int, int], *command: str) -> None:
        """Run a command in the pane, of so many columns and rows."""
        tool("tmux", "tmux")
        self.folder.mkdir(exist_ok=True)
        (self.folder / "tmux.conf").write_text(TMUX)
        # Not every tmux knows what its command ended with.
        noted = ["sh", "-c", f'"$@"; echo $? >"{self.folder}/exit"', "sh"]
        self._tell("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), *noted, *command)

    def text(self, *, styled: bool = False) -> str:
        """What is on the screen; with the sequences that colour it, if `styled`."""
        return self._tell("capture-pane", "-p", "-N", *(["-e"] if styled else []))

    def type(self, key: str) -> None:
        """Press a key."""
        self._tell("send-keys", key)

    def write(self, text: str) -> None:
        """Let a letter come in as it is."""
        self._tell("send-keys", "-l", text)

    def is_running(self) -> bool:
        """Whether the command has not ended."""
        return self._asked("pane_dead") != "1"

    def exit_code(self) -> int | None:
        """What the command ended with; `None` while it runs, or if it was killed."""
        note = self.folder / "exit"
        return int(note.read_text()) if note.exists() and not self.is_running() else None

    def end(self) -> None:
        """End it, and whatever runs in it at once, as a power cut would."""
        if not self.folder.exists():
            return
        if self._is_alive():
            if self.is_running():
                os.killpg(int(self._asked("pane_pid")), signal.SIGKILL)
                wait_until(lambda: not self.is_running(), "the program to be killed")
            self._ask("kill-server")
        wait_until(lambda: not self._is_alive(), "tmux to end")
        shutil.rmtree(self.folder)

    def _is_alive(self) -> bool:
        return self._ask("list-sessions").returncode == 0

    def _asked(self, name: str) -> str:
        return self._tell("display-message", "-p", f"#{{{name}}}").strip()

    def _tell(self, *words: str) -> str:
        told = self._ask(*words)
        assert told.returncode == 0, told.stderr
        return told.stdout

    def _ask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        place = ["-f", str(self.folder / "tmux.conf"), "-u", "-S", str(self.folder / "socket")]
        return subprocess.run(
            ["tmux", *place, *words],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )


@dataclass
class KioskTerminal:
    """`foyer kiosk` in a terminal of its own."""

    settings: Path
    command: tuple[str, ...] = ("kiosk",)
    """What to run instead, with its own arguments."""
    tmux: Tmux = field(default_factory=Tmux)

    def start(self) -> None:
        """Start it."""
        foyer = [sys.executable, "-m", "foyer", *self.command, "--settings", str(self.settings)]
        self.tmux.start((COLUMNS, ROWS), *foyer)

    def types(self, text: str) -> None:
        """Press keys as fast as a person may."""
        for key in text:
            self.tmux.write(key)
            threading.Event().wait(HOLD_S)

    def words(self) -> str:
        """What can be read on it now, row after row, with single spaces."""
        return " ".join(self.tmux.text().split())

    def shows(self, text: str) -> None:
        """Wait until this can be read on it."""
        wanted = " ".join(text.split())

        def shown() -> bool:
            words = self.words()
            assert self.is_running(), words
            return wanted in words

        try:
            wait_until(shown, f"{text!r} on the screen")
        except AssertionError as error:
            error.add_note(self.tmux.text())
            raise

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.tmux.is_running()

    def ends(self) -> int:
        """Wait until it has ended; return its exit code."""
        wait_until(lambda: self.tmux.exit_code() is not None, "the program to end")
        code = self.tmux.exit_code()
        assert code is not None
        return code

    def kill(self) -> None:
        """End it at once, as a power cut would; twice changes nothing."""
        self.tmux.end()
