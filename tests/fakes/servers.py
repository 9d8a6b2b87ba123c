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


@contextlib.contextmanager
def running_postgresql() -> Iterator[str]:
    """The URL of a database server for the length of a block, without the database's name."""
    with (
        tempfile.TemporaryDirectory(prefix="foyer-postgresql-", ignore_cleanup_errors=True) as folder,
        _running_in(Path(folder)) as url,
    ):
        yield url


def make_database(server: str, name: str) -> str:
    """Make an empty database on a server; return its URL."""
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"


@contextlib.contextmanager
def _running_in(folder: Path) -> Iterator[str]:
    binaries = postgresql_binaries()
    if binaries is None:
        reason = "PostgreSQL is not installed (apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    data, port = folder / "data", free_port()
    prefix: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]

    def do(*command: str) -> None:
        done = subprocess.run(
            [*prefix, str(binaries / command[0]), *command[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )
        assert done.returncode == 0, f"{command[0]}: {done.stderr}{done.stdout}"

    do("initdb", "--pgdata", str(data), "--auth=trust", "--username=foyer", "--encoding=UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    do("pg_ctl", "--pgdata", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql+psycopg://foyer@127.0.0.1:{port}"
    finally:
        do("pg_ctl", "--pgdata", str(data), "-m", "immediate", "-w", "stop")
