"""Coffee and lunch tables on the hub: opened by a host or by the clock, filled by taps."""

from datetime import datetime, timedelta

import msgspec
import pytest

from community.events import CheckedOut, MoodChosen, TableAnswered
from community.ids import MemberId
from community.introductions.tables import Occasion, Table
from community.members import Mood
from plumbing.database import Database
from sync.settings import IntroductionsSettings
from sync.store import directory, introductions
from sync.store.feed import Kind
from tests.sync.introductions.house import PARIS, House, person

SOON = datetime(2026, 3, 2, 10, 30, tzinfo=PARIS)


def village() -> tuple:
    """Return four people of whom each has what the next one needs."""
    return tuple(
        person(name, needs=word, offers=offer)
        for name, word, offer in (
            ("Ada", "logo", "law"),
            ("Bob", "law", "bread"),
            ("Eve", "bread", "plants"),
            ("Kim", "plants", "logo"),
        )
    )


def tables(house: House) -> tuple[Table, ...]:
    return house.database.read_now(introductions.tables)


async def test_a_host_opens_a_table_for_people_who_gain_from_each_other(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob", "eve", "kim")
    table = await house.service.open_table(Occasion.COFFEE, SOON, "the kitchen")
    assert table is not None
    assert set(table.invited) == {"ada", "bob", "eve", "kim"}
    assert (table.occasion, table.at, table.place) == (Occasion.COFFEE, SOON, "the kitchen")
    assert tables(house) == (msgspec.structs.replace(table, at=tables(house)[0].at),)
    assert tables(house)[0].at == SOON
    assert house.revisions.all


async def test_a_table_needs_three(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob")
    assert await house.service.open_table(Occasion.LUNCH, SOON, "") is None
    assert tables(house) == ()


async def test_nobody_heads_down_hidden_gone_or_avoided_is_invited(sqlite: Database):
    ada, bob, eve, kim = village()
    avoiding = msgspec.structs.replace(ada, avoid=(MemberId("kim"),))
    house = House(sqlite, avoiding, bob, eve, kim, person("Pia", needs="bread", offers="law"))
    house.arrive("ada", "bob", "eve", "kim", "pia")
    house.tell(MoodChosen(bob.id, Mood.HEADS_DOWN), CheckedOut(eve.id))
    table = await house.service.open_table(Occasion.COFFEE, SOON, "")
    assert table is None or not {"ada", "kim"} <= set(table.invited)
    assert table is None or not {"bob", "eve"} & set(table.invited)


async def test_who_says_yes_comes_and_who_was_not_invited_does_not(database: Database):
    house = House(database, *village(), person("Pia"))
    house.arrive("ada", "bob", "eve", "kim", "pia")
    table = await house.service.open_table(Occasion.COFFEE, SOON, "")
    assert table is not None
    house.tell(*(TableAnswered(MemberId(name), table.id, coming=True) for name in ("eve", "ada", "pia")))
    await house.later(seconds=1)
    assert set(tables(house)[0].coming) == {"ada", "eve"}
    house.tell(TableAnswered(MemberId("ada"), table.id, coming=False))
    await house.later(seconds=1)
    assert tables(house)[0].coming == ("eve",)


async def test_who_said_no_is_not_asked_to_a_second_table_of_that_day(sqlite: Database):
    house = House(sqlite, *village())
    house.arrive("ada", "bob", "eve", "kim")
    table = await house.service.open_table(Occasion.COFFEE, SOON, "")
    assert table is not None
    house.tell(TableAnswered(MemberId("ada"), table.id, coming=False))
    second = await house.service.open_table(Occasion.LUNCH, SOON + timedelta(hours=2), "")
    assert second is None or "ada" not in second.invited
    assert await house.service.open_table(Occasion.COFFEE, SOON, "") is None


async def test_the_clock_opens_a_table_half_an_hour_before_once_a_day(database: Database):
    house = House(database, *village(), settings=IntroductionsSettings(coffee="10:30"))
    house.arrive("ada", "bob", "eve", "kim")
    await house.until(9, 55)
    assert tables(house) == ()
    await house.until(10, 1)
    (table,) = tables(house)
    assert table.at == SOON
    await house.until(10, 20)
    again = House(database, at=house.clock.shown, settings=IntroductionsSettings(coffee="10:30"))
    await again.service.look()
    assert tables(again) == (table,)


async def test_the_clock_waits_for_three_people_until_the_table_begins(sqlite: Database):
    house = House(sqlite, *village(), settings=IntroductionsSettings(lunch="12:30"))
    house.arrive("ada", "bob")
    await house.until(12, 5)
    assert tables(house) == ()
    house.arrive("eve")
    await house.until(12, 15)
    assert len(tables(house)) == 1


async def test_the_clock_opens_nothing_late(sqlite: Database):
    house = House(sqlite, *village(), settings=IntroductionsSettings(coffee="10:30"))
    house.arrive("ada", "bob", "eve", "kim")
    await house.until(10, 31)
    assert tables(house) == ()


async def test_tables_are_gone_the_day_after(database: Database):
    house = House(database, *village())
    house.arrive("ada", "bob", "eve", "kim")
    assert await house.service.open_table(Occasion.COFFEE, SOON, "") is not None
    await house.until(20, 0)
    assert len(tables(house)) == 1
    await house.later(hours=12)
    assert house.feed(Kind.TABLE) == {}


async def test_a_table_a_host_takes_away_is_gone(sqlite: Database):
    house = House(sqlite, *village())
    house.arrive("ada", "bob", "eve", "kim")
    table = await house.service.open_table(Occasion.COFFEE, SOON, "")
    assert table is not None
    await house.service.close_table(table.id)
    assert house.feed(Kind.TABLE) == {}
    await house.service.close_table(table.id)


async def test_a_table_taken_away_while_the_plan_is_worked_out_stays_away(sqlite: Database, monkeypatch):
    house = House(sqlite, *village())
    house.arrive("ada", "bob", "eve", "kim")
    table = await house.service.open_table(Occasion.COFFEE, SOON, "")
    assert table is not None
    room = sqlite.read_now(introductions.tables)
    await house.service.close_table(table.id)
    sqlite.write_now(lambda c: introductions.put_tables(c, room, only_open=True))
    assert house.feed(Kind.TABLE) == {}


async def test_an_erased_guest_has_no_seat(sqlite: Database):
    house = House(sqlite, *village())
    house.arrive("ada", "bob", "eve", "kim")
    table = await house.service.open_table(Occasion.COFFEE, SOON, "")
    assert table is not None
    house.tell(TableAnswered(MemberId("ada"), table.id, coming=True))
    sqlite.write_now(lambda c: directory.remove_member(c, MemberId("ada")))
    house.service.directory_changed(0)
    await house.later(seconds=1)
    assert "ada" not in (*tables(house)[0].invited, *tables(house)[0].coming)


@pytest.mark.parametrize("name", ["coffee", "lunch", "plan_at"])
def test_a_time_that_is_none_is_refused(name: str):
    with pytest.raises(ValueError, match="no time of day"):
        IntroductionsSettings(**{name: "25:00"})
