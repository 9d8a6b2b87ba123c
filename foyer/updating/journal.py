"""What an update has begun, on the disk before it is done: whoever comes next finishes or undoes it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

import msgspec

from foyer.updating.errors import RefusedError
from foyer.updating.layout import Layout, sync_folder
from plumbing.words import Sentence

FILE, LOCK = "journal.json", "lock"


class Phase(Enum):
    """How far it is."""

    TRYING = "trying"
    """The new release is put in place and watched.  While `current` names the old one, nothing is done."""
    UNDOING = "undoing"
    """The old release is put back."""
    KEEPING = "keeping"
    """The new release is well and stays; the board at the door may be being written to, the kiosk stopped."""


class Journal(msgspec.Struct, frozen=True):
    """One update in progress."""

    phase: Phase
    old: str
    """The release that ran, as a path."""
    new: str
    services: tuple[str, ...]
    """What is stopped and started."""
    stamp: str
    """When it began, in UTC: names what is kept beside a database."""
    no_way_back: bool = False
    """The operator accepts that the old release cannot read what the new one makes of the databases."""


def write(layout: Layout, journal: Journal) -> None:
    """Keep it, so that a power cut a moment later finds it."""
    draft = layout.state / f"{FILE}.new"
    with draft.open("wb") as file:
        file.write(msgspec.json.encode(journal))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(layout.state / FILE)
    sync_folder(layout.state)


def read(layout: Layout) -> Journal | None:
    """Return what is in progress.

    Raises:
        RefusedError: It cannot be understood.
    """
    file = layout.state / FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=Journal)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise RefusedError(
            Sentence("{file} cannot be understood: a newer Foyer wrote it, or it is damaged", file=file)
        ) from error


def close(layout: Layout) -> None:
    """Nothing is in progress any more."""
    with suppress(FileNotFoundError):
        (layout.state / FILE).unlink()
    sync_folder(layout.state)


@contextmanager
def alone(layout: Layout, *, wait: bool) -> Iterator[None]:
    """Hold the lock: one update at a time, and nobody finishes one that is still alive.

    The system lets go of it however its holder ends.

    Raises:
        RefusedError: Another one runs, and we do not `wait` for it.
    """
    layout.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(Path(layout.state / LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise RefusedError(
                Sentence("another update is running on this machine: wait until it is done")
            ) from error
        yield
    finally:
        os.close(handle)
