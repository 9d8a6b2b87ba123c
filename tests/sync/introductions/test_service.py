"""The hub's introductions through their days, on real SQLite and real PostgreSQL."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from community.events import (
    Answer,
    Answered,
    CheckedOut,
    Introduced,
    Met,
    MoodChosen,
    Paired,
    Shown,
)
from community.ids import MemberId
from community.introductions.pairing import Origin, Pairing
from community.introductions.slots import Slot
from community.members import Mood, Space, Visibility
from plumbing.database import Database
from plumbing.errors import DatabaseError, DatabaseTrouble
from sync.store import directory, introductions
from sync.store.feed import Kind
from tests.fakes.waiting import Seen
from tests.sync.introductions.house import House, person

ADA, BOB, EVE = (MemberId(name) for name in ("ada", "bob", "eve"))


def village() -> tuple:
    return (
        person("Ada", needs="logo", offers="law"),
        person("Bob", needs="law", offers="logo"),
        person("Eve", needs="bread", offers="plants"),
        person("Kim", needs="plants", offers="bread"),
    )


async def test_before_the_hour_the_hub_plans_nothing_and_at_the_hour_everybody(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob", "eve", "kim")
    await house.until(11, 0)
    assert house.pairs == set()
    await house.until(11, 30)
    assert {("ada", "bob"), ("eve", "kim")} <= house.pairs
    assert all(pairing.origin is Origin.PLAN for pairing in house.plan.pairings)
    assert house.revisions.all[-1] > 0


async def test_what_a_kiosk_decided_alone_joins_the_plan(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob")
    await house.service.look()
    tap = Pairing(ADA, BOB, Slot.PARTNER, ADA, 0.6, 1.0, Origin.TAP)
    house.tell(Paired(tap), Introduced(ADA, (Shown(BOB, Slot.PARTNER),)))
    await house.later(seconds=1)
    assert house.plan.pairings == (tap,)
    house.arrive("eve", "kim")
    await house.until(11, 30)
    assert tap in house.plan.pairings


async def test_nobody_is_planned_above_the_cap(database: Database):
    people = [person(f"P{i:02}", needs="logo", offers="logo") for i in range(9)]
    house = House(database, *people, space=Space(shown_a_day=2))
    house.arrive(*(one.id for one in people))
    await house.until(11, 30)
    for one in people:
        assert sum(one.id in pair for pair in house.pairs) <= 2
    assert house.pairs


async def test_somebody_who_leaves_makes_room_once_it_is_quiet(database: Database):
    house = House(database, *village(), person("Pia", needs="logo", offers="law"), space=Space(shown_a_day=1))
    house.arrive("bob", "pia")
    await house.until(11, 30)
    assert house.pairs == {("bob", "pia")}
    house.arrive("ada")
    house.tell(CheckedOut(MemberId("pia")))
    await house.later(seconds=5)
    assert ("ada", "bob") not in house.pairs
    await house.later(seconds=30)
    assert ("ada", "bob") in house.pairs


async def test_who_goes_heads_down_is_planned_no_more(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob")
    house.tell(MoodChosen(BOB, Mood.HEADS_DOWN))
    await house.until(12, 0)
    assert house.pairs == set()


async def test_the_same_day_goes_the_same_way_twice(database: Database):
    people = [person(f"P{i:02}", needs=f"w{i % 4} x", offers=f"w{(i + 1) % 4} x") for i in range(12)]
    house = House(database, *people)
    house.arrive(*(one.id for one in people))
    await house.until(11, 30)
    first = house.plan
    database.write_now(lambda c: introductions.put_plan(c, msgspec.structs.replace(first, pairings=())))
    again = House(database, at=house.clock.shown)
    await again.service.look()
    assert again.plan == first


async def test_a_hub_that_starts_again_goes_on_from_the_plan(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob", "eve", "kim")
    await house.until(11, 30)
    plan = house.plan
    again = House(database, at=house.clock.shown + timedelta(minutes=5))
    await again.service.look()
    assert set(plan.pairings) <= set(again.plan.pairings)


async def test_a_hub_restored_from_a_backup_hears_of_the_pairs_again(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob")
    tap = Pairing(ADA, BOB, Slot.PARTNER)
    house.tell(Paired(tap))
    await house.service.look()
    database.write_now(lambda c: introductions.put_plan(c, msgspec.structs.replace(house.plan, pairings=())))
    again = House(database, at=house.clock.shown)
    await again.service.look()
    assert again.plan.pairings == (tap,)


async def test_yesterdays_plan_is_gone_in_the_morning_and_its_meetings_are_past(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob")
    house.tell(Introduced(ADA, (Shown(BOB, Slot.PARTNER),)), Met(ADA, BOB))
    await house.until(11, 30)
    yesterday = house.plan.day
    await house.later(hours=24)
    assert yesterday.isoformat() not in house.feed(Kind.PLAN)
    past = house.database.read_now(introductions.pasts)
    assert past[ADA].pairs[0].met == yesterday
    assert past[BOB].ties == 1
    house.arrive("ada", "bob")
    await house.until(11, 31)
    assert ("ada", "bob") not in house.pairs


async def test_rather_not_ends_it_for_both_at_once_and_for_good(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob")
    house.tell(Answered(BOB, ADA, Answer.RATHER_NOT))
    await house.until(11, 30)
    assert house.pairs == set()
    await house.later(hours=24)
    house.arrive("ada", "bob")
    await house.until(12, 0)
    assert house.pairs == set()


async def test_who_avoids_somebody_is_never_planned_with_them(database: Database):
    ada, bob, *_ = village()
    house = House(database, ada, msgspec.structs.replace(bob, avoid=(ADA,)))
    house.arrive("ada", "bob")
    await house.until(12, 0)
    assert house.pairs == set()
    assert b"avoid" not in b"".join(house.feed(Kind.PLAN).values())


async def test_somebody_erased_is_in_no_plan_nor_past_whatever_comes_late(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob")
    house.tell(Introduced(ADA, (Shown(BOB, Slot.PARTNER),)), Met(ADA, BOB))
    await house.until(11, 30)
    await house.later(hours=24)
    house.arrive("ada", "bob", "eve", "kim")
    house.tell(Paired(Pairing(BOB, EVE, Slot.NEIGHBOUR)))
    await house.until(11, 31)
    database.write_now(lambda c: directory.remove_member(c, BOB))
    house.service.directory_changed(0)
    house.tell(Paired(Pairing(BOB, MemberId("kim"), Slot.NEIGHBOUR)))
    await house.later(seconds=1)
    await house.later(hours=24)
    for kind in (Kind.PLAN, Kind.PAST):
        assert not any(b'"bob"' in body for body in house.feed(kind).values())
        assert "bob" not in house.feed(kind)


async def test_who_hides_leaves_the_plan(database: Database):
    ada, bob, *_ = village()
    house = House(database, ada, bob)
    house.arrive("ada", "bob")
    await house.until(11, 30)
    assert house.pairs == {("ada", "bob")}
    house.put(msgspec.structs.replace(bob, visibility=Visibility(members=False)))
    house.service.directory_changed(0)
    await house.later(seconds=1)
    assert house.pairs == set()


@pytest.mark.parametrize("there", [(), ("ada",), ("stranger",)])
async def test_a_room_with_nobody_to_introduce_has_no_plan(sqlite: Database, there):
    house = House(sqlite, *village())
    house.arrive(*there)
    await house.until(12, 0)
    assert house.feed(Kind.PLAN) == {}


async def test_everybody_heads_down_has_no_plan(sqlite: Database):
    house = House(sqlite, *village())
    house.arrive("ada", "bob", "eve", "kim")
    house.tell(*(MoodChosen(one.id, Mood.HEADS_DOWN) for one in village()))
    await house.until(12, 0)
    assert house.pairs == set()


async def test_no_cap_no_plan(sqlite: Database):
    house = House(sqlite, *village(), space=Space(shown_a_day=0))
    house.arrive("ada", "bob", "eve", "kim")
    await house.until(12, 0)
    assert house.pairs == set()


async def test_a_database_that_refuses_is_asked_again(sqlite: Database, monkeypatch: pytest.MonkeyPatch):
    house = House(sqlite, *village())
    house.arrive("ada", "bob")
    tried = []
    write = Database.write

    async def refuse_twice(self, work):
        tried.append(work)
        if len(tried) <= 2:
            raise DatabaseError(DatabaseTrouble.LOCKED, "held")
        return await write(self, work)

    monkeypatch.setattr(Database, "write", refuse_twice)
    task = asyncio.create_task(house.service.run())
    house.clock.shown += timedelta(hours=3)
    await house.revisions.until(lambda _: house.pairs)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_mistake_of_ours_is_logged_and_does_not_end_the_task(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    house = House(sqlite, *village())
    house.arrive("ada", "bob")
    tried: Seen[int] = Seen()

    def mistake(*_: object) -> None:
        tried.add(1)
        raise ZeroDivisionError

    monkeypatch.setattr("sync.introductions.room.rules_of", mistake)
    task = asyncio.create_task(house.service.run())
    await tried.count(2)
    assert "ZeroDivisionError" in caplog.text
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
