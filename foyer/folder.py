"""The demo's folder: held while the demo lives, gone afterwards, and cleared away if it could not be.

A lock inside says that its demo lives: the system lets go of it however the demo ends.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from plumbing import logs

PREFIX = "foyer-demo-"
LOCK = "lock"

NEW_S = 3_600.0
"""Seconds for which a folder without a lock is left alone: its demo may be about to make one."""


@contextlib.contextmanager
def demo_folder() -> Iterator[Path]:
    """Make a demo's folder, and remove it afterwards; first remove those of demos that were killed."""
    _clear(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(lock)
    finally:
        logs.leave_file()  # the demo's log lies in there
        shutil.rmtree(folder, ignore_errors=True)


def _clear(place: Path) -> None:
    """Remove what dead demos of this user left in `place`."""
    for folder in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # it went meanwhile, or is not ours to look at
            about = folder.lstat()
            ours = stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid()
            if ours and _is_dead(folder, time.time() - about.st_mtime):
                shutil.rmtree(folder, ignore_errors=True)


def is_alive(folder: Path) -> bool:
    """Say whether a demo of this user lives in a folder."""
    with contextlib.suppress(OSError):  # it went meanwhile
        about = folder.lstat()
        if stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and (folder / LOCK).exists():
            return not _is_dead(folder, NEW_S)
    return False


def _is_dead(folder: Path, age_s: float) -> bool:
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return age_s > NEW_S
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
