"""A program that has come up leaves word of it: which release it is, and its process.

Whoever updates the machine looks for it.  The file lies in the program's data folder and is worth nothing
once its process is gone.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from sync.settings import HubSettings


class Word(msgspec.Struct, frozen=True):
    """What it says."""

    release: str
    """The environment it runs in."""
    pid: int


def file_of(folder: Path, program: str) -> Path:
    """Return where a program leaves its word."""
    return folder / f"{program}.up"


def hub_folder(settings: HubSettings) -> Path:
    """Return the folder in which the hub leaves word: where the badge key is."""
    return Path(settings.badge_key_file).parent


@contextlib.contextmanager
def leaves_word(folder: Path, program: str) -> Iterator[Callable[[], None]]:
    """Give back what leaves the word when called; it is taken away in the end."""
    file = file_of(folder, program)
    with contextlib.suppress(OSError):  # of a process that was killed: its number may be somebody else's now
        file.unlink()

    def up() -> None:
        with contextlib.suppress(OSError):  # a full card: the program works all the same
            draft = file.with_name(f"{file.name}.new")
            draft.write_bytes(msgspec.json.encode(Word(sys.prefix, os.getpid())))
            draft.replace(file)

    try:
        yield up
    finally:
        with contextlib.suppress(OSError):
            file.unlink()


def standing(folder: Path, program: str, release: Path) -> int:
    """Return the process of a program of this release that is up; 0 if there is none."""
    try:
        word = msgspec.json.decode(file_of(folder, program).read_bytes(), type=Word)
    except (OSError, msgspec.MsgspecError):
        return 0
    return word.pid if Path(word.release).resolve() == release and _lives(word.pid) else 0


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
