"""Be the only hub on a database, for as long as the program lives.

With SQLite a file beside the database is locked, with PostgreSQL the server holds a lock for one connection.
Either is let go of by the machine when the program ends in whatever way: nothing is left to clean up.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import time

from sqlalchemy import Connection, exc, text

from plumbing.database import Database, explain
from plumbing.errors import DatabaseError, DatabaseTrouble
from plumbing.words import Sentence

log = logging.getLogger(__name__)

LOCK = 0x466F7968
"""The number of PostgreSQL's lock; another one than writers take in turn."""

ENDING = ".lock"
"""Of the file that is locked: the database's own name with this behind it."""

PATIENCE_S = 5.0
"""Seconds for which a lock that is held is asked for again: a server lets go of a killed program's a moment
later."""

AGAIN_S = 0.1

LOOK_S = 10.0
"""Seconds between two looks whether the server still holds it for us: it forgets when it is started again."""

OWNER_ONLY = 0o600


class Sole:
    """The lock.  Lives as long as the hub, from `take` to `let_go`; these two block."""

    def __init__(self, database: Database, *, patience_s: float = PATIENCE_S, look_s: float = LOOK_S) -> None:
        """Prepare; `patience_s` and `look_s` are seconds, see the constants."""
        self._database, self._patience_s, self._look_s = database, patience_s, look_s
        self._file: int | None = None
        self._connection: Connection | None = None

    def take(self) -> None:
        """Be the only one from now on.

        Raises:
            DatabaseError: Another program is, or the database does not answer.
        """
        until_s = time.monotonic() + self._patience_s
        while not self._taken():
            if time.monotonic() >= until_s:
                raise _not_alone(self._database)
            time.sleep(AGAIN_S)

    async def watch(self) -> None:
        """Hold on to it until cancelled; a server that was away is asked again once it is back.

        Raises:
            DatabaseError: Another program was faster: this one must end.
        """
        while True:
            await asyncio.sleep(self._look_s)
            await asyncio.to_thread(self._look)

    def let_go(self) -> None:
        """Let another program be the one."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._disconnect()

    def _look(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.execute(text("SELECT 1"))
        except exc.DBAPIError:
            log.warning("the database was away: asking again to be the only one on it")
            self._disconnect()
        else:
            return
        try:
            self.take()
        except DatabaseError as error:
            if error.trouble is DatabaseTrouble.LOCKED:
                raise
            self._connection = None  # not back yet

    def _taken(self) -> bool:
        file = self._database.file
        if file is not None:
            return self._locked(f"{file}{ENDING}")
        if self._database.engine.dialect.name != "postgresql":
            return True  # in memory: nobody else can see it
        try:
            connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except exc.DBAPIError as error:
            raise explain(error, self._database.engine) from error
        self._connection = connection
        if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}).scalar_one():
            return True
        self._disconnect()
        return False

    def _locked(self, place: str) -> bool:
        try:
            descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
        except OSError as error:
            raise DatabaseError(
                DatabaseTrouble.UNREACHABLE,
                Sentence("{place} cannot be opened: {said}", place=place, said=error.strerror or ""),
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._file = descriptor
        return True

    def _disconnect(self) -> None:
        """Close the connection for good: back in the pool it would keep the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(exc.DBAPIError):
                connection.invalidate()
                connection.close()


def _not_alone(database: Database) -> DatabaseError:
    return DatabaseError(
        DatabaseTrouble.LOCKED,
        Sentence(
            "another hub runs on the database {place}: two would throw each other out; stop that one first",
            place=database.engine.url.render_as_string(hide_password=True),
        ),
    )
