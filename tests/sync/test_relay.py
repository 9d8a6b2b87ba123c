"""What the hub passes on: what a kiosk lacks of the day, and nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest

from community.clock import Stamp
from community.events import CardOpened, CheckedIn, CheckedOut, Event, Introduced, Record, Shown, Weighed
from community.ids import HUB, Epoch, KioskId, MemberId
from community.introductions.slots import Slot
from community.wire.codec import decode, decode_record, encode
from community.wire.messages import LARGEST_BATCH, DoorEvents, DoorsHeard, DoorStand
from community.wire.topics import Word, kiosk_topic
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError, DatabaseTrouble
from sync import relay as module
from sync.relay import Relay
from sync.store import directory, log
from sync.store.log import Arrived
from sync.store.relay import lacking
from tests.fakes.waiting import Seen
from tests.sync.samples import EPOCH, NOON, SPACE, member, record, us

STREET, GARDEN = KioskId("street"), KioskId("garden")
ANA, BEN = MemberId("m1"), MemberId("m2")
NOW = Stamp(us(NOON + timedelta(hours=1)), "hub", 1, synced=True)


def write(
    database: Database, kiosk: KioskId, *records: Record, epoch: Epoch = EPOCH, received_us: int = us(NOON)
) -> None:
    arrived = [Arrived(kiosk, epoch, one, encode(one)) for one in records]
    database.write_now(lambda c: log.append(c, arrived, (), received_us))


def passed(database: Database, *stands: DoorStand) -> list[DoorEvents]:
    return database.read_now(lambda c: list(lacking(c, DoorsHeard(passed=stands), NOW)))


def events(*tellings: DoorEvents) -> list[Event]:
    read = [decode_record(bytes(event.record)) for telling in tellings for event in telling.events]
    return [one.event for one in read if isinstance(one, Record)]


def test_who_has_nothing_gets_the_day_of_every_log(database: Database):
    write(database, STREET, record(1, CheckedIn(ANA)), record(2, CheckedOut(ANA)))
    write(database, GARDEN, record(1, CheckedIn(BEN)), epoch=Epoch("g"))
    garden, street = passed(database)
    assert (garden.kiosk, garden.count, garden.after, garden.upto) == (GARDEN, Epoch("g"), 0, 1)
    assert (street.kiosk, street.after, street.upto) == (STREET, 0, 2)
    assert events(garden, street) == [CheckedIn(BEN), CheckedIn(ANA), CheckedOut(ANA)]
    assert {event.age_us for event in street.events} == {3_600_000_000}


def test_who_has_a_part_gets_the_rest_and_who_has_all_nothing(database: Database):
    write(database, STREET, record(1, CheckedIn(ANA)), record(2, CheckedOut(ANA)))
    (rest,) = passed(database, DoorStand(STREET, EPOCH, 1))
    assert (rest.after, rest.upto, events(rest)) == (1, 2, [CheckedOut(ANA)])
    assert passed(database, DoorStand(STREET, EPOCH, 2)) == []
    assert passed(database, DoorStand(STREET, EPOCH, 9)) == []


def test_what_concerns_its_own_door_alone_is_not_passed_on(database: Database):
    introduced = Introduced(ANA, (Shown(BEN, Slot.ADVICE),), (Weighed(BEN, Slot.ADVICE, 0.5, 0.5),), "a")
    write(database, STREET, record(1, CardOpened(ANA)), record(2, introduced), record(3, CardOpened(ANA)))
    (telling,) = passed(database)
    assert (telling.upto, events(telling)) == (3, [Introduced(ANA, (Shown(BEN, Slot.ADVICE),))])


def test_only_what_is_here_without_a_gap_is_passed_on(database: Database):
    write(database, STREET, record(1, CheckedIn(ANA)), record(3, CheckedOut(ANA)))
    (telling,) = passed(database)
    assert (telling.upto, events(telling)) == (1, [CheckedIn(ANA)])
    assert passed(database, DoorStand(STREET, EPOCH, 1)) == []
    write(database, GARDEN, record(7, CheckedIn(BEN)))
    assert [telling.kiosk for telling in passed(database)] == [STREET]


def test_what_is_of_another_day_is_not_passed_on(database: Database):
    long_ago = NOON - timedelta(days=3)
    write(database, STREET, record(1, CheckedIn(ANA), long_ago), received_us=us(long_ago))
    assert passed(database) == []
    write(database, STREET, record(2, CheckedOut(ANA), long_ago))
    assert passed(database) == [], "it was received today, and happened days ago"
    write(database, STREET, record(3, CheckedIn(BEN)))
    (telling,) = passed(database)
    assert (telling.after, telling.since, telling.upto, events(telling)) == (2, 2, 3, [CheckedIn(BEN)])


def test_with_a_wrong_clock_an_event_is_as_old_as_its_receipt(database: Database):
    write(database, STREET, record(1, CheckedIn(ANA), NOON - timedelta(days=900), synced=False))
    write(database, GARDEN, record(1, CheckedIn(BEN), NOON + timedelta(days=900)))
    told = [event for telling in passed(database) for event in telling.events]
    assert [event.age_us for event in told] == [3_600_000_000] * 2
    assert [event.guess for event in told] == [False, True]


def test_one_good_reading_of_a_boot_says_how_old_all_of_it_is(database: Database):
    early = record(1, CheckedIn(ANA), NOON - timedelta(days=900), up_s=100, synced=False)
    late = record(2, CheckedOut(ANA), NOON, up_s=1_900)
    write(database, STREET, early, late)
    (telling,) = passed(database)
    assert [event.age_us for event in telling.events] == [5_400_000_000, 3_600_000_000]
    (rest,) = passed(database, DoorStand(STREET, EPOCH, 1))
    assert [event.age_us for event in rest.events] == [3_600_000_000]


def test_nobody_who_was_erased_is_named_and_whoever_was_added_again_is(database: Database):
    database.write_now(lambda c: directory.put_member(c, member()))
    write(database, STREET, record(1, CheckedIn(ANA)), record(2, CheckedIn(BEN)))
    database.write_now(lambda c: directory.remove_member(c, ANA))
    assert events(*passed(database)) == [CheckedIn(BEN)]
    database.write_now(lambda c: directory.put_member(c, member()))
    assert events(*passed(database)) == [CheckedIn(ANA), CheckedIn(BEN)]


def test_a_long_day_goes_in_messages_that_join_on_to_each_other(database: Database):
    number = 2 * LARGEST_BATCH + 1
    write(database, STREET, *(record(n, CheckedIn(ANA)) for n in range(1, number + 1)))
    told = passed(database)
    assert [len(telling.events) for telling in told] == [LARGEST_BATCH, LARGEST_BATCH, 1]
    assert [telling.after for telling in told] == [0, *(telling.upto for telling in told[:-1])]
    assert told[-1].upto == number


class Said:
    """What the relay said, by topic."""

    def __init__(self) -> None:
        self.all: Seen[tuple[str, DoorEvents]] = Seen()

    def publish(self, topic: str, payload: bytes) -> bool:
        telling = decode(payload, DoorEvents)
        assert isinstance(telling, DoorEvents)
        self.all.add((topic, telling))
        return True


@asynccontextmanager
async def running(database: Database) -> AsyncIterator[tuple[Relay, Said]]:
    said = Said()
    relay = Relay(SPACE, database, Clock(), said.publish)
    task = asyncio.create_task(relay.run())
    try:
        yield relay, said
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def write_now(database: Database) -> None:
    """Write an arrival of this moment."""
    now = Clock().stamp()
    write(database, STREET, Record(1, now, CheckedIn(ANA)), received_us=now.wall_us)


async def test_a_kiosk_is_answered_on_its_own_topic(sqlite: Database):
    write_now(sqlite)
    async with running(sqlite) as (relay, said):
        relay.asked(GARDEN, encode(DoorsHeard()))
        ((topic, telling),) = await said.all.count(1)
    assert topic == kiosk_topic(SPACE, GARDEN, Word.PASSED)
    assert events(telling) == [CheckedIn(ANA)]


async def test_a_question_that_cannot_be_read_is_left_alone(sqlite: Database):
    write_now(sqlite)
    async with running(sqlite) as (relay, said):
        relay.asked(STREET, b'{"told":[{"kiosk":"A/B","count":"e","upto":1}]}')
        relay.asked(GARDEN, encode(DoorsHeard()))
        await said.all.count(1)
    assert [topic for topic, _ in said.all.all] == [kiosk_topic(SPACE, GARDEN, Word.PASSED)]


async def test_so_many_questions_wait_and_no_more(sqlite: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_ASKING", 1)
    write_now(sqlite)
    async with running(sqlite) as (relay, said):
        for kiosk in (GARDEN, STREET, GARDEN):
            relay.asked(kiosk, encode(DoorsHeard()))
        await said.all.count(1)
        relay.asked(GARDEN, encode(DoorsHeard()))
        await said.all.count(2)
    assert {topic for topic, _ in said.all.all} == {kiosk_topic(SPACE, GARDEN, Word.PASSED)}


async def test_a_database_that_does_not_answer_is_said_and_the_next_question_is_answered(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    write_now(sqlite)
    whole = sqlite.read
    tries = 0

    async def read(work):
        nonlocal tries
        tries += 1
        if tries == 1:
            raise DatabaseError(DatabaseTrouble.LOCKED, "locked")
        return await whole(work)

    monkeypatch.setattr(sqlite, "read", read)
    with caplog.at_level(logging.WARNING):
        async with running(sqlite) as (relay, said):
            relay.asked(GARDEN, encode(DoorsHeard()))
            relay.asked(STREET, encode(DoorsHeard()))
            await said.all.count(1)
    assert "will ask again" in caplog.text
    assert msgspec.json.encode(said.all.all[0][1])


async def test_what_a_host_puts_right_is_passed_on_at_once_to_every_kiosk_that_ever_asked(sqlite: Database):
    now = Clock().stamp()
    async with running(sqlite) as (relay, said):
        for kiosk in (GARDEN, STREET):
            relay.asked(kiosk, encode(DoorsHeard()))
        write_now(sqlite)
        relay.asked(GARDEN, encode(DoorsHeard()))
        await said.all.count(1)
        write(sqlite, HUB, Record(1, now, CheckedOut(ANA)), received_us=now.wall_us)
        relay.put_right()
        told = await said.all.until(
            lambda all_said: len({topic for topic, telling in all_said if telling.kiosk == HUB}) == 2
        )
    by_hand = [events(telling) for _, telling in told if telling.kiosk == HUB]
    assert all(said_by_hand == [CheckedOut(ANA)] for said_by_hand in by_hand)
