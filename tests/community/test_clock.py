"""Time: readings of a kiosk's clocks, and the day of a space in Paris, clock changes included."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.clock import (
    LATEST_WALL_US,
    LONGEST_UP_US,
    NEAR_US,
    Hours,
    Stamp,
    Steady,
    seconds_between,
    steadied,
)
from tests.community.samples import HOURS, PARIS, paris

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy wants naive bounds
CLOSINGS = st.times().map(lambda t: t.replace(second=0, microsecond=0))
ZONES = st.sampled_from(
    ["Europe/Paris", "UTC", "Europe/Helsinki", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]
).map(ZoneInfo)


@given(st.integers(0, 4_102_444_800_000_000))
def test_a_stamp_loses_no_microsecond(wall_us: int):
    at = Stamp(wall_us, "boot", 0, synced=True).at
    assert (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) == wall_us
    assert at.tzinfo is UTC


def test_how_long_ago_something_was_is_told_by_the_clock_that_jumps_least():
    then = Stamp(1_000_000_000, "one", 5_000_000, synced=False)
    assert seconds_between(then, Stamp(9_000_000_000, "one", 12_900_000, synced=True)) == 7
    assert seconds_between(then, Stamp(1_060_000_000, "two", 1_000_000, synced=True)) == 60
    assert seconds_between(then, Stamp(900_000_000, "two", 1_000_000, synced=True)) == 0


def test_every_stamp_the_wire_lets_in_can_be_shown_and_corrected():
    latest = Stamp(LATEST_WALL_US, "boot", LONGEST_UP_US, synced=False)
    assert latest.at == datetime(9000, 1, 1, tzinfo=UTC)
    assert HOURS.end_of_visit(latest.at + timedelta(microseconds=LONGEST_UP_US)).year == 9100
    earliest = Stamp(0, "boot", 0, synced=False)
    assert HOURS.day_of(earliest.at - timedelta(microseconds=LONGEST_UP_US)).year in {1869, 1870}


@pytest.mark.parametrize(
    ("arrived", "ends"),
    [
        pytest.param(paris(2026, 3, 5, 9), paris(2026, 3, 5, 20), id="in the morning"),
        pytest.param(paris(2026, 3, 5, 19, 59), paris(2026, 3, 5, 20), id="a minute before closing"),
        pytest.param(paris(2026, 3, 5, 20), paris(2026, 3, 6, 4), id="at closing"),
        pytest.param(paris(2026, 3, 5, 23), paris(2026, 3, 6, 4), id="after closing"),
        pytest.param(paris(2026, 3, 6, 3, 59), paris(2026, 3, 6, 4), id="in the small hours"),
        pytest.param(paris(2026, 3, 6, 4), paris(2026, 3, 6, 20), id="as the day turns"),
        pytest.param(paris(2026, 3, 28, 23), paris(2026, 3, 29, 4), id="the night clocks go forward"),
        pytest.param(paris(2026, 3, 29, 9), paris(2026, 3, 29, 20), id="the day clocks went forward"),
        pytest.param(paris(2026, 10, 24, 23), paris(2026, 10, 25, 4), id="the night clocks go back"),
        pytest.param(paris(2026, 10, 25, 2, 30), paris(2026, 10, 25, 4), id="first half past two"),
        pytest.param(paris(2026, 10, 25, 2, 30, fold=1), paris(2026, 10, 25, 4), id="second half past two"),
        pytest.param(paris(2026, 10, 25, 9), paris(2026, 10, 25, 20), id="the day clocks went back"),
    ],
)
def test_a_visit_ends_at_closing_or_when_the_day_turns(arrived: datetime, ends: datetime):
    assert HOURS.end_of_visit(arrived) == ends


@pytest.mark.parametrize(
    ("clock_time", "shown"),
    [
        pytest.param(time(11, 30), paris(2026, 3, 28, 11, 30), id="in the day"),
        pytest.param(time(4), paris(2026, 3, 28, 4), id="as the day turns"),
        pytest.param(time(3, 59), paris(2026, 3, 29, 3, 59), id="in the night that ends it"),
        pytest.param(
            time(11, 30, tzinfo=UTC), paris(2026, 3, 28, 11, 30), id="with an offset nobody asked for"
        ),
    ],
)
def test_a_time_of_day_is_a_moment_of_the_spaces_day(clock_time: time, shown: datetime):
    moment = HOURS.moment(date(2026, 3, 28), clock_time)
    assert moment == shown
    assert moment.tzinfo is UTC
    assert HOURS.day_of(moment) == date(2026, 3, 28)


def test_the_next_day_begins_when_the_day_turns_whatever_the_clocks_do():
    for at in (paris(2026, 3, 28, 4), paris(2026, 3, 28, 23), paris(2026, 3, 29, 3, 59)):
        assert HOURS.next_day(at) == paris(2026, 3, 29, 4)


def test_the_night_clocks_go_forward_is_an_hour_shorter_and_the_other_an_hour_longer():
    spring = HOURS.end_of_visit(paris(2026, 3, 28, 23)) - paris(2026, 3, 28, 23)
    autumn = HOURS.end_of_visit(paris(2026, 10, 24, 23)) - paris(2026, 10, 24, 23)
    assert (spring, autumn) == (timedelta(hours=4), timedelta(hours=6))


def test_a_space_that_closes_after_midnight_closes_after_midnight():
    late = Hours(PARIS, time(2))
    assert late.end_of_visit(paris(2026, 3, 5, 22)) == paris(2026, 3, 6, 2)
    assert late.end_of_visit(paris(2026, 3, 6, 2, 30)) == paris(2026, 3, 6, 4)


def test_a_closing_time_that_clocks_skip_does_not_carry_a_visit_into_the_next_day():
    # In Helsinki clocks go from three to four: half past three is half past four, by then it is tomorrow.
    helsinki = ZoneInfo("Europe/Helsinki")
    arrived = datetime(2026, 3, 28, 22, tzinfo=helsinki)
    assert Hours(helsinki, time(3, 30)).end_of_visit(arrived) == datetime(2026, 3, 29, 4, tzinfo=helsinki)


@given(MOMENTS, CLOSINGS, ZONES)
def test_a_visit_ends_later_than_it_began_in_utc_and_on_the_same_day(
    arrived: datetime, closing: time, zone: ZoneInfo
):
    hours = Hours(zone, closing)
    end = hours.end_of_visit(arrived)
    assert end.tzinfo is UTC
    assert arrived < end <= arrived + timedelta(hours=25)
    assert hours.day_of(end - timedelta(microseconds=1)) == hours.day_of(arrived)


def test_an_arrival_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        HOURS.end_of_visit(datetime(2026, 3, 5, 9))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (paris(2026, 3, 5, 9), date(2026, 3, 5)),
        (paris(2026, 3, 6, 0), date(2026, 3, 5)),
        (paris(2026, 3, 6, 3, 59), date(2026, 3, 5)),
        (paris(2026, 3, 6, 4), date(2026, 3, 6)),
        (paris(2026, 3, 29, 1, 59), date(2026, 3, 28)),
        (paris(2026, 3, 29, 3), date(2026, 3, 28)),
        (paris(2026, 3, 29, 4), date(2026, 3, 29)),
        (paris(2026, 10, 25, 2, 30, fold=1), date(2026, 10, 24)),
        (paris(2026, 10, 25, 3, 59), date(2026, 10, 24)),
        (paris(2026, 10, 25, 4), date(2026, 10, 25)),
        (paris(2026, 1, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_day_turns_at_four_not_at_midnight(at: datetime, day: date):
    assert HOURS.day_of(at) == day


S = 1_000_000


def read(wall_s: int, up_s: int, *, synced: bool = False, boot: str = "b") -> Stamp:
    return Stamp(wall_s * S, boot, up_s * S, synced)


def walls(readings: list[Stamp]) -> list[int]:
    """What a steady clock says at each reading, in seconds."""
    steady, said = Steady(), []
    for reading in readings:
        steady = steady.told(reading)
        said.append(steady.stamp(reading).wall_us // S)
    return said


def test_before_there_is_a_good_clock_the_first_reading_is_held_to():
    assert walls([read(1_000, 10), read(9_000, 20), read(5, 30)]) == [1_000, 1_010, 1_020]


def test_the_first_good_reading_corrects_the_time_and_losing_it_does_not():
    readings = [read(1_000, 10), read(50_000, 20, synced=True), read(7, 30)]
    assert walls(readings) == [1_000, 50_000, 50_010]


def test_a_good_clock_is_followed_in_small_steps_and_a_jump_is_doubted():
    readings = [read(50_000, 0, synced=True), read(50_011, 10, synced=True), read(90_000, 20, synced=True)]
    assert walls(readings) == [50_000, 50_011, 50_021]


def test_a_jump_of_a_good_clock_that_stays_is_believed_in_the_end():
    readings = [read(50_000, 0, synced=True)]
    readings += [read(90_000 + up, up, synced=True) for up in range(60, 1_000, 60)]
    assert walls(readings)[:11] == [50_000, *(50_000 + up for up in range(60, 660, 60))]
    assert walls(readings)[-1] == 90_960


@given(st.lists(st.integers(0, 10**9), min_size=1), st.booleans())
def test_no_jump_ever_turns_the_order_round(jumps: list[int], synced):
    said = walls([read(wall, up, synced=synced) for up, wall in enumerate(jumps)])
    drift = NEAR_US // S
    assert all(later >= earlier - drift for earlier, later in itertools.pairwise(said))


def test_a_log_is_dated_by_the_first_good_reading_of_each_boot():
    log = [
        read(10, 10, boot="a"),
        read(5_000, 20, boot="a", synced=True),
        read(4_000, 5, boot="never"),
        read(6_000, 50, boot="never"),
        read(10, 7, boot="c"),
        read(9_000, 10, boot="c", synced=True),
    ]
    dated = [(stamp.wall_us // S, stamp.synced) for stamp in steadied(log)]
    assert dated == [
        (4_990, True),
        (5_000, True),
        (5_000, False),
        (6_000, False),
        (8_997, True),
        (9_000, True),
    ]
