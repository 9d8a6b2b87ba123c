"""A disk whose power can be cut: what was not synced is dropped, kept at random, or torn.

`Disk` is the model: what a file is for whoever reads it now, what of it is safe, and the changes in
between.  `python -m tests.fakes.power FOLDER` mounts one there through FUSE, in a process of its own;
`powered` does so for the length of a block.  Whoever runs on it notices nothing until `Power.cut`:
from then on every call fails, until `Power.restore`.

Modelled is the content of files.  That a file exists, what it is called and that it is gone again is
taken as durable at once, and a sync of one file syncs no other.

Source: the crash tests of SQLite (test6.c) replay random parts of what was not synced in the same way.
"""

import errno
import os
import random
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.programs import wait_until
from tests.fakes.scribe import ROOT

SECTOR = 512
"""Bytes a disk writes whole or not at all."""

BLOCK, BLOCKS = 4_096, 50_000
"""The size it says it has: 200 MB."""

CUT, RESTORE = "user.cut", "user.restore"
"""The attributes of its root through which the test speaks to it: `drop 17`, and anything."""


class Loss(Enum):
    """What becomes of what was not synced."""

    DROP = "drop"
    """All of it is gone."""
    KEEP = "keep"
    """Each write is there or gone, whatever became of earlier ones."""
    TEAR = "tear"
    """Each sector of each write is there or gone."""


@dataclass(frozen=True, slots=True)
class Change:
    """Bytes at an offset; without bytes, a new size."""

    offset: int
    data: bytes = b""

    def apply(self, content: bytearray) -> None:
        """Make it in a file's content."""
        if not self.data:
            del content[self.offset :]
        content.extend(bytes(max(0, self.offset - len(content))))
        content[self.offset : self.offset + len(self.data)] = self.data

    def sectors(self) -> Iterator["Change"]:
        """Cut it at the edges of sectors."""
        begin, end = self.offset, self.offset + len(self.data)
        edges = [begin, *range(begin - begin % SECTOR + SECTOR, end, SECTOR), end]
        for first, last in pairwise(edges):
            yield Change(first, self.data[first - begin : last - begin])


@dataclass
class File:
    """One file: as it is read now, what of it is safe, and the changes between the two, oldest first."""

    now: bytearray = field(default_factory=bytearray)
    safe: bytearray = field(default_factory=bytearray)
    unsynced: list[Change] = field(default_factory=list)

    def change(self, change: Change) -> None:
        """Change it; that is not yet safe."""
        change.apply(self.now)
        self.unsynced.append(change)

    def sync(self) -> None:
        """Make every change so far safe."""
        for change in self.unsynced:
            change.apply(self.safe)
        self.unsynced.clear()

    def cut(self, loss: Loss, chance: random.Random) -> None:
        """Lose the power."""
        pieces = self.unsynced
        if loss is Loss.TEAR:
            pieces = [piece for change in pieces for piece in (change.sectors() if change.data else [change])]
        for piece in pieces:
            if loss is not Loss.DROP and chance.random() < 0.5:
                piece.apply(self.safe)
        self.now = bytearray(self.safe)
        self.unsynced.clear()


