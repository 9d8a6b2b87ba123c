"""One hub on a database: real files, a real PostgreSQL, programs that are killed."""

import asyncio
import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from plumbing.database import Database, open_engine
from plumbing.errors import DatabaseError, DatabaseTrouble
from sync.sole import Sole
from tests.fakes.servers import make_database

_numbers = itertools.count()

HOLDER = """
import sys
from plumbing.database import Database, open_engine
from sync.sole import Sole
Sole(Database(open_engine(sys.argv[1]))).take()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/hub.db"
    return make_database(request.getfixturevalue("postgresql"), f"sole_{next(_numbers)}")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(open_engine(url))
    yield opened
    opened.close()


def test_the_second_is_refused_in_a_sentence_and_comes_in_once_the_first_has_gone(
    url: str, database: Database
):
    first = Sole(database)
    first.take()
    other = Database(open_engine(url))
    second = Sole(other, patience_s=0.05)
    with pytest.raises(DatabaseError, match="another hub runs on the database") as refused:
        second.take()
    assert refused.value.trouble is DatabaseTrouble.LOCKED
    first.let_go()
    second.take()
    second.let_go()
    second.let_go()
    other.close()


def test_a_program_that_is_killed_holds_nothing(url: str, database: Database):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DatabaseError):
            Sole(database, patience_s=0).take()
        holder.kill()
        holder.wait()
    mine = Sole(database)
    mine.take()
    mine.let_go()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    database = Database(open_engine(f"sqlite:///{tmp_path}/hub.db"))
    (tmp_path / "hub.db.lock").mkdir()
    with pytest.raises(DatabaseError, match=r"hub\.db\.lock cannot be opened"):
        Sole(database).take()
    database.close()


def test_a_database_that_nobody_else_can_see_needs_no_lock():
    database = Database(open_engine("sqlite://"))
    one, other = Sole(database), Sole(database)
    one.take()
    other.take()
    database.close()


async def cut_off(database: Database) -> None:
    """End every other connection, as a server that is started again does."""
    query = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    await asyncio.to_thread(database.read_now, lambda c: c.execute(text(query)).all())


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_server_that_was_started_again_is_asked_again(url: str, database: Database):
    mine = Sole(database, look_s=0.01)
    mine.take()
    watching = asyncio.create_task(mine.watch())
    other = Database(open_engine(url))
    await cut_off(other)
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    async with asyncio.timeout(20):
        # Another server's doing: there is no event for it.
        while not other.read_now(lambda c: c.execute(text(held)).scalar_one()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    mine.let_go()
    other.close()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_whoever_lost_it_to_another_ends(url: str, database: Database):
    mine, other = Sole(database, patience_s=0, look_s=0.01), Database(open_engine(url))
    mine.take()
    await cut_off(other)
    theirs = Sole(other)
    await asyncio.to_thread(theirs.take)
    with pytest.raises(DatabaseError, match="another hub runs"):
        async with asyncio.timeout(20):
            await mine.watch()
    mine.let_go()
    theirs.let_go()
    other.close()
