"""Hopes: from which score on a pair is among the best somebody could hope for."""

import pytest

from community.ids import MemberId
from community.introductions.hopes import SAMPLE, Hopes
from community.introductions.lots import lot
from community.introductions.pairing import pair
from community.introductions.slots import Slot
from tests.fakes.judges import FakeJudge

PARTNER = 0
ME = MemberId("m-me")
OTHERS = [MemberId(f"m-{number:03}") for number in range(SAMPLE + 40)]


def judge(people: list[MemberId]) -> FakeJudge:
    """Return scores of mine: 0.001 with the first, 0.002 with the second, and so on."""
    return FakeJudge({(pair(ME, other), Slot.PARTNER): (at + 1) / 1000 for at, other in enumerate(people)})


@pytest.mark.parametrize(
    ("people", "reserve", "least"), [(20, 0.85, 0.018), (20, 0.0, 0.001), (20, 1.0, 0.02), (1, 0.85, 0.001)]
)
def test_the_top_of_those_who_usually_come(people: int, reserve: float, least: float):
    usual = OTHERS[:people]
    hopes = Hopes(judge(usual), [*usual, ME])
    assert hopes.least(ME, PARTNER, reserve) == least
    assert hopes.best(ME, PARTNER) == people / 1000


def test_with_nobody_to_hope_for_anything_is_good():
    for people in ([], [ME]):
        hopes = Hopes(judge([]), people)
        assert hopes.least(ME, PARTNER, 0.85) == hopes.best(ME, PARTNER) == 0


def test_who_does_not_usually_come_hopes_too_and_is_asked_about_once():
    asked = judge(OTHERS[:10])
    hopes = Hopes(asked, OTHERS[:10])
    before = asked.rows
    assert hopes.best(ME, PARTNER) == hopes.best(ME, PARTNER) == 0.01
    assert asked.rows == before + 1


def test_a_crowd_is_known_by_a_share_of_it():
    hopes = Hopes(judge(OTHERS), [*OTHERS, ME], "day")
    assert hopes.least(ME, PARTNER, 0.85) == pytest.approx(0.85 * len(OTHERS) / 1000, abs=0.02)
    again = Hopes(judge(OTHERS), [ME, *reversed(OTHERS)], "day")
    assert hopes.least(ME, PARTNER, 0.85) == again.least(ME, PARTNER, 0.85)


def test_chance_is_the_same_for_the_same_words_and_spread_over_all():
    lots = [lot("day", str(number)) for number in range(1000)]
    assert lots == [lot("day", str(number)) for number in range(1000)]
    assert all(0 <= one < 1 for one in lots)
    assert sum(lots) / 1000 == pytest.approx(0.5, abs=0.05)
