"""A real PostgreSQL for tests: its own cluster in its own folder, on a free loopback port.

Found through Debian's `postgresql` package.  It refuses to run as root, so it is started as the
user `postgres` when the tests run as root; pytest's own folders are closed to that user.  Where
it is missing the tests are skipped with a reason, or fail when the environment has `CI`.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.fakes.brokers import free_port

START_S = 60
"""Seconds a cluster may take to be made and to answer on a busy machine."""


def postgresql_binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL installed, or `None`."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found := shutil.which("initdb"):
        folders.append(Path(found).parent)
    return max(folders, default=None, key=lambda folder: [int(p) for p in folder.parts if p.isdigit()])


class PostgreSQL:
    """A cluster in a folder that can crash and be started again."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        """Make the cluster."""
        self._folder, self._binaries = folder, binaries
        self._data, self._port = folder / "data", free_port()
        self._prefix: list[str] = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
            self._prefix.append("--")
        how = ("--auth=trust", "--username=foyer", "--encoding=UTF8", "--no-sync")
        self._do("initdb", "--pgdata", str(self._data), *how)

    @property
    def url(self) -> str:
        """The server's address, without the name of a database."""
        return f"postgresql+psycopg://foyer@127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it; after a crash it recovers first."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        log = str(self._folder / "log")
        self._do("pg_ctl", "--pgdata", str(self._data), "-w", "-o", options, "-l", log, "start")

    def crash(self) -> None:
        """End every process of it at once, with nothing written down."""
        self._do("pg_ctl", "--pgdata", str(self._data), "-m", "immediate", "-w", "stop")

    def _do(self, command: str, *arguments: str) -> None:
        done = subprocess.run(
            [*self._prefix, str(self._binaries / command), *arguments],
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}{done.stdout}"


@contextlib.contextmanager
def running_postgresql() -> Iterator[str]:
    """The URL of a database server for the length of a block, without the database's name."""
    with crashing_postgresql() as server:
        yield server.url


@contextlib.contextmanager
def crashing_postgresql() -> Iterator[PostgreSQL]:
    """A database server for the length of a block that a test may crash and start again."""
    binaries = postgresql_binaries()
    if binaries is None:
        reason = "PostgreSQL is not installed (apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="foyer-postgresql-", ignore_cleanup_errors=True) as folder:
        server = PostgreSQL(Path(folder), binaries)
        server.start()
        try:
            yield server
        finally:
            server.crash()


def make_database(server: str, name: str) -> str:
    """Make an empty database on a server; return its URL."""
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"
