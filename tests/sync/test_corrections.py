"""What a host may put right about a visit of today, and what is refused."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from community.clock import Hours
from community.events import VisitCorrected
from community.ids import MemberId
from community.visits import Visit
from sync.corrections import Act, Asked, Refusal, put_right, seen_of

HOURS = Hours(ZoneInfo("Europe/Paris"))
DAY = date(2026, 11, 23)
ADA = MemberId("ada")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    return HOURS.moment(DAY, time(hour, minute))


def us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


NOW = at(15)
NINE = at(9) + timedelta(seconds=17, microseconds=123_457)
INSIDE = Visit(ADA, NINE)
GONE = Visit(ADA, NINE, at(12) + timedelta(seconds=5))


def asks(visit: Visit | None, act: Act, arrived: str = "", left: str = "", *, seen: str | None = None):
    asked = Asked(act, seen_of(visit) if seen is None else seen, arrived, left)
    return put_right(ADA, visit, asked, HOURS, NOW)


def test_somebody_is_checked_in_now_or_at_a_time_that_is_said():
    assert asks(None, Act.IN) == VisitCorrected(ADA, us(NOW))
    assert asks(None, Act.IN, "9:30") == VisitCorrected(ADA, us(at(9, 30)))
    assert asks(GONE, Act.IN) == VisitCorrected(ADA, us(NOW))
    assert asks(GONE, Act.IN, "12h30") == VisitCorrected(ADA, us(at(12, 30)))


def test_nobody_is_checked_in_twice_nor_into_a_visit_that_is_over():
    assert asks(INSIDE, Act.IN) is Refusal.SAME
    assert asks(GONE, Act.IN, "11:00") is Refusal.BACKWARDS


def test_somebody_is_checked_out_now_or_at_a_time_that_is_said():
    assert asks(INSIDE, Act.OUT) == VisitCorrected(ADA, us(NINE), us(NOW), us(NINE))
    assert asks(INSIDE, Act.OUT, left="12:00") == VisitCorrected(ADA, us(NINE), us(at(12)), us(NINE))
    assert asks(GONE, Act.OUT) is Refusal.SAME
    assert asks(None, Act.OUT) is Refusal.MOVED
    assert asks(None, Act.TIMES, "9:00") is Refusal.MOVED


def test_times_are_put_right_and_one_that_was_not_touched_keeps_its_seconds():
    assert asks(INSIDE, Act.TIMES, "8:45") == VisitCorrected(ADA, us(at(8, 45)), 0, us(NINE))
    assert asks(INSIDE, Act.TIMES, "9:00", "14:00") == VisitCorrected(ADA, us(NINE), us(at(14)), us(NINE))
    assert asks(GONE, Act.TIMES, "8:45", "12:00") == VisitCorrected(
        ADA, us(at(8, 45)), us(GONE.left), us(NINE)
    )
    assert asks(GONE, Act.TIMES, "", "") == VisitCorrected(ADA, us(NINE), 0, us(NINE)), "still here after all"


def test_what_stands_so_already_writes_nothing():
    assert asks(INSIDE, Act.TIMES, "9:00") is Refusal.SAME
    assert asks(GONE, Act.TIMES, "9:00", "12:00") is Refusal.SAME


@pytest.mark.parametrize("typed", ["nine", "25:00", "9", "9:60", "9:00:00", "-1:00"])
def test_what_is_no_time_is_refused(typed):
    assert asks(None, Act.IN, typed) is Refusal.NO_TIME
    assert asks(INSIDE, Act.OUT, left=typed) is Refusal.NO_TIME


def test_nothing_is_put_right_that_has_not_come_or_runs_backwards():
    assert asks(None, Act.IN, "15:01") is Refusal.LATER
    assert asks(INSIDE, Act.OUT, left="16:00") is Refusal.LATER
    assert asks(INSIDE, Act.TIMES, "9:00", "8:00") is Refusal.BACKWARDS
    assert asks(None, Act.IN, "3:00") is Refusal.LATER, "a time before four belongs to the night after"


def test_a_time_that_cannot_be_is_refused_whatever_is_known_of_the_visit():
    for visit in (None, INSIDE, GONE):
        for act in Act:
            assert asks(visit, act, "nine", seen="other") is Refusal.NO_TIME
            assert asks(visit, act, "15:01", seen="other") is Refusal.LATER


def test_a_visit_that_moved_since_the_page_was_read_is_left_alone():
    assert asks(INSIDE, Act.OUT, seen=seen_of(GONE)) is Refusal.MOVED
    assert asks(INSIDE, Act.IN, seen=seen_of(None)) is Refusal.MOVED
    assert len({seen_of(visit) for visit in (None, INSIDE, GONE)}) == 3
