"""PINs: what is refused, what is hashed, and how long wrong tries are waited for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.badges import BadgeKey
from community.clock import Stamp
from community.ids import MemberId
from community.pins import (
    FOR_DOOR,
    FOR_MEMBER,
    SECOND_US,
    MemberPin,
    Patience,
    PinFault,
    Tries,
    asks_pin,
    fault_of,
    keyed,
    tried,
    wait_us,
)
from community.proofs import Level

KEY = BadgeKey(1, b"s" * 32)
LEA, AMINA = MemberId("lea"), MemberId("amina")


def stamp(seconds: float, *, boot: str = "one", wall_s: float | None = None, synced: bool = True) -> Stamp:
    wall = seconds if wall_s is None else wall_s
    return Stamp(int(wall * SECOND_US), boot, int(seconds * SECOND_US), synced)


@pytest.mark.parametrize(
    ("pin", "fault"),
    [
        ("", PinFault.NOT_DIGITS),
        ("12a4", PinFault.NOT_DIGITS),
        ("١٢٣٤", PinFault.NOT_DIGITS),
        ("739", PinFault.TOO_SHORT),
        ("739482615", PinFault.TOO_LONG),
        ("0000", PinFault.REPEATED),
        ("11111111", PinFault.REPEATED),
        ("4747", PinFault.REPEATED),
        ("474747", PinFault.REPEATED),
        ("1234", PinFault.IN_ORDER),
        ("8901", PinFault.IN_ORDER),
        ("98765", PinFault.IN_ORDER),
        ("1098", PinFault.IN_ORDER),
        ("2580", PinFault.COMMON),
        ("1212", PinFault.COMMON),
        ("7394", None),
        ("39482615", None),
    ],
)
def test_weak_pins_are_refused(pin: str, fault: PinFault | None):
    assert fault_of(pin) is fault


@given(st.text(max_size=12))
def test_a_good_pin_is_always_four_to_eight_digits(pin: str):
    if fault_of(pin) is None:
        assert 4 <= len(pin) <= 8
        assert pin.isascii()
        assert pin.isdigit()


def test_what_is_hashed_depends_on_secret_member_and_pin():
    made = {
        keyed(KEY, LEA, "7394"),
        keyed(KEY, AMINA, "7394"),
        keyed(KEY, LEA, "7395"),
        keyed(BadgeKey(1, b"t" * 32), LEA, "7394"),
    }
    assert len(made) == 4
    assert all("7394" not in each for each in made)


def test_a_pin_never_shows_its_hash():
    assert "argon" not in repr(MemberPin(LEA, "$argon2id$secret"))


@pytest.mark.parametrize(
    ("badge", "space", "asked"),
    [
        (Level.UID, Level.UID, False),
        (Level.PIN, Level.UID, True),
        (Level.UID, Level.PIN, True),
        (Level.SUN, Level.PIN, False),
        (Level.PIN, Level.MUTUAL, False),
    ],
)
def test_the_higher_level_decides(badge: Level, space: Level, asked: bool):  # noqa: FBT001 - a table
    assert asks_pin(badge, space) is asked


def test_the_first_tries_wait_for_nothing_and_each_later_one_twice_as_long():
    tries, waits = None, []
    for _ in range(10):
        tries = tried(tries, FOR_MEMBER, stamp(100))
        waits.append(wait_us(tries, FOR_MEMBER, stamp(100)) // SECOND_US)
    assert waits == [0, 0, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_wait_runs_down_and_ends():
    tries = Tries(3, stamp(100))
    assert wait_us(tries, FOR_MEMBER, stamp(130)) == 30 * SECOND_US
    assert wait_us(tries, FOR_MEMBER, stamp(160)) == 0


def test_tries_of_long_ago_are_forgotten():
    tries = Tries(40, stamp(100))
    later = stamp(100 + FOR_MEMBER.forgotten_s)
    assert wait_us(tries, FOR_MEMBER, later) == 0
    assert tried(tries, FOR_MEMBER, later) == Tries(1, later)
    slow = Patience(free=1, first_s=100, longest_s=100, forgotten_s=10)
    assert wait_us(Tries(1, stamp(0)), slow, stamp(11)) == 0


def test_many_people_may_mistype_once_before_the_door_waits():
    assert wait_us(Tries(FOR_DOOR.free - 1, stamp(0)), FOR_DOOR, stamp(0)) == 0
    assert wait_us(Tries(FOR_DOOR.free, stamp(0)), FOR_DOOR, stamp(0)) == FOR_DOOR.first_s * SECOND_US


def test_pulling_the_plug_gains_no_time_while_the_clock_is_not_trusted():
    before = Tries(4, stamp(5_000, wall_s=90_000))
    restarted = stamp(20, boot="two", wall_s=200_000, synced=False)
    assert wait_us(before, FOR_MEMBER, restarted) == 100 * SECOND_US


def test_a_trusted_clock_knows_how_long_the_plug_was_out():
    before = Tries(4, stamp(5_000, wall_s=90_000))
    assert wait_us(before, FOR_MEMBER, stamp(20, boot="two", wall_s=90_060)) == 60 * SECOND_US
    assert wait_us(before, FOR_MEMBER, stamp(20, boot="two", wall_s=80_000)) == 100 * SECOND_US


def test_a_clock_set_back_within_a_boot_changes_nothing():
    assert wait_us(Tries(3, stamp(100)), FOR_MEMBER, stamp(130, wall_s=0)) == 30 * SECOND_US
    assert wait_us(Tries(3, stamp(100)), FOR_MEMBER, stamp(90)) == 60 * SECOND_US
