"""The feed's shell on real SQLite, without a line."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from community.ids import KioskId, MemberId
from community.wire.codec import decode, encode
from community.wire.messages import Erasure, FeedHave, FeedPage, Status
from community.wire.topics import hub_topic
from plumbing.database import Database, open_engine
from plumbing.errors import DatabaseError, DatabaseTrouble
from sync import feed as module
from sync.feed import Feed, last_will
from sync.store import directory
from sync.store import feed as store
from tests.fakes.waiting import Seen
from tests.sync.samples import DOOR, SPACE, member

OTHER = KioskId("back")


class Said:
    """Everything the feed said."""

    def __init__(self) -> None:
        self.pages: Seen[tuple[str, FeedPage]] = Seen()
        self.hub: Seen[tuple[Status, bool]] = Seen()
        self.up = True

    def publish(self, topic: str, payload: bytes, retain: bool) -> bool:  # noqa: FBT001 - as `Publish` says
        if topic == hub_topic(SPACE):
            status = decode(payload, Status)
            assert isinstance(status, Status)
            self.hub.add((status, retain))
        else:
            page = decode(payload, FeedPage)
            assert isinstance(page, FeedPage)
            assert not retain
            self.pages.add((topic.split("/")[4], page))
        return self.up


@asynccontextmanager
async def running(database: Database) -> AsyncIterator[tuple[Feed, Said]]:
    said = Said()
    status = Status(online=True, boot="b", program="0.1")
    feed = Feed(SPACE, database, said.publish, status, retry_first_s=0.001, look_s=0.02)
    task = asyncio.create_task(feed.run())
    try:
        yield feed, said
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def have(revision: int) -> bytes:
    return encode(FeedHave(revision))


async def test_a_kiosk_gets_everything_first_and_then_what_changed(sqlite: Database):
    sqlite.write_now(lambda c: directory.put_member(c, member()))
    async with running(sqlite) as (feed, said):
        feed.asked(DOOR, have(0))
        ((kiosk, page),) = await said.pages.count(1)
        assert (kiosk, page.since, page.upto, len(page.items)) == (DOOR, 0, 1, 1)
        sqlite.write_now(lambda c: directory.put_member(c, member("Bob", "m2")))
        feed.changed(2)
        (_, (kiosk, page)) = await said.pages.count(2)
        assert (kiosk, page.since, page.upto, [item.key for item in page.items]) == (DOOR, 1, 2, ["m2"])


async def test_a_kiosk_that_is_up_to_date_is_left_alone(sqlite: Database):
    sqlite.write_now(lambda c: directory.put_member(c, member()))
    async with running(sqlite) as (feed, said):
        feed.asked(DOOR, have(1))
        feed.asked(OTHER, have(0))
        assert [kiosk for kiosk, _ in await said.pages.count(1)] == [OTHER]


async def test_a_kiosk_that_asks_again_is_answered_again(sqlite: Database):
    sqlite.write_now(lambda c: directory.put_member(c, member()))
    async with running(sqlite) as (feed, said):
        feed.asked(DOOR, have(0))
        await said.pages.count(1)
        feed.asked(DOOR, have(0))
        assert [page for _, page in await said.pages.count(2)] == [said.pages.all[0][1]] * 2


async def test_a_change_goes_to_whoever_is_behind_and_the_hint_to_all(sqlite: Database):
    async with running(sqlite) as (feed, said):
        feed.connected()
        assert await said.hub.count(1) == [(Status(online=True, boot="b", program="0.1", revision=0), True)]
        feed.heard(DOOR, Status(online=True, revision=1))
        feed.heard(OTHER, Status(online=False, revision=0))
        sqlite.write_now(lambda c: directory.put_member(c, member()))
        sqlite.write_now(lambda c: directory.put_member(c, member("Bob", "m2")))
        feed.changed(2)
        assert (await said.hub.count(2))[1][0].revision == 2
        assert [(kiosk, page.since) for kiosk, page in said.pages.all] == [(DOOR, 1)]


async def test_a_page_that_could_not_be_sent_is_sent_at_the_next_change(sqlite: Database):
    sqlite.write_now(lambda c: directory.put_member(c, member()))
    async with running(sqlite) as (feed, said):
        said.up = False
        feed.asked(DOOR, have(0))
        await said.pages.count(1)
        said.up = True
        sqlite.write_now(lambda c: directory.put_member(c, member("Bob", "m2")))
        feed.changed(2)
        assert [(page.since, page.upto) for _, page in await said.pages.count(2)] == [(0, 1), (0, 2)]


async def test_a_question_that_cannot_be_read_is_said_once_aloud(sqlite: Database, caplog):
    caplog.set_level(logging.DEBUG, "sync.feed")
    async with running(sqlite) as (feed, said):
        for _ in range(2):
            feed.asked(DOOR, b"what?")
        feed.asked(OTHER, have(0))
        await said.pages.count(1)
    assert [record.levelname for record in caplog.records] == ["WARNING", "DEBUG"]
    assert "what?" not in caplog.text


async def test_a_database_that_refuses_is_asked_again(sqlite: Database, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG, "sync.feed")
    tries: list[bool] = []
    original = sqlite.read

    async def read(work):
        tries.append(True)
        if len(tries) < 3:
            raise DatabaseError(DatabaseTrouble.LOCKED, "another program holds it")
        return await original(work)

    monkeypatch.setattr(sqlite, "read", read)
    async with running(sqlite) as (feed, said):
        feed.asked(DOOR, have(0))
        await said.pages.count(1)
    assert [record.levelname for record in caplog.records] == ["WARNING", "DEBUG", "INFO"]


async def test_no_more_kiosks_are_remembered_than_a_space_can_have(sqlite: Database, monkeypatch):
    monkeypatch.setattr(module, "MOST_KIOSKS", 1)
    async with running(sqlite) as (feed, said):
        feed.asked(DOOR, have(0))
        feed.asked(OTHER, have(0))
        assert [kiosk for kiosk, _ in await said.pages.count(1)] == [DOOR]


async def test_the_hub_says_goodbye_and_its_will_says_the_same(sqlite: Database):
    async with running(sqlite) as (feed, said):
        feed.goodbye()
        ((status, retain),) = said.hub.all
    assert (status.online, status.boot, retain) == (False, "b", True)
    assert decode(last_will(SPACE, "b").payload, Status) == Status(online=False, boot="b")


async def test_what_another_program_wrote_is_noticed(sqlite: Database):
    async with running(sqlite) as (feed, said):
        feed.heard(DOOR, Status(online=True, revision=0))
        await said.hub.count(1)
        other = Database(open_engine(sqlite.engine.url.render_as_string()))
        other.write_now(lambda c: directory.put_member(c, member()))
        other.close()
        await said.pages.until(lambda pages: pages[-1][1].upto == 1)
        assert (await said.hub.count(2))[1][0].revision == 1


async def test_a_kiosk_with_other_content_under_the_same_revision_gets_everything(sqlite: Database, caplog):
    sqlite.write_now(lambda c: directory.put_member(c, member()))
    async with running(sqlite) as (feed, said):
        feed.asked(OTHER, encode(FeedHave(1, sqlite.read_now(store.digest))))
        feed.asked(DOOR, encode(FeedHave(1, "0" * 32)))
        ((kiosk, page),) = await said.pages.count(1)
        assert (kiosk, page.since, page.upto) == (DOOR, 0, 1)
    assert "has another feed" in caplog.text


async def test_who_was_erased_stays_erased_though_the_database_forgot_it(sqlite: Database):
    sqlite.write_now(lambda c: directory.put_member(c, member()))
    sqlite.write_now(lambda c: directory.put_member(c, member("Bob", "m2")))
    told = (Erasure(MemberId("m1"), 77), Erasure(MemberId("m9"), 78))
    async with running(sqlite) as (feed, said):
        feed.asked(DOOR, encode(FeedHave(9, "", told)))
        ((_, page),) = await said.pages.count(1)
        feed.asked(OTHER, encode(FeedHave(9, "", told)))
        ((_, _), (_, again)) = await said.pages.count(2)
    assert {(item.kind, item.key) for item in page.items} == {
        ("member", "m2"),
        ("erased", "m1"),
        ("erased", "m9"),
    }
    assert again.upto == page.upto
    assert [known.id for known in sqlite.read_now(directory.all_members)] == ["m2"]


def test_an_erasure_is_lifted_by_adding_the_member_again_and_not_by_a_kiosk_that_missed_it(sqlite: Database):
    sqlite.write_now(lambda c: directory.put_member(c, member()))
    sqlite.write_now(lambda c: directory.remove_member(c, MemberId("m1")))
    known = sqlite.read_now(lambda c: store.find(c, store.Kind.ERASED, "m1", Erasure))
    assert known is not None
    sqlite.write_now(lambda c: directory.put_member(c, member()))
    sqlite.write_now(lambda c: directory.erase_again(c, [known]))
    assert len(sqlite.read_now(directory.all_members)) == 1
    later = Erasure(known.member, known.at_us + 1)
    sqlite.write_now(lambda c: directory.erase_again(c, [later]))
    assert sqlite.read_now(directory.all_members) == ()
