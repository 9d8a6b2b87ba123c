"""The host's own pages at the door: badge, PIN, and what can be done there; real taps, log and hash."""

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from community.badges import short_code
from community.events import BadgeLinkAsked, CheckedIn, Event, RollCallOpened, UnknownBadgeTapped
from community.members import Member
from community.pins import FOR_MEMBER
from community.wire.messages import FeedItem
from kiosk.core.host_state import Facts
from kiosk.core.keys import HOST_KEY, MOOD_KEYS
from kiosk.core.troubles import HubState
from kiosk.core.views import Greeting, HostPage, Lobby, RefusedBadge, TroubleScreen, Typing, UnknownBadge
from kiosk.host import Hosting
from kiosk.store.host_choices import HostChoices
from kiosk.store.tables import open_database
from plumbing.clock import Clock
from plumbing.pins import hashed
from tests.fakes.community import AMINA, COUNTED_ONE, EVERYBODY, HIDDEN_ONE, KEY, LEA, YUKI, badge_of
from tests.fakes.doors import SPACE, Door, items, running

PIN = "7394"
CAMILLE = msgspec.structs.replace(LEA, host=True)
NO_ROOM = "CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'no room'); END"
NEW = b"\x04newbie"
PEOPLE = (CAMILLE, *EVERYBODY[1:])


def item(kind: str, key: str, body: object) -> FeedItem:
    return FeedItem(kind, key, 2, msgspec.Raw(msgspec.json.encode(body)))


def feed(*people: Member, with_pin: bool = True) -> tuple[FeedItem, ...]:
    pin = hashed(KEY, CAMILLE.id, PIN)
    return (*items(*(people or PEOPLE), space=SPACE), *([item("pin", CAMILLE.id, pin)] if with_pin else []))


class Watch(Clock):
    """Clocks whose monotonic seconds are those of a door's taps."""

    seconds = 1_000.0

    def now_s(self) -> float:
        return self.seconds


@dataclass
class Host:
    """Somebody who looks after the place, at a running door."""

    door: Door
    watch: Watch
    restarts: list[None]

    async def taps(self, member: Member = CAMILLE, after_s: float = 60.0) -> str:
        self.door._now_s = self.watch.seconds
        outcome = (await self.door.tap_of(member, after_s)).outcome
        self.watch.seconds = self.door._now_s
        return outcome

    def press(self, *keys: str) -> None:
        for key in keys:
            self.watch.seconds += 0.3
            self.door.taps.press(key)

    async def gives(self, pin: str) -> str:
        before = len(self.door.traces.all)
        self.press(*pin, "enter")
        return (await self.door.traces.count(before + 1))[-1].outcome

    async def comes_in(self) -> HostPage:
        """Tap, and open the pages."""
        await self.taps()
        self.press(HOST_KEY)
        assert await self.gives(PIN) == "HostCameIn"
        return await self.page()

    async def page(self, *keys: str) -> HostPage:
        """Press keys; return the page that is shown then."""
        view = await self.view(*keys)
        assert isinstance(view, HostPage), view
        return view

    async def view(self, *keys: str):
        before = len(self.door.screen.views.all)
        self.press(*keys)
        return (await self.door.screen.views.count(before + len(keys)))[-1]

    @property
    def links(self) -> list[Event]:
        return [r.event for r in self.door.log.since(0) if isinstance(r.event, BadgeLinkAsked)]


@asynccontextmanager
async def opened(file: Path, items: tuple[FeedItem, ...], *, restart: bool = True) -> AsyncIterator[Host]:
    watch, restarts = Watch(), []
    facts = Facts("front-door", "1.0", ("192.0.2.7",), disk_percent=12)
    begin = (lambda: restarts.append(None)) if restart else None
    made = lambda database: Hosting(HostChoices(database), lambda: facts, begin)  # noqa: E731 - one of each
    async with running(file, items, watch, made) as door:
        yield Host(door, watch, restarts)


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    async with opened(tmp_path / "kiosk.db", feed()) as made:
        yield made


