"""Visits: presence is a fold over the log."""

from datetime import datetime, timedelta

import pytest

from community.events import (
    CardOpened,
    CheckedIn,
    CheckedOut,
    CheckOutUndone,
    Event,
    Met,
    MoodChosen,
    VisitCorrected,
)
from community.members import Mood
from community.visits import Ended, Visit, Visits
from tests.community.samples import ADA, BEN, HOURS, NINE, paris

MINUTE = timedelta(minutes=1)
CLOSING = paris(2026, 3, 5, 20)
TOMORROW = paris(2026, 3, 6, 9)


def folded(*events: tuple[datetime, Event]) -> Visits:
    """Return the fold of these events."""
    visits = Visits(HOURS)
    visits.add_all(events)
    return visits


def test_somebody_who_checked_in_is_in():
    visits = folded((NINE, CheckedIn(ADA)))
    assert visits.present(NINE) == (Visit(ADA, NINE),)
    assert visits.ended(ADA, NINE) is None


def test_somebody_who_checked_out_is_not_and_said_so():
    left = NINE + MINUTE
    visits = folded((NINE, CheckedIn(ADA)), (left, CheckedOut(ADA)))
    assert visits.present(left) == ()
    assert visits.open_visit(ADA, left) is None
    assert visits.ended(ADA, left) == (left, Ended.SAID)


def test_somebody_never_seen_has_no_visit_that_could_end():
    visits = folded()
    assert visits.open_visit(ADA, NINE) is None
    assert visits.ended(ADA, NINE) is None


def test_a_second_arrival_during_a_visit_does_not_start_it_anew():
    visits = folded((NINE, CheckedIn(ADA)), (NINE + MINUTE, CheckedIn(ADA)))
    assert visits.present(NINE + MINUTE) == (Visit(ADA, NINE),)


def test_a_check_out_without_an_arrival_changes_nothing():
    visits = folded((NINE, CheckedOut(ADA)))
    assert visits.last == {}


def test_a_second_check_out_does_not_move_the_first():
    visits = folded(
        (NINE, CheckedIn(ADA)), (NINE + MINUTE, CheckedOut(ADA)), (NINE + 2 * MINUTE, CheckedOut(ADA))
    )
    assert visits.ended(ADA, CLOSING) == (NINE + MINUTE, Ended.SAID)


def test_a_check_out_taken_back_leaves_the_visit_unbroken():
    visits = folded(
        (NINE, CheckedIn(ADA)),
        (NINE, MoodChosen(ADA, Mood.OPEN)),
        (NINE + MINUTE, CheckedOut(ADA)),
        (NINE + MINUTE, CheckOutUndone(ADA)),
    )
    assert visits.present(NINE + MINUTE) == (Visit(ADA, NINE, mood=Mood.OPEN),)


def test_a_check_out_cannot_be_taken_back_once_the_visit_is_over_anyway():
    just_before = CLOSING - MINUTE
    visits = folded((NINE, CheckedIn(ADA)), (just_before, CheckedOut(ADA)), (CLOSING, CheckOutUndone(ADA)))
    assert visits.ended(ADA, CLOSING) == (just_before, Ended.SAID)


def test_taking_back_a_check_out_that_never_was_changes_nothing():
    visits = folded((NINE, CheckOutUndone(ADA)))
    assert visits.last == {}


@pytest.mark.parametrize("mood", list(Mood))
def test_a_mood_belongs_to_the_visit_it_was_chosen_in(mood: Mood):
    visits = folded((NINE, CheckedIn(ADA)), (NINE, MoodChosen(ADA, mood)))
    assert visits.open_visit(ADA, NINE) == Visit(ADA, NINE, mood=mood)
    visits.add_all([(NINE + MINUTE, CheckedOut(ADA)), (NINE + 2 * MINUTE, CheckedIn(ADA))])
    assert visits.open_visit(ADA, NINE + 2 * MINUTE) == Visit(ADA, NINE + 2 * MINUTE)


def test_a_mood_of_somebody_who_is_not_in_is_ignored():
    assert folded((NINE, MoodChosen(ADA, Mood.OPEN))).last == {}


def test_yesterdays_forgotten_visit_was_closed_at_closing_time_and_is_marked_assumed():
    visits = folded((NINE, CheckedIn(ADA)))
    assert visits.present(CLOSING - MINUTE) == (Visit(ADA, NINE),)
    assert visits.present(CLOSING) == ()
    assert visits.ended(ADA, CLOSING - MINUTE) is None
    assert visits.ended(ADA, TOMORROW) == (CLOSING, Ended.ASSUMED)


def test_a_tap_on_a_new_day_begins_a_new_visit():
    visits = folded((NINE, CheckedIn(ADA)), (TOMORROW, CheckedIn(ADA)))
    assert visits.present(TOMORROW) == (Visit(ADA, TOMORROW),)


def test_a_new_visit_ends_at_its_own_time_however_often_the_last_was_asked_about():
    visits = folded((NINE, CheckedIn(ADA)))
    assert visits.ended(ADA, CLOSING) == (CLOSING, Ended.ASSUMED)
    visits.add(TOMORROW, CheckedIn(ADA))
    assert visits.ended(ADA, TOMORROW) is None
    assert visits.ended(ADA, CLOSING + timedelta(days=1)) == (CLOSING + timedelta(days=1), Ended.ASSUMED)


def test_what_says_nothing_about_presence_is_ignored():
    visits = folded((NINE, CardOpened(ADA)), (NINE, Met(ADA, BEN)))
    assert visits.last == {}


def test_those_present_stand_in_the_order_they_came():
    visits = folded((NINE + MINUTE, CheckedIn(ADA)), (NINE, CheckedIn(BEN)))
    assert [visit.member_id for visit in visits.present(CLOSING - MINUTE)] == [BEN, ADA]


def test_two_who_came_together_stand_in_the_order_of_their_ids():
    visits = folded((NINE, CheckedIn(BEN)), (NINE, CheckedIn(ADA)))
    assert [visit.member_id for visit in visits.present(NINE)] == [ADA, BEN]


def us(at: datetime) -> int:
    return round(at.timestamp()) * 1_000_000


def test_what_a_host_put_right_holds_instead_of_what_was_known():
    later = NINE + 30 * MINUTE
    known = (NINE, CheckedIn(ADA)), (NINE + MINUTE, MoodChosen(ADA, Mood.HELLO))
    inside = folded(*known, (later, VisitCorrected(ADA, us(NINE - 10 * MINUTE), was_us=us(NINE))))
    assert inside.present(later) == (Visit(ADA, NINE - 10 * MINUTE, mood=Mood.HELLO),)
    left = NINE + 20 * MINUTE
    gone = folded(*known, (later, VisitCorrected(ADA, us(NINE), us(left), us(NINE))))
    assert gone.ended(ADA, later) == (left, Ended.SAID)


def test_somebody_is_checked_in_by_hand_and_their_next_tap_is_no_arrival():
    visits = folded((NINE, VisitCorrected(ADA, us(NINE))), (NINE + MINUTE, CheckedIn(ADA)))
    assert visits.present(NINE + MINUTE) == (Visit(ADA, NINE),)


def test_an_arrival_that_comes_late_does_not_undo_what_a_host_put_right():
    right = NINE + 30 * MINUTE, VisitCorrected(ADA, us(NINE + 5 * MINUTE))
    assert folded((NINE, CheckedIn(ADA)), right).present(right[0]) == (Visit(ADA, NINE + 5 * MINUTE),)
    assert folded(right).present(right[0]) == (Visit(ADA, NINE + 5 * MINUTE),)
