"""Ingest on real SQLite, without a line: what goes in, what is committed, what is said."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import exc, select

from community.events import CheckedIn
from community.ids import KioskId, MemberId
from community.wire.codec import content_hash, decode, encode
from community.wire.messages import Cursor, Status
from community.wire.topics import Word, kiosk_topic
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError, DatabaseTrouble
from sync import trust
from sync.ingest import Ingest, Tell
from sync.store import kiosks
from sync.store import log as event_log
from sync.store.schema import events, quarantine
from tests.fakes.waiting import Seen
from tests.sync.samples import DOOR, EPOCH, SPACE, batch, raw

EVENTS = kiosk_topic(SPACE, DOOR, Word.EVENTS)
STATUS = kiosk_topic(SPACE, DOOR, Word.STATUS)


class Heard:
    """Everything ingest said, and a database that can be made to refuse."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cursors: Seen[tuple[str, Cursor]] = Seen()
        self.committed: Seen[int] = Seen()
        self.statuses: Seen[tuple[KioskId, Status]] = Seen()
        self.quarantined: Seen[str] = Seen()
        self.tries: Seen[int] = Seen()
        self.trouble: Callable[[], Exception | None] = lambda: None
        self.ingest = Ingest(
            SPACE,
            self,  # refuses like the real one, and is the real one otherwise
            Clock(),
            self.publish,
            Tell(
                lambda stored: [self.committed.add(item.record.seq) for item in stored],
                lambda kiosk, status: self.statuses.add((kiosk, status)),
                lambda strange: [self.quarantined.add(item.reason) for item in strange],
            ),
            queue_size=20,
            retry_first_s=0.001,
        )

    def publish(self, topic: str, payload: bytes) -> bool:
        cursor = decode(payload, Cursor)
        assert isinstance(cursor, Cursor)
        self.cursors.add((topic, cursor))
        return True

    async def write(self, work):
        self.tries.add(1)
        trouble = self.trouble()
        if trouble is not None:
            raise trouble
        return await self.database.write(work)

    async def read(self, work):
        return await self.database.read(work)

    def rows(self, table=events):
        return self.database.read_now(lambda c: c.execute(select(table)).all())


@asynccontextmanager
async def running(database: Database) -> AsyncIterator[Heard]:
    heard = Heard(database)
    task = asyncio.create_task(heard.ingest.run())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_batch_is_committed_before_its_cursor_is_said(sqlite: Database):
    async with running(sqlite) as heard:
        heard.ingest.receive(EVENTS, batch(raw(1), raw(2)))
        ((topic, cursor),) = await heard.cursors.count(1)
        assert topic == kiosk_topic(SPACE, DOOR, Word.CURSOR)
        assert cursor == Cursor(EPOCH, 2, at=2, content=content_hash(raw(2)))
        assert len(heard.rows()) == 2
        assert sorted(heard.committed.all) == [1, 2]


async def test_what_waits_together_is_committed_together(sqlite: Database):
    async with running(sqlite) as heard:
        for seq in range(1, 11):
            heard.ingest.receive(EVENTS, batch(raw(seq)))
        assert (await heard.cursors.count(1))[-1][1].upto == 10
        assert len(heard.tries.all) == 1


async def test_poison_is_put_aside_and_said_once_aloud(sqlite: Database, caplog):
    caplog.set_level(logging.DEBUG, "sync.ingest")
    async with running(sqlite) as heard:
        for _ in range(3):
            heard.ingest.receive(EVENTS, b"\xffsomebody's name")
            heard.ingest.receive("foyer/1/loft/kiosks/Not A Name/events", b"?")
            heard.ingest.receive(STATUS, b'{"online":"maybe"}')
            heard.ingest.receive(EVENTS, b'{"v":7}')
        heard.ingest.receive(EVENTS, b"\xffanother")
        heard.ingest.receive(STATUS, b"")
        heard.ingest.receive(EVENTS, batch(raw(1)))
        await heard.cursors.count(1)
        assert len(heard.rows(quarantine)) == 5
        assert [row.seq for row in heard.rows()] == [1]
    levels = [record.levelno for record in caplog.records if "quarantine" in record.message]
    assert levels == [logging.WARNING] * 4 + [logging.DEBUG]
    assert "somebody" not in caplog.text


async def test_a_kiosks_status_is_kept_and_answered_with_its_cursor(sqlite: Database):
    async with running(sqlite) as heard:
        heard.ingest.receive(EVENTS, batch(raw(1)))
        await heard.cursors.count(1)
        heard.ingest.receive(STATUS, encode(Status(online=True, boot="b1", waiting=4)))
        assert (await heard.cursors.count(2))[-1][1].upto == 1
        assert heard.statuses.all[0][1].waiting == 4
        heard.ingest.receive(STATUS, encode(Status(online=False, boot="older")))
        heard.ingest.receive(STATUS, encode(Status(online=False, boot="b1")))
        await heard.statuses.count(2)
        assert len(heard.statuses.all) == 2
        assert not sqlite.read_now(lambda c: kiosks.one(c, DOOR)).status.online


async def test_on_connecting_every_kiosk_is_told_where_it_stands(sqlite: Database):
    other = KioskId("back")
    async with running(sqlite) as heard:
        heard.ingest.receive(EVENTS, batch(raw(1)))
        heard.ingest.receive(kiosk_topic(SPACE, other, Word.EVENTS), batch(raw(1), raw(2), epoch="e9"))
        await heard.cursors.count(2)
        heard.ingest.connected()
        told = (await heard.cursors.count(4))[2:]
        assert {(topic.split("/")[4], cursor.upto) for topic, cursor in told} == {("door", 1), ("back", 2)}


