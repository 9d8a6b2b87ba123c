"""A release becomes a virtual environment of its own, beside the one that runs."""

import csv
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from foyer.updating.errors import RefusedError
from foyer.updating.layout import COMPLETE, Layout, packages_of, sync_folder
from foyer.updating.release import WHEELS, Manifest
from plumbing.words import Sentence

KEPT = 3
"""Releases on a machine: the one that runs, the one before, and one more; a card is small."""

SPARE_BYTES = 100_000_000
"""Left free on the card besides what the new release needs."""

BUILT_HERE = ("pyscard",)
"""What has no wheel for Linux and was built on this machine by install.sh: it goes along."""


def machine() -> str:
    """Return what wheels must be made for to run here, as `Manifest.platform` says it."""
    return f"{platform.machine()}-cp{sys.version_info.major}{sys.version_info.minor}"


def check_fits(manifest: Manifest, source: Path) -> None:
    """Look whether the wheels that come along are for this machine.

    Raises:
        RefusedError: They are not.
    """
    if manifest.platform not in {"", machine()}:
        raise RefusedError(
            Sentence(
                "{file} is for {theirs}, and this machine is {ours}: take the file made for it",
                file=source,
                theirs=manifest.platform,
                ours=machine(),
            )
        )


def build(layout: Layout, manifest: Manifest, staged: Path, python: Path) -> Path:
    """Make the release, or return it if it is there already.

    Args:
        layout: The machine.
        manifest: Checked.
        staged: Where its files are.
        python: What the environment is made with.

    Raises:
        RefusedError: It cannot be installed; what was begun is removed.
    """
    release = layout.releases / manifest.name
    if (release / COMPLETE).exists():
        return release
    shutil.rmtree(release, ignore_errors=True)
    _check_room(layout)
    os.umask(0o022)  # the services' user reads what root installs, whatever this shell's own umask
    offline = ("--no-index", "--find-links", str(staged / WHEELS)) if manifest.platform else ()
    pip = (str(release / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "--no-input")
    try:
        _run(str(python), "-m", "venv", str(release))
        _run(*pip, *offline, "--require-hashes", "-r", str(staged / manifest.lock))
        _run(*pip, "--no-index", "--no-deps", str(staged / manifest.wheel))
        _take_along(layout.running(), release)
        _run(str(release / "bin/foyer"), "--version")
    except BaseException:
        shutil.rmtree(release, ignore_errors=True)
        raise
    os.sync()  # the link must never be on the disk before what it names
    (release / COMPLETE).touch()
    sync_folder(release)
    return release


def prune(layout: Layout) -> list[str]:
    """Remove all but the newest releases; never the one that runs, nor the one before.

    Returns:
        The names of those that are gone.
    """
    kept = {link.resolve() for link in (layout.current, layout.previous, layout.by) if link.is_symlink()}
    there = sorted(
        (place for place in layout.releases.iterdir() if place.is_dir()),
        key=lambda place: place.stat().st_mtime_ns,
        reverse=True,
    )
    gone = []
    for place in there:
        if place.resolve() in kept:
            continue
        if len(kept) < KEPT and (place / COMPLETE).exists():
            kept.add(place.resolve())
            continue
        shutil.rmtree(place, ignore_errors=True)
        gone.append(place.name)
    return gone


def _check_room(layout: Layout) -> None:
    needed = _size(layout.running()) + SPARE_BYTES
    free = shutil.disk_usage(layout.opt).free
    if free < needed:
        raise RefusedError(
            Sentence(
                "{place}: {free} MB are free, and {needed} MB are needed: free some space first",
                place=layout.opt,
                free=free // 1_000_000,
                needed=needed // 1_000_000,
            )
        )


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*"))


def _take_along(old: Path, new: Path) -> None:
    """Copy what was built on this machine from one release into the next, if both run the same Python."""
    here, there = packages_of(old), packages_of(new)
    if here.parent.name != there.parent.name:
        return
    for name in BUILT_HERE:
        for record in here.glob(f"{name}-*.dist-info/RECORD"):
            with record.open(encoding="utf-8", newline="") as file:
                paths = [row[0] for row in csv.reader(file) if row]
            for path in paths:
                source, target = here / path, there / path
                if ".." not in Path(path).parts and source.is_file():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(source, target)


def _run(*command: str) -> None:
    """Run one step.

    Raises:
        RefusedError: It failed, with the last thing it said.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603 - our own
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise RefusedError(
            Sentence(
                "the new release cannot be installed, and nothing was changed: {said}",
                said=said[-1] if said else done.returncode,
            )
        )
