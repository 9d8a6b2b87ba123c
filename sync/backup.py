"""Back a hub up into one file (`sync.archive`) while it runs, and put such a file in the place of a hub."""

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, select

from community.ids import MemberId
from plumbing import copies, migrations
from plumbing.database import Database, open_engine
from plumbing.errors import DatabaseError
from plumbing.words import Sentence
from sync import archive, keyfiles
from sync.errors import BackupError
from sync.settings import HubSettings
from sync.store import deliveries, feed, notices, sisters
from sync.store.care_schema import volunteers
from sync.store.directory import remove_member
from sync.store.machines_schema import api_tokens, webhooks
from sync.store.own_schema import came_of_it, photos
from sync.store.schema import (
    badges,
    events,
    hosts,
    known_to_the_world,
    member_sessions,
    members,
    quarantine,
    sessions,
)
from sync.store.schema import feed as feed_table

COUNTED = {"events": events, "members": members, "badges": badges, "hosts": hosts, "quarantine": quarantine}
"""Tables whose rows are counted, by the name that stands in the manifest."""

REVISIONS_AHEAD = 1_000_000
"""A restored feed goes on far beyond what any kiosk has seen, so that none takes it for its own."""


class Restored(msgspec.Struct, frozen=True):
    """What a restore did."""

    manifest: archive.Manifest
    kept: tuple[str, ...]
    """What was there before, under its new name."""
    erased: int
    """People who were in the backup, and had been erased since."""


def back_up(settings: HubSettings, file: Path, scripts: Path) -> archive.Manifest:
    """Write a backup of a hub, which may go on running, and check it.

    Args:
        settings: The hub's.
        file: Must not exist yet.
        scripts: The hub's migrations.

    Raises:
        BackupError, DatabaseError, SettingsError: There is none; the message says why.
    """
    if file.exists():
        raise BackupError(Sentence("{file} exists already: name another file", file=file))
    secrets = keyfiles.read(settings)
    with (
        archive.drafts(file.parent) as folder,
        closing(Database(open_engine(settings.database, visiting=True))) as database,
    ):
        engine = database.engine.dialect.name
        schema = database.read_now(migrations.schema_of)
        if schema not in migrations.known(scripts):
            raise BackupError(
                Sentence(
                    "the database has the schema {schema}, which this Foyer does not know",
                    schema=schema or "-",
                )
            )
        part = folder / (archive.SQLITE if engine == "sqlite" else archive.DUMP)
        if engine == "sqlite":
            copies.copy_sqlite(Path(database.engine.url.database or ""), part)
            counts = _look_into(part)
        else:
            with copies.snapshot_of(database.engine) as snapshot:
                counts = database.read_now(_counts)
                copies.copy_postgresql(database.engine, snapshot, part)
        manifest = archive.Manifest(
            format=archive.FORMAT,
            program=version("foyer-kiosk"),
            at=datetime.now(UTC).replace(microsecond=0),
            space=settings.space.id,
            schema=schema,
            engine=engine,
            counts=counts,
            sha256={
                part.name: archive.hash_of(part),
                **{name: hashlib.sha256(content).hexdigest() for name, content in secrets.items()},
            },
        )
        draft = folder / "backup.tar"
        archive.pack(draft, manifest, part, secrets)
        with _checked(draft, folder, scripts) as (
            seen,
            _,
        ):  # what was written is read again before it counts
            if seen != manifest:
                raise BackupError(archive.spoilt(file))
        draft.rename(file)
    return manifest


def restore(settings: HubSettings, file: Path, scripts: Path) -> Restored:
    """Put a backup in the place of a hub that does not run; what was there is kept.

    Whoever was erased since the backup is erased again, and every login is ended.

    Raises:
        BackupError, DatabaseError, SettingsError: Nothing was changed; the message says why.
    """
    url = open_engine(settings.database).url
    engine, place = url.get_backend_name(), Path(url.database or "")
    home = place.parent if engine == "sqlite" else Path(settings.badge_key_file).parent
    with archive.drafts(home) as folder, _checked(file, folder, scripts) as (manifest, part):
        if manifest.engine != engine:
            raise BackupError(
                Sentence(
                    "{file} was made from {theirs}, but `database` in the hub's settings names {ours}",
                    file=file,
                    theirs=manifest.engine,
                    ours=engine,
                )
            )
        if manifest.space != settings.space.id:
            raise BackupError(
                Sentence(
                    "{file} belongs to the space {theirs!r}, but this hub serves {ours!r}",
                    file=file,
                    theirs=manifest.space,
                    ours=settings.space.id,
                )
            )
        stamp = f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}"
        secrets = {name: (folder / name).read_bytes() for name in archive.SECRETS if name in manifest.sha256}
        kept = []
        if engine == "sqlite":
            if copies.in_use(place):
                raise BackupError(_running())
            gone = _erased(f"sqlite:///{place}") if place.exists() else frozenset()
            erased = _prepare(f"sqlite:///{part}", gone, scripts)
            old = place.with_name(f"{place.name}.{stamp}")
            if copies.put_in_place(part, place, old):
                kept.append(str(old))
        else:
            kept, erased = _restore_postgresql(settings.database, part, folder, stamp, scripts)
        kept += keyfiles.put(settings, secrets, stamp)
    return Restored(manifest, tuple(kept), erased)


