"""What `foyer update` does, from the file to the sentence at the end."""

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from foyer.updating import building, databases, journal, release
from foyer.updating.carrying import Carrier, Outcome
from foyer.updating.errors import RefusedError
from foyer.updating.journal import Journal, Phase
from foyer.updating.layout import COMPLETE, Layout, point
from plumbing.words import Sentence

PYTHON = Path("/usr/bin/python3")
"""The system's, as install.sh takes it."""


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """The machine runs that release."""

    release: str


@dataclass(frozen=True, slots=True)
class Updater:
    """A machine that is to be updated."""

    layout: Layout
    carrier: Carrier
    say: Callable[[Sentence], None]
    """Told what is going on."""
    python: Path = PYTHON
    on_step: Callable[[str], None] = field(default=lambda _step: None)

    def finish(self, *, wait: bool = False) -> Outcome | None:
        """Finish or undo what was interrupted; `None` if nothing was.

        Args:
            wait: Until an update that is still alive has ended.

        Raises:
            RefusedError: Another one is running.
        """
        with journal.alone(self.layout, wait=wait):
            return self._finish()

    def update(
        self, source: Path, key: Path | None, *, older: bool = False, no_way_back: bool = False
    ) -> Outcome | AlreadyThere:
        """Bring a release onto the machine.

        Args:
            source: A file or folder.
            key: Public keys to trust; those of the machine if not given.
            older: Whether it may be older than what runs.
            no_way_back: Whether it may change the databases so that nothing older can have them back.

        Raises:
            RefusedError, DatabaseError, SettingsError: Nothing was changed.
        """
        with journal.alone(self.layout, wait=False):
            self._finish()
            running = self.layout.running()
            keys = release.keys_in(key or self.layout.key)
            with release.staged(source, keys, self.layout.staging) as (manifest, folder):
                if running.name == manifest.name:
                    return AlreadyThere(manifest.name)
                self._check_age(running.name, manifest.version, older=older)
                building.check_fits(manifest, source)
                self.say(
                    Sentence("{release} is signed and whole. It is being installed.", release=manifest.name)
                )
                self.on_step("build")
                new = building.build(self.layout, manifest, folder, self.python)
            point(self.layout.by, running)
            self.on_step("rehearse")
            self._check_way_back(running, new, no_way_back=no_way_back)
            return self._go(running, new, no_way_back=no_way_back)

    def roll_back(self) -> Outcome | AlreadyThere:
        """Go back to the release before, and take the databases along.

        Raises:
            RefusedError, DatabaseError, SettingsError: Nothing was changed.
        """
        with journal.alone(self.layout, wait=False):
            done = self._finish()
            if done is not None:
                return done
            running, before = self.layout.running(), self._before()
            return self._go(running, before, no_way_back=False)

    def _finish(self) -> Outcome | None:
        begun = journal.read(self.layout)
        if begun is None:
            for left in (self.layout.rehearsal, self.layout.snapshots, self.layout.staging):
                shutil.rmtree(left, ignore_errors=True)
            return None
        self.say(
            Sentence(
                "An update to {release} was interrupted: it is finished or undone now.",
                release=Path(begun.new).name,
            )
        )
        with _undisturbed():
            return self.carrier.carry_out(begun, again=True)

    def _before(self) -> Path:
        running = self.layout.running()
        if self.layout.previous.is_symlink():
            before = self.layout.previous.resolve()
            if before != running and (before / COMPLETE).exists():
                return before
        there = [place.resolve() for place in self.layout.releases.glob("*") if (place / COMPLETE).exists()]
        others = sorted(
            (place for place in there if place != running and _is_before(place, running)),
            key=lambda place: place.stat().st_mtime_ns,
        )
        if not others:
            raise RefusedError(Sentence("there is no other release on this machine to go back to"))
        return others[-1]

    def _go(self, running: Path, new: Path, *, no_way_back: bool) -> Outcome:
        self.say(
            Sentence(
                "Foyer stops for a moment and starts again as {release}: taps are kept.", release=new.name
            )
        )
        point(self.layout.by, Path(running))
        begun = Journal(
            phase=Phase.TRYING,
            old=str(running),
            new=str(new),
            services=self.carrier.services.wanted(),
            stamp=f"{datetime.now(UTC):%Y%m%dT%H%M%S}",
            no_way_back=no_way_back,
        )
        journal.write(self.layout, begun)
        with _undisturbed():
            return self.carrier.carry_out(begun, again=False)

    def _check_age(self, running: str, version: str, *, older: bool) -> None:
        here = running.partition("-")[0]
        if not older and release.VERSION.fullmatch(here) and _numbers(version) < _numbers(here):
            raise RefusedError(
                Sentence(
                    "that release ({theirs}) is older than what runs here ({ours}). To go back, use "
                    "`foyer update --rollback`; if you mean it, add --older",
                    theirs=version,
                    ours=here,
                )
            )

    def _check_way_back(self, running: Path, new: Path, *, no_way_back: bool) -> None:
        held, elsewhere = databases.found(self.layout)
        lost = list(databases.rehearse(self.layout, held, new))
        if elsewhere and databases.known(running, "hub") != databases.known(new, "hub"):
            lost.append("hub")
        if lost and not no_way_back:
            raise RefusedError(
                Sentence(
                    "that release changes the database ({names}) in a way that cannot be taken back by "
                    "itself. Make a backup (foyer hub backup), and run this again with --no-way-back",
                    names=", ".join(lost),
                )
            )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _is_before(place: Path, running: Path) -> bool:
    """Say whether a release may have run before this one: a newer one did not come up."""
    here, theirs = (release_.name.partition("-")[0] for release_ in (running, place))
    if not (release.VERSION.fullmatch(here) and release.VERSION.fullmatch(theirs)):
        return False
    return _numbers(theirs) <= _numbers(here) and all(
        databases.known(place, whose) <= databases.known(running, whose) for whose in databases.SCRIPTS
    )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Go on when the terminal is closed or Ctrl-C is pressed: half an update is no place to stop."""
    before = [(ending, signal.signal(ending, signal.SIG_IGN)) for ending in (signal.SIGHUP, signal.SIGINT)]
    try:
        yield
    finally:
        for ending, handler in before:
            signal.signal(ending, handler)
