"""The databases of a machine: copied before an update, tried out on the copy, and fitted to who runs them."""

import os
import shutil
import sqlite3
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from foyer.updating import projecting
from foyer.updating.errors import RefusedError
from foyer.updating.layout import Layout, packages_of, sync_folder
from foyer.visiting import hub_settings
from kiosk.settings import PREFIX, KioskSettings
from plumbing import copies
from plumbing.errors import DatabaseError, DatabaseTrouble
from plumbing.settings import load
from plumbing.words import Sentence

SCRIPTS = {"hub": "sync/store/migrations/versions", "kiosk": "kiosk/store/migrations/versions"}
"""Where a release keeps the migrations of each program's database."""


@dataclass(frozen=True, slots=True)
class Held:
    """One SQLite database."""

    name: str
    """`hub`, `kiosk` or `lobby`, as its settings file."""
    file: Path

    @property
    def whose(self) -> str:
        """Which program's tables it has: `hub` or `kiosk`."""
        return "hub" if self.name == "hub" else "kiosk"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A database that was given the tables of an older program."""

    name: str
    kept: Path
    """What the newer program had, beside it."""
    stayed: tuple[str, ...]
    """Tables that are as they were before the update."""


def found(layout: Layout) -> tuple[list[Held], bool]:
    """Return the SQLite databases of this machine, and whether its hub uses PostgreSQL instead.

    Raises:
        SettingsError: A settings file is wrong.
    """
    held, elsewhere = [], False
    hub = layout.settings / "hub.toml"
    if hub.exists():
        url = make_url(hub_settings(hub).database)
        if url.get_backend_name() == "sqlite" and url.database:
            held.append(Held("hub", Path(url.database)))
        else:
            elsewhere = True
    for name in ("kiosk", "lobby"):
        file = layout.settings / f"{name}.toml"
        if file.exists():
            settings = load(KioskSettings, file=file, environment=os.environ, prefix=PREFIX)
            held.append(Held(name, settings.database))
    return [one for one in held if one.file.exists()], elsewhere


def known(release: Path, whose: str) -> frozenset[str]:
    """Return every schema a release can work with."""
    scripts = packages_of(release) / SCRIPTS[whose]
    return frozenset(file.stem.partition("_")[0] for file in scripts.glob("[0-9]*.py"))


def shape_in(release: Path, name: str) -> Path:
    """Return where a release that was left keeps the shape of a database it had."""
    return release / f"shape-{name}.db"


def rehearse(layout: Layout, held: list[Held], new: Path) -> tuple[str, ...]:
    """Let a new release migrate copies of the databases, and go back again on them.

    Returns:
        The databases whose rows the running release could not have back: what the new one makes of them
        cannot be undone.

    Raises:
        RefusedError: A migration fails.
        DatabaseError: A copy cannot be made, or the way back cannot be tried.
    """
    lost = []
    folder = layout.rehearsal
    for one in held:
        _emptied(folder)
        before, after, back = folder / "before.db", folder / "after.db", folder / "back.db"
        try:
            copies.copy_sqlite(one.file, before)
            if projecting.schema_of(before) not in {"", *known(new, one.whose)}:
                raise RefusedError(
                    Sentence(
                        "{place} was written by a Foyer newer than that release: nothing was changed. "
                        "`foyer update --rollback` goes back to the release before",
                        place=one.file,
                    )
                )
            shutil.copyfile(before, after)
            command = [str(new / "bin/python"), "-P", "-m", "foyer.updating.migrate", one.whose, str(after)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603
            if done.returncode:
                said = [line for line in done.stderr.splitlines() if line.strip()]
                raise RefusedError(
                    Sentence(
                        "the new release cannot take {place} over, and nothing was changed: {said}",
                        place=one.file,
                        said=said[-1] if said else done.returncode,
                    )
                )
            if projecting.schema_of(after) != projecting.schema_of(before):
                projecting.shape(before, back)
                if _filled(back, after, one.file) or not projecting.same(before, back):
                    lost.append(one.name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return tuple(lost)


def take_snapshots(layout: Layout, held: list[Held]) -> None:
    """Copy every database; nobody uses them.  Copies that are there already are of an earlier update, and go.

    Raises:
        DatabaseError: A copy cannot be made.
    """
    shutil.rmtree(layout.snapshots, ignore_errors=True)
    layout.snapshots.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in held:
        target = layout.snapshots / f"{one.name}.db"
        draft = target.with_suffix(".draft")
        copies.copy_sqlite(one.file, draft)
        _on_disk(draft)
        draft.replace(target)
    sync_folder(layout.snapshots)


def keep_shapes(layout: Layout, release: Path) -> None:
    """Leave the shapes of the snapshots with the release they belong to, for a way back later."""
    for snapshot in layout.snapshots.glob("*.db"):
        projecting.shape(snapshot, shape_in(release, snapshot.stem))


def fit(layout: Layout, held: list[Held], release: Path, stamp: str) -> list[Fitted]:
    """Give every database tables that a release knows, with all rows they hold now.  Nobody uses them.

    A database the release knows is left alone.  May be interrupted and repeated anywhere: there is always one
    whole database under its name.

    Raises:
        RefusedError: There is neither snapshot nor shape, or without a snapshot a table would be lost.
        DatabaseError: The older tables cannot be written; this database is as it was.
    """
    done = []
    for one in held:
        beside = one.file.with_name(f"{one.file.name}.fitting")
        beside.unlink(missing_ok=True)
        if projecting.schema_of(one.file) in {"", *known(release, one.whose)}:
            continue
        facts = one.file.lstat()
        if not stat.S_ISREG(facts.st_mode):
            raise RefusedError(Sentence("{place} is not an ordinary file: it is left alone", place=one.file))
        layout.snapshots.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = layout.snapshots / f"{one.name}.fitting"
        stayed = _drafted(layout, one, release, draft)
        try:
            _handed_over(draft, beside, facts)
        finally:
            _remove(draft)
        kept = one.file.with_name(f"{one.file.name}.newer-{stamp}")
        copies.one_file(one.file)
        kept.unlink(missing_ok=True)
        kept.hardlink_to(one.file)
        beside.replace(one.file)
        sync_folder(one.file.parent)
        done.append(Fitted(one.name, kept, stayed))
    return done


def put_back(held: list[Held], stamp: str) -> None:
    """Take back what `fit` did before the release changed: the newer databases stand in their places again.

    Nobody uses them, and nobody did since.  May be interrupted and repeated.
    """
    for one in held:
        kept = one.file.with_name(f"{one.file.name}.newer-{stamp}")
        if not kept.exists():
            continue
        if kept.samefile(one.file):
            kept.unlink()
        elif projecting.schema_of(kept) != projecting.schema_of(one.file):
            copies.one_file(one.file)
            kept.replace(one.file)
        sync_folder(one.file.parent)


def _handed_over(source: Path, target: Path, facts: os.stat_result) -> None:
    """Copy a file into a folder that is somebody else's, and give it to them.

    Whoever owns the folder may put a link in the place of any name, and we are root: so the file is made new,
    and from then on never looked up by its name.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(target, flags, copies.OWNER_ONLY)
    try:
        with source.open("rb") as read, os.fdopen(handle, "wb", closefd=False) as written:
            shutil.copyfileobj(read, written, 1 << 20)
        if os.geteuid() == 0:
            os.fchown(handle, facts.st_uid, facts.st_gid)
        os.fchmod(handle, facts.st_mode & 0o777)
        os.fsync(handle)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def _drafted(layout: Layout, one: Held, release: Path, draft: Path) -> tuple[str, ...]:
    snapshot, shape = layout.snapshots / f"{one.name}.db", shape_in(release, one.name)
    _remove(draft)
    base = next((file for file in (snapshot, shape) if _fits(file, release, one)), None)
    if base is None:
        raise RefusedError(
            Sentence("{place}: that release cannot read it, and nothing says how it was", place=one.file)
        )
    try:
        shutil.copyfile(base, draft)
        stayed = _filled(draft, one.file, one.file)
    except BaseException:  # half of what members wrote is left nowhere
        _remove(draft)
        raise
    if not copies.is_whole(draft) or (stayed and base == shape):
        _remove(draft)
        raise RefusedError(
            Sentence(
                "{place} holds what that release cannot keep: going back would lose it. Nothing was changed",
                place=one.file,
            )
        )
    return stayed


def _filled(target: Path, newer: Path, place: Path) -> tuple[str, ...]:
    try:
        return projecting.fill(target, newer)
    except sqlite3.Error as error:
        full = "full" in str(error).lower()
        raise DatabaseError(
            DatabaseTrouble.FULL if full else DatabaseTrouble.UNREADABLE,
            Sentence("{place} cannot be written into older tables: {said}", place=place, said=error),
        ) from error


def _fits(file: Path, release: Path, one: Held) -> bool:
    return projecting.schema_of(file) in known(release, one.whose)


def _remove(file: Path) -> None:
    """Remove a database and whatever SQLite has put beside it."""
    for ending in (*copies.BESIDE, "-journal"):
        Path(f"{file}{ending}").unlink(missing_ok=True)


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)


def _on_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
