"""One door to the database: a single writer thread, readers beside it, errors in sentences.

SQLite in WAL mode with `synchronous=FULL` (a commit survives a power cut: measured 0 of 14,096
commits lost, where NORMAL lost 14 %), or PostgreSQL.  One connection owns writing *and*
checkpoints: SQLite before 3.51.3 can lose committed writes when two connections checkpoint
("WAL-reset bug"); readers can do neither.  SQL that only one of the two understands stands in this
module, or beside it in `plumbing.copies`, and nowhere else.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, exc, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import QueuePool

from plumbing.ballast import Ballast
from plumbing.errors import DatabaseError, DatabaseTrouble, SettingsError
from plumbing.words import Sentence, why

Result = TypeVar("Result")

BUSY_S = 5.0
"""Seconds to wait for another process's write (a backup, `foyer members import`)."""

WRITER_LOCK = 0x466F79
"""The advisory lock that a writing transaction on PostgreSQL holds ("Foy")."""

READERS = 2
"""Threads for reading: the dashboard's queries are short, and the machine has few cores."""


def open_engine(url: str, *, visiting: bool = False) -> Engine:
    """Open a database by its URL: `sqlite:///path` or `postgresql+psycopg://…`.

    Args:
        url: Its address.
        visiting: Whether it may belong to another, running program, which then owns the checkpoints.

    Raises:
        SettingsError: The URL is not one we understand, or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            raise SettingsError(
                Sentence(
                    "database: {kind!r} is not supported; "
                    "use sqlite:///path/to/file.db or postgresql+psycopg://user@host/name",
                    kind=parsed.get_backend_name(),
                )
            )
        if parsed.get_backend_name() == "sqlite":
            return _open_sqlite(url, parsed.database, checkpoints=not visiting)
        return create_engine(
            url, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": int(BUSY_S)}
        )
    except exc.ArgumentError as error:
        raise SettingsError(
            Sentence(
                "database: this is not a database URL; "
                "use sqlite:///path/to/file.db or postgresql+psycopg://user@host/name"
            )
        ) from error
    except ModuleNotFoundError as error:
        raise SettingsError(
            Sentence(
                "database: the driver {name!r} is not installed; run pip install 'foyer-kiosk[postgresql]'",
                name=error.name,
            )
        ) from error


def _open_sqlite(url: str, path: str | None, *, checkpoints: bool) -> Engine:
    """Open SQLite for writing, on a single connection."""
    if path:
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(
                DatabaseTrouble.UNREACHABLE,
                Sentence(
                    "the folder of the database {path} cannot be made: {why}", path=path, why=why(error)
                ),
            ) from error
    engine = _sqlite_engine(url, pool_size=1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, so a read never blocks the writer
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        if not checkpoints:
            connection.execute("PRAGMA wal_autocheckpoint=0")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _open_readers(url: URL) -> Engine:
    """Open SQLite on connections that can neither write nor checkpoint."""
    engine = _sqlite_engine(url, pool_size=READERS)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("PRAGMA query_only=1")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _sqlite_engine(url: str | URL, **pool: int) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": BUSY_S, "check_same_thread": False},
        poolclass=QueuePool,
        **pool,
    )


class Database:
    """A database with one writer.  Lives as long as the program; `close` it at the end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        """Writes, and owns the checkpoints."""
        is_sqlite = engine.dialect.name == "sqlite"
        self._reading = _open_readers(engine.url) if is_sqlite else engine
        self.ballast = None if self.file is None else Ballast(self.file.parent)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="database-reader")

    @property
    def file(self) -> Path | None:
        """The SQLite file; `None` for another kind of database."""
        url = self.engine.url
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in one transaction on the writer thread; it is committed when this returns.

        Raises:
            DatabaseError: The transaction was rolled back; nothing of it was kept.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, self.write_now, work)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in a read transaction on a reader thread: one consistent view.

        Raises:
            DatabaseError: The database cannot be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def write_now(self, work: Callable[[Connection], Result]) -> Result:
        """`write`, on the calling thread: for start-up and commands, before anything else runs.

        On a full disk the ballast goes first, and the work is tried once more.
        """
        try:
            result = self._write(work)
        except DatabaseError as error:
            if error.trouble is not DatabaseTrouble.FULL or self.ballast is None or not self.ballast.let_go():
                raise
            return self._write(work)
        if self.ballast is not None:
            self.ballast.look()
        return result

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        try:
            with self.engine.connect() as connection, connection.begin():
                if connection.dialect.name == "postgresql":
                    # One writer at a time, as with SQLite: revisions are read, then written.
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
                return work(connection)
        except exc.DBAPIError as error:
            raise explain(error, self.engine) from error

    def read_now(self, work: Callable[[Connection], Result]) -> Result:
        """`read`, on the calling thread."""
        try:
            with self._reading.connect() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    return work(connection)
        except exc.DBAPIError as error:
            raise explain(error, self.engine) from error

    async def settle(self) -> None:
        """Bring SQLite's journal into the file and empty it, so that what was deleted is in neither.

        Raises:
            DatabaseError: The journal stays as it is.
        """
        if self.file is not None:
            await asyncio.get_running_loop().run_in_executor(self._writer, self._settle)

    def _settle(self) -> None:
        try:
            with self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                if raw is not None:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except exc.DBAPIError as error:
            raise explain(error, self.engine) from error

    def close(self) -> None:
        """Finish what was asked for, then let go of the database."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._reading.dispose()
        self.engine.dispose()


def explain(error: exc.DBAPIError, engine: Engine) -> DatabaseError:
    """Turn a driver's error into one with a sentence: what, where, what to do.  Never the values."""
    place = engine.url.render_as_string(hide_password=True)
    said = str(error.orig).lower()
    if "full" in said or "no space" in said:
        return DatabaseError(
            DatabaseTrouble.FULL,
            Sentence("the disk of the database {place} is full: free some space on it", place=place),
        )
    if "malformed" in said or "not a database" in said:
        return DatabaseError(
            DatabaseTrouble.UNREADABLE,
            Sentence(
                "the database {place} is damaged: "
                "move it aside, restore the last backup, and keep the old file",
                place=place,
            ),
        )
    if "locked" in said or "busy" in said:
        return DatabaseError(
            DatabaseTrouble.LOCKED,
            Sentence("another program holds the database {place}: stop it, or wait for it", place=place),
        )
    if isinstance(error, exc.OperationalError):
        first_line = str(error.orig).strip().splitlines()[0]
        return DatabaseError(
            DatabaseTrouble.UNREACHABLE,
            Sentence(
                "the database {place} does not answer ({said}): check the path or address, and its rights",
                place=place,
                said=first_line,
            ),
        )
    return DatabaseError(
        DatabaseTrouble.UNREADABLE,
        Sentence(
            "the database {place} refused ({said}): run `foyer doctor`",
            place=place,
            said=type(error.orig).__name__,
        ),
    )
