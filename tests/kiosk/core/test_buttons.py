"""The three buttons answer what the screen asks, and only where it says so."""

from dataclasses import replace

import pytest

from kiosk.core.buttons import key_of, keys_on, marked
from kiosk.core.pieces import Chip, Choice
from kiosk.core.views import (
    Farewell,
    Greeting,
    Lobby,
    MetNotice,
    OwnCard,
    RandomBadge,
    RefusedBadge,
    TroubleScreen,
    UnknownBadge,
)

MOODS = tuple(Choice(key, label) for key, label in zip("1234", "abcd", strict=True))
GREETING = Greeting(headline="Hello", noted="", subtitle="", moods=MOODS, language="en")
CARD = OwnCard(headline="Hi", since_line="", leave_line="", leave_within_s=8, moods=MOODS, language="en")
ANSWERS = tuple(Choice(key, label) for key, label in zip("123", "abc", strict=True))
FAREWELL = Farewell(headline="Bye", line="", undo_line="Stay", language="en")
MET = MetNotice(first=Chip("A", "A", 0), second=Chip("B", "B", 1), line="", undo_line="Not right?")
SILENT = [
    Lobby(space_name="", clock="", date="", present_count=0, present_line="", tap_title="", tap_line=""),
    UnknownBadge(headline="", code="", lines=()),
    RandomBadge(headline="", lines=()),
    RefusedBadge(headline="", lines=()),
    TroubleScreen(headline="", what="", what_to_do=""),
    replace(GREETING, moods=()),
    replace(CARD, moods=()),
    replace(FAREWELL, undo_line=""),
    replace(MET, undo_line=""),
]


@pytest.mark.parametrize("view", [GREETING, CARD])
def test_moods_from_the_most_open_to_the_most_closed(view):
    assert keys_on(view) == ("1", "3", "4")
    assert [choice.sign for choice in marked(view).moods] == ["[1]", "·", "[2]", "[3]"]


def test_answers_and_the_way_back():
    assert keys_on(FAREWELL) == ("", "", "u")
    assert marked(FAREWELL).undo_line == "[3] Stay"
    three = replace(FAREWELL, answers=ANSWERS)
    assert keys_on(three) == ("1", "2", "3")
    assert [choice.sign for choice in marked(three).answers] == ["[1]", "[2]", "[3]"]
    assert marked(three).undo_line == "Stay", "no button is left for it"
    two = replace(FAREWELL, answers=ANSWERS[:2])
    assert keys_on(two) == ("1", "2", "u")
    assert marked(two).undo_line == "[3] Stay"


def test_a_meeting_that_is_not_right():
    assert keys_on(MET) == ("", "", "u")
    assert marked(MET).undo_line == "[3] Not right?"


@pytest.mark.parametrize("view", SILENT, ids=lambda view: type(view).__name__)
def test_a_view_that_asks_nothing_stays_as_it_is(view):
    assert keys_on(view) == ("", "", "")
    assert marked(view) == view
    assert key_of(view, 1) == "touch", "somebody is still reading"


def test_a_button_presses_the_key_it_stands_for():
    assert [key_of(GREETING, button) for button in (1, 2, 3)] == ["1", "3", "4"]
    assert [key_of(FAREWELL, button) for button in (1, 2, 3)] == ["touch", "touch", "u"]
    assert [key_of(GREETING, button) for button in (0, 4, -1)] == [None, None, None]
    assert key_of(None, 1) is None
