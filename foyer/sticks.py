"""Where a USB stick is mounted; what was written there is on it, and reads back the same."""

import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from foyer.errors import UsageError
from plumbing.words import Sentence, why

MOUNTS = Path("/proc/self/mounts")

PLACES = ("/media/", "/run/media/")
"""Where desktops and udisks mount what is plugged in."""

SPARE_BYTES = 1_000_000
"""Left free besides the file itself."""

BLOCK = 1 << 20


def mounted(mounts: str) -> tuple[Path, ...]:
    """Return where sticks are mounted, in the order of the table, which is that of /proc/mounts."""
    fields = [line.split() for line in mounts.splitlines() if len(line.split()) > 1]
    places = [re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), field[1]) for field in fields]
    return tuple(dict.fromkeys(Path(place) for place in places if place.startswith(PLACES)))


def the_stick(mounts: str) -> Path:
    """Return the one stick there is.

    Raises:
        UsageError: There is none, or more than one.
    """
    found = mounted(mounts)
    if not found:
        raise UsageError(
            Sentence("no USB stick is mounted: plug one in, or name a folder (foyer backup FOLDER)")
        )
    if len(found) > 1:
        raise UsageError(
            Sentence(
                "there are several sticks ({places}): name the one you mean (foyer backup FOLDER)",
                places=", ".join(map(str, found)),
            )
        )
    return found[0]


def check_room(folder: Path, size_bytes: int) -> None:
    """Look whether so much can be written into a folder.

    Raises:
        UsageError: It cannot.
    """
    if not folder.is_dir():
        raise UsageError(Sentence("{place} is no folder", place=folder))
    free = shutil.disk_usage(folder).free
    if free < size_bytes + SPARE_BYTES:
        raise UsageError(
            Sentence(
                "{place}: {free} MB are free, and {needed} MB are needed: free some space first",
                place=folder,
                free=free // 1_000_000,
                needed=(size_bytes + SPARE_BYTES) // 1_000_000,
            )
        )


def put(source: Path, target: Path) -> None:
    """Copy a file onto a stick, have it on the stick, read it again and compare it.

    The target appears under its name only once it is whole.

    Raises:
        UsageError: It cannot be written, or does not read back as it was; there is no half of it.
    """
    draft = target.with_name(f".{target.name}.part")
    try:
        try:
            written = _written(source, draft)
            if _read_back(draft) != written:
                raise UsageError(
                    Sentence(
                        "{place}: what was written cannot be read back as it was: take another stick",
                        place=target.parent,
                    )
                )
            draft.replace(target)
            _on_disk(target.parent)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            Sentence("{place} cannot be written to: {why}", place=target.parent, why=why(error))
        ) from error


def size_of(files: Sequence[Path]) -> int:
    """Return how many bytes files hold; one that is not there holds none."""
    return sum(file.stat().st_size for file in files if file.exists())


def _written(source: Path, draft: Path) -> str:
    draft.unlink(missing_ok=True)
    sum_ = hashlib.sha256()
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reading, os.fdopen(handle, "wb") as writing:
        while block := reading.read(BLOCK):
            sum_.update(block)
            writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())
    return sum_.hexdigest()


def _read_back(file: Path) -> str:
    """Read a file from the stick itself, not from what the machine remembers of it."""
    sum_ = hashlib.sha256()
    with file.open("rb") as reading:
        os.posix_fadvise(reading.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := reading.read(BLOCK):
            sum_.update(block)
    return sum_.hexdigest()


def _on_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
