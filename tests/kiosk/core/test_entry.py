"""What is typed at the door, key by key, and what the screen says of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.badges import BadgeHash
from community.ids import MemberId
from community.members import Space
from community.reads import KnownBadge
from kiosk.core.asking import no_pin_yet, too_many, typing_of
from kiosk.core.directory import Directory
from kiosk.core.entry import LONGEST_TYPED, Entry, Given, GivenUp, Said, press
from kiosk.core.keys import CANCEL_KEY, DONE_KEY, ERASE_KEY
from kiosk.core.speaker import Speaker
from tests.fakes.rooms import CATALOGUES, PARIS

BADGE = KnownBadge(BadgeHash("k1:00"), MemberId("lea"), needs_pin=True)
SPEAKER = Speaker(Directory(space=Space(languages=("en", "fr"))), CATALOGUES, PARIS)


def typed(entry: Entry, *keys: str):
    for key in keys:
        after = press(entry, key)
        if not isinstance(after, Entry):
            return after
        entry = after
    return entry


def test_a_pin_is_given_once_it_is_long_enough():
    assert typed(Entry(BADGE), *"739", DONE_KEY).said is Said.SHORT
    given_ = typed(Entry(BADGE), *"7394", DONE_KEY)
    assert isinstance(given_, Given)
    assert (given_.pin, given_.entry.typed, given_.entry.checking) == ("7394", "", True)


def test_a_pin_takes_digits_only_and_no_more_than_eight():
    assert typed(Entry(BADGE), *"7a3é9 4", "f1", "١", "touch").typed == "7394"
    assert typed(Entry(BADGE), *"739402615").typed == "73940261"


def test_a_key_takes_a_message_away_and_erasing_takes_a_digit():
    short = typed(Entry(BADGE), "7", DONE_KEY)
    assert press(short, "3").said is Said.NOTHING
    assert press(short, ERASE_KEY).typed == ""
    assert press(Entry(BADGE), ERASE_KEY).typed == ""


def test_while_it_is_looked_at_only_giving_up_counts():
    looked_at = Entry(BADGE, checking=True)
    assert typed(looked_at, *"12", DONE_KEY, ERASE_KEY) is looked_at
    assert isinstance(press(looked_at, CANCEL_KEY), GivenUp)


def test_a_name_comes_first_where_there_is_no_badge():
    entry = Entry()
    assert entry.asks_name
    assert typed(entry, DONE_KEY) == entry
    assert typed(entry, " ", DONE_KEY).asks_name
    named = typed(entry, *"Marie-Ève d’Arc 2", "\t", "§", DONE_KEY)
    assert (named.name, named.typed, named.asks_name) == ("Marie-Ève d’Arc 2", "", False)
    assert isinstance(typed(named, *"7394", DONE_KEY), Given)
    assert len(typed(entry, *("x" * 99)).typed) == LONGEST_TYPED


def test_what_was_wrong_can_be_typed_again():
    assert Entry(BADGE, typed="7", checking=True).wrong() == Entry(BADGE, said=Said.WRONG)
    again = Entry(name="Léa", checking=True).wrong()
    assert (again.asks_name, again.typed, again.said) == (True, "Léa", Said.WRONG)


@given(st.lists(st.sampled_from([*"0123456789ab é", ERASE_KEY, DONE_KEY, CANCEL_KEY, "f5"]), max_size=30))
def test_no_keys_ever_show_a_digit_of_a_pin(keys: list[str]):
    entry = Entry(BADGE)
    for key in keys:
        after = press(entry, key)
        assert not any(digit in repr(after).replace("k1:00", "").replace("0.0", "") for digit in "123456789")
        if not isinstance(after, Entry):
            return
        entry = after
        view = typing_of(SPEAKER, entry)
        assert set(view.typed) <= {"●"}
        assert len(view.typed) == len(entry.typed)


def test_each_state_says_what_it_is_in_both_languages():
    states = [
        Entry(BADGE),
        Entry(),
        Entry(BADGE, checking=True),
        Entry(BADGE, said=Said.SHORT),
        Entry(BADGE, said=Said.WRONG),
        Entry(said=Said.WRONG),
    ]
    views = [typing_of(SPEAKER, state) for state in states]
    assert len({view.line for view in views}) == len(states)
    assert all(view.line != view.line_secondary for view in views)
    assert [view.wrong for view in views] == [False, False, False, True, True, True]
    assert too_many(SPEAKER).lines != no_pin_yet(SPEAKER).lines


@pytest.mark.parametrize("entry", [Entry(BADGE), Entry()])
def test_every_key_on_the_screen_does_something(entry: Entry):
    keys = [choice.key for row in typing_of(SPEAKER, entry).rows for choice in row]
    assert len(keys) == len(set(keys))
    filled = typed(entry, *("7" * 4))
    for key in keys:
        assert press(filled, key) != filled, key
