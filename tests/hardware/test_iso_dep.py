"""Commands and answers over blocks: both sides of ISO 14443-4, over a field that loses frames."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.errors import CardLifted
from hardware.iso_dep import (
    LONGEST_ANSWER,
    LONGEST_WAIT_S,
    MOST_TRIES,
    RATS,
    Abilities,
    IsoDep,
    Unheard,
    abilities_of,
)
from hardware.virtual.blocks import Blocks

USUAL = Abilities(frame_bytes=64, wait_s=0.077)


class Field:
    """A field between reader and card that loses frames: either way, by a plan."""

    def __init__(self, card, plan=()):
        self.card, self.plan = card, list(plan)
        self.sent = []

    def exchange(self, frame, wait_s):
        assert 0 < wait_s <= LONGEST_WAIT_S
        self.sent.append(frame)
        lost = self.plan.pop(0) if self.plan else None
        heard = None if lost == "command" else self.card.exchange(frame)
        if heard is None or lost == "answer":
            raise Unheard
        return heard


class Echo:
    """A card that says back what it was told, as often as told by its first byte, and counts commands."""

    def __init__(self, pleas=0):
        self.blocks = Blocks(self.answer, pleas=pleas)
        self.heard = []
        self.blocks.exchange(RATS)

    def answer(self, command):
        self.heard.append(command)
        return command * command[0]

    def exchange(self, frame):
        return self.blocks.exchange(frame)


def spoken(card, plan=(), abilities=USUAL):
    field = Field(card, plan)
    return IsoDep(field.exchange, abilities), field


LOSSES = st.lists(st.sampled_from([None, None, "command", "answer"]), max_size=25)


@given(st.lists(st.tuples(st.integers(0, 300), LOSSES), min_size=1, max_size=4), st.integers(0, 3))
def test_every_command_is_run_once_and_answered_whole_over_a_field_that_loses_frames(commands, pleas):
    card = Echo(pleas)
    conversation, field = spoken(card)
    for size, losses in commands:
        said = bytes([1 + size % 3]) + bytes(i & 0xFF for i in range(size))
        # Never two losses in a row: that is a card that was lifted.
        field.plan = [loss for lost in losses for loss in (lost, None)]
        assert conversation.transmit(said) == said * said[0]
        assert card.heard.pop() == said
        assert card.heard == []


@given(st.lists(st.binary(max_size=70), max_size=40))
def test_a_card_that_says_anything_at_all_is_at_worst_lifted(heard):
    answers = iter(heard)

    def exchange(frame, wait_s):
        found = next(answers, None)
        if found is None:
            raise Unheard
        return found

    with suppress(CardLifted):
        IsoDep(exchange, USUAL).transmit(bytes(100))


def test_a_short_command_is_one_frame_each_way():
    conversation, field = spoken(Echo())
    assert conversation.transmit(b"\x01\x02") == b"\x01\x02"
    assert conversation.transmit(b"\x01\x03") == b"\x01\x03"
    assert field.sent == [b"\x02\x01\x02", b"\x03\x01\x03"]


def test_a_long_command_goes_in_pieces_the_card_can_take():
    conversation, field = spoken(Echo())
    command = b"\x01" + bytes(150)
    assert conversation.transmit(command) == command
    assert [len(frame) + 2 for frame in field.sent] == [64, 64, 32], "the chip adds a CRC of two bytes"


def test_a_card_that_needs_time_is_given_what_it_asks_for():
    conversation, field = spoken(Echo(pleas=3))
    assert conversation.transmit(b"\x01") == b"\x01"
    assert field.sent == [b"\x02\x01", b"\xf2\x01", b"\xf2\x01", b"\xf2\x01"]


def test_a_card_that_asks_for_time_for_ever_counts_as_lifted():
    calls = []

    def exchange(frame, wait_s):
        calls.append(frame)
        return b"\xf2\x3b"

    with pytest.raises(CardLifted):
        IsoDep(exchange, USUAL).transmit(b"\x00")
    assert len(calls) == MOST_TRIES


def test_a_card_that_never_ends_counts_as_lifted():
    number = [1]

    def exchange(frame, wait_s):
        number[0] ^= 1
        return bytes([0x12 | number[0]]) + bytes(250)

    with pytest.raises(CardLifted):
        IsoDep(exchange, USUAL).transmit(b"\x00")
    assert LONGEST_ANSWER > 65_535


def test_silence_is_asked_about_twice_and_no_more():
    conversation, field = spoken(Echo(), ["command"] * 9)
    with pytest.raises(CardLifted):
        conversation.transmit(b"\x01")
    assert field.sent == [b"\x02\x01", b"\xb2", b"\xb2"]


def test_a_card_is_asked_whether_it_is_there_so_that_nothing_happens():
    card = Echo()
    conversation, field = spoken(card)
    assert conversation.is_there()
    assert conversation.transmit(b"\x01") == b"\x01"
    assert conversation.is_there()
    assert conversation.transmit(b"\x01") == b"\x01"
    assert len(card.heard) == 2
    field.plan = ["command"]
    assert not conversation.is_there()


@pytest.mark.parametrize(
    ("ats", "frame_bytes", "wait_ms"),
    [
        ("067577810280", 64, 77.3),
        ("067777710280", 128, 38.7),
        ("0578807002", 256, 38.7),
        ("01", 32, 4.8),
        ("", 32, 4.8),
        ("0270", 16, 4.8),
        ("037F00", 256, 4.8),
        ("04 78 80 F1", 256, 4.8),
        ("04 78 80 E1", 256, 400.0),
        ("03 68 71", 256, 38.7),
    ],
)
def test_what_a_card_says_of_itself(ats, frame_bytes, wait_ms):
    found = abilities_of(bytes.fromhex(ats))
    assert found.frame_bytes == frame_bytes
    assert found.wait_s * 1000 == pytest.approx(wait_ms, abs=0.1)


def test_blocks_know_deselect_and_nothing_else():
    card = Blocks(lambda command: b"\x90\x00")
    assert card.exchange(b"\x02") is None, "not active yet"
    assert card.exchange(RATS) is not None
    assert card.exchange(b"\x50\x00") is None
    assert card.exchange(b"\xf2\x01") is None, "it never asked for time"
    assert card.exchange(b"\xa2") is None, "it has nothing more to say"
    assert card.exchange(b"\xc2") == b"\xc2"
    assert card.exchange(b"\x02") is None
