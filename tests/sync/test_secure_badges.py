"""What the hub keeps of badges that cannot be copied, on real SQLite and real PostgreSQL."""

import asyncio
from functools import partial

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.badges import Badge, BadgeHash, BadgeStatus
from community.events import BadgeProved, CheckedIn
from community.ids import MemberId
from community.proofs import Level
from community.secrets import BadgeCounter, BadgeSecret, MetaKey
from plumbing.database import Database
from sync.counters import Counters
from sync.store import directory, feed, log, secure_badges
from sync.store.log import Arrived
from tests.sync.conftest import empty
from tests.sync.samples import DOOR, EPOCH, KEY, member, raw, record

BADGE, PLAIN = KEY.hash(b"\x04secure"), KEY.hash(b"\x04plain0")
ADA, BOB = MemberId("m1"), MemberId("m2")
SECRET = BadgeSecret(BADGE, 2, b"sun key of badge", b"key asked by it!")
META = MetaKey(2, b"the meta key ..!")


def said(database: Database) -> dict[str, object]:
    """What kiosks are told of the badge, by kind; without what is gone."""
    kinds = {
        "badge": Badge,
        "badge_secret": BadgeSecret,
        "badge_counter": BadgeCounter,
        "badge_meta": MetaKey,
    }
    return {
        item.kind: msgspec.json.decode(item.body, type=kinds[item.kind])
        for item in database.read_now(feed.everything)
        if item.kind in kinds and item.body is not None
    }


def prove(database: Database, *counts: int, badge: BadgeHash = BADGE, first: int = 1) -> None:
    """A door says that a badge proved itself, at these counts."""
    arrived = []
    for number, upto in enumerate(counts, first):
        event = BadgeProved(badge, upto)
        arrived.append(Arrived(DOOR, EPOCH, record(number, event), raw(number, event)))
    database.write_now(lambda c: log.append(c, arrived, [], 1))


def counted(database: Database, badge: BadgeHash = BADGE) -> int | None:
    return database.read_now(lambda c: secure_badges.counted(c, badge))


@pytest.fixture
def hub(database: Database) -> Database:
    """A hub with two members, the first of whom has a badge that counted to 1 when it was programmed."""
    database.write_now(lambda c: directory.put_member(c, member("Ada", ADA)))
    database.write_now(lambda c: directory.put_member(c, member("Bob", BOB)))
    database.write_now(lambda c: secure_badges.put(c, SECRET, META, Level.SUN, 1))
    database.write_now(lambda c: directory.link(c, BADGE, ADA, 1))
    return database


def test_kiosks_are_told_of_a_badge_with_its_keys_and_its_counter(hub: Database):
    assert said(hub) == {
        "badge": Badge(BADGE, ADA, level=Level.SUN, key=2),
        "badge_secret": SECRET,
        "badge_counter": BadgeCounter(BADGE, 1),
        "badge_meta": META,
    }
    assert hub.read_now(secure_badges.all_badges) == (Badge(BADGE, ADA, level=Level.SUN, key=2),)


def test_a_plain_badge_is_told_as_ever(hub: Database):
    hub.write_now(lambda c: directory.link(c, PLAIN, BOB, 1))
    assert Badge(PLAIN, BOB) in hub.read_now(secure_badges.all_badges)


def test_revoking_a_badge_leaves_what_it_must_show(hub: Database):
    hub.write_now(lambda c: directory.set_status(c, BADGE, BadgeStatus.LOST))
    assert said(hub)["badge"] == Badge(BADGE, ADA, BadgeStatus.LOST, Level.SUN, 2)


def test_an_unlinked_badge_leaves_no_key_at_the_doors_and_is_as_good_for_the_next_member(
    hub: Database,
):
    prove(hub, 9)
    hub.write_now(lambda c: directory.unlink(c, BADGE))
    assert set(said(hub)) == {"badge_meta"}
    hub.write_now(lambda c: directory.link(c, BADGE, BOB, 2))
    assert said(hub)["badge"] == Badge(BADGE, BOB, level=Level.SUN, key=2)
    assert said(hub)["badge_secret"] == SECRET
    assert said(hub)["badge_counter"] == BadgeCounter(BADGE, 9)


def test_nothing_of_a_badge_outlives_its_member(hub: Database):
    prove(hub, 9)
    hub.write_now(lambda c: directory.remove_member(c, ADA))
    assert set(said(hub)) == {"badge_meta"}
    assert counted(hub) is None
    prove(hub, 12, first=2)
    assert counted(hub) is None, "a door that says so later brings nothing back"


def test_what_doors_say_raises_the_counter_and_never_lowers_it(hub: Database):
    prove(hub, 5, 3, 7, 7)
    assert counted(hub) == 7
    prove(hub, 6, first=5)
    assert counted(hub) == 7
    prove(hub, 5, 3, 7, 7)
    assert counted(hub) == 7
    hub.write_now(lambda c: secure_badges.put(c, SECRET, META, Level.SUN, 2))
    assert counted(hub) == 7, "programmed again, it counts on"


def test_of_badges_nobody_programmed_nothing_is_kept(hub: Database):
    prove(hub, 5, badge=PLAIN)
    assert counted(hub, PLAIN) is None


def test_other_events_say_nothing_of_badges(hub: Database):
    hub.write_now(lambda c: log.append(c, [Arrived(DOOR, EPOCH, record(1, CheckedIn(ADA)), raw(1))], [], 1))
    assert counted(hub) == 1


async def test_the_feed_says_now_and_then_how_far_they_have_counted(hub: Database):
    before = hub.read_now(feed.revision)
    prove(hub, 4, 8)
    assert hub.read_now(feed.revision) == before, "not at each tap"
    task = asyncio.create_task(Counters(hub, every_s=0.01).run())
    async with asyncio.timeout(20):
        while said(hub)["badge_counter"] != BadgeCounter(BADGE, 8):  # noqa: ASYNC110 - a file sets no event
            await asyncio.sleep(0.01)
    once = hub.read_now(feed.revision)
    assert once == before + 1
    assert not hub.read_now(secure_badges.is_behind)
    assert hub.write_now(secure_badges.share) == once, "nothing more to say"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_database_that_is_away_is_said_once_and_asked_again(sqlite: Database, caplog):
    caplog.set_level("DEBUG", "sync.counters")
    sqlite.write_now(lambda c: c.exec_driver_sql("DROP TABLE badge_counters"))
    task = asyncio.create_task(Counters(sqlite, every_s=0.001).run())
    async with asyncio.timeout(20):
        while len(caplog.records) < 3:  # noqa: ASYNC110 - a log sets no event
            await asyncio.sleep(0.01)
    assert [r.levelname for r in caplog.records[:3]] == ["WARNING", "DEBUG", "DEBUG"]
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(counts=st.lists(st.integers(0, 0xFFFFFF), min_size=1, max_size=6), sharing=st.booleans())
def test_in_any_order_the_counter_is_the_highest_that_was_said(sqlite: Database, counts, sharing):
    empty(sqlite)
    sqlite.write_now(lambda c: directory.put_member(c, member("Ada", ADA)))
    sqlite.write_now(lambda c: secure_badges.put(c, SECRET, META, Level.SUN, 0))
    sqlite.write_now(lambda c: directory.link(c, BADGE, ADA, 1))
    for number, upto in enumerate(counts, 1):
        prove(sqlite, upto, first=number)
        if sharing:
            sqlite.write_now(secure_badges.share)
        assert counted(sqlite) == max(counts[:number])
    sqlite.write_now(partial(secure_badges.share))
    assert said(sqlite)["badge_counter"] == BadgeCounter(BADGE, max(counts))
