"""Carry an update out, from wherever it was interrupted: tried, and either kept or undone.

Before each step it is on the disk what is about to happen (`journal`), and each step may be repeated.  So
whoever comes next - the same program, the next call, the next boot - goes on from there.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import msgspec

from firmware_bridge.mcu.version import FIRMWARE
from foyer.updating import building, databases, journal
from foyer.updating.databases import Fitted, Held
from foyer.updating.errors import RefusedError
from foyer.updating.health import Patience, come_up
from foyer.updating.journal import Journal, Phase
from foyer.updating.layout import Layout, point
from foyer.updating.services import Services
from plumbing.errors import PlumbingError
from plumbing.words import Sentence

DOOR = Path("dev/foyer-door")
"""The door's microcontroller, under the machine's root."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The new release runs."""

    release: str
    pruned: tuple[str, ...]
    fitted: tuple[Fitted, ...]
    """Databases that were taken back to older tables: it went to an older release."""


@dataclass(frozen=True, slots=True)
class Undone:
    """The old release runs again."""

    release: str
    tried: str
    missing: tuple[str, ...]
    """Programs that did not come up with the new one; empty if it was interrupted before that."""
    fitted: tuple[Fitted, ...]
    still_missing: tuple[str, ...]
    """Programs that do not come up with the old one either."""


@dataclass(frozen=True, slots=True)
class Stranded:
    """The new release stays, though it is not well: the old one cannot have the databases back."""

    release: str
    missing: tuple[str, ...]
    why: str | Exception


Outcome = Kept | Undone | Stranded


USUAL = Patience()

TROUBLE = (RefusedError, PlumbingError, OSError, sqlite3.Error)
"""What may go wrong with services, settings and databases: never a reason to leave the door stopped."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries it out."""

    layout: Layout
    services: Services
    patience: Patience = USUAL
    on_step: Callable[[str], None] = lambda _step: None
    """Told of each step before it is done; tests are killed there."""

    def carry_out(self, begun: Journal, *, again: bool) -> Outcome:
        """Finish what a journal says, or undo it.

        Args:
            begun: The journal, on the disk.
            again: Whether somebody else began it and did not end it.

        Raises:
            RefusedError, DatabaseError, SettingsError: It was not begun; the journal is closed.
        """
        match begun.phase:
            case Phase.TRYING:
                return self._try(begun, again=again)
            case Phase.UNDOING:
                return self._undo(begun, ())
            case Phase.KEEPING:
                return self._keep(begun, ())
            case _:
                assert_never(begun.phase)

    def _try(self, begun: Journal, *, again: bool) -> Outcome:
        layout, new = self.layout, Path(begun.new)
        fitted: list[Fitted] = []
        if layout.running() != new:
            if again:
                return self._undo(begun, ())
            fitted = self._prepare(begun)
            self.on_step("switch")
            point(layout.current, new)
        self.on_step("start")
        self.services.start(begun.services)
        self.on_step("health")
        missing = come_up(
            layout, self.services, begun.services, new, self.patience, lambda: self.on_step("look")
        )
        if missing:
            if begun.no_way_back:
                self._close(begun)
                return Stranded(new.name, missing, Sentence("--no-way-back was given"))
            undoing = msgspec.structs.replace(begun, phase=Phase.UNDOING)
            journal.write(layout, undoing)
            return self._undo(undoing, missing)
        keeping = msgspec.structs.replace(begun, phase=Phase.KEEPING)
        journal.write(layout, keeping)
        return self._keep(keeping, fitted)

    def _keep(self, begun: Journal, fitted: Sequence[Fitted]) -> Kept:
        """Leave the new release in its place.  Nothing here can fail the update."""
        self.on_step("keep")
        point(self.layout.previous, Path(begun.old))
        self._write_firmware(begun)
        self.services.start(begun.services)
        self._close(begun)
        self.on_step("prune")
        return Kept(Path(begun.new).name, tuple(building.prune(self.layout)), tuple(fitted))

    def _prepare(self, begun: Journal) -> list[Fitted]:
        """Stop the services, and have the databases ready for the new release; or all is as it was."""
        layout, held = self.layout, list[Held]()
        try:
            held, _ = databases.found(layout)
            self.on_step("stop")
            self.services.stop(begun.services)
            self.on_step("snapshot")
            databases.take_snapshots(layout, held)
            databases.keep_shapes(layout, Path(begun.old))
            self.on_step("fit")
            return databases.fit(layout, held, Path(begun.new), begun.stamp)
        except TROUBLE:
            try:
                databases.put_back(held, begun.stamp)
            finally:
                self._close(begun)
                self.services.start(begun.services)
            raise

    def _undo(self, begun: Journal, missing: tuple[str, ...]) -> Outcome:
        layout, old = self.layout, Path(begun.old)
        try:
            self.on_step("undo-stop")
            self.services.stop(begun.services)
            held, _ = databases.found(layout)
            if begun.phase is Phase.TRYING:  # cut off before the new release was in its place
                databases.put_back(held, begun.stamp)
            self.on_step("undo-fit")
            fitted = databases.fit(layout, held, old, begun.stamp)
        except TROUBLE as error:
            self._close(begun)
            self.services.start(begun.services)
            return Stranded(layout.running().name, missing, error)
        self.on_step("undo-switch")
        point(layout.current, old)
        self.on_step("undo-start")
        self.services.start(begun.services)
        still = come_up(layout, self.services, begun.services, old, self.patience)
        self.on_step("undo-close")
        self._close(begun)
        return Undone(old.name, Path(begun.new).name, missing, tuple(fitted), still)

    def _close(self, begun: Journal) -> None:
        """End it: the copies of the databases hold members' data, and go."""
        del begun
        journal.close(self.layout)
        shutil.rmtree(self.layout.snapshots, ignore_errors=True)

    def _write_firmware(self, begun: Journal) -> None:
        """Give the door's microcontroller the new release's firmware, if there is a board and it differs.

        It cannot fail the update: a kiosk says by itself when a board speaks otherwise.
        """
        foyer = Path(begun.new) / "bin/foyer"
        port = self.layout.root / DOOR
        if (
            not port.exists()
            or "kiosk" not in begun.services
            or _firmware_of(foyer.parent.parent) == FIRMWARE
        ):
            return
        self.on_step("firmware")
        try:
            self.services.stop(("kiosk",))
            subprocess.run([foyer, "mcu", "update", port], check=False, env={**os.environ})  # noqa: S603
        except (RefusedError, OSError):
            return
        finally:
            self.services.start(("kiosk",))


def _firmware_of(release: Path) -> str:
    """Return which firmware a release brings; empty if that cannot be read."""
    asked = "from firmware_bridge.mcu.version import FIRMWARE; print(FIRMWARE)"
    command = [str(release / "bin/python"), "-P", "-c", asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603 - our own
    return done.stdout.strip()
