"""What a reader that types has typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.keystrokes import (
    EVENT,
    LONGEST_GAP_S,
    MOST_DIGITS,
    Keystrokes,
    NumberForm,
    events_in,
    number_of,
)
from tests.fakes.typing_reader import CODES, ENTER, KEYPAD, SHIFT, keys_of


def typed(data):
    state, numbers = Keystrokes(), []
    for event in events_in(data):
        state, number = state.after(*event)
        if number is not None:
            numbers.append(number)
    return numbers


@given(st.lists(st.text("0123456789ABCDEF", min_size=1, max_size=MOST_DIGITS), max_size=4))
def test_what_was_typed_is_read(numbers):
    assert typed(b"".join(keys_of(number) for number in numbers)) == numbers


@given(st.binary(max_size=EVENT.size * 40))
def test_any_bytes_at_all_are_at_worst_no_number(data):
    typed(data)


def test_the_keypad_types_digits_too():
    assert typed(keys_of([KEYPAD[digit] for digit in "0123456789"])) == ["0123456789"]


@pytest.mark.parametrize("end", [ENTER, 96, 15])
def test_enter_the_keypads_enter_and_tab_end_a_number(end):
    assert typed(keys_of("04AB", end=end)) == ["04AB"]


def test_shift_and_marks_between_the_bytes_do_not_count():
    assert typed(keys_of([SHIFT, CODES["0"], CODES["4"], 39, SHIFT, CODES["A"], CODES["B"]])) == ["04AB"]


def test_enter_alone_is_nothing():
    assert typed(keys_of("")) == []


def test_a_key_that_no_number_has_spoils_it_and_not_the_next():
    assert typed(keys_of([CODES["1"], 44, CODES["2"]]) + keys_of("34")) == ["34"]


def test_a_key_let_go_or_held_is_not_typed_again():
    pressed = keys_of("12", end=None)
    held = EVENT.pack(1, 100, 1, CODES["2"], 2)
    assert typed(pressed + held + keys_of("")) == ["12"]


def test_a_number_that_is_not_ended_in_time_is_dropped():
    late = 1 + LONGEST_GAP_S + 0.2
    assert typed(keys_of("12", end=None) + keys_of("34", at_s=late)) == ["34"]


def test_a_number_too_long_for_a_badge_is_dropped():
    assert typed(keys_of("1" * (MOST_DIGITS + 1)) + keys_of("2")) == ["2"]


def test_keys_the_kernel_lost_spoil_the_number():
    lost = EVENT.pack(1, 0, 0, 3, 0)
    assert typed(keys_of("12", end=None) + lost + keys_of("34") + keys_of("56")) == ["56"]


def test_half_an_event_is_dropped():
    assert typed(keys_of("12") + keys_of("3", end=None)[:-5]) == ["12"]


def test_what_is_typed_is_never_printed():
    state = Keystrokes()
    for event in events_in(keys_of("04112233", end=None)):
        state, _ = state.after(*event)
    assert "0411" not in repr(state)


@pytest.mark.parametrize(
    ("digits", "form", "number"),
    [
        ("04112233445566", NumberForm.ANY, "04112233445566"),
        ("04112233445566", NumberForm.HEX, "04112233445566"),
        ("66554433221104", NumberForm.HEX_REVERSED, "04112233445566"),
        ("0574237682", NumberForm.ANY, "223A2BF2"),
        ("0574237682", NumberForm.DECIMAL, "223A2BF2"),
        ("0574237682", NumberForm.DECIMAL_REVERSED, "F22B3A22"),
        ("12345678", NumberForm.ANY, "12345678"),
        ("12345678", NumberForm.DECIMAL, "00BC614E"),
        ("1145035818204520", NumberForm.DECIMAL, "0411676D32FD68"),
        ("99999999999999999999", NumberForm.DECIMAL, "00056BC75E2D630FFFFF"),
        ("9" * 32, NumberForm.DECIMAL, None),
        ("12AB", NumberForm.DECIMAL, None),
        ("123", NumberForm.HEX, None),
        ("1234", NumberForm.HEX, None),
        ("123", NumberForm.ANY, None),
    ],
)
def test_every_form_of_a_number_is_understood(digits, form, number):
    found = number_of(digits, form)
    assert (found.hex if found else None) == number
