"""Real databases and brokers for the hub's tests."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from sync.bootstrap import MIGRATIONS
from sync.store.schema import metadata
from tests.fakes.brokers import broker, running_broker
from tests.fakes.servers import make_database, running_postgresql

__all__ = ["broker", "running_broker"]

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a running PostgreSQL server, without a database."""
    with running_postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/hub.db"
        return
    server = request.getfixturevalue("postgresql")
    yield make_database(server, f"test_{next(_numbers)}")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of each kind in turn."""
    opened = Database(open_engine(database_url))
    upgrade(opened, MIGRATIONS)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database."""
    opened = Database(open_engine(f"sqlite:///{tmp_path}/hub.db"))
    upgrade(opened, MIGRATIONS)
    yield opened
    opened.close()


def empty(database: Database) -> None:
    """Remove every row, for tests that run many times on one database."""

    def work(connection: object) -> None:
        for table in metadata.sorted_tables:
            connection.execute(table.delete())

    database.write_now(work)