@contextmanager
def _checked(file: Path, folder: Path, scripts: Path) -> Iterator[tuple[archive.Manifest, Path]]:
    """Take a backup apart, check every part, and count what is in its database."""
    with archive.unpacked(file, folder, scripts) as (manifest, part):
        if manifest.engine == "sqlite" and _look_into(part) != manifest.counts:
            raise BackupError(archive.spoilt(file))
        yield manifest, part


def _prepare(url: str, gone: frozenset[str], scripts: Path) -> int:
    """Make a restored database fit for use; return how many people had to be erased again."""
    with closing(Database(open_engine(url))) as database:
        migrations.upgrade(database, scripts)

        def work(connection: Connection) -> int:
            feed.go_ahead(connection, REVISIONS_AHEAD)
            connection.execute(sessions.delete())
            connection.execute(member_sessions.delete())
            # a yes that was taken back since must not come back: who still means it says so again
            connection.execute(known_to_the_world.delete())
            connection.execute(volunteers.delete())
            connection.execute(photos.update().values(hosts=False, members=False))
            connection.execute(came_of_it.update().values(counted=False))
            # nor a token that was revoked since, or an address that was removed: an administrator looks first
            connection.execute(api_tokens.delete())
            connection.execute(webhooks.update().values(paused=True))
            deliveries.restored(connection)
            notices.restored(connection)
            sisters.restored(connection, int(datetime.now(UTC).timestamp()))
            here = set(connection.execute(select(members.c.id)).scalars())
            for member in sorted(gone & here):
                remove_member(connection, MemberId(member))
            return len(gone & here)

        return database.write_now(work)


def _restore_postgresql(
    url: str, part: Path, folder: Path, stamp: str, scripts: Path
) -> tuple[list[str], int]:
    with closing(Database(open_engine(url))) as database:
        engine = database.engine
        if copies.others_on_postgresql(engine):
            raise BackupError(_running())
        kept, gone = [], frozenset[str]()
        try:
            schema = database.read_now(migrations.schema_of)
        except DatabaseError:
            schema = ""  # it is empty: there is nothing to keep
        if schema:
            gone = _erased(url)
            old = folder.parent / f"hub.dump.{stamp}"
            with copies.snapshot_of(engine) as snapshot:
                copies.copy_postgresql(engine, snapshot, old)
            kept.append(str(old))
        engine.dispose()
        copies.restore_postgresql(engine, part)
    return kept, _prepare(url, gone, scripts)


def _erased(url: str) -> frozenset[str]:
    """Return the ids of those who were erased from a database, as far as it can still be read."""
    query = select(feed_table.c.key).where(
        feed_table.c.kind == feed.Kind.MEMBER.value, feed_table.c.body.is_(None)
    )
    with closing(Database(open_engine(url))) as database:
        try:
            return database.read_now(lambda c: frozenset(c.execute(query).scalars()))
        except DatabaseError:
            return frozenset()


def _look_into(file: Path) -> dict[str, int]:
    """Count what a copy holds, after SQLite has found nothing wrong with it."""
    if not copies.is_whole(file):
        raise BackupError(Sentence("the copy of the database is damaged: run `foyer doctor`"))
    with closing(Database(open_engine(f"sqlite:///{file}"))) as database:
        counts = database.read_now(_counts)
        database.engine.dispose()
    copies.one_file(file)
    return counts


def _counts(connection: Connection) -> dict[str, int]:
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in COUNTED.items()
    }


def _running() -> Sentence:
    return Sentence("the hub is running: stop it first (sudo systemctl stop foyer-hub); nothing was changed")
