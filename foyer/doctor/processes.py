"""Look at other programs through /proc: who holds a device, and whether a kiosk runs.

Only looks.  Without the administrator's rights other users' open files stay hidden.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A program that runs."""

    pid: int
    name: str
    """Of its executable, such as `agetty`."""
    command: tuple[str, ...]

    @property
    def is_kiosk(self) -> bool:
        """Whether it is Foyer's kiosk or demo, whatever way it was started."""
        names = [Path(word).name for word in self.command]
        return any(
            name in {"foyer", "__main__.py"} and next_name in {"kiosk", "demo"}
            for name, next_name in pairwise(names)
        )


def holder_of(device: Path) -> Process | None:
    """Return a program that has this device open; `None` if nobody has, or it cannot be seen."""
    try:
        wanted = device.stat().st_rdev
    except OSError:
        return None
    return next((process for process in _all() if wanted and wanted in _devices(process.pid)), None)


def a_kiosk() -> Process | None:
    """Return a kiosk that runs on this machine, if there is one."""
    return next((process for process in _all() if process.is_kiosk), None)


def _all() -> Iterator[Process]:
    for folder in PROC.iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                command = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                name = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
            except OSError:
                continue  # it has ended meanwhile
            yield Process(int(folder.name), name, tuple(word for word in command if word))


def _devices(pid: int) -> set[int]:
    """Return the numbers of the devices that a process has open, as far as we may see them."""
    numbers = set()
    try:
        for descriptor in (PROC / str(pid) / "fd").iterdir():
            target = descriptor.readlink()
            if target.is_relative_to("/dev"):
                numbers.add(descriptor.stat().st_rdev)
    except OSError:
        return numbers
    return numbers
