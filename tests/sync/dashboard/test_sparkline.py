"""The small lines: where they run, and where they break off."""

import pytest

from sync.dashboard.sparkline import EDGE, HEIGHT, WIDTH, sparkline

LOW, HIGH = HEIGHT - EDGE, EDGE


def test_a_line_runs_from_left_to_right_between_nothing_and_the_most():
    line = sparkline([0, 10], 10)
    assert line.path == f"M{EDGE} {LOW}L{WIDTH - EDGE} {HIGH}"
    assert line.dots == ((WIDTH - EDGE, HIGH),)


def test_without_a_most_the_largest_is_at_the_top():
    assert sparkline([1, 4]).dots == ((WIDTH - EDGE, HIGH),)
    assert sparkline([0, 0]).dots == ((WIDTH - EDGE, LOW),)


def test_it_breaks_where_nothing_can_be_said_and_a_month_alone_is_a_dot():
    line = sparkline([1, None, 1, 1, None], 1)
    assert line.path.count("M") == 1
    assert line.path.count("L") == 1
    assert [place[0] for place in line.dots] == [EDGE, EDGE + 3 * (WIDTH - 2 * EDGE) / 4]


@pytest.mark.parametrize("nothing", [[], [None], [None, None]])
def test_nothing_to_say_is_no_line(nothing):
    line = sparkline(nothing)
    assert (line.path, line.dots) == ("", ())


def test_a_single_month_is_a_dot_in_the_middle():
    assert sparkline([3]).dots == ((WIDTH / 2, HIGH),)
