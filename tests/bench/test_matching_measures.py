import math

import numpy as np
import pytest

from bench.matching import intervals, networks
from bench.matching.lists import LENGTH, try_lists
from bench.matching.table import Interval, Row, figure, interval, markdown


def ties(size: int, *edges: tuple[int, int]) -> np.ndarray:
    """Return a network."""
    found = np.zeros((size, size), dtype=bool)
    for one, other in edges:
        found[one, other] = found[other, one] = True
    return found


STAR = ties(7, (0, 1), (0, 2), (0, 3), (0, 4), (5, 6))


def test_isolates_and_those_with_few_ties_are_counted():
    assert networks.isolates(ties(4, (0, 1))) == 2
    assert networks.at_most(STAR, 1) == 6


def test_the_giant_component_is_a_share_of_those_left():
    assert networks.giant(STAR) == 5 / 7
    assert networks.giant(STAR, without=[0]) == 2 / 6
    assert networks.giant(ties(1), without=[0]) == 0


def test_the_best_connected_go_first_and_equals_are_drawn():
    rng = np.random.default_rng(1)
    assert networks.best_connected(STAR, 0.1, rng) == [0]
    assert {networks.best_connected(ties(4, (0, 1), (2, 3)), 0.1, rng)[0] for _ in range(50)} == {0, 1, 2, 3}
    assert networks.giant_without_best(STAR, 0.1) == pytest.approx(2 / 6)


def test_ties_across_groups_leave_out_people_of_no_known_group():
    found = ties(5, (0, 1), (0, 2), (0, 3), (3, 4))
    assert networks.across(found, ["a", "a", "b", "", "b"]) == 1 / 2
    assert math.isnan(networks.across(ties(2), ["a", "b"]))


@pytest.mark.parametrize(("exposure", "expected"), [([1, 1, 1], 0), ([0, 0, 0], 0), ([0, 0, 0, 4], 0.75)])
def test_gini_is_nought_for_evenly_and_near_one_for_all_to_one(exposure, expected):
    assert networks.gini(np.array(exposure)) == pytest.approx(expected)


def test_an_interval_holds_its_value_and_narrows_with_more():
    values = np.random.default_rng(1).normal(size=400)
    few, many = intervals.of_mean(values[:20]), intervals.of_mean(values)
    assert few.low < few.value < few.high
    assert many.high - many.low < few.high - few.low
    assert math.isnan(intervals.of_mean([]).value)
    assert intervals.of_mean([1.0, math.nan, 3.0]).value == 2.0


def test_a_ratio_draws_its_units_in_pairs():
    found = intervals.of_ratio([2.0, 4.0, 8.0], [1.0, 2.0, 4.0])
    assert (found.value, found.low, found.high) == (100, 100, 100)
    assert math.isnan(intervals.of_ratio([1.0], [0.0]).value)
    assert intervals.of_sum([1.0, 1.0]).value == 2


def test_a_list_is_tried_from_the_top_until_time_runs_out():
    wanted = np.full((4, 4), np.nan)
    wanted[0, 3], wanted[1, 3], wanted[1, 2] = 0.9, 0.9, 0.5
    day = try_lists(wanted, [0, 1, 2, 3], capacity=1)
    assert day.meetings == [(0, 3), (1, 2)]
    assert day.wasted == 1
    assert day.shown == [(0, 3), (1, 3), (1, 2)]


def test_a_list_has_three_names_and_two_people_meet_once():
    day = try_lists(1 - np.eye(6) + np.where(np.eye(6) > 0, np.nan, 0), range(6), capacity=5)
    assert len(day.shown) == 6 * LENGTH
    assert len(day.meetings) == len(set(day.meetings))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1072.4, "1072"),
        (24.53, "24.5"),
        (30.0, "30"),
        (0.5, "0.5"),
        (8.772, "8.77"),
        (0.0, "0"),
        (math.nan, "-"),
    ],
)
def test_a_figure_is_short(number, text):
    assert figure(number) == text


def test_a_table_has_a_line_a_method_and_says_whether_an_aim_was_reached():
    rows = [
        Row("replay", "two a day", "random", "matches", Interval(10.0, 8.0, 12.0)),
        Row(
            "replay",
            "two a day",
            "ours",
            "matches",
            Interval(13.0),
            Interval(30.0, 20.0, 40.0),
            True,
            "a lot",
            True,
        ),
        Row("replay", "two a day", "ours", "most shown", Interval(2.0)),
    ]
    said = markdown(rows)
    assert "| two a day | matches | most shown |" in said
    assert "| random | 10 [8, 12] |  |" in said
    assert "| ours | 13; +30 % [20, 40] v random ✓ | 2 |" in said
    assert "| a lot | ours: 13; +30 % [20, 40] v random | yes |" in said
    assert interval(Interval(-1.0), sign=True) == "-1"
