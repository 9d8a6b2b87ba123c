"""How far badges have counted, in the kiosk's own file: it never goes back, whoever tells of it."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.badges import Badge, BadgeHash
from community.clock import Stamp
from community.events import BadgeProved, CheckedIn
from community.ids import Epoch, KioskId, MemberId
from community.secrets import BadgeCounter
from community.wire.codec import digest_of, encode
from community.wire.messages import DoorEvent, DoorEvents, Erasure, FeedItem
from kiosk.store import counters
from kiosk.store.counters import ReplayedError
from kiosk.store.directory import DirectoryStore, Forgotten
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.database import Database
from plumbing.errors import DatabaseError

BADGE, OTHER = BadgeHash("k1:aa"), BadgeHash("k1:bb")
ADA = MemberId("ada")
NOW = Stamp(1_772_697_600_000_000, "boot", 1_000_000, synced=True)


def counted(database: Database, badge: BadgeHash = BADGE) -> int:
    return database.read_now(lambda c: counters.counted(c, badge))


def item(kind: str, key: str, body: object, revision: int = 1) -> FeedItem:
    return FeedItem(kind, key, revision, None if body is None else msgspec.Raw(encode(body)))


async def swap(store: DirectoryStore, *items: FeedItem, since: int = 0, upto: int = 1, all_of=None):
    return await store.swap(items, since=since, upto=upto, digest=digest_of(all_of or items))


async def test_a_proof_and_what_comes_of_it_are_written_together_or_not_at_all(database: Database):
    log = Log(database)
    await log.append([(NOW, BadgeProved(BADGE, 5)), (NOW, CheckedIn(ADA))])
    assert (counted(database), log.count()) == (5, 2)
    for spent in (5, 4, 0):
        with pytest.raises(ReplayedError):
            await log.append([(NOW, BadgeProved(BADGE, spent)), (NOW, CheckedIn(ADA))])
    assert (counted(database), log.count(), log.last) == (5, 2, 2)
    await log.append([(NOW, BadgeProved(BADGE, 6))])
    assert (counted(database), log.last) == (6, 3)


async def test_the_first_message_of_a_chip_may_count_from_0(database: Database):
    await Log(database).append([(NOW, BadgeProved(BADGE, 0))])
    assert counted(database) == 0


async def test_a_commit_that_fails_spends_nothing(database: Database):
    log = Log(database)
    refuse = "CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'no room'); END"
    database.write_now(lambda c: c.exec_driver_sql(refuse))
    with pytest.raises(DatabaseError):
        await log.append([(NOW, BadgeProved(BADGE, 5))])
    assert (counted(database), log.last) == (-1, 0)
    database.write_now(lambda c: c.exec_driver_sql("DROP TRIGGER full"))
    await log.append([(NOW, BadgeProved(BADGE, 5))])
    assert counted(database) == 5


async def test_counters_outlive_the_program(file, database: Database):
    await Log(database).append([(NOW, BadgeProved(BADGE, 5))])
    again = open_database(file)
    assert counted(again) == 5
    again.close()


async def test_the_hub_s_word_raises_and_never_lowers(database: Database):
    store = DirectoryStore(database)
    await swap(store, item("badge_counter", BADGE, BadgeCounter(BADGE, 7)))
    assert counted(database) == 7
    lower = item("badge_counter", BADGE, BadgeCounter(BADGE, 3), 2)
    await swap(store, lower, since=1, upto=2)
    await swap(store, upto=3)
    assert counted(database) == 7


async def test_what_a_newer_hub_says_otherwise_is_left_alone(database: Database):
    odd = FeedItem("badge_counter", BADGE, 1, msgspec.Raw(b'{"badge":7}'))
    assert not isinstance(
        await swap(DirectoryStore(database), odd, item("badge", BADGE, 5)), Forgotten | None
    )
    assert counted(database) == -1


async def test_a_badge_goes_with_its_member_and_no_other(database: Database):
    store = DirectoryStore(database)
    mine, theirs = (
        item("badge", BADGE, Badge(BADGE, ADA)),
        item("badge", OTHER, Badge(OTHER, MemberId("ben"))),
    )
    await swap(store, mine, theirs)
    await Log(database).append([(NOW, BadgeProved(BADGE, 5)), (NOW, BadgeProved(OTHER, 9))])
    erased = item("erased", ADA, Erasure(ADA, 1), 2)
    gone = item("badge", BADGE, None, 2)
    found = await store.swap([gone, erased], since=1, upto=2, digest=digest_of([theirs, erased]))
    assert found is not None
    assert (counted(database), counted(database, OTHER)) == (-1, 9)


async def test_wiping_the_directory_keeps_the_counters(database: Database):
    store = DirectoryStore(database)
    await swap(store, item("badge_counter", BADGE, BadgeCounter(BADGE, 7)), item("badge_secret", BADGE, {}))
    await store.wipe()
    assert counted(database) == 7
    assert store.items() == ()


def told(*counts: int) -> DoorEvents:
    """What another door tells of a badge that proved itself there."""
    records = (
        msgspec.Raw(encode({"seq": n, "at": NOW, "event": BadgeProved(BADGE, upto)}))
        for n, upto in enumerate(counts, 1)
    )
    events = tuple(DoorEvent(1_000_000, record) for record in records)
    return DoorEvents(KioskId("there"), Epoch("e"), 0, len(counts), events)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    said=st.lists(
        st.tuples(st.sampled_from(["tap", "door", "hub"]), st.integers(0, 6)), min_size=1, max_size=12
    )
)
async def test_in_any_order_no_message_is_believed_twice(tmp_path_factory, said):
    database = open_database(tmp_path_factory.mktemp("kiosk") / "kiosk.db")
    try:
        log, store = Log(database), DirectoryStore(database)
        elsewhere = ElsewhereStore(database, KioskId("here"))
        highest, revision = -1, 0
        for who, upto in said:
            if who == "tap":
                try:
                    await log.append([(NOW, BadgeProved(BADGE, upto))])
                    assert upto > highest
                except ReplayedError:
                    assert upto <= highest
            elif who == "door":
                await elsewhere.take(told(upto), NOW)
            else:
                revision += 1
                counter = item("badge_counter", BADGE, BadgeCounter(BADGE, upto), revision)
                await swap(store, counter, upto=revision)
            highest = max(highest, upto)
            assert counted(database) == highest
    finally:
        database.close()
