"""A guest at the door's lobby: the same answer for everybody, and what was typed in no log."""

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from community.events import CardOpened, GuestCame
from community.guests import GuestWords, seal_of
from kiosk.core.keys import GUEST_KEY
from kiosk.core.views import Greeting, GuestNotice, Lobby, OwnCard, TroubleScreen, Typing
from kiosk.store import guests as stored
from plumbing.errors import DatabaseError, DatabaseTrouble
from tests.fakes.bridges import READY, FakeBridge
from tests.fakes.community import AMINA, EVERYBODY, LEA
from tests.fakes.doors import Door, items, running


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY)) as made:
        yield made


async def comes(door: Door, whom: str, name: str = "") -> GuestNotice:
    """Let a guest type all there is to type."""
    before = sum(isinstance(view, GuestNotice) for view in door.screen.views.all)
    door.taps.press(GUEST_KEY)
    for key in (*whom, "enter", *name, "enter"):
        door.taps.press(key)
    return await door.screen.shows(GuestNotice, before + 1)


def lobby_again(door: Door) -> None:
    door.taps.scene.end()


async def test_a_guest_is_noted_and_the_member_hears_at_their_next_tap(door: Door):
    await door.tap_of(LEA)
    lobby_again(door)
    await comes(door, "lea", "bruno")
    (came,) = [event for event in await door.events(2) if isinstance(event, GuestCame)]
    assert came.member == LEA.id
    assert ("GuestNotice", 2) in door.written_when_shown, "written before it is shown"
    await door.tap_of(LEA)
    card = door.screen.last
    assert isinstance(card, OwnCard)
    assert "depuis" in card.visitor_line
    assert "bruno" not in repr(card)
    await door.tap_of(LEA)
    again = door.screen.last
    assert isinstance(again, OwnCard)
    assert again.visitor_line == ""


async def test_who_arrives_after_their_guest_is_told_at_once_and_nobody_else_is(door: Door):
    await comes(door, "Léa")
    await door.tap_of(AMINA)
    assert door.screen.last.visitor_line == ""  # type: ignore[union-attr]
    await door.tap_of(LEA)
    greeting = door.screen.last
    assert isinstance(greeting, Greeting)
    assert greeting.visitor_line
    lobby_again(door)
    lobby = door.screen.last
    assert isinstance(lobby, Lobby)
    assert "là pour" not in repr(lobby)


async def test_the_answer_is_the_same_for_a_member_who_is_in_one_who_is_not_and_nobody(door: Door):
    await door.tap_of(LEA)
    lobby_again(door)
    answers = []
    for name in ("lea", "amina", "nobody at all"):
        answers.append(await comes(door, name))
        lobby_again(door)
    assert answers[0] == answers[1] == answers[2]
    came = [event.member for event in await door.events(4) if isinstance(event, GuestCame)]
    assert came == [LEA.id, AMINA.id, None]


async def test_what_was_typed_is_in_no_event_no_log_line_and_no_trace(door: Door, tmp_path: Path, caplog):
    with caplog.at_level(logging.DEBUG):
        await comes(door, "lea", "bruno le guest")
    raw = msgspec.json.encode(door.log.since(0)).decode()
    assert "bruno" not in raw.casefold() + caplog.text.casefold() + repr(door.traces.all).casefold()
    with closing(sqlite3.connect(tmp_path / "kiosk.db")) as database:
        (row,) = database.execute("SELECT place, asked, name FROM guests").fetchall()
    assert row == (1, "lea", "bruno le guest")


async def test_the_words_travel_beside_their_event_until_the_hub_has_it(door: Door):
    await door.tap_of(AMINA)
    lobby_again(door)
    await comes(door, "lea", "bruno")
    span = door.log.spans[-1]
    (words,) = await door.log.words(span, [1, 2])
    assert (words.seq, words.asked, words.name) == (2, "lea", "bruno")
    (event,) = [r.event for r in door.log.since(0) if isinstance(r.event, GuestCame)]
    assert seal_of(words) == event.seal
    assert seal_of(msgspec.structs.replace(words, name="other")) != event.seal
    await door.log.acknowledge(1)
    assert len(await door.log.words(span, [1, 2])) == 1
    await door.log.acknowledge(2)
    assert await door.log.words(span, [1, 2]) == ()
    assert await door.log.words(span, []) == ()


async def test_words_of_yesterday_are_forgotten_though_no_hub_has_them(door: Door):
    await comes(door, "lea")
    at_us = door.log.since(0)[0].at.wall_us
    await door.log.let_go(at_us + stored.DAY_US - 1, stored.DAY_US * 30)
    assert await door.log.words(door.log.spans[-1], [1])
    await door.log.let_go(at_us + stored.DAY_US, stored.DAY_US * 30)
    assert await door.log.words(door.log.spans[-1], [1]) == ()
    assert door.log.count() == 1, "the event itself stays"


async def test_a_guest_who_gives_up_leaves_nothing(door: Door):
    door.taps.press(GUEST_KEY)
    await door.screen.shows(Typing)
    assert door.taps.typing
    for key in ("l", "/", "escape"):
        door.taps.press(key)
    await door.screen.shows(Lobby, 2)
    assert door.log.count() == 0
    assert not door.taps.typing


async def test_a_tap_goes_before_a_guest_who_types_and_their_keys_choose_nothing(door: Door):
    door.taps.press(GUEST_KEY)
    door.taps.press("l")
    await door.screen.shows(Typing, 2)
    await door.tap_of(LEA)
    door.taps.press("3")
    await door.tap_of(LEA)
    assert not [event for event in await door.events(2) if "Mood" in type(event).__name__]
    assert [type(event) for event in await door.events(2)][1] is CardOpened


async def test_too_many_guests_are_sent_to_the_reception_and_not_written(door: Door):
    door.taps.guests.use(asked=True, most_an_hour=2)
    first = await comes(door, "lea")
    lobby_again(door)
    await comes(door, "lea")
    lobby_again(door)
    assert await comes(door, "lea") != first
    assert door.log.count() == 2


async def test_where_guests_are_not_asked_the_key_means_nothing(door: Door):
    door.taps.guests.use(asked=False, most_an_hour=2)
    lobby_again(door)
    lobby = door.screen.last
    assert isinstance(lobby, Lobby)
    assert lobby.guest is None
    door.taps.press(GUEST_KEY)
    await door.tap_of(LEA)
    assert "Typing" not in door.screen.kinds()


async def test_a_guest_who_cannot_be_written_is_told_so(door: Door, monkeypatch):
    async def full(*_entries: object) -> None:
        raise DatabaseError(DatabaseTrouble.FULL, "the disk is full")

    monkeypatch.setattr(door.log, "append", full)
    door.taps.press(GUEST_KEY)
    for key in (*"lea", "enter", "enter"):
        door.taps.press(key)
    await door.screen.shows(TroubleScreen)
    assert "GuestNotice" not in door.screen.kinds()


async def test_a_guest_lights_up_and_sounds_once_they_are_noted(door: Door):
    bridge = FakeBridge()
    door.taps.doorstep.signals.use(bridge)
    door.taps.doorstep.bridge_is(READY)
    await comes(door, "lea")
    assert len(bridge.tones) == 1
    door.taps.doorstep.signals.stop()


def test_words_say_of_which_event_they_are_and_nothing_else():
    words = GuestWords(7, "lea", "bruno", "salt")
    assert "bruno" not in repr(words)
    assert "7" in repr(words)
    assert seal_of(words) == seal_of(msgspec.structs.replace(words, seq=8))