@pytest.mark.parametrize(
    "trouble", [DatabaseTrouble.FULL, DatabaseTrouble.LOCKED, DatabaseTrouble.UNREACHABLE]
)
async def test_no_cursor_is_said_while_nothing_can_be_stored(sqlite: Database, caplog, trouble):
    caplog.set_level(logging.DEBUG, "sync.ingest")
    async with running(sqlite) as heard:
        heard.trouble = lambda: (
            DatabaseError(trouble, "the disk is full") if len(heard.tries.all) < 4 else None
        )
        heard.ingest.receive(EVENTS, batch(raw(1)))
        await heard.tries.count(3)
        assert heard.cursors.all == []
        assert (await heard.cursors.count(1))[0][1].upto == 1
    levels = [record.levelname for record in caplog.records]
    assert levels == ["WARNING", "DEBUG", "DEBUG", "INFO"]


async def test_one_message_that_cannot_be_stored_does_not_hold_up_the_others(sqlite: Database, monkeypatch):
    original = event_log.append

    def refuses_seven(connection, arrived, *more):
        if any(item.record.seq == 7 for item in arrived):
            raise exc.DataError("INSERT", {}, ValueError("no"))
        return original(connection, arrived, *more)

    monkeypatch.setattr(event_log, "append", refuses_seven)
    async with running(sqlite) as heard:
        for seq in (1, 7, 2):
            heard.ingest.receive(EVENTS, batch(raw(seq)))
        await heard.quarantined.count(1)
        await heard.cursors.until(lambda said: said[-1:] and said[-1][1].upto == 2)
        assert [row.seq for row in heard.rows()] == [1, 2]
        assert heard.rows(quarantine)[0].raw == batch(raw(7))


async def test_a_mistake_of_ours_in_one_message_is_logged_and_put_aside(
    sqlite: Database, monkeypatch, caplog
):
    def fails(kiosk, payload):
        if payload == b"strange":
            raise OverflowError("a number too large for anybody")
        return original(kiosk, payload)

    original = trust.read_batch
    monkeypatch.setattr(trust, "read_batch", fails)
    async with running(sqlite) as heard:
        heard.ingest.receive(EVENTS, b"strange")
        heard.ingest.receive(EVENTS, batch(raw(1)))
        await heard.cursors.count(1)
        assert [row.raw for row in heard.rows(quarantine)] == [b"strange"]
    assert "Traceback" in caplog.text


async def test_more_than_the_queue_holds_is_let_go_and_said_once(sqlite: Database, caplog):
    caplog.set_level(logging.DEBUG, "sync.ingest")
    heard = Heard(sqlite)
    for seq in range(1, 31):
        heard.ingest.receive(EVENTS, batch(raw(seq)))
    assert [r.levelname for r in caplog.records].count("WARNING") == 1
    task = asyncio.create_task(heard.ingest.run())
    assert (await heard.cursors.count(1))[0][1].upto == 20
    heard.ingest.receive(EVENTS, batch(*(raw(seq) for seq in range(21, 31))))
    assert (await heard.cursors.count(2))[1][1].upto == 30
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_kill_between_commit_and_cursor_loses_and_doubles_nothing(sqlite: Database):
    async with running(sqlite) as heard:
        heard.ingest.receive(EVENTS, batch(raw(1), raw(2)))
        await heard.cursors.count(1)
    async with running(sqlite) as reborn:  # the kiosk never heard the cursor and sends again
        reborn.ingest.receive(EVENTS, batch(raw(1), raw(2), raw(3, CheckedIn(MemberId("m1")))))
        assert (await reborn.cursors.count(1))[0][1].upto == 3
        assert reborn.committed.all == [3]


async def test_what_was_overtaken_gets_a_moment_and_is_then_asked_for(sqlite: Database):
    async with running(sqlite) as heard:
        heard.ingest._overtaken._reorder_s = 0.01
        heard.ingest.receive(EVENTS, batch(raw(1)))
        heard.ingest.receive(EVENTS, batch(raw(3)))
        said = await heard.cursors.until(lambda cursors: cursors[-1][1].again)
        assert [cursor.upto for _, cursor in said] == [1, 1]
        heard.ingest.receive(EVENTS, batch(raw(2)))
        said = await heard.cursors.until(lambda cursors: cursors[-1][1].upto == 3)
        assert not said[-1][1].again
        assert heard.ingest._overtaken.given_time == frozenset()


async def test_what_only_came_in_another_order_is_not_asked_for(sqlite: Database):
    async with running(sqlite) as heard:
        heard.ingest._overtaken._reorder_s = 600.0
        heard.ingest.receive(EVENTS, batch(raw(2)))
        await heard.cursors.count(1)
        assert heard.ingest._overtaken.given_time == {(DOOR, EPOCH)}
        heard.ingest.receive(EVENTS, batch(raw(1)))
        said = await heard.cursors.count(2)
        assert heard.ingest._overtaken.given_time == frozenset()
        assert [(cursor.upto, cursor.again) for _, cursor in said] == [(0, False), (2, False)]


async def test_a_hub_that_comes_up_asks_for_everything_after_its_cursors(sqlite: Database):
    async with running(sqlite) as heard:
        heard.ingest.receive(EVENTS, batch(raw(1)))
        await heard.cursors.count(1)
        heard.ingest.connected()
        (_, (_, cursor)) = await heard.cursors.count(2)
        assert (cursor.upto, cursor.again, cursor.at) == (1, True, 1)
