"""The whole log as one story, on real SQLite and real PostgreSQL."""

from datetime import timedelta

from community.events import CheckedIn, CheckedOut, Event, Introduced, Met, Shown, Weighed
from community.ids import Epoch, KioskId, MemberId
from community.introductions.slots import Slot
from community.wire.codec import encode
from plumbing.database import Database
from sync.introductions.history import story
from sync.store import log
from sync.store.log import Arrived
from tests.sync.samples import NOON, record, us

ADA, BOB = MemberId("ada"), MemberId("bob")
LATER = timedelta(minutes=1)


def write(database: Database, door: str, *events: tuple[Event, int, dict]) -> None:
    arrived = []
    for seq, (event, minutes, clock) in enumerate(events, 1):
        one = record(seq, event, NOON + minutes * LATER, **clock)
        arrived.append(Arrived(KioskId(door), Epoch("e1"), one, encode(one)))
    database.write_now(lambda c: log.append(c, arrived, (), us(NOON + timedelta(days=1))))


def test_two_doors_make_one_story_in_the_order_of_time(database: Database):
    write(database, "back", (CheckedIn(BOB), 1, {}), (Met(ADA, BOB), 5, {}))
    write(database, "front", (CheckedIn(ADA), 0, {}), (CheckedOut(ADA), 9, {}))
    told = database.read_now(story)
    assert told == (
        (NOON, CheckedIn(ADA)),
        (NOON + LATER, CheckedIn(BOB)),
        (NOON + 5 * LATER, Met(ADA, BOB)),
    )


def test_a_boot_without_a_clock_is_corrected_by_what_came_after_it(database: Database):
    wrong = {"boot": "b2", "synced": False}
    write(
        database,
        "front",
        (CheckedIn(ADA), -1_000_000, {**wrong, "up_s": 60.0}),
        (CheckedOut(ADA), 10, {"boot": "b2", "up_s": 120.0}),
    )
    assert database.read_now(story) == ((NOON + 9 * LATER, CheckedIn(ADA)),)


def test_who_else_could_have_been_shown_is_left_out_unless_asked_for(database: Database):
    weighed = (Weighed(BOB, Slot.PARTNER, 0.5, 1.0),)
    said = Introduced(ADA, (Shown(BOB, Slot.PARTNER),), weighed)
    write(database, "front", (said, 0, {}))
    assert database.read_now(story) == ((NOON, Introduced(ADA, said.shown)),)
    assert database.read_now(lambda c: story(c, weighed=True)) == ((NOON, said),)


def test_a_long_log_comes_in_strides_and_whole(database: Database):
    write(database, "front", *((CheckedIn(MemberId(f"m{i}")), i, {}) for i in range(1_200)))
    strides = database.read_now(lambda c: [len(stride) for stride in log.strides(c)])
    assert sum(strides) == 1_200
    assert max(strides) <= log.ASK_AT_ONCE
    assert len(database.read_now(story)) == 1_200
