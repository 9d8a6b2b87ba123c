"""What is read aloud: the view's own sentences, in the order of ears, and nothing of others'."""

import pytest

from kiosk.core.spoken import LONGEST, spoken_of
from kiosk.core.views import Greeting, HostPage, Lobby, MetNotice, OwnCard, Typing, UnknownBadge
from tests.screens import samples

VIEWS = [
    pytest.param(view, id=f"{name}-{language}")
    for name, views in samples.EVERY_VIEW.items()
    for language, view in views.items()
]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_that_is_somebodys_is_said_in_sentences(view):
    said = spoken_of(view)
    if isinstance(view, HostPage | Lobby | Typing):
        assert said == ""
        return
    assert said.endswith((".", "!", "?", "…", ":"))
    assert len(said) <= LONGEST
    assert not set("✓●»«“”*·") & set(said)
    assert "  " not in said


def test_a_greeting_says_the_name_first_then_whom_to_meet_and_why():
    view = samples.GREETING["fr"]
    said = spoken_of(view)
    assert said.startswith(view.headline)
    for card in view.cards:
        assert card.name in said
    assert said.index(view.cards[0].name) < said.index(view.cards[1].name)


def test_somebody_elses_greeting_is_not_read_to_me():
    view = samples.SECOND_GREETING["fr"]
    assert view.small is not None
    assert view.small.line not in spoken_of(view)


def test_an_own_card_says_how_to_leave_and_who_came():
    view = samples.VISITED_OWN_CARD["fr"]
    said = spoken_of(view)
    assert view.visitor_line in said
    assert view.leave_line in said


def test_a_code_is_spelled():
    view = UnknownBadge(headline="This badge is new", code="K7 42", lines=("See the host",))
    assert spoken_of(view) == "This badge is new. K, 7, 4, 2. See the host."


def test_a_reason_that_does_not_name_them_gets_the_name():
    view = samples.GREETING["en"]
    assert isinstance(view, Greeting)
    unnamed = [card for card in view.cards if card.name not in "".join(s.text for s in card.reason)]
    for card in unnamed:
        assert f"{card.name}: " in spoken_of(view)


def test_two_who_met_are_both_named_and_an_empty_card_says_why():
    met = samples.MET["fr"]
    assert isinstance(met, MetNotice)
    assert spoken_of(met).startswith(f"{met.first.name}, {met.second.name}.")
    empty = samples.EMPTY_GREETING["fr"]
    assert empty.empty_line.rstrip(".") in spoken_of(empty)


def test_nothing_goes_on_for_ever():
    card = samples.OWN_CARD["fr"]
    assert isinstance(card, OwnCard)
    from dataclasses import replace

    endless = spoken_of(replace(card, question="mot " * 2_000))
    assert 0 < len(endless) <= LONGEST