class Disk:
    """The calls of a file system, by path, for `mfusepy`; folders are only names."""

    use_ns = True

    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._folders = {"/"}
        self._on = True

    def setxattr(self, _path: str, name: str, value: bytes, _options: int, _position: int = 0) -> int:
        """Cut the power, or restore it."""
        if name == CUT:
            self._on = False
            how, seed = value.decode().split()
            chance = random.Random(int(seed))  # noqa: S311 - a test that can be run again
            for file in self._files.values():
                file.cut(Loss(how), chance)
        elif name == RESTORE:
            self._on = True
        else:
            raise OSError(errno.ENOTSUP, name)
        return 0

    def getattr(self, path: str, _handle: int | None = None) -> dict[str, Any]:
        if path in self._folders:
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        return {"st_mode": stat.S_IFREG | 0o644, "st_nlink": 1, "st_size": len(self._file(path).now)}

    def readdir(self, path: str, _handle: int) -> list[str]:
        inside = path.rstrip("/") + "/"
        names = [name for name in [*self._files, *self._folders] if name.startswith(inside) and name != "/"]
        return [".", "..", *(name.removeprefix(inside) for name in names if "/" not in name[len(inside) :])]

    def mkdir(self, path: str, _mode: int) -> int:
        self._powered()
        self._folders.add(path)
        return 0

    def create(self, path: str, _mode: int, _flags: int | None = None) -> int:
        self._powered()
        self._files[path] = File()
        return 0

    def open(self, path: str, _flags: int) -> int:
        self._powered()
        self._file(path)
        return 0

    def read(self, path: str, size: int, offset: int, _handle: int) -> bytes:
        self._powered()
        return bytes(self._file(path).now[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, _handle: int) -> int:
        self._powered()
        self._file(path).change(Change(offset, data))
        return len(data)

    def truncate(self, path: str, length: int, _handle: int | None = None) -> int:
        self._powered()
        self._file(path).change(Change(length))
        return 0

    def fallocate(self, path: str, _mode: int, offset: int, size: int, _handle: int) -> int:
        self._powered()
        file = self._file(path)
        file.change(Change(max(len(file.now), offset + size)))
        return 0

    def fsync(self, path: str, _datasync: int, _handle: int) -> int:
        self._powered()
        self._file(path).sync()
        return 0

    def unlink(self, path: str) -> int:
        self._powered()
        del self._files[path]
        return 0

    def rename(self, old: str, new: str) -> int:
        self._powered()
        self._files[new] = self._files.pop(old)
        return 0

    def chmod(self, _path: str, _mode: int) -> int:
        return 0

    def chown(self, _path: str, _user: int, _group: int) -> int:
        return 0

    def statfs(self, _path: str) -> dict[str, int]:
        used = sum(len(file.now) for file in self._files.values()) // BLOCK
        free = BLOCKS - used
        return {"f_bsize": BLOCK, "f_frsize": BLOCK, "f_blocks": BLOCKS, "f_bfree": free, "f_bavail": free}

    def _powered(self) -> None:
        if not self._on:
            raise OSError(errno.EIO, "the power is cut")

    def _file(self, path: str) -> File:
        if path not in self._files:
            raise OSError(errno.ENOENT, path)
        return self._files[path]


@dataclass
class Power:
    """The switch of a mounted disk."""

    folder: Path
    cuts: int = 0

    def cut(self, loss: Loss, seed: int) -> None:
        """Cut it: from now on every call fails.  End whoever ran on it, then restore it."""
        os.setxattr(self.folder, CUT, f"{loss.value} {seed}".encode())
        self.cuts += 1

    def restore(self) -> None:
        """Let the disk be used again, with what is left."""
        os.setxattr(self.folder, RESTORE, b"on")


@contextmanager
def powered(folder: Path) -> Iterator[Power]:
    """A disk mounted on a new folder for the length of a block."""
    if not Path("/dev/fuse").exists():
        pytest.skip("there is no /dev/fuse here: power cuts cannot be tried")
    if os.geteuid() != 0:
        pytest.skip("only root may mount the disk on which power cuts are tried")
    folder.mkdir()
    said = folder.with_suffix(".err")
    with said.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.power", str(folder)], cwd=ROOT, stderr=stream
        )

    def mounted() -> bool:
        if process.poll() is not None:
            why = said.read_text()
            if "not permitted" in why:
                pytest.skip(f"the disk on which power cuts are tried may not be mounted here: {why.strip()}")
            pytest.fail(f"the disk on which power cuts are tried could not be mounted: {why[-2000:]}")
        return folder.is_mount()

    try:
        wait_until(mounted, "the disk to be mounted")
        yield Power(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False, stderr=subprocess.DEVNULL)
        try:
            process.wait(10)
        finally:
            process.kill()
            process.wait()


def main() -> None:
    """Mount a disk until it is unmounted."""
    import mfusepy  # needs its C library only here

    mfusepy.FUSE(
        Disk(), sys.argv[1], foreground=True, nothreads=True, attr_timeout=0, entry_timeout=0, fsname="power"
    )


if __name__ == "__main__":
    main()
