"""The log: all or nothing, and numbered without gaps."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, update

from community.clock import Stamp
from community.events import CardOpened, CheckedIn, Event, Record
from community.ids import MemberId
from community.wire.codec import decode_record, encode
from kiosk.core.lineage import Span
from kiosk.errors import LogError
from kiosk.store.log import DAY_US, Log
from kiosk.store.schema import facts, log
from kiosk.store.tables import open_database
from plumbing.database import Database
from plumbing.errors import DatabaseError, DatabaseTrouble

LEA = CheckedIn(MemberId("lea"))


def stamp(wall_us: int = 1_000) -> Stamp:
    return Stamp(wall_us, "boot", 1, synced=True)


def rows(file: Path) -> list[int]:
    """What is on the disk, read from outside."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return [seq for (seq,) in database.execute("SELECT seq FROM log ORDER BY seq")]


async def append(kept: Log, *wall_us: int) -> tuple[Record, ...]:
    return await kept.append([(stamp(us), LEA) for us in wall_us])


async def test_events_are_numbered_from_one_without_gaps(database: Database, file: Path):
    kept = Log(database)
    first = await append(kept, 1, 2)
    second = await append(kept, 3)
    assert [record.seq for record in first + second] == [1, 2, 3]
    assert (kept.last, kept.count(), rows(file)) == (3, 3, [1, 2, 3])


async def test_nothing_to_append_writes_nothing(database: Database, file: Path):
    assert await Log(database).append([]) == ()
    assert rows(file) == []


async def test_the_numbers_and_the_epoch_go_on_after_a_restart(database: Database, file: Path):
    first = Log(database)
    await append(first, 1, 2)
    reopened = open_database(file)
    try:
        again = Log(reopened)
        assert (again.epoch, again.last) == (first.epoch, 2)
        (record,) = await append(again, 3)
        assert record.seq == 3
    finally:
        reopened.close()


async def test_another_file_is_another_epoch(database: Database, tmp_path: Path):
    other = open_database(tmp_path / "other.db")
    try:
        assert Log(other).epoch != Log(database).epoch
    finally:
        other.close()


async def test_a_failure_in_the_middle_of_an_append_leaves_nothing_and_no_gap(database: Database, file: Path):
    kept = Log(database)
    await append(kept, 1)

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE facts"):
            raise sqlite3.OperationalError("database or disk is full")

    event.listen(database.engine, "before_cursor_execute", fail)
    with pytest.raises((DatabaseError, sqlite3.OperationalError)):
        await append(kept, 2, 3)
    event.remove(database.engine, "before_cursor_execute", fail)
    assert (kept.last, rows(file)) == (1, [1])

    (record,) = await append(kept, 4)
    assert record.seq == 2
    assert rows(file) == [1, 2]


async def test_a_locked_database_is_said_and_nothing_is_written(database: Database, file: Path):
    kept = Log(database)
    with database.engine.connect() as connection:  # the writer's own: the pool hands it out again
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError) as caught:
            await append(kept, 1)
        other.execute("ROLLBACK")
    assert caught.value.trouble is DatabaseTrouble.LOCKED
    assert (kept.last, rows(file)) == (0, [])


