"""What newcomers are written: ours are whole in every language, and no text has a hole in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbing.words import load
from sync.dashboard.rendering import LOCALE
from sync.newcomers.ours import ours
from sync.newcomers.wording import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    PLACEHOLDERS,
    Fault,
    Message,
    Text,
    Wrong,
    filled,
    wrong_with,
)

SPOKEN = load("hub", LOCALE)
OURS = ours(SPOKEN)


def test_there_is_one_of_ours_for_each_message_in_each_language_and_nothing_is_wrong_with_it():
    assert set(OURS) == {(message, language) for message in Message for language in SPOKEN}
    assert {wrong_with(text) for text in OURS.values()} == {None}
    assert all("{name}" in text.body for text in OURS.values())


def test_none_of_ours_speaks_of_being_alone_or_guesses_who_somebody_is():
    said = " ".join(f"{text.subject} {text.body}" for text in OURS.values()).casefold()
    assert not any(word in said for word in ("lonely", "alone", "seul", "isol", "solo", "·e", "(e)"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (Text(" ", "x"), Wrong(Fault.EMPTY)),
        (Text("x", "\n"), Wrong(Fault.EMPTY)),
        (Text("x" * (LONGEST_SUBJECT + 1), "x"), Wrong(Fault.LONG)),
        (Text("x\ny", "x"), Wrong(Fault.LONG)),
        (Text("x", "x" * (LONGEST_BODY + 1)), Wrong(Fault.LONG)),
        (Text("x", "Hello {nom}"), Wrong(Fault.UNKNOWN, "nom")),
        (Text("{0}", "x"), Wrong(Fault.UNKNOWN, "0")),
        (Text("x", "{name.__class__}"), Wrong(Fault.UNKNOWN, "name.__class__")),
        (Text("x", "{}"), Wrong(Fault.UNKNOWN)),
        (Text("x", "Hello {name"), Wrong(Fault.BRACE)),
        (Text("x", "Hello name}"), Wrong(Fault.BRACE)),
        (Text("{name}", "{space} {name}"), None),
    ],
)
def test_a_text_with_a_hole_is_refused_and_says_which(text, wrong):
    assert wrong_with(text) == wrong


def test_only_the_first_name_is_filled_in_and_brackets_in_it_stay_what_they_are():
    text = Text("{name}", "{name} at {space}")
    assert filled(text, "Ada Lovelace", "Le Nook") == Text("Ada", "Ada at Le Nook")
    assert filled(text, "{space}", "{name}") == Text("{space}", "{space} at {name}")
    assert filled(text, " ", "Le Nook").body == "at Le Nook"


@given(st.text(max_size=40), st.text(max_size=80), st.text(max_size=20))
def test_whatever_is_kept_can_be_filled_in(subject, body, name):
    text = Text(subject, body)
    if wrong_with(text) is None:
        said = filled(text, name, "Le Nook")
        if not any(word in name for word in PLACEHOLDERS):
            assert not any(f"{{{word}}}" in said.body for word in PLACEHOLDERS)
