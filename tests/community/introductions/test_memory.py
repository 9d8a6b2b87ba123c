"""Memory: what the log says about who was shown to whom and who met."""

from datetime import timedelta

from community.events import CheckedIn, Introduced, MeetingUndone, Met, Shown
from community.ids import MemberId
from community.introductions.memory import Memory
from community.introductions.pairing import pair
from community.introductions.slots import Slot
from tests.community.samples import ADA, BEN, CAM, DAN, HOURS, NINE

TODAY = HOURS.day_of(NINE)
TOMORROW = TODAY + timedelta(days=1)
A_DAY = timedelta(days=1)


def shown(member: MemberId, *others: MemberId) -> Introduced:
    """Return the event that these people stood on a member's greeting."""
    return Introduced(member, tuple(Shown(other, Slot.NEIGHBOUR) for other in others))


def memory(*events: Introduced | Met | MeetingUndone | CheckedIn) -> Memory:
    """Return the fold of events that all happened at nine."""
    folded = Memory(HOURS)
    for event in events:
        folded.add(NINE, event)
    return folded


def test_a_first_day_has_no_past():
    history = memory(CheckedIn(ADA)).history(ADA, TODAY)
    assert (history.last_shown, history.met, history.shown_today) == ({}, frozenset(), {})


def test_a_pair_that_was_shown_is_remembered_with_its_last_day():
    folded = memory(shown(ADA, BEN))
    folded.add(NINE + A_DAY, shown(BEN, ADA))
    assert folded.history(ADA, TOMORROW).last_shown == {pair(ADA, BEN): TOMORROW}


def test_being_shown_counts_once_for_each_person_it_was_shown_to():
    folded = memory(shown(ADA, DAN), shown(BEN, DAN), shown(BEN, DAN))
    assert folded.history(CAM, TODAY).shown_today == {DAN: 2}


def test_being_shown_again_to_the_same_visitor_does_not_count():
    folded = memory(shown(ADA, DAN), shown(BEN, DAN))
    assert folded.history(BEN, TODAY).shown_today == {DAN: 1}


def test_a_new_day_starts_the_count_anew():
    folded = memory(shown(ADA, DAN))
    assert folded.history(BEN, TOMORROW).shown_today == {}
    folded.add(NINE + A_DAY, shown(BEN, CAM))
    assert folded.history(ADA, TOMORROW).shown_today == {CAM: 1}


def test_two_who_met_are_remembered_from_both_sides_until_it_is_taken_back():
    folded = memory(Met(BEN, ADA))
    assert folded.history(ADA, TODAY).met == folded.ties() == {pair(ADA, BEN)}
    folded.add(NINE, MeetingUndone(ADA, BEN))
    assert folded.history(ADA, TODAY).met == frozenset()


def test_only_the_last_meeting_of_two_is_taken_back():
    folded = memory(Met(ADA, BEN), Met(ADA, BEN), MeetingUndone(ADA, BEN))
    assert folded.history(ADA, TODAY).met == {pair(ADA, BEN)}


def test_taking_back_a_meeting_that_never_was_changes_nothing():
    assert memory(MeetingUndone(ADA, BEN)).history(ADA, TODAY).met == frozenset()


def test_meetings_are_counted_from_a_day_on_undone_ones_left_out():
    folded = memory(Met(ADA, BEN), Met(ADA, CAM), MeetingUndone(ADA, CAM))
    folded.add(NINE + A_DAY, Met(ADA, BEN))
    assert folded.meetings_since(TODAY) == 2
    assert folded.meetings_since(TOMORROW) == 1
