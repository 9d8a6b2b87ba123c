"""Where things are on a machine that `deploy/raspberrypi/install.sh` set up."""

import os
from dataclasses import dataclass
from pathlib import Path

from foyer.updating.errors import RefusedError
from plumbing.words import Sentence

COMPLETE = "complete"
"""A file in a release that is whole; without it, it is a ruin of an interrupted installation."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The machine, under `root` (`/`, or a folder that stands for it)."""

    root: Path = Path("/")

    @property
    def opt(self) -> Path:
        """The releases' home."""
        return self.root / "opt/foyer"

    @property
    def releases(self) -> Path:
        """One virtual environment for each, called after version and mark."""
        return self.opt / "releases"

    @property
    def current(self) -> Path:
        """A link to the release the services start."""
        return self.opt / "current"

    @property
    def previous(self) -> Path:
        """A link to the release that ran before."""
        return self.opt / "previous"

    @property
    def state(self) -> Path:
        """What an update in progress keeps: its journal, a lock, copies of the databases."""
        return self.opt / "update"

    @property
    def by(self) -> Path:
        """A link to the release whose program carries the update out, also after a power cut."""
        return self.state / "by"

    @property
    def staging(self) -> Path:
        """The checked copy of what is being installed."""
        return self.state / "incoming"

    @property
    def rehearsal(self) -> Path:
        """Copies of the databases that a new release is tried on."""
        return self.state / "rehearsal"

    @property
    def snapshots(self) -> Path:
        """The databases as they were before the update in progress."""
        return self.state / "snapshots"

    @property
    def key(self) -> Path:
        """The public keys that releases may be signed with."""
        return self.settings / "release.pub"

    @property
    def settings(self) -> Path:
        """Holds `hub.toml`, `kiosk.toml`, `lobby.toml`, as far as they are there."""
        return self.root / "etc/foyer"

    def running(self) -> Path:
        """Return the release that `current` names.

        Raises:
            RefusedError: There is none.
        """
        if not self.current.is_symlink():
            raise RefusedError(
                Sentence(
                    "{place} is not there: this machine was not set up by install.sh. Use pip, or install.sh",
                    place=self.current,
                )
            )
        return self.current.resolve()


def point(link: Path, target: Path) -> None:
    """Make a link name something else, in one step that a power cut cannot halve."""
    new = link.with_name(f"{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
    sync_folder(link.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def packages_of(release: Path) -> Path:
    """Return where a release keeps its modules.

    Raises:
        RefusedError: It has none.
    """
    found = sorted((release / "lib").glob("python3*/site-packages"))
    if not found:
        raise RefusedError(Sentence("{place} is not whole: it is no release", place=release))
    return found[0]
