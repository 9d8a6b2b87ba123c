"""Copy a database while programs use it, look whether a copy is whole, and put one in place.

SQLite by its own backup, which never sees half of a transaction; PostgreSQL by its own tools,
`pg_dump` and `pg_restore`, under one snapshot.  The copying connection never checkpoints (see
`plumbing.database` on the WAL-reset bug).
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from plumbing.errors import DatabaseError, DatabaseTrouble
from plumbing.words import Sentence, why

BUSY_S = 5.0
"""Seconds to wait for another program's write."""

OWNER_ONLY = 0o600

BESIDE = ("", "-wal", "-shm")
"""What a SQLite database is made of on the disk."""


def copy_sqlite(source: Path, target: Path) -> None:
    """Write one file with everything `source` holds at one moment; programs may go on writing.

    Raises:
        DatabaseError: It cannot be read, or the copy cannot be written; there may be half of it.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY))
    try:
        with (
            closing(sqlite3.connect(source, timeout=BUSY_S)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            reading.execute("PRAGMA wal_autocheckpoint=0")
            reading.execute("PRAGMA query_only=1")
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise _failed(source, error) from error


def is_whole(file: Path) -> bool:
    """Say whether SQLite finds nothing wrong with a file that no program uses."""
    try:
        with closing(sqlite3.connect(file)) as database:
            return bool(database.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def one_file(file: Path) -> None:
    """Leave nothing beside a SQLite file that no program uses: what it is on the disk is that one file."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=DELETE")


def in_use(file: Path) -> bool:
    """Say whether any program has this SQLite database open; a file that is none is in nobody's use."""
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(file, timeout=0)) as database:
            database.execute("PRAGMA wal_autocheckpoint=0")
            database.execute("PRAGMA locking_mode=EXCLUSIVE")
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.Error:
        return False
    return False


def put_in_place(new: Path, place: Path, kept: Path) -> bool:
    """Move a database where another one was; that one is kept under another name.

    Args:
        new: On the same file system as `place`.
        place: Where the program expects it.
        kept: The new name of what was there.

    Returns:
        Whether there was anything to keep.
    """
    had = place.exists()
    for ending in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{place}{ending}").rename(f"{kept}{ending}")
    facts = place.parent.stat()
    if os.geteuid() == 0:
        os.chown(new, facts.st_uid, facts.st_gid)
    new.rename(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return had


def copy_postgresql(engine: Engine, snapshot: str, target: Path) -> None:
    """Write a PostgreSQL database, as one snapshot of it shows it, into a file.

    Raises:
        DatabaseError: `pg_dump` is missing, or refuses.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY))
    _run("pg_dump", engine.url, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")


def restore_postgresql(engine: Engine, source: Path) -> None:
    """Replace what a PostgreSQL database holds by what `copy_postgresql` wrote, all or nothing.

    Raises:
        DatabaseError: `pg_restore` is missing, or refuses; then nothing was changed.
    """
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    _run("pg_restore", engine.url, *options, f"--dbname={engine.url.database}", str(source), named=True)


def others_on_postgresql(engine: Engine) -> int:
    """Return how many other connections the database has."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


@contextlib.contextmanager
def snapshot_of(engine: Engine) -> Iterator[str]:
    """Hold one view of a PostgreSQL database open, and give its name to `pg_dump`."""
    with (
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        connection.begin(),
    ):
        yield str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())


def _run(tool: str, url: URL, *options: str, named: bool = False) -> None:
    """Run one of PostgreSQL's tools; the password travels in the environment, where nobody else reads it."""
    found = shutil.which(tool)
    if found is None:
        raise DatabaseError(
            DatabaseTrouble.UNREACHABLE,
            Sentence(
                "{tool} is missing: install PostgreSQL's client programs (apt install postgresql-client)",
                tool=tool,
            ),
        )
    environment = {**os.environ, "PGCONNECT_TIMEOUT": str(int(BUSY_S))}
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    where: Sequence[str] = [f"--host={url.host}"] if url.host else []
    where = [
        *where,
        *([f"--port={url.port}"] if url.port else []),
        *([f"--username={url.username}"] if url.username else []),
    ]
    name = () if named or not url.database else (url.database,)
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [found, "--no-password", *where, *options, *name],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise DatabaseError(
            DatabaseTrouble.UNREACHABLE, Sentence("{tool} cannot be run: {why}", tool=tool, why=why(error))
        ) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [str(done.returncode)]
        raise DatabaseError(
            DatabaseTrouble.UNREADABLE, Sentence("{tool} refused: {said}", tool=tool, said=lines[0])
        )


def _failed(source: Path, error: sqlite3.Error) -> DatabaseError:
    said = str(error).lower()
    if "full" in said:
        return DatabaseError(
            DatabaseTrouble.FULL,
            Sentence("there is no room for the copy: free some space, or name another disk"),
        )
    return DatabaseError(
        DatabaseTrouble.UNREADABLE,
        Sentence(
            "the database {place} cannot be copied ({said}): run `foyer doctor`", place=source, said=said
        ),
    )
