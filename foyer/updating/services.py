"""Foyer's services, as whoever starts and stops them sees them; on a machine that is systemd."""

import subprocess
from collections.abc import Sequence
from typing import Protocol

from foyer.updating.errors import RefusedError
from foyer.updating.layout import Layout
from plumbing.words import Sentence

PROGRAMS = ("hub", "kiosk", "lobby")
"""Each is a service `foyer-…` with settings of that name."""


class Services(Protocol):
    """Starts and stops programs by name; what is started runs on when we end."""

    def wanted(self) -> tuple[str, ...]:
        """Return those of `PROGRAMS` that belong on this machine."""

    def stop(self, programs: Sequence[str]) -> None:
        """Stop them, and return when none runs; nothing happens to one that does not.

        Raises:
            RefusedError: One cannot be stopped.
        """

    def start(self, programs: Sequence[str]) -> None:
        """Have them started; nothing happens to one that runs.  Does not wait, and does not fail."""

    def is_up(self, program: str) -> bool:
        """Say whether one runs, and has said that it is ready if it ever says so."""


class Systemd:
    """`systemctl`, as root."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def wanted(self) -> tuple[str, ...]:
        """Return those that start with the machine."""
        return tuple(
            program
            for program in PROGRAMS
            if (self._layout.settings / f"{program}.toml").exists()
            and _systemctl("is-enabled", "--quiet", _unit(program)) == 0
        )

    def stop(self, programs: Sequence[str]) -> None:
        """Stop them; systemd kills what does not end by itself."""
        if programs and _systemctl("stop", *map(_unit, programs)):
            raise RefusedError(Sentence("the services cannot be stopped: nothing was changed"))

    def start(self, programs: Sequence[str]) -> None:
        """Have them started."""
        if programs:
            _systemctl("reset-failed", *map(_unit, programs))
            _systemctl("start", "--no-block", *map(_unit, programs))

    def is_up(self, program: str) -> bool:
        """Say whether systemd calls it active; the hub is only once it has said that it is ready."""
        return _systemctl("is-active", "--quiet", _unit(program)) == 0


def _unit(program: str) -> str:
    return f"foyer-{program}.service"


def _systemctl(*arguments: str) -> int:
    command = ("/usr/bin/systemctl", *arguments)
    return subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603 - names of ours