async def test_a_host_s_badge_and_pin_open_the_menu(host: Host):
    await host.taps()
    greeting = await host.door.screen.shows(Greeting)
    assert [choice.key for choice in greeting.moods] == [*MOOD_KEYS, HOST_KEY]
    host.press(HOST_KEY)
    await host.door.screen.shows(Typing)
    assert await host.gives(PIN) == "HostCameIn"
    menu = await host.page()
    assert [choice.key for choice in menu.choices] == ["1", "2", "3", "4", "5", "6", "0"]
    assert menu.language == "fr"
    assert menu.shown_for_s == 60


async def test_nobody_else_is_shown_the_way_or_finds_it(host: Host):
    await host.taps(AMINA)
    greeting = await host.door.screen.shows(Greeting)
    assert [choice.key for choice in greeting.moods] == list(MOOD_KEYS)
    host.press(HOST_KEY, "1")
    await host.door.traces.count(2)
    assert [trace.outcome for trace in host.door.traces.all] == ["Arrived", "MoodSet"]
    assert not any(isinstance(view, Typing) for view in host.door.screen.views.all)


async def test_a_host_without_a_pin_is_told_how_to_get_one(tmp_path: Path):
    async with opened(tmp_path / "kiosk.db", feed(with_pin=False)) as host:
        await host.taps()
        host.press(HOST_KEY)
        view = await host.door.screen.shows(RefusedBadge)
        assert "tableau de bord" in view.lines[1]


async def test_wrong_pins_are_counted_and_waited_for(host: Host):
    for _ in range(FOR_MEMBER.free):
        await host.taps()
        host.press(HOST_KEY)
        assert await host.gives("8520") == "PinNotTaken"
    await host.taps()
    host.press(HOST_KEY, *PIN, "enter")
    await host.door.screen.shows(RefusedBadge, 2)
    assert not any(isinstance(view, HostPage) for view in host.door.screen.views.all)


async def test_whoever_stopped_being_a_host_meanwhile_does_not_come_in(host: Host):
    await host.taps()
    host.press(HOST_KEY)
    host.door.taps.directory_is(feed(LEA, *EVERYBODY[1:]))
    before = len(host.door.traces.all)
    host.press(*PIN, "enter")
    await host.door.traces.count(before + 1)
    assert not any(isinstance(view, HostPage) for view in host.door.screen.views.all)
    await host.door.screen.shows(Lobby)


async def test_pages_that_are_open_close_once_somebody_is_no_host_any_more(host: Host):
    await host.comes_in()
    host.door.taps.directory_is(feed(LEA, *EVERYBODY[1:]))
    host.press("2")
    await host.door.screen.shows(Lobby, 2)
    assert RollCallOpened(CAMILLE.id) not in [r.event for r in host.door.log.since(0)]


async def lay(host: Host, uid: bytes = NEW) -> Typing:
    host.door._now_s = host.watch.seconds
    await host.door.tap(uid)
    host.watch.seconds = host.door._now_s
    view = host.door.screen.last
    assert isinstance(view, Typing), view
    return view


async def test_a_new_badge_is_linked_by_a_name(host: Host):
    await host.comes_in()
    await host.page("1")
    search = await lay(host)
    assert short_code(KEY.hash(NEW)) in search.headline
    assert len(search.rows) == 4
    assert len((await host.view("a")).rows) == 4, "nobody is listed for one letter"
    listed = (await host.view("m")).rows[0]
    assert [choice.label for choice in listed] == ["1  Amina"]
    sure = await host.page("1")
    assert "Amina" in sure.line
    noted = await host.page("1")
    assert host.links == [BadgeLinkAsked(KEY.hash(NEW), AMINA.id, CAMILLE.id)]
    assert UnknownBadgeTapped(KEY.hash(NEW)) in [r.event for r in host.door.log.since(0)]
    assert "hub aura été joint" in noted.line, "no hub has been seen"


async def test_with_the_hub_there_it_is_said_that_it_works_in_a_moment(host: Host):
    host.door.taps.hub_is(HubState(reachable=True, waiting=0))
    await host.comes_in()
    await host.page("1")
    await lay(host)
    noted = await host.page("a", "m", "1", "1")
    assert "Dans un instant" in noted.line


