"""What is held of the other doors: each event once, as much as there is room for, and not for long."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert

from community.clock import Stamp
from community.events import CardOpened, CheckedIn, CheckedOut, Event, Introduced, Met, Record, Shown, Weighed
from community.ids import Epoch, KioskId, MemberId
from community.introductions.slots import Slot
from community.wire.codec import digest_of, encode
from community.wire.messages import LATELY_US, DoorEvent, DoorEvents, Erasure, FeedItem
from kiosk.store import elsewhere as module
from kiosk.store.directory import DirectoryStore
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from kiosk.store.schema import erased
from kiosk.store.tables import open_database
from plumbing.database import Database
from plumbing.errors import DatabaseError

HERE, STREET = KioskId("here"), KioskId("street")
EPOCH = Epoch("e")
ANA, BEN = MemberId("ana"), MemberId("ben")


def stamp(wall_us: int = 0, boot: str = "b", *, synced: bool = True) -> Stamp:
    return Stamp(LATELY_US + wall_us, boot, wall_us + 1_000, synced)


def telling(
    after: int,
    *events: Event,
    since: int = 0,
    kiosk: KioskId = STREET,
    epoch: Epoch = EPOCH,
    first_us: int = 0,
) -> DoorEvents:
    """Everything after a number; each event a microsecond after the one before."""
    told = tuple(
        DoorEvent(0, msgspec.Raw(encode(Record(number, stamp(first_us + number), event))))
        for number, event in enumerate(events, after + 1)
    )
    return DoorEvents(kiosk, epoch, after, after + len(events), told, since)


@pytest.fixture
def store(database: Database) -> ElsewhereStore:
    return ElsewhereStore(database, HERE)


def held(store: ElsewhereStore) -> list[Event]:
    return [event.record.event for event in store.held]


async def test_what_is_told_is_held_and_still_there_after_a_restart(
    store: ElsewhereStore, database: Database, file: Path
):
    taken = await store.take(telling(0, CheckedIn(ANA), CheckedIn(BEN)), stamp(10))
    assert taken is not None
    assert [event.record.event for event in taken] == [CheckedIn(ANA), CheckedIn(BEN)]
    again = open_database(file)
    try:
        reopened = ElsewhereStore(again, HERE)
        assert reopened.held == store.held == list(taken)
    finally:
        again.close()


async def test_what_is_told_again_is_held_once_and_costs_no_write(store: ElsewhereStore, database: Database):
    await store.take(telling(0, CheckedIn(ANA)), stamp(10))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    assert await store.take(telling(0, CheckedIn(ANA)), stamp(11)) == ()
    assert held(store) == [CheckedIn(ANA)]


async def test_an_event_that_was_given_another_number_is_the_same_event(store: ElsewhereStore):
    await store.take(telling(4, CheckedIn(ANA), first_us=0), stamp(10))
    renamed = telling(0, CheckedIn(ANA), epoch=Epoch("new"), first_us=4)
    assert await store.take(renamed, stamp(11)) == ()
    assert held(store) == [CheckedIn(ANA)]


async def test_two_lives_of_one_log_are_both_held(store: ElsewhereStore):
    await store.take(telling(0, CheckedIn(ANA)), stamp(10))
    await store.take(telling(0, CheckedIn(BEN), first_us=500), stamp(11))
    assert held(store) == [CheckedIn(ANA), CheckedIn(BEN)]


async def test_what_concerns_its_own_door_alone_is_not_held_even_if_it_is_told(store: ElsewhereStore):
    introduced = Introduced(ANA, (Shown(BEN, Slot.ADVICE),), (Weighed(BEN, Slot.ADVICE, 0.5, 0.5),))
    await store.take(telling(0, CardOpened(ANA), introduced), stamp(10))
    assert held(store) == [Introduced(ANA, (Shown(BEN, Slot.ADVICE),))]


async def test_an_event_of_a_newer_kiosk_is_passed_over(store: ElsewhereStore):
    newer = DoorEvent(0, msgspec.Raw(b'{"seq":1,"at":{},"event":{"kind":"coffee_drunk"}}'))
    assert await store.take(DoorEvents(STREET, EPOCH, 0, 1, (newer,)), stamp()) == ()


async def test_of_an_earlier_life_of_this_kiosk_only_what_its_log_lacks_is_held(
    store: ElsewhereStore, database: Database
):
    await Log(database).append([(stamp(1), CheckedIn(ANA)), (stamp(1), CardOpened(ANA))])
    passed = telling(0, CheckedIn(ANA), CheckedIn(BEN), kiosk=HERE)
    taken = await store.take(passed, stamp(10))
    assert taken is not None
    assert [event.record.event for event in taken] == [CheckedIn(BEN)]


async def test_there_is_room_for_so_much_and_no_more(store: ElsewhereStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_HELD", 2)
    await store.take(telling(0, CheckedIn(ANA), CheckedIn(BEN)), stamp(10))
    assert await store.take(telling(2, CheckedOut(ANA)), stamp(11)) is None
    assert len(store.held) == 2


async def test_what_cannot_be_written_is_not_held(store: ElsewhereStore, database: Database):
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    many = telling(0, *[CheckedIn(MemberId(f"m{n}")) for n in range(500)])
    with pytest.raises(DatabaseError):
        await store.take(many, stamp(10))
    assert store.held == []


async def test_it_is_forgotten_after_a_day_and_a_half_of_this_kiosk_s_own_time(store: ElsewhereStore):
    await store.take(telling(0, CheckedIn(ANA)), stamp(0, synced=False))
    await store.take(telling(0, CheckedIn(BEN), kiosk=KioskId("garden")), stamp(100))
    assert await store.let_go(stamp(LATELY_US)) == 0
    assert await store.let_go(stamp(LATELY_US + 1)) == 1
    assert held(store) == [CheckedIn(BEN)]


async def test_what_was_heard_with_a_wrong_clock_is_as_old_as_it_really_is(store: ElsewhereStore):
    long_ago = Stamp(5, "b", 1_000, synced=False)
    await store.take(telling(0, CheckedIn(ANA)), long_ago)
    assert await store.let_go(stamp(10)) == 0
    assert held(store) == [CheckedIn(ANA)]


async def test_what_names_an_erased_member_is_forgotten_and_not_taken_again(
    store: ElsewhereStore, database: Database
):
    await store.take(telling(0, CheckedIn(ANA), Met(BEN, ANA), CheckedIn(BEN)), stamp(10))
    item = FeedItem("erased", ANA, 1, msgspec.Raw(encode(Erasure(ANA, 5))))
    assert await DirectoryStore(database).swap([item], since=0, upto=1, digest=digest_of([item]))
    await store.forget_erased()
    assert held(store) == [CheckedIn(BEN)]
    await store.take(telling(3, CheckedOut(ANA), CheckedOut(BEN)), stamp(11))
    assert held(store) == [CheckedIn(BEN), CheckedOut(BEN)]
    await store.forget_erased()
    assert held(ElsewhereStore(database, HERE)) == held(store)


async def test_an_erasure_cut_off_in_the_middle_is_completed_at_the_next_start(
    store: ElsewhereStore, database: Database
):
    await store.take(telling(0, CheckedIn(ANA), CheckedIn(BEN)), stamp(10))
    database.write_now(lambda c: c.execute(insert(erased), {"member_id": ANA, "at_us": 5}))
    assert held(ElsewhereStore(database, HERE)) == [CheckedIn(BEN)]
