"""The conversation with the hub, over a real broker: only the hub's cursor says that something arrived."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import msgspec
import pytest

from community.clock import Stamp
from community.events import CheckedIn
from community.ids import Epoch, MemberId
from community.wire.codec import digest_of, encode
from community.wire.messages import LARGEST_BATCH, LARGEST_BATCH_BYTES, BridgeHealth, Cursor, FeedItem
from community.wire.topics import Word
from kiosk import uplink as module
from kiosk.core import courier
from kiosk.core.troubles import HubState
from kiosk.elsewhere import Elsewhere
from kiosk.store.directory import DirectoryStore
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from kiosk.uplink import Uplink
from plumbing.clock import Clock
from tests.fakes.brokers import Mosquitto, running_mosquitto
from tests.fakes.hub import KIOSK, SPACE, FakeHub, fake_hub
from tests.fakes.waiting import Seen

SOON_S = 0.2
"""Stands for the seconds after which a silent hub is sent everything again."""


NEVER_S = 600.0
"""Where sending again must not be the time-out's doing."""


class Kiosk:
    """A running uplink with its log and directory on a real file."""

    def __init__(self, file: Path, broker: Mosquitto) -> None:
        self.file = file
        self.database = open_database(file)
        self.log = Log(self.database)
        self.directory = DirectoryStore(self.database)
        self.hub: Seen[HubState] = Seen()
        self.feeds: Seen[tuple[FeedItem, ...]] = Seen()
        self.uplink = Uplink(
            broker.broker,
            SPACE,
            KIOSK,
            events=self.log,
            directory=self.directory,
            elsewhere=Elsewhere(
                KIOSK,
                events=self.log,
                store=ElsewhereStore(self.database, KIOSK),
                clock=Clock(),
                on_heard=lambda _new: None,
            ),
            clock=Clock(),
            program="0",
            on_directory=self.feeds.add,
            on_hub=self.hub.add,
            disk_percent=lambda: 83,
        )

    async def append(self, number: int) -> None:
        """Write events, and say so."""
        stamp = Stamp(1, "boot", 1, synced=True)
        await self.log.append([(stamp, CheckedIn(MemberId("m")))] * number)
        self.uplink.nudge()

    async def waiting(self, number: int) -> None:
        """Wait until so many events are not acknowledged."""
        await self.hub.until(lambda said: said and said[-1].waiting == number)

    def kept_cursor(self) -> int:
        """What the disk says the hub has."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as database:
            row = database.execute("SELECT value FROM facts WHERE key = 'acknowledged'").fetchone()
        return int(row[0]) if row else 0


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path) as running:
        yield running


@pytest.fixture
async def hub(mosquitto: Mosquitto) -> AsyncIterator[FakeHub]:
    async with fake_hub(mosquitto.broker) as made:
        yield made


@asynccontextmanager
async def running(file: Path, mosquitto: Mosquitto) -> AsyncIterator[Kiosk]:
    made = Kiosk(file, mosquitto)
    task = asyncio.create_task(made.uplink.run())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        made.database.close()


@pytest.fixture
async def kiosk(tmp_path: Path, mosquitto: Mosquitto, hub: FakeHub) -> AsyncIterator[Kiosk]:
    async with running(tmp_path / "kiosk.db", mosquitto) as made:
        await hub.haves.count(1)
        yield made


def member(key: str, revision: int = 1, *, gone: bool = False) -> FeedItem:
    body = None if gone else msgspec.Raw(msgspec.json.encode({"id": key, "name": key}))
    return FeedItem("member", key, revision, body)


async def test_it_says_on_connecting_that_it_is_there_and_which_feed_it_has(kiosk: Kiosk, hub: FakeHub):
    (status, *_) = await hub.statuses.count(1)
    assert (status.online, status.waiting, status.revision) == (True, 0, 0)
    assert hub.haves.all == [0]


async def test_a_hub_that_comes_back_hears_how_old_the_oldest_waiting_event_is_and_how_the_kiosk_does(
    kiosk: Kiosk, hub: FakeHub
):
    began = Clock().stamp()
    an_hour = 3_600_000_000
    old = msgspec.structs.replace(began, wall_us=began.wall_us - an_hour, boot="before", up_us=0, synced=True)
    await kiosk.log.append([(old, CheckedIn(MemberId("m1")))])
    kiosk.uplink.nudge()
    await kiosk.waiting(1)
    hub.say_online(online=False)
    hub.say_online()
    status = (await hub.statuses.until(lambda said: said and said[-1].oldest_s > 0))[-1]
    assert 3_600 <= status.oldest_s < 3_700
    assert status.waiting == 1
    assert began.wall_us <= status.at_us <= Clock().stamp().wall_us
    assert status.disk_percent == 83
    hub.cursor(kiosk.log.epoch, 1)
    said = await hub.statuses.until(lambda said: said[-1].waiting == 0)
    assert said[-1].oldest_s == 0


async def test_events_are_sent_and_wait_until_the_cursor_says_they_arrived(kiosk: Kiosk, hub: FakeHub):
    await kiosk.append(3)
    await hub.batches.count(1)
    assert hub.seqs(0) == [1, 2, 3]
    assert hub.batches.all[0].epoch == kiosk.log.epoch
    await kiosk.waiting(3)
    hub.cursor(kiosk.log.epoch, 2)
    await kiosk.waiting(1)
    hub.cursor(kiosk.log.epoch, 3)
    await kiosk.waiting(0)


async def test_batches_stay_within_their_limits(kiosk: Kiosk, hub: FakeHub):
    await kiosk.append(2 * LARGEST_BATCH + 1)
    await hub.batches.until(lambda _: len(hub.all_seqs()) >= 2 * LARGEST_BATCH + 1)
    assert hub.all_seqs() == list(range(1, 2 * LARGEST_BATCH + 2))
    for batch in hub.batches.all:
        assert len(batch.events) <= LARGEST_BATCH
        assert sum(len(bytes(raw)) for raw in batch.events) <= LARGEST_BATCH_BYTES


async def test_a_silent_hub_is_sent_everything_again(
    kiosk: Kiosk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(courier, "RESEND_S", SOON_S)
    await kiosk.append(2)
    await hub.batches.count(3)
    assert hub.all_seqs()[:6] == [1, 2, 1, 2, 1, 2]
    hub.cursor(kiosk.log.epoch, 2)
    await kiosk.waiting(0)


async def test_a_cursor_that_goes_back_is_believed_at_once(
    kiosk: Kiosk, hub: FakeHub, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(courier, "RESEND_S", NEVER_S)
    await kiosk.append(3)
    await hub.batches.count(1)
    await kiosk.waiting(3)
    hub.cursor(kiosk.log.epoch, 3)
    await kiosk.waiting(0)
    sent = len(hub.all_seqs())
    with caplog.at_level(logging.WARNING):
        hub.cursor(kiosk.log.epoch, 1)
        await hub.batches.until(lambda _: len(hub.all_seqs()) >= sent + 2)
    assert hub.all_seqs()[sent:] == [2, 3]
    assert "went back from event 3 to 1" in caplog.text


async def test_a_cursor_of_another_epoch_says_nothing_about_this_log(kiosk: Kiosk, hub: FakeHub):
    await kiosk.append(2)
    await hub.batches.count(1)
    hub.cursor(Epoch("another"), 2)
    hub.cursor(kiosk.log.epoch, 1)
    await kiosk.waiting(1)
    assert 0 not in [state.waiting for state in kiosk.hub.all[1:]]


async def contents(kiosk: Kiosk) -> dict[tuple[Epoch, int], str]:
    """What a hub that has this log says of its events."""
    epoch = kiosk.log.epoch
    return {(epoch, number): await kiosk.log.content(number) for number in range(1, kiosk.log.last + 1)}


async def test_a_cursor_beyond_the_log_that_nobody_confirms_changes_nothing(kiosk: Kiosk, hub: FakeHub):
    await kiosk.append(2)
    await kiosk.waiting(2)
    hub.contents = await contents(kiosk)
    epoch = kiosk.log.epoch
    hub.say(Word.CURSOR, encode(Cursor(epoch, 9)))  # it stands at 0, and says so when it is asked
    await hub.questions.until(lambda said: said[-1].asks == 2)
    await kiosk.append(1)
    await hub.batches.until(lambda _: hub.all_seqs()[-1] == 3)
    assert kiosk.log.epoch == epoch
    hub.cursor(epoch, 3)
    await kiosk.waiting(0)


async def test_a_log_restored_from_an_old_copy_goes_on_under_a_new_epoch(kiosk: Kiosk, hub: FakeHub):
    hub.answers = False
    await kiosk.append(5)
    old = kiosk.log.epoch
    hub.contents = await contents(kiosk)
    hub.contents |= {(old, number): "of another life" for number in range(4, 10)}
    hub.answers = True
    hub.cursor(old, 9)
    await hub.batches.until(lambda said: said[-1].epoch != old)
    new = kiosk.log.epoch
    assert hub.seqs(-1) == [1, 2]
    assert [(span.after, span.upto) for span in kiosk.log.spans] == [(0, 3), (3, 5)]
    hub.cursor(new, 2)
    await kiosk.waiting(0)
    await kiosk.append(1)
    await hub.batches.until(lambda _: hub.seqs(-1) == [3])
    hub.cursor(old, 1)  # a hub restored from a backup: what it lost of the former epoch is sent again
    await hub.batches.until(lambda said: said[-1].epoch == old)
    assert hub.seqs(-1) == [2, 3]
    hub.cursor(old, 3)
    await hub.batches.until(lambda said: said[-1].epoch == new)
    assert hub.seqs(-1) == [1, 2, 3]


async def test_nothing_is_sent_before_the_hub_has_said_where_it_stands(
    kiosk: Kiosk, hub: FakeHub, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(courier, "RESEND_S", SOON_S)
    await kiosk.append(1)
    await hub.batches.count(1)
    hub.cursor(kiosk.log.epoch, 1)
    await kiosk.waiting(0)
    said = len(hub.statuses.all)
    kiosk.uplink.fares("ready", None)
    await hub.statuses.count(said + 1)  # so neither line has anything in flight that it would send again
    sent = len(hub.batches.all)
    hub.answers = False
    await asyncio.to_thread(mosquitto.stop)
    await asyncio.to_thread(mosquitto.start)
    asked = len(hub.questions.all)
    await kiosk.append(1)
    await hub.questions.count(asked + 3, limit_s=45.0)  # both lines wait longer after each refused attempt
    assert len(hub.batches.all) == sent
    hub.answers = True
    await hub.batches.count(sent + 1)
    assert hub.seqs(-1) == [2]


async def test_what_waits_behind_a_gap_is_sent_again_as_soon_as_the_hub_asks(
    kiosk: Kiosk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(courier, "RESEND_S", NEVER_S)
    await kiosk.append(3)
    await hub.batches.count(1)
    hub.say(Word.CURSOR, encode(Cursor(kiosk.log.epoch, 1, again=True)))
    await hub.batches.count(2)
    assert hub.all_seqs() == [1, 2, 3, 2, 3]


async def test_a_batch_says_what_is_the_oldest_event_there_is(kiosk: Kiosk, hub: FakeHub):
    await kiosk.append(3)
    await hub.batches.count(1)
    assert hub.batches.all[0].oldest == 1
    hub.cursor(kiosk.log.epoch, 3)
    await kiosk.waiting(0)
    kiosk.log.acknowledged = 3
    await kiosk.log.let_go(10, 5)
    assert await kiosk.log.let_go(20, 5) == 3
    await kiosk.append(1)
    await hub.batches.count(2)
    assert (hub.seqs(1), hub.batches.all[1].oldest) == ([4], 4)
    hub.cursor(kiosk.log.epoch, 4)
    await kiosk.waiting(0)
    kiosk.log.acknowledged = 4
    await kiosk.log.let_go(10**13, 5)
    assert await kiosk.log.let_go(2 * 10**13, 5) == 1
    hub.cursor(kiosk.log.epoch, 0)  # an empty hub: everything is gone, and it is told so
    questions = await hub.questions.until(lambda said: said[-1].oldest == 5)
    assert questions[-1].events == ()


async def test_no_more_than_a_window_is_sent_without_an_answer(
    kiosk: Kiosk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(courier, "WINDOW", 150)
    await kiosk.append(500)
    await hub.batches.count(2)
    hub.cursor(kiosk.log.epoch, 0)
    hub.say(Word.FEED, b"a round trip to be sure that no third batch was on its way")
    hub.say_online(revision=1)  # asks for an answer, which comes after everything sent before
    await hub.haves.count(2)
    assert max(hub.all_seqs()) == 200
    hub.cursor(kiosk.log.epoch, 200)
    await hub.batches.until(lambda _: max(hub.all_seqs()) == 400)


async def test_the_cursor_is_kept_on_the_disk_soon_but_not_at_each_answer(
    kiosk: Kiosk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
):
    await kiosk.append(2)
    hub.cursor(kiosk.log.epoch, 2)
    async with asyncio.timeout(20):
        while kiosk.kept_cursor() != 2:  # noqa: ASYNC110 - a file sets no event
            await asyncio.sleep(0.01)


async def test_after_a_restart_only_what_is_not_acknowledged_is_sent(
    tmp_path: Path, mosquitto: Mosquitto, hub: FakeHub
):
    async with running(tmp_path / "kiosk.db", mosquitto) as before:
        await before.append(3)
        await before.log.acknowledge(2)
        hub.stands[before.log.epoch] = 2
    sent = len(hub.all_seqs())
    async with running(tmp_path / "kiosk.db", mosquitto):
        await hub.batches.until(lambda _: len(hub.all_seqs()) > sent)
    assert hub.all_seqs()[sent:] == [3]


async def test_a_hub_that_comes_back_is_sent_at_once_what_it_may_have_missed(
    kiosk: Kiosk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(courier, "RESEND_S", NEVER_S)
    hub.say_online()
    await kiosk.hub.until(lambda said: said[-1].reachable)
    await kiosk.append(1)
    await hub.batches.count(1)
    hub.say_online(online=False)
    await kiosk.hub.until(lambda said: not said[-1].reachable)
    asked = len(hub.haves.all)
    hub.say_online()
    await hub.batches.count(2)
    await hub.haves.count(asked + 1)
    assert hub.all_seqs() == [1, 1]


async def test_a_broker_that_was_away_is_found_again_and_nothing_is_lost(
    tmp_path: Path, mosquitto: Mosquitto
):
    async with running(tmp_path / "kiosk.db", mosquitto) as kiosk:
        async with fake_hub(mosquitto.broker) as hub:
            await hub.haves.count(1)
        await asyncio.to_thread(mosquitto.stop)
        await kiosk.append(2)
        await asyncio.to_thread(mosquitto.start)
        async with fake_hub(mosquitto.broker) as hub:
            await hub.batches.count(1)
            assert hub.seqs(0) == [1, 2]


async def test_a_snapshot_and_a_delta_become_the_directory(kiosk: Kiosk, hub: FakeHub):
    first = (member("a"), member("b"))
    hub.page(first, 0, 1)
    await kiosk.feeds.count(1)
    hub.page((member("b", 2, gone=True),), 1, 2, digest_of((first[0],)))
    *_, feed = await kiosk.feeds.count(2)
    assert [item.key for item in feed] == ["a"]
    assert kiosk.directory.revision == 2


async def test_a_delta_that_does_not_add_up_asks_for_everything(kiosk: Kiosk, hub: FakeHub):
    hub.page((member("a"),), 0, 1)
    await kiosk.feeds.count(1)
    hub.page((member("b", 2),), 1, 2, "0" * 32)
    assert (await hub.haves.count(2))[-1] == 0
    assert kiosk.directory.revision == 1
    hub.page((member("a"), member("b", 2)), 0, 2)
    await kiosk.feeds.count(2)


async def test_a_delta_from_another_revision_is_left_alone(kiosk: Kiosk, hub: FakeHub):
    hub.page((member("a"),), 0, 1)
    await kiosk.feeds.count(1)
    hub.page((member("x", 9),), 7, 9)
    hub.page((member("a"), member("b", 2)), 0, 2)
    *_, feed = await kiosk.feeds.count(2)
    assert [item.key for item in feed] == ["a", "b"]
    assert hub.haves.all == [0], "it was taken for a delta that does not add up"


async def test_a_hint_of_a_newer_feed_makes_it_ask(kiosk: Kiosk, hub: FakeHub):
    hub.say_online()
    # on connecting, on hearing that the hub is there, and with the status that is then said again
    before = await hub.haves.count(3)
    hub.say_online(revision=5)
    assert await hub.haves.count(len(before) + 1) == [0] * (len(before) + 1)


async def test_it_asks_for_the_feed_with_every_status(
    kiosk: Kiosk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "STATUS_S", SOON_S)
    kiosk.uplink.fares("ready", None)
    statuses = await hub.statuses.until(lambda said: said[-1].reader == "ready")
    assert len(statuses) >= 2
    await hub.haves.count(3)


async def test_it_says_at_once_how_the_door_s_microcontroller_does(kiosk: Kiosk, hub: FakeHub):
    statuses = await hub.statuses.count(1)
    assert statuses[-1].bridge is None
    silent = BridgeHealth("ready", "1.2.0", silent=("beam",))
    kiosk.uplink.fares("ready", silent)
    await hub.statuses.until(lambda said: said[-1].bridge == silent)
    kiosk.uplink.fares("ready", None)
    await hub.statuses.until(lambda said: said[-1].bridge is None)


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff", b"[]", b'{"v":2,"epoch":"e","upto":1}'])
async def test_what_cannot_be_read_is_ignored(kiosk: Kiosk, hub: FakeHub, payload: bytes):
    hub.say(Word.CURSOR, payload)
    hub.say(Word.FEED, payload)
    hub.say_raw(payload or b"?")
    await kiosk.append(1)
    await kiosk.waiting(1)
    hub.cursor(kiosk.log.epoch, 1)
    await kiosk.waiting(0)


async def test_a_directory_that_cannot_be_written_is_asked_for_again(
    kiosk: Kiosk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(module, "STATUS_S", SOON_S)
    with kiosk.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    many = tuple(member(f"m{n}") for n in range(400))
    with caplog.at_level(logging.WARNING):
        hub.page(many, 0, 1)
        asked = len(await hub.haves.count(len(hub.haves.all) + 1))
    assert "the uplink waits" in caplog.text
    assert kiosk.directory.revision == 0
    with kiosk.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    await hub.haves.count(asked + 1)
    hub.page(many, 0, 1)
    await kiosk.feeds.count(1)


async def test_it_says_goodbye_when_it_is_stopped(tmp_path: Path, mosquitto: Mosquitto, hub: FakeHub):
    async with running(tmp_path / "kiosk.db", mosquitto):
        await hub.statuses.until(lambda said: said and said[-1].online)
    await hub.statuses.until(lambda said: not said[-1].online)


@pytest.mark.parametrize("turns", range(6))
async def test_it_ends_when_told_to_even_at_the_very_moment_something_happens(
    tmp_path: Path, mosquitto: Mosquitto, turns: int
):
    made = Kiosk(tmp_path / "kiosk.db", mosquitto)
    task = asyncio.create_task(made.uplink.run())
    try:
        await made.hub.count(1)
        made.uplink.nudge()
        for _ in range(turns):
            await asyncio.sleep(0)  # one turn of the loop
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=20)
        assert done, "the end was not heard"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        made.database.close()
