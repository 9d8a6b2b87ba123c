"""A file that only takes up room, to be let go first when the disk is full.

On a full disk not even a deletion can be written.  With the ballast gone, the last events still find
their place, and whoever looks after the machine has been warned before anything is refused.
"""

import logging
import os
import shutil
import time
from pathlib import Path

log = logging.getLogger(__name__)

NAME = "ballast"

LARGEST_BYTES = 8_000_000
"""About 30,000 events: weeks at a busy door."""

SHARE = 50
"""The ballast takes one part in so many of a small disk."""

ROOM = 4
"""It is laid down again once so many times its size is free: not while the disk is still nearly full."""

LOOK_AGAIN_S = 60.0

ALARM_PERCENT = 80
"""From here on people are told that the disk fills up."""


class Ballast:
    """The ballast of one folder.  Its methods may be called from any thread; nothing here raises."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME
        self._looked_s = 0.0
        self.lost = False
        """Whether it was let go, and has not been laid down again."""

    def lay(self) -> None:
        """Lay it down if it is not there, and there is room enough."""
        self._looked_s = time.monotonic()
        try:
            disk = shutil.disk_usage(self._file.parent)
            size = min(LARGEST_BYTES, disk.total // SHARE)
            if self._file.exists() or disk.free < ROOM * size:
                self.lost = not self._file.exists()
                return
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, size)
            finally:
                os.close(descriptor)
        except OSError as error:
            self._file.unlink(missing_ok=True)
            self.lost = True
            log.warning("no room can be kept for a full disk: %s", error.strerror)
        else:
            self.lost = False

    def let_go(self) -> bool:
        """Free its room; return whether there was any."""
        self.lost = True
        try:
            self._file.unlink()
        except OSError:
            return False
        log.error("the disk is full: the room kept for this is used up now; free some space")
        return True

    def look(self) -> None:
        """Lay it down again, if it was let go and there is room; looks once a minute at most."""
        if self.lost and time.monotonic() - self._looked_s >= LOOK_AGAIN_S:
            self.lay()


def used_percent(folder: Path) -> int:
    """Return how full the disk of a folder is, 0 to 100, as `df` says it; 0 if it cannot be asked."""
    try:
        facts = os.statvfs(folder)
    except OSError:
        return 0
    used = facts.f_blocks - facts.f_bfree
    return round(100 * used / (used + facts.f_bavail)) if used + facts.f_bavail else 0