async def test_hidden_people_are_not_found_by_name(host: Host):
    await host.comes_in()
    await host.page("1")
    await lay(host)
    assert len((await host.view("h", "u", "g", "o")).rows) == 4
    assert HIDDEN_ONE.name not in repr(host.door.screen.views.all)


async def test_a_known_badge_is_its_member_s_whatever_the_host_was_doing(host: Host):
    await host.comes_in()
    await host.page("1")
    await lay(host)
    host.press("a")
    assert await host.taps(YUKI, after_s=1.0) == "Arrived"
    assert isinstance(host.door.screen.last, Greeting)
    host.press("m", "1", "1")  # meant for the name, and no mood of Yuki's
    assert await host.taps(AMINA) == "Arrived"
    assert host.links == []
    assert "MoodSet" not in [trace.outcome for trace in host.door.traces.all]


async def test_a_badge_that_bounces_does_not_lose_what_is_typed(host: Host):
    await host.comes_in()
    await host.page("1")
    await lay(host)
    await host.view("a", "m")
    await host.door.tap(NEW, after_s=1.0)
    assert isinstance(host.door.screen.last, Typing)
    assert host.door.screen.last.typed == "am"


async def test_without_the_page_for_it_a_new_badge_is_unknown_as_ever(host: Host):
    await host.comes_in()
    await host.door.tap(NEW)
    assert isinstance(host.door.screen.last, UnknownBadge)


async def test_a_link_that_cannot_be_written_is_not_said_to_be(tmp_path: Path):
    file = tmp_path / "kiosk.db"
    async with opened(file, feed()) as host:
        await host.comes_in()
        await host.page("1")
        await lay(host)
        await host.page("a", "m", "1")
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(NO_ROOM)
        host.press("1")
        await host.door.screen.shows(TroubleScreen)


async def test_the_roll_call_names_everybody_hidden_people_too_and_is_written_down(host: Host):
    for member in (HIDDEN_ONE, COUNTED_ONE, YUKI):
        await host.taps(member)
    await host.comes_in()
    roll = await host.page("2")
    assert [row.title for row in roll.rows] == ["Clara Compte", "Hugo Caché", "Léa", "Yuki"]
    assert "4 personnes" in roll.line
    assert "sans réseau" in roll.line
    assert all("cette porte" in row.detail for row in roll.rows)
    assert [r.event for r in host.door.log.since(0)][-1] == RollCallOpened(CAMILLE.id)
    others = [view for view in host.door.screen.views.all if view != roll]
    assert HIDDEN_ONE.name not in repr([v for v in others if isinstance(v, HostPage | Lobby | Typing)])


async def test_people_seen_outside_are_ticked_and_counted(host: Host):
    await host.taps(YUKI)
    await host.comes_in()
    roll = await host.page("2", "1")
    assert [row.done for row in roll.rows] == [True, False]
    assert "1 vue dehors" in roll.line
    assert [row.done for row in (await host.page("0", "2")).rows] == [True, False], "kept while it goes on"
    assert [row.done for row in (await host.page("1")).rows] == [False, False]
    await host.page("1", "0")
    host.watch.seconds += 7_200
    assert [row.done for row in (await host.page("2")).rows] == [False, False], "another day begins anew"


async def test_the_roll_call_is_shown_even_where_nothing_can_be_written(tmp_path: Path):
    file = tmp_path / "kiosk.db"
    async with opened(file, feed()) as host:
        await host.comes_in()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(NO_ROOM)
        host.press("2")
        views = await host.door.screen.views.until(
            lambda all_: isinstance(all_[-1], HostPage) and all_[-1].rows
        )
        assert [row.title for row in views[-1].rows] == ["Léa"]


async def test_a_cable_that_comes_loose_does_not_take_the_roll_call_away(host: Host):
    await host.comes_in()
    await host.page("2")
    host.door.taps.reader_is(ready=False)
    assert isinstance(host.door.screen.last, HostPage)
    assert (await host.page("1")).rows[0].done
    host.door.taps.scene.end()  # as its timer does
    await host.door.screen.shows(TroubleScreen)


