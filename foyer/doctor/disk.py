"""The disk under the data folder: room, rights, and how long a tap takes to be safe on it."""

import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from foyer.doctor.findings import Finding, Say, broken, notice, works
from plumbing.ballast import ALARM_PERCENT, NAME, used_percent

ENOUGH_BYTES = 500_000_000
LEAST_BYTES = 50_000_000
"""A year of a large space is about 50 MB; logs and an update want room besides."""

ROUNDS = 20
"""Writes that are measured: enough for a median, a second at worst on a slow card."""

SIZE_BYTES = 4096
"""A page of the database: about what one tap writes."""

FAST_MS = 10
SLOW_MS = 100
"""Below the first nobody notices; above the second the greeting waits for the disk."""

IN_MEMORY = {"tmpfs", "ramfs", "overlay"}
"""File systems that may forget everything when the power goes."""


@dataclass(frozen=True, slots=True)
class Mount:
    """What is mounted where a folder is."""

    kind: str
    """Such as `ext4`."""
    options: frozenset[str]


def check(folder: Path, say: Say) -> list[Finding]:
    """Say whether the data folder is a good place."""
    try:
        exists = folder.is_dir()
        if exists:
            list(folder.iterdir())
    except PermissionError:
        return [_no_entry(folder, say)]
    if not exists:
        return [
            notice(
                say("The data folder {folder} does not exist yet: it is made at the first start.").format(
                    folder=folder
                )
            )
        ]
    found = [of_room(_free_bytes(folder), used_percent(folder), folder, say), *of_ballast(folder, say)]
    found += of_mount(mount_of(folder, _mounts()), folder, say)
    if folder.stat().st_mode & 0o007:
        found.append(
            notice(
                say("Anybody on this machine may look into {folder}.").format(folder=folder),
                say("Run: sudo chmod 750 {folder}").format(folder=folder),
            )
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        return [*found, _no_entry(folder, say)]
    try:
        found.append(of_latency(_latency_ms(folder), say))
    except OSError as error:
        found.append(
            broken(
                say("Nothing can be written in {folder}: {reason}.").format(
                    folder=folder, reason=error.strerror
                ),
                say("Free some space, or check the card: sudo dmesg | tail"),
            )
        )
    return found


def of_room(free_bytes: int, used: int, folder: Path, say: Say) -> Finding:
    """Say whether there is room."""
    room = free_bytes // 1_000_000
    if free_bytes < LEAST_BYTES:
        return broken(
            say("The disk of {folder} is full: {room} MB free.").format(folder=folder, room=room),
            say("Free some space; until then taps cannot be kept."),
        )
    if free_bytes < ENOUGH_BYTES or used >= ALARM_PERCENT:
        return notice(
            say("The disk of {folder} is full to {used} %: {room} MB free.").format(
                folder=folder, used=used, room=room
            ),
            say("Free some space, or use a larger card."),
        )
    return works(say("The disk of {folder} has room: {room} MB free.").format(folder=folder, room=room))


def of_ballast(folder: Path, say: Say) -> list[Finding]:
    """Say whether the room kept for a full disk has been used up; usually nothing."""
    has_database = any(folder.glob("*.db"))
    if not has_database or (folder / NAME).exists():
        return []
    return [
        notice(
            say("The room kept in {folder} for a full disk is not there.").format(folder=folder),
            say("Free some space: it is kept again at the next start, or by itself a minute later."),
        )
    ]


def of_mount(mount: Mount, folder: Path, say: Say) -> list[Finding]:
    """Say what must be known of the file system; usually nothing."""
    found = []
    if "data=writeback" in mount.options:
        found.append(
            broken(
                say(
                    "The disk of {folder} is mounted with data=writeback: a power cut can spoil the database."
                ).format(folder=folder),
                say("Take data=writeback out of /etc/fstab and /boot/firmware/cmdline.txt, then restart."),
            )
        )
    if mount.kind in IN_MEMORY:
        found.append(
            notice(
                say(
                    "{folder} is on {kind}: what is in it may be gone when the machine is switched off."
                ).format(folder=folder, kind=mount.kind),
                say("Put the data folder on a partition of its own, see docs/operate.md."),
            )
        )
    else:
        found.append(works(say("{folder} is on {kind}.").format(folder=folder, kind=mount.kind)))
    return found


def of_latency(median_ms: float, say: Say) -> Finding:
    """Say in words how long a write takes to be safe."""
    shown = max(1, round(median_ms))
    if median_ms < FAST_MS:
        return works(say("The disk is fast: a tap is safe after about {shown} ms.").format(shown=shown))
    if median_ms < SLOW_MS:
        return works(
            say("The disk is good enough: a tap is safe after about {shown} ms.").format(shown=shown)
        )
    return notice(
        say("The disk is slow: a tap is safe only after about {shown} ms.").format(shown=shown),
        say("Use a card marked A2 or “industrial”, or a USB disk."),
    )


def mount_of(folder: Path, mounts: str) -> Mount:
    """Return what is mounted at a folder, from the text of /proc/mounts; the innermost wins."""
    best, found = -1, Mount("?", frozenset())
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 4:  # noqa: PLR2004 - device, place, kind, options
            continue
        place = Path(fields[1].replace(r"\040", " "))
        if folder.resolve().is_relative_to(place) and len(place.parts) >= best:
            best, found = len(place.parts), Mount(fields[2], frozenset(fields[3].split(",")))
    return found


def _latency_ms(folder: Path) -> float:
    """Return the median time of a small write that is forced out; the file has no name and is gone after."""
    taken = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(ROUNDS):
            began_s = time.perf_counter()
            file.write(bytes(SIZE_BYTES))
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - began_s) * 1000)
    return statistics.median(taken)


def _no_entry(folder: Path, say: Say) -> Finding:
    return notice(
        say("This user may not work in {folder}, so not everything could be looked at.").format(
            folder=folder
        ),
        say("Run it as the administrator: sudo foyer doctor"),
    )


def _free_bytes(folder: Path) -> int:
    facts = os.statvfs(folder)
    return facts.f_bavail * facts.f_frsize


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
