"""The calendar as a running part: what kiosks are told, when it is asked again, what stays when it fails."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from typing_extensions import override

from community.agenda import Agenda, Moment
from community.clock import Hours
from plumbing.clock import Clock
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from sync.agenda.apart import read_apart
from sync.agenda.asked import Asked, Reading, Trouble, mark_of
from sync.agenda.kept import Kept, keep, read_kept
from sync.agenda.service import CalendarWatch
from sync.bootstrap import MIGRATIONS
from sync.settings import AgendaSettings
from sync.store import feed
from sync.store.schema import facts
from tests.fakes.calendars import CALENDAR, CalendarServer, serving

HOURS = Hours(ZoneInfo("Europe/Paris"))
SUNDAY = date(2026, 11, 22)
MORNING = datetime(2026, 11, 22, 8, tzinfo=UTC)
LUNCH = Moment("Lunch", datetime(2026, 11, 22, 11, 30, tzinfo=UTC))
ADDRESS = "https://calendar.example.org/private-0123456789abcdef/basic.ics"


class SetClock(Clock):
    """A clock that shows what it is set to."""

    shown = MORNING

    @override
    def at(self) -> datetime:
        return self.shown


class House:
    """A calendar service on a database, with a reader that says what a test wants."""

    def __init__(self, database: Database, address: str = ADDRESS) -> None:
        self.database, self.clock = database, SetClock()
        self.asked: list[Asked] = []
        self.answers: Callable[[Asked], Reading] = lambda _asked: Reading()
        self.told: list[int] = []
        self.looked = 0
        self.watch = self.watching(address)

    def watching(self, address: str, **more: object) -> CalendarWatch:
        async def read(asked: Asked) -> Reading:
            self.asked.append(asked)
            return self.answers(asked)

        def looked_at() -> None:
            self.looked += 1

        settings = AgendaSettings(address, every_minutes=15)
        return CalendarWatch(
            settings,
            "Europe/Paris",
            HOURS,
            self.database,
            self.clock,
            self.told.append,
            looked_at,
            **{"read": read, **more},  # type: ignore[arg-type]  # one test reads for real
        )

    async def look(self, after: timedelta = timedelta()) -> None:
        self.clock.shown += after
        await self.watch.look()

    def feed(self) -> dict[str, Agenda]:
        items = self.database.read_now(feed.everything)
        return {i.key: msgspec.json.decode(bytes(i.body or b""), type=Agenda) for i in items}

    def kept(self) -> Kept | None:
        return self.database.read_now(read_kept)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database = Database(open_engine(f"sqlite:///{tmp_path}/hub.db"))
    upgrade(database, MIGRATIONS)
    yield House(database)
    database.close()


def agendas(*moments: Moment, days: int = 3) -> tuple[Agenda, ...]:
    """The same moments' titles on several days."""
    return tuple(
        Agenda(
            SUNDAY + timedelta(days=n),
            tuple(
                msgspec.structs.replace(m, starts=m.starts and m.starts + timedelta(days=n)) for m in moments
            ),
        )
        for n in range(days)
    )


async def test_kiosks_are_told_of_today_and_tomorrow(house: House):
    house.answers = lambda _asked: Reading(agendas(LUNCH))
    await house.look()
    assert list(house.feed()) == ["2026-11-22", "2026-11-23"]
    assert house.feed()["2026-11-22"].moments == (LUNCH,)
    assert (house.asked[0].first, house.asked[0].timezone) == (SUNDAY, "Europe/Paris")


async def test_a_new_day_lets_go_of_yesterday(house: House):
    house.answers = lambda _asked: Reading(agendas(LUNCH, days=2))
    await house.look()
    house.answers = lambda _asked: Reading(trouble=Trouble.UNREACHABLE)
    await house.look(timedelta(days=1))
    assert list(house.feed()) == ["2026-11-23"], "what was read before goes on to hold"
    await house.look(timedelta(days=1))
    assert house.feed() == {}


async def test_what_did_not_change_is_no_revision_and_what_did_is_one(house: House):
    house.answers = lambda _asked: Reading(agendas(LUNCH))
    await house.look()
    revision = house.database.read_now(feed.revision)
    await house.look(timedelta(minutes=20))
    assert (len(house.asked), house.told) == (2, [revision])
    assert house.database.read_now(feed.revision) == revision
    house.answers = lambda _asked: Reading(agendas(LUNCH, Moment("Talk")))
    await house.look(timedelta(minutes=20))
    assert house.told == [revision, revision + 1]


async def test_it_is_asked_every_so_often_and_with_what_it_said_last(house: House):
    house.answers = lambda _asked: Reading(agendas(LUNCH), etag='"v1"', modified="then")
    await house.look()
    await house.look(timedelta(minutes=14))
    assert len(house.asked) == 1
    house.answers = lambda asked: Reading(unchanged=bool(asked.etag), etag=asked.etag)
    await house.look(timedelta(minutes=1))
    assert (house.asked[1].etag, house.asked[1].modified) == ('"v1"', "then")
    assert list(house.feed()) == ["2026-11-22", "2026-11-23"]
    kept = house.kept()
    assert kept is not None
    assert kept.read_us == int(house.clock.shown.timestamp() * 1_000_000)
    assert (kept.good.etag, kept.good.modified) == ('"v1"', "then")


async def test_on_a_new_day_the_whole_is_asked_for_at_once(house: House):
    house.answers = lambda _asked: Reading(agendas(LUNCH), etag='"v1"')
    house.clock.shown = datetime(2026, 11, 23, 2, 55, tzinfo=UTC)  # five to four in the night
    await house.look()
    await house.look(timedelta(minutes=6))
    assert [(asked.first, asked.etag) for asked in house.asked] == [
        (SUNDAY, ""),
        (SUNDAY + timedelta(days=1), ""),
    ]