async def test_a_kiosk_that_is_shut_out_shows_nobody_any_more(host: Host):
    await host.comes_in()
    await host.page("2")
    host.door.taps.shut_out()
    assert isinstance(host.door.screen.last, TroubleScreen)
    host.press("2")
    assert not host.door.taps.typing


async def test_the_state_says_what_and_what_to_do(host: Host):
    host.door.taps.reader_is(ready=True)
    host.door.taps.hub_is(HubState(reachable=True, waiting=0))
    host.door.taps.hub_is(HubState(reachable=False, waiting=3))
    await host.comes_in()
    rows = {row.title: row for row in (await host.page("3")).rows}
    assert rows["Réseau"].detail == "192.0.2.7"
    assert rows["Hub"].wrong
    assert "Pas de réponse depuis" in rows["Hub"].detail
    assert rows["En attente d’envoi"].detail.startswith("3 notes")
    assert rows["Lecteur de badges"].detail == "Fonctionne."
    assert rows["Programme"].detail == "Foyer 1.0, borne front-door"


async def test_restarting_is_asked_once_more(host: Host):
    await host.comes_in()
    await host.page("6")
    await host.page("0")
    assert host.restarts == []
    await host.page("6")
    host.press("1")
    await host.taps(AMINA)
    assert host.restarts == [None]


async def test_where_nothing_would_start_it_again_restarting_is_not_offered(tmp_path: Path):
    async with opened(tmp_path / "kiosk.db", feed(), restart=False) as host:
        menu = await host.comes_in()
        assert "6" not in [choice.key for choice in menu.choices]


async def test_volume_and_language_are_kept_on_this_kiosk(tmp_path: Path):
    file = tmp_path / "kiosk.db"
    async with opened(file, feed()) as host:
        lobby = await host.door.screen.shows(Lobby)
        await host.comes_in()
        assert "50 %" in (await host.page("4", "1")).line
        assert "réglé sur cette borne" in host.door.screen.last.line
        await host.page("0", "5")
        host.press("0")
        swapped = await host.door.screen.shows(Lobby, 2)
        assert (
            swapped.present_line == lobby.present_line_secondary.replace("0", "1")
            or swapped.tap_line != lobby.tap_line
        )
    with closing(open_database(file)) as database:
        choices = HostChoices(database)
        said = choices.over(SPACE)
        assert said.volume == 50
        assert said.languages == SPACE.languages[::-1]
    async with opened(file, feed()) as host:
        await host.comes_in()
        assert "60 %" in (await host.page("4", "3")).line, "as the space says"


async def test_another_directory_keeps_what_was_chosen_here(host: Host):
    await host.comes_in()
    await host.page("4", "1")
    host.door.taps.directory_is(feed())
    assert "40 %" in (await host.page("1")).line


async def test_a_minute_without_a_key_brings_the_lobby_back_and_the_keys_are_nobody_s(host: Host):
    await host.comes_in()
    host.door.taps.scene.end()  # as its timer does
    await host.door.screen.shows(Lobby, 2)
    assert not host.door.taps.typing
    host.press("1", "2")
    await host.taps(AMINA)
    assert RollCallOpened(CAMILLE.id) not in [r.event for r in host.door.log.since(0)]


async def test_no_name_is_in_any_log_or_trace(host: Host, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    await host.taps(HIDDEN_ONE)
    await host.comes_in()
    await host.page("2", "0", "1")
    await lay(host)
    await host.page("a", "m", "1", "1")
    said = caplog.text + repr(host.door.traces.all) + repr(host.door.log.since(0))
    assert not any(member.name in said for member in PEOPLE)
    assert PIN not in said
    assert NEW.hex() not in said.lower()


async def test_a_power_cut_right_after_leaves_the_link_in_the_log(tmp_path: Path):
    file = tmp_path / "kiosk.db"
    async with opened(file, feed()) as host:
        await host.comes_in()
        await host.page("1")
        await lay(host)
        await host.page("a", "m", "1", "1")
    async with opened(file, feed()) as host:
        assert host.links == [BadgeLinkAsked(KEY.hash(NEW), AMINA.id, CAMILLE.id)]
        assert CheckedIn(CAMILLE.id) in [r.event for r in host.door.log.since(0)]
        assert badge_of(AMINA) != KEY.hash(NEW)
