"""One view at a time, and the lobby again when its time is over."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from community.clock import Hours
from community.desk_rules import Rules
from community.members import Space
from kiosk.bootstrap import LOCALE
from kiosk.core.directory import Directory
from kiosk.core.farewell import farewell_of
from kiosk.core.lobby import lobby_of
from kiosk.core.present import Presenter
from kiosk.core.troubles import Fault, trouble_screen
from kiosk.core.views import Farewell, Lobby, TroubleScreen
from kiosk.scene import Scene
from plumbing import words
from tests.fakes.community import LEA
from tests.fakes.screens import FakeScreen

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SHORT_S = 0.02


class Stand:
    """A scene on a fake screen; what it asks for is counted."""

    def __init__(self, seconds_of_minute: float = 0.0) -> None:
        catalogues = words.load("kiosk", LOCALE)
        directory = Directory({LEA.id: LEA}, {}, Space("Nook"))
        self.presenter = Presenter(directory, catalogues, Hours(ZoneInfo("Europe/Paris")), Rules())
        self.screen = FakeScreen()
        self.cleared = 0
        self.scene = Scene(
            self.screen,
            lobby=self.lobby,
            trouble=lambda fault: trouble_screen(fault, *self.presenter.both()),
            cleared=self.clear,
            seconds_of_minute=lambda: seconds_of_minute,
        )

    def lobby(self) -> Lobby:
        return lobby_of(self.presenter, [], AT, synced=True, met_this_week=0, trouble=None)

    def clear(self) -> None:
        self.cleared += 1

    def farewell(self, shown_for_s: float | None = 60.0) -> Farewell:
        return replace(farewell_of(self.presenter, LEA.id, AT, None, 8.0), shown_for_s=shown_for_s)


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    made = Stand()
    made.scene.start()
    yield made
    made.scene.stop()


async def test_it_begins_with_the_lobby(stand: Stand):
    assert stand.screen.kinds() == ["Lobby"]


async def test_a_view_goes_away_by_itself_and_the_room_is_told_that_nobody_reads(stand: Stand):
    stand.scene.show(stand.farewell(SHORT_S))
    await stand.screen.shows(Lobby, 2)
    assert stand.screen.kinds() == ["Lobby", "Farewell", "Lobby"]
    assert stand.cleared == 1


async def test_a_new_view_begins_its_own_time(stand: Stand):
    loop = asyncio.get_running_loop()
    stand.scene.show(stand.farewell(SHORT_S))
    stand.scene.show(stand.farewell(10 * SHORT_S))
    shown_s = loop.time()
    await stand.screen.shows(Lobby, 2)
    assert loop.time() - shown_s >= 9 * SHORT_S


async def test_a_view_without_an_end_stays(stand: Stand):
    stand.scene.show(stand.farewell(SHORT_S))
    stand.scene.show(stand.farewell(None))
    assert timers() == 1, "only the minute is still to come"


async def test_a_touch_begins_the_time_again(stand: Stand):
    loop = asyncio.get_running_loop()
    stand.scene.show(replace(stand.presenter.random(), shown_for_s=10 * SHORT_S))
    shown_s = loop.time()
    loop.call_later(5 * SHORT_S, stand.scene.more_time)
    await stand.screen.shows(Lobby, 2)
    assert loop.time() - shown_s >= 14 * SHORT_S


async def test_what_can_be_undone_for_so_long_does_not_stay_longer(stand: Stand):
    stand.scene.show(stand.farewell())
    (ends,) = (handle.when() for handle in ending(stand))
    stand.scene.more_time()
    assert [handle.when() for handle in ending(stand)] == [ends]


async def test_news_redraw_the_lobby_but_leave_a_card_alone(stand: Stand):
    stand.scene.refresh()
    assert stand.screen.kinds() == ["Lobby", "Lobby"]
    stand.scene.show(stand.farewell())
    stand.scene.refresh()
    assert stand.screen.kinds()[-1] == "Farewell"


async def test_a_fault_takes_the_screen_at_once_and_gives_it_back(stand: Stand):
    stand.scene.show(stand.farewell())
    stand.scene.fault(Fault.READER)
    assert stand.screen.kinds()[-1] == "TroubleScreen"
    stand.scene.fault(None)
    assert stand.screen.kinds()[-1] == "Lobby"


async def test_the_same_fault_again_draws_nothing(stand: Stand):
    stand.scene.fault(Fault.READER)
    drawn = len(stand.screen.views.all)
    stand.scene.fault(Fault.READER)
    assert len(stand.screen.views.all) == drawn


async def test_during_a_fault_a_card_ends_in_the_trouble_not_in_the_lobby(stand: Stand):
    stand.scene.fault(Fault.READER)
    stand.scene.show(stand.farewell(SHORT_S))
    await stand.screen.shows(TroubleScreen, 2)
    assert stand.screen.kinds()[-1] == "TroubleScreen"


async def test_the_end_of_a_fault_leaves_a_card_that_is_being_read(stand: Stand):
    stand.scene.fault(Fault.READER)
    stand.scene.show(stand.farewell())
    stand.scene.fault(None)
    assert stand.screen.kinds()[-1] == "Farewell"


async def test_the_lobby_is_drawn_again_when_the_minute_turns():
    stand = Stand(seconds_of_minute=59.98)
    stand.scene.start()
    await stand.screen.shows(Lobby, 2)
    stand.scene.stop()


async def test_no_timer_is_left_after_the_stop(stand: Stand):
    stand.scene.show(stand.farewell())
    assert timers() == 2
    stand.scene.stop()
    assert timers() == 0


def ending(stand: Stand) -> list[asyncio.TimerHandle]:
    """The timer that ends the view."""
    return [] if stand.scene._end is None else [stand.scene._end]


def timers() -> int:
    """How many of the loop's timers are still to go off."""
    return sum(not handle.cancelled() for handle in asyncio.get_running_loop()._scheduled)
