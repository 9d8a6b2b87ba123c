"""Plain text stays in its cells; a machine's typing is told from a person's; initials; pictures."""

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.initials import NO_INITIAL, initial_of
from kiosk.core.pieces import Span
from kiosk.ui import palette, picture
from kiosk.ui.keys import KeyGuard, TypingGuard
from kiosk.ui.text import clean, columns, cut, wrap, wrap_text
from kiosk.ui.themes import HOUSE


@given(st.text(max_size=80), st.integers(0, 40))
def test_cut_text_is_never_wider_than_its_room(text, room):
    assert columns(cut(text, room)) <= room


@given(st.text(max_size=200), st.integers(2, 40))
def test_wrapped_lines_are_never_wider_than_their_room(text, room):
    assert all(columns(line) <= room for line in wrap_text(text, room))


@given(st.text(max_size=200), st.integers(2, 40), st.integers(1, 3))
def test_shortened_text_takes_no_more_rows_than_allowed(text, room, rows):
    lines = wrap_text(text, room, rows)
    assert len(lines) <= rows
    assert all(columns(line) <= room for line in lines)


@given(st.lists(st.sampled_from(["un", "deux", "trois", "céramique"]), max_size=20))
def test_wrapping_loses_no_word(words):
    assert " ".join(wrap_text(" ".join(words), 12)).split() == words


def test_emphasis_survives_wrapping():
    lines = wrap((Span("Tu cherches une "), Span("traduction", strong=True), Span(", elle en propose.")), 20)
    strong = [span.text for line in lines for span in line if span.strong]
    assert strong == ["traduction"]
    assert ["".join(span.text for span in line) for line in lines] == [
        "Tu cherches une",
        "traduction, elle en",
        "propose.",
    ]


def test_left_out_text_is_marked():
    assert wrap_text("un deux trois quatre cinq", 10, 2) == ["un deux", "trois…"]


def test_flags_joined_emoji_and_escapes_are_taken_apart():
    assert clean("a\U0001f469\u200d\U0001f4bbb\U0001f1eb\U0001f1f7\x1b[0m") == "a\U0001f469\U0001f4bbb[0m"


def test_composed_accents_come_out_composed():
    assert clean("Le\u0301a") == "Léa"


@pytest.mark.parametrize(
    ("name", "initial"),
    [
        ("Léa", "L"),
        ("élodie", "É"),
        ("e\u0301lodie", "É"),
        ("  d'Artagnan", "D"),
        ("4ever", "4"),
        ("ßeta", "S"),
        ("欧阳", "欧"),
        ("", NO_INITIAL),
        ("\U0001f469", NO_INITIAL),
    ],
)
def test_an_initial_is_one_capital_letter(name, initial):
    assert initial_of(name) == initial


@given(st.text(max_size=20))
def test_an_initial_is_always_one_character(name):
    assert len(initial_of(name)) == 1


def test_a_key_that_stands_alone_is_a_person():
    guard = KeyGuard(quiet_s=0.06)
    guard.receive("1", 10.0)
    assert guard.tick(10.03) is None
    assert guard.tick(10.07) == "1"
    assert guard.tick(10.2) is None


@given(st.lists(st.floats(0.001, 0.05), min_size=1, max_size=20))
def test_a_burst_is_never_a_person(gaps):
    guard = KeyGuard(quiet_s=0.06)
    now = 5.0
    guard.receive("0", now)
    for gap in gaps:
        now += gap
        assert guard.tick(now) is None
        guard.receive("1", now)
    assert guard.tick(now + 1) is None


def test_slow_keys_are_two_people_or_one_patient_one():
    guard = KeyGuard(quiet_s=0.06)
    guard.receive("1", 1.0)
    assert guard.tick(1.1) == "1"
    guard.receive("2", 1.2)
    assert guard.tick(1.3) == "2"


def typing(*gaps: float, keys: str = "73941234") -> str:
    """What a person is taken to have typed with these seconds between keys."""
    guard, now, taken = TypingGuard(), 5.0, ()
    guard.receive(keys[0], now)
    for key, gap in zip(keys[1:], gaps, strict=False):
        now += gap
        taken += guard.tick(now)
        guard.receive(key, now)
    return "".join((*taken, *guard.tick(now + 1)))


@pytest.mark.parametrize("gap", [0.04, 0.06, 0.08, 0.3])
def test_however_fast_somebody_types_every_digit_counts(gap):
    assert typing(gap, gap, gap) == "7394"


def test_two_hands_that_roll_over_the_keys_lose_none():
    assert typing(0.12, 0.01, 0.11, 0.02) == "73941"
    assert typing(0.02, 0.02, 0.2, 0.015) == "73941"


@given(st.lists(st.floats(0.001, 0.03), min_size=3, max_size=20))
def test_a_reader_types_nothing_into_a_pin(gaps):
    assert typing(*gaps, keys="04A1B2C3D4E5F60718293") == ""


def test_a_reader_in_between_takes_nothing_of_what_a_person_typed():
    before = typing(0.2, 0.2, 0.2, *([0.005] * 9), 0.3, keys="739" + "0123456789" + "4")
    assert before == "7394"


def test_a_key_that_is_held_down_may_erase_a_whole_name():
    guard = TypingGuard()
    for n in range(10):
        guard.receive("backspace", 1 + n * 0.03)
    assert guard.tick(2.0) == ("backspace",) * 10


def test_keys_of_a_view_that_is_gone_are_dropped():
    guard = TypingGuard()
    guard.receive("7", 1.0)
    guard.receive("3", 1.2)
    guard.drop()
    assert guard.tick(2.0) == ()


async def test_a_picture_shows_the_colours_of_the_screen(stage):
    async with stage((80, 25)) as on:
        await on.show(samples.LOBBY["fr"])
        image = picture.picture(on.app)
    assert image.size == (80 * picture.Press().width, 25 * picture.Press().height)
    colours = {f"#{r:02x}{g:02x}{b:02x}" for _count, (r, g, b) in image.getcolors(1 << 20)}
    tokens = (palette.INK, palette.ORANGE, palette.CREAM, palette.PANEL)
    assert {HOUSE.ink(token) for token in tokens} <= colours
