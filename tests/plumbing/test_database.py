"""The door to the database, on real SQLite files."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, exc, insert, select

from plumbing.database import Database, open_engine
from plumbing.errors import DatabaseError, DatabaseTrouble, SettingsError
from plumbing.inserts import insert_ignoring, insert_or_update

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("word", String(20)),
    Column("n", Integer),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "folder" / "a.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    opened = Database(open_engine(f"sqlite:///{file}"))
    opened.write_now(metadata.create_all)
    yield opened
    opened.close()


def words(database: Database) -> list[tuple[int, str]]:
    query = select(things.c.id, things.c.word).order_by(things.c.id)
    return [tuple(row) for row in database.read_now(lambda c: c.execute(query).all())]


def put(database: Database, number: int, word: str = "x") -> None:
    database.write_now(lambda c: c.execute(insert(things).values(id=number, word=word)))


def test_a_commit_survives_a_power_cut_by_configuration(database: Database):
    settings = database.write_now(
        lambda c: {
            name: c.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    )
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_one_connection_owns_writes_and_checkpoints_and_readers_can_do_neither(file: Path):
    def owner(connection) -> tuple[int, int]:
        names = ("wal_autocheckpoint", "query_only")
        return tuple(connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names)

    database = Database(open_engine(f"sqlite:///{file}"))
    visitor = Database(open_engine(f"sqlite:///{file}", visiting=True))
    try:
        assert database.write_now(owner) == (1000, 0)
        assert database.engine.pool.size() + database.engine.pool._max_overflow == 1
        assert database.read_now(owner) == (0, 1)
        assert visitor.write_now(owner) == (0, 0)
        with pytest.raises(DatabaseError, match="readonly"):
            database.read_now(metadata.create_all)
    finally:
        visitor.close()
        database.close()


def test_on_a_full_disk_the_ballast_goes_first_and_the_work_is_done(
    file: Path, database: Database, monkeypatch
):
    assert database.ballast is not None
    database.ballast.lay()
    ballast = file.with_name("ballast")
    assert ballast.stat().st_blocks * 512 >= 1_000_000
    tries = []

    def work(connection):
        tries.append(ballast.exists())
        if ballast.exists():
            raise exc.OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))
        connection.execute(insert(things).values(id=1, word="x"))

    database.write_now(work)
    assert tries == [True, False]
    assert words(database) == [(1, "x")]
    assert database.ballast.lost
    put(database, 2)
    assert not ballast.exists()  # not at once
    monkeypatch.setattr("plumbing.ballast.LOOK_AGAIN_S", 0.0)
    put(database, 3)
    assert ballast.exists()
    assert not database.ballast.lost


def test_without_a_ballast_a_full_disk_is_said_at_once(database: Database):
    def work(_connection):
        raise exc.OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))

    with pytest.raises(DatabaseError, match="is full"):
        database.write_now(work)


def test_what_fails_halfway_leaves_nothing(database: Database):
    def half(connection):
        connection.execute(insert(things).values(id=1))
        raise KeyError("stop")

    with pytest.raises(KeyError):
        database.write_now(half)
    assert words(database) == []


async def test_one_thread_writes_and_others_read(database: Database):
    writers = {await database.write(lambda _c: threading.current_thread().name) for _ in range(5)}
    assert len(writers) == 1
    reader = await database.read(lambda _c: threading.current_thread().name)
    assert reader not in writers
    assert threading.main_thread().name not in {reader, *writers}


async def test_writes_come_one_after_the_other(database: Database):
    await asyncio.gather(
        *(database.write(lambda c, n=n: c.execute(insert(things).values(id=n))) for n in range(50))
    )
    assert len(words(database)) == 50


async def test_a_reader_keeps_its_view_while_a_writer_goes_on(database: Database):
    put(database, 1)
    reading, written = threading.Event(), threading.Event()

    def read(connection):
        first = len(connection.execute(select(things)).all())
        reading.set()
        assert written.wait(10)
        return first, len(connection.execute(select(things)).all())

    task = asyncio.create_task(database.read(read))
    await asyncio.to_thread(reading.wait, 10)
    await database.write(lambda c: c.execute(insert(things).values(id=2)))
    written.set()
    assert await task == (1, 1)


def test_a_row_that_is_there_is_left_alone_or_replaced(database: Database):
    put(database, 1, "first")
    again = {"id": 1, "word": "second", "n": 2}
    database.write_now(lambda c: insert_ignoring(c, things, [(1, "second", 2), (2, "new", 0)]))
    assert words(database) == [(1, "first"), (2, "new")]
    database.write_now(lambda c: c.execute(insert_or_update(c, things, ["id"]), [again]))
    assert words(database) == [(1, "second"), (2, "new")]


def test_a_database_held_by_another_program_is_told_as_locked(file: Path, database: Database, monkeypatch):
    monkeypatch.setattr("plumbing.database.BUSY_S", 0.05)
    impatient = Database(open_engine(f"sqlite:///{file}"))
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(DatabaseError, match="another program holds the database") as caught:
            put(impatient, 1)
        assert caught.value.trouble is DatabaseTrouble.LOCKED
    finally:
        holder.close()
        impatient.close()


def test_a_full_disk_is_told_as_full_and_reading_goes_on(database: Database):
    put(database, 1)

    def grow(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.execute(insert(things), [{"id": n, "word": "y" * 20} for n in range(2, 5000)])

    with pytest.raises(DatabaseError, match="is full: free some space") as caught:
        database.write_now(grow)
    assert caught.value.trouble is DatabaseTrouble.FULL
    assert words(database) == [(1, "x")]


def test_a_damaged_file_is_told_as_damaged(tmp_path: Path):
    file = tmp_path / "broken.db"
    file.write_bytes(b"this was a database once" * 400)
    database = Database(open_engine(f"sqlite:///{file}"))
    with pytest.raises(DatabaseError, match="damaged: move it aside") as caught:
        words(database)
    assert caught.value.trouble is DatabaseTrouble.UNREADABLE
    database.close()


def test_an_error_never_quotes_the_values(database: Database):
    put(database, 1)
    with pytest.raises(DatabaseError) as caught:
        put(database, 1, "somebody's name")
    assert "somebody" not in str(caught.value)
    assert caught.value.trouble is DatabaseTrouble.UNREADABLE


def test_a_table_that_is_not_there_is_told(tmp_path: Path):
    database = Database(open_engine(f"sqlite:///{tmp_path}/empty.db"))
    with pytest.raises(DatabaseError, match="no such table"):
        words(database)
    database.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "not a database URL"),
        ("hub.db", "not a database URL"),
        ("mysql://host/name", "'mysql' is not supported"),
        ("postgresql+nothing://host/name", "."),
    ],
)
def test_an_address_we_do_not_understand_is_refused(url: str, why: str):
    with pytest.raises(SettingsError, match=why):
        open_engine(url)


def test_a_folder_that_cannot_be_made_is_named():
    with pytest.raises(DatabaseError, match=r"/proc/nowhere/a\.db cannot be made") as caught:
        open_engine("sqlite:////proc/nowhere/a.db")
    assert caught.value.trouble is DatabaseTrouble.UNREACHABLE


def test_a_server_that_does_not_answer_is_told_without_its_password():
    database = Database(open_engine("postgresql+psycopg://foyer:s3cret@127.0.0.1:1/foyer"))
    with pytest.raises(DatabaseError, match="does not answer") as caught:
        database.read_now(lambda c: c.exec_driver_sql("SELECT 1"))
    assert caught.value.trouble is DatabaseTrouble.UNREACHABLE
    assert "s3cret" not in str(caught.value)
    database.close()


async def test_closing_finishes_what_was_asked_for_and_leaves_no_thread(file: Path):
    before = {thread.name for thread in threading.enumerate()}
    database = Database(open_engine(f"sqlite:///{file}"))
    database.write_now(metadata.create_all)
    waiting = [
        asyncio.ensure_future(database.write(lambda c, n=n: c.execute(insert(things).values(id=n))))
        for n in range(20)
    ]
    await asyncio.wait(waiting[:1])
    await asyncio.to_thread(database.close)
    await asyncio.gather(*waiting)
    left = {thread.name for thread in threading.enumerate()} - before
    assert not {name for name in left if name.startswith("database")}
    reopened = Database(open_engine(f"sqlite:///{file}"))
    assert len(words(reopened)) == 20
    reopened.close()