async def test_a_full_disk_is_said_and_nothing_is_half_written(database: Database, file: Path):
    kept = Log(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # no more pages than there are
    many = [(stamp(n), LEA) for n in range(500)]
    with pytest.raises(DatabaseError, match="is full") as caught:
        await kept.append(many)
    assert caught.value.trouble is DatabaseTrouble.FULL
    assert (kept.last, rows(file)) == (0, [])


async def test_events_are_read_from_a_cursor_oldest_first_as_they_were_written(database: Database):
    kept = Log(database)
    records = await append(kept, 1, 2, 3, 4)
    assert await kept.after(1, 2) == tuple((record.seq, encode(record)) for record in records[1:3])
    assert await kept.after(4, 10) == ()


async def test_the_hub_s_cursor_survives_a_restart_and_may_go_back(database: Database, file: Path):
    kept = Log(database)
    await append(kept, 1, 2)
    await kept.acknowledge(2)
    assert Log(database).acknowledged == 2
    await kept.acknowledge(1)
    assert Log(database).acknowledged == 1


async def test_the_fold_at_start_reads_only_what_is_young_enough(database: Database):
    kept = Log(database)
    records = await append(kept, 10, 20, 30)
    assert kept.since(0) == records
    assert kept.since(20) == records[1:]


async def test_rows_without_their_number_in_the_facts_are_not_ours(database: Database):
    def work(connection: Connection) -> None:
        raw = encode(Record(7, stamp(), LEA))
        connection.execute(insert(log), {"seq": 7, "raw": raw})

    database.write_now(work)
    with pytest.raises(LogError, match="holds event 7 but was last at 0"):
        Log(database)


async def test_an_event_of_a_newer_version_is_said_with_its_number(database: Database):
    kept = Log(database)
    await append(kept, 1)

    def work(connection: Connection) -> None:
        raw = connection.execute(select(log.c.raw)).scalar_one()
        connection.execute(update(log).values(raw=raw.replace(b"checked_in", b"flew_in")))

    database.write_now(work)
    with pytest.raises(LogError, match="event 1 of the log cannot be read"):
        kept.since(0)


@pytest.mark.parametrize("kind", [CheckedIn(MemberId("m")), CardOpened(MemberId("m"))])
async def test_what_is_read_back_is_what_was_written(database: Database, kind: Event):
    kept = Log(database)
    (record,) = await kept.append([(stamp(5), kind)])
    assert kept.since(0) == (record,)
    assert database.read_now(lambda c: c.execute(select(facts.c.value)).scalars().all())


def numbers(file: Path) -> list[int]:
    """The numbers that stand in the records themselves."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return [decode_record(raw).seq for (raw,) in database.execute("SELECT raw FROM log ORDER BY seq")]


async def test_what_was_written_after_an_old_copy_was_restored_gets_a_new_epoch(
    database: Database, file: Path
):
    kept = Log(database)
    await append(kept, 1, 2, 3, 4)
    await kept.acknowledge(4)
    old = kept.epoch
    await kept.begin_epoch(2)
    assert numbers(file) == [1, 2, 1, 2]
    reopened = Log(database)
    assert reopened.spans == kept.spans == (Span(old, 0, 2), Span(kept.epoch, 2, 4))
    assert (reopened.acknowledged, kept.acknowledged, kept.epoch != old) == (2, 2, True)
    (record,) = await append(reopened, 5)
    assert (record.seq, numbers(file)) == (3, [1, 2, 1, 2, 3])


async def test_the_same_copy_restored_twice_gives_the_same_events_the_same_ids(
    database: Database, file: Path, tmp_path: Path
):
    await append(Log(database), 1, 2, 3)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(tmp_path / "copy.db")) as target:
        source.backup(target)
    first = Log(database)
    await first.begin_epoch(1)
    copied = open_database(tmp_path / "copy.db")
    try:
        second = Log(copied)
        await second.begin_epoch(1)
        assert second.spans == first.spans
        assert await second.after(0, 9) == await first.after(0, 9)
    finally:
        copied.close()


async def test_a_failure_while_an_epoch_begins_changes_nothing(database: Database, file: Path):
    kept = Log(database)
    await append(kept, 1, 2, 3)
    before = (kept.spans, numbers(file))

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "INTO facts" in statement:
            raise sqlite3.OperationalError("disk I/O error")

    event.listen(database.engine, "before_cursor_execute", fail)
    with pytest.raises((DatabaseError, sqlite3.OperationalError)):
        await kept.begin_epoch(1)
    event.remove(database.engine, "before_cursor_execute", fail)
    assert (kept.spans, numbers(file)) == before == (Log(database).spans, numbers(file))


DAY = DAY_US


async def test_what_is_old_and_acknowledged_is_let_go_of_and_nothing_else(database: Database, file: Path):
    kept = Log(database)
    await append(kept, 0, 10**15)  # their own clocks say nothing about their age
    assert await kept.let_go(DAY, 30 * DAY) == 0
    await append(kept, 5)
    await kept.acknowledge(1)
    assert await kept.let_go(31 * DAY, 30 * DAY) == 1
    assert (rows(file), kept.oldest, kept.last) == ([2, 3], 2, 3)
    await kept.acknowledge(3)
    assert await kept.let_go(31 * DAY + 1, 30 * DAY) == 1
    assert rows(file) == [3]
    assert await kept.let_go(61 * DAY, 30 * DAY) == 1
    assert (rows(file), kept.oldest, Log(database).oldest) == ([], 4, 4)
    (record,) = await append(kept, 6)
    assert (record.seq, Log(database).oldest) == (4, 4)


async def test_a_clock_that_was_ahead_for_a_while_makes_nothing_old(database: Database):
    kept = Log(database)
    await append(kept, 1)
    await kept.acknowledge(1)
    await kept.let_go(400 * DAY, 30 * DAY)  # wrong by a year
    for day in range(30):
        assert await kept.let_go(day * DAY, 30 * DAY) == 0
    assert await kept.let_go(30 * DAY, 30 * DAY) == 1


async def test_a_former_epoch_is_forgotten_with_its_last_event(database: Database):
    kept = Log(database)
    await append(kept, 1, 2, 3)
    await kept.begin_epoch(1)
    await kept.acknowledge(1)
    await kept.let_go(DAY, DAY)
    assert await kept.let_go(3 * DAY, DAY) == 1
    assert [span.after for span in kept.spans] == [1] == [span.after for span in Log(database).spans]
