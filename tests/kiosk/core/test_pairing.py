"""Typing a kiosk's code: forgiving, grouped, and whatever is wrong is said in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.wire.enrolment import read_code
from kiosk.core.pairing import LENGTH, Given, Place, Typed, press, typing_of
from kiosk.errors import EnrolmentFault
from tests.fakes.rooms import CATALOGUES

TOLD = "7K-Q2MX-WD4F-ABCD-EFGH-JKMN-PQRS"
HERE = Place("front-door", ("192.0.2.7",))


def typed(keys: str) -> Typed:
    state = Typed()
    for key in keys:
        after = press(state, key)
        assert isinstance(after, Typed)
        state = after
    return state


def said(state: Typed, place: Place = HERE):
    return typing_of(state, place, CATALOGUES["en"], CATALOGUES["fr"])


@pytest.mark.parametrize("keys", [TOLD, TOLD.lower(), TOLD.replace("-", " "), TOLD.replace("-", "")])
def test_a_code_is_read_however_it_is_typed(keys):
    state = typed(keys)
    assert state.grouped == TOLD
    given = press(state, "enter")
    assert isinstance(given, Given)
    assert given.code == read_code(TOLD, pinned=True)
    assert given.typed.asking
    assert "One moment" in said(given.typed).line


def test_misread_letters_are_taken_for_what_was_meant():
    assert typed("oIl").letters == "011"
    assert typed("uÜ").letters == ""


def test_no_more_is_taken_than_a_code_has():
    assert len(typed(TOLD + "999").letters) == LENGTH


def test_a_code_that_is_not_whole_is_not_given():
    short = press(typed("7KQ"), "enter")
    assert isinstance(short, Typed)
    assert said(short).wrong
    assert "26" in said(short).line
    assert press(short, "backspace") == Typed("7K")


def test_while_the_hub_is_asked_keys_wait():
    asking = Typed("7K", asking=True)
    assert press(asking, "2") is asking


def test_nothing_typed_is_an_empty_field():
    assert Typed().grouped == ""
    assert press(Typed(), "backspace") == Typed()
    assert press(Typed(), "touch") == Typed()


def test_the_screen_says_which_kiosk_it_is_and_where():
    view = said(Typed())
    assert view.line.startswith("front-door (192.0.2.7). Type the code")
    assert view.line_secondary.startswith("Tape le code")
    assert view.shown_for_s is None
    assert not view.wrong
    assert "no network" in said(Typed(), Place("front-door", ())).line


@pytest.mark.parametrize("fault", EnrolmentFault)
def test_every_fault_is_said_in_both_languages(fault):
    view = said(Typed("7K", fault=fault))
    assert view.wrong
    assert view.line != view.line_secondary
    assert len(view.line_secondary) <= 64, "it would be cut"


@given(st.text(max_size=40))
def test_what_is_typed_is_in_no_repr(keys):
    state = typed(keys)
    assert state.letters not in repr(state).replace("Typed", "") or len(state.letters) < 4