async def test_a_clock_set_back_does_not_keep_it_from_being_read(house: House):
    await house.look()
    await house.look(-timedelta(hours=3))
    assert len(house.asked) == 2


async def test_a_calendar_that_fails_changes_nothing_and_is_said_once(
    house: House, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    house.answers = lambda _asked: Reading(agendas(LUNCH))
    await house.look()
    before = house.feed()
    house.answers = lambda _asked: Reading(trouble=Trouble.STATUS, detail="404")
    for _ in range(3):
        await house.look(timedelta(minutes=15))
    assert house.feed() == before
    kept = house.kept()
    assert kept is not None
    assert (kept.trouble, kept.detail, kept.good.agendas) == (Trouble.STATUS, "404", agendas(LUNCH))
    house.answers = lambda _asked: Reading(agendas(LUNCH))
    await house.look(timedelta(minutes=15))
    said = [record.getMessage() for record in caplog.records if record.name == "sync.agenda.service"]
    assert said == ["the calendar cannot be read: status 404", "the calendar can be read again"]
    assert house.looked == 5


async def test_another_calendar_takes_nothing_of_the_one_before(house: House):
    house.answers = lambda _asked: Reading(agendas(LUNCH), etag='"v1"')
    await house.look()
    house.answers = lambda _asked: Reading(trouble=Trouble.SLOW)
    house.watch = house.watching("https://other.example.org/calendar.ics")
    await house.look()
    assert (house.asked[-1].etag, house.feed()) == ("", {})


async def test_without_a_calendar_nothing_is_asked_and_nothing_stays(house: House):
    house.answers = lambda _asked: Reading(agendas(LUNCH))
    await house.look()
    house.watch = house.watching("")
    await house.look()
    assert (len(house.asked), house.feed(), house.kept()) == (1, {}, None)


async def test_the_address_is_kept_nowhere_and_said_nowhere(house: House, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    house.answers = lambda _asked: Reading(trouble=Trouble.STATUS, detail="404")
    await house.look()
    everything = str(house.database.read_now(lambda c: c.execute(facts.select()).all()))
    assert "0123456789abcdef" not in everything + caplog.text + repr(house.asked)
    assert "calendar.example.org" in everything
    assert mark_of(ADDRESS) in everything


async def test_what_an_older_version_kept_is_read_anew(house: House):
    house.database.write_now(lambda c: keep(c, Kept("x", "x", 1)))
    other = facts.update().where(facts.c.key == "agenda").values(value="[]")
    house.database.write_now(lambda c: c.execute(other))
    await house.look()
    assert len(house.asked) == 1


async def test_it_goes_on_by_itself_until_it_is_cancelled(house: House):
    read = asyncio.Event()

    def answers(_asked: Asked) -> Reading:
        read.set()
        return Reading(agendas(LUNCH))

    house.answers = answers
    task = asyncio.create_task(house.watch.run())
    await read.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# In a process of its own.


@pytest.fixture
def server() -> Iterator[CalendarServer]:
    with serving() as running:
        yield running


def ask(address: str) -> Asked:
    return Asked(address, "Europe/Paris", SUNDAY)


async def test_a_calendar_is_fetched_and_read_in_another_process(server: CalendarServer):
    reading = await read_apart(ask(server.at("ok")))
    lunch = Moment("Lunch", LUNCH.starts, datetime(2026, 11, 22, 13, tzinfo=UTC), "Kitchen")
    assert reading.agendas == (Agenda(SUNDAY, (lunch,)),)
    assert b"Paul" not in msgspec.json.encode(reading)
    again = await read_apart(msgspec.structs.replace(ask(server.at("ok")), etag=reading.etag))
    assert (again.unchanged, again.agendas) == (True, ())


@pytest.mark.parametrize(
    ("path", "trouble"),
    [("html", Trouble.NO_CALENDAR), ("cut", Trouble.NO_CALENDAR), ("missing", Trouble.STATUS)],
)
async def test_what_is_wrong_comes_back_as_a_value(server: CalendarServer, path: str, trouble: Trouble):
    assert (await read_apart(ask(server.at(path)))).trouble is trouble


async def test_a_process_that_takes_too_long_is_ended(
    server: CalendarServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sync.agenda.apart.LONGEST_S", 0.2)
    assert (await read_apart(ask(server.at("slow")))).trouble is Trouble.GAVE_UP


async def test_who_stops_waiting_ends_the_process(server: CalendarServer):
    task = asyncio.create_task(read_apart(ask(server.at("slow"))))
    assert await asyncio.to_thread(server.was_asked.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_is_no_zone_or_no_question_is_no_answer(server: CalendarServer):
    odd = msgspec.structs.replace(ask(server.at("ok")), timezone="Nowhere/Land")
    assert (await read_apart(odd)).trouble is Trouble.GAVE_UP


async def test_the_whole_way_from_a_server_to_the_feed(house: House, server: CalendarServer):
    house.watch = house.watching(server.at("ok"), read=read_apart)
    await house.look()
    assert [moment.title for moment in house.feed()["2026-11-22"].moments] == ["Lunch"]
    server.content = CALENDAR.replace(b"Lunch", b"Dinner")
    server.etag = '"v2"'
    await house.look(timedelta(minutes=15))
    assert [moment.title for moment in house.feed()["2026-11-22"].moments] == ["Dinner"]
    assert "Paul" not in json.dumps(
        [str(row) for row in house.database.read_now(lambda c: c.execute(facts.select()).all())]
    )
