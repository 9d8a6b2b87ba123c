"""Memory: what the log says about who was shown to whom, who met, and what they said of it."""

from datetime import timedelta

from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    CheckedIn,
    Event,
    FoundUseful,
    Introduced,
    MeetingUndone,
    Met,
    Paired,
    Shown,
    TableAnswered,
)
from community.ids import MemberId, TableId
from community.introductions.memory import Memory
from community.introductions.pairing import Pairing, PairPast, pair
from community.introductions.slots import Slot
from community.introductions.today import Today
from tests.community.samples import ADA, BEN, CAM, DAN, HOURS, NINE

TODAY = HOURS.day_of(NINE)
A_DAY = timedelta(days=1)
TOMORROW = TODAY + A_DAY
COFFEE = TableId("t-1")
A_PAIR = Pairing(*pair(ADA, BEN), Slot.ADVICE)


def shown(member: MemberId, *others: MemberId) -> Introduced:
    """Return the event that these people stood on a member's greeting."""
    return Introduced(member, tuple(Shown(other, Slot.NEIGHBOUR) for other in others))


def memory(*events: Event) -> Memory:
    """Return the fold of events that all happened at nine."""
    folded = Memory(HOURS)
    for event in events:
        folded.add(NINE, event)
    return folded


def test_a_first_day_has_no_past():
    folded = memory(CheckedIn(ADA))
    assert folded.today(TODAY) == Today()
    assert (folded.shown_to(ADA, TODAY), folded.ties(), folded.barred()) == ((), frozenset(), frozenset())
    assert folded.before(TODAY) == {}


def test_it_says_whether_something_changed():
    folded = memory(CheckedIn(ADA))
    assert folded.version == 0
    folded.add(NINE, Met(ADA, BEN))
    assert folded.version == 1


def test_whom_somebody_was_shown_is_known_in_order_and_once():
    folded = memory(shown(ADA, DAN, BEN), shown(ADA, BEN, CAM))
    assert folded.shown_to(ADA, TODAY) == (DAN, BEN, CAM)
    assert folded.shown_to(BEN, TODAY) == ()
    assert folded.today(TODAY).shown == {pair(ADA, DAN), pair(ADA, BEN), pair(ADA, CAM)}


def test_a_new_day_begins_with_no_plan_and_nobody_shown():
    folded = memory(shown(ADA, DAN), Paired(A_PAIR))
    assert folded.today(TODAY).paired == (A_PAIR,)
    assert (folded.today(TOMORROW), folded.shown_to(ADA, TOMORROW)) == (Today(), ())
    folded.add(NINE + A_DAY, shown(BEN, CAM))
    assert folded.today(TOMORROW).shown == {pair(BEN, CAM)}
    assert folded.today(TODAY).paired == ()


def test_two_who_met_are_remembered_until_it_is_taken_back():
    folded = memory(Met(BEN, ADA))
    assert folded.today(TODAY).met == folded.ties() == {pair(ADA, BEN)}
    folded.add(NINE, MeetingUndone(ADA, BEN))
    assert folded.today(TODAY).met == folded.ties() == frozenset()


def test_only_the_last_meeting_of_two_is_taken_back():
    assert memory(Met(ADA, BEN), Met(ADA, BEN), MeetingUndone(ADA, BEN)).today(TODAY).met == {pair(ADA, BEN)}


def test_taking_back_what_never_was_changes_nothing():
    folded = memory(MeetingUndone(ADA, BEN), AnswerUndone(ADA, BEN))
    assert (folded.today(TODAY).met, folded.today(TODAY).closed) == (frozenset(), frozenset())


def test_who_says_that_they_met_met():
    folded = memory(Answered(BEN, ADA, Answer.MET))
    assert folded.today(TODAY).met == folded.ties() == folded.today(TODAY).closed == {pair(ADA, BEN)}
    assert (BEN, ADA) in folded.today(TODAY).answers
    assert (ADA, BEN) not in folded.today(TODAY).answers
    assert (BEN, ADA) not in folded.today(TOMORROW).answers
    folded.add(NINE, AnswerUndone(BEN, ADA))
    assert folded.today(TODAY).met == folded.today(TODAY).closed == frozenset()


def test_who_would_rather_not_ends_it_for_both_until_they_say_otherwise():
    folded = memory(Answered(BEN, ADA, Answer.RATHER_NOT))
    assert folded.barred() == {pair(ADA, BEN)}
    folded.add(NINE + A_DAY, Answered(BEN, ADA, Answer.NOT_TODAY))
    assert folded.barred() == frozenset()
    folded.add(NINE + A_DAY, AnswerUndone(BEN, ADA))
    assert folded.barred() == {pair(ADA, BEN)}


def test_whether_it_was_useful_is_known_for_the_day_it_was_said():
    folded = memory(FoundUseful(ADA, BEN, useful=False))
    assert folded.judged(ADA, BEN, TODAY)
    assert not folded.judged(BEN, ADA, TODAY)
    assert not folded.judged(ADA, BEN, TOMORROW)


def test_the_last_word_about_a_seat_counts():
    folded = memory(TableAnswered(ADA, COFFEE, coming=True), TableAnswered(BEN, COFFEE, coming=True))
    folded.add(NINE, TableAnswered(ADA, COFFEE, coming=False))
    assert folded.seats(COFFEE) == {ADA: False, BEN: True}
    assert folded.seats(TableId("another")) == {}


def test_meetings_are_counted_from_a_day_on_a_pair_once_a_day_and_undone_ones_left_out():
    folded = memory(Met(ADA, BEN), Answered(ADA, BEN, Answer.MET), Met(ADA, CAM), MeetingUndone(ADA, CAM))
    folded.add(NINE + A_DAY, Met(ADA, BEN))
    assert folded.meetings_since(TODAY) == 2
    assert folded.meetings_since(TOMORROW) == 1


def test_the_days_before_are_told_as_the_past_tells_them():
    folded = memory(shown(ADA, BEN), shown(BEN, ADA), shown(ADA, CAM), Met(DAN, ADA))
    folded.add(NINE + A_DAY, shown(ADA, BEN))
    folded.add(NINE + A_DAY, Met(ADA, CAM))
    after = TOMORROW + A_DAY
    assert folded.before(TODAY) == {}
    assert folded.before(TOMORROW) == {
        pair(ADA, BEN): PairPast(BEN, shown=TODAY, times=1),
        pair(ADA, CAM): PairPast(CAM, shown=TODAY, times=1),
        pair(ADA, DAN): PairPast(DAN, met=TODAY),
    }
    assert folded.before(after)[pair(ADA, BEN)] == PairPast(BEN, shown=TOMORROW, times=2)
    assert folded.before(after)[pair(ADA, CAM)] == PairPast(CAM, met=TOMORROW, shown=TODAY)


def test_of_two_meetings_the_later_one_is_the_last():
    folded = memory(Met(ADA, BEN))
    folded.add(NINE + A_DAY, Met(ADA, BEN))
    folded.add(NINE, Answered(ADA, BEN, Answer.MET))
    assert folded.before(TOMORROW + A_DAY)[pair(ADA, BEN)].met == TOMORROW


def test_who_said_that_they_would_rather_not_is_kept_apart_from_the_next_day_on():
    folded = memory(shown(ADA, BEN), Answered(ADA, BEN, Answer.RATHER_NOT), Answered(BEN, CAM, Answer.MET))
    folded.add(NINE, Answered(DAN, CAM, Answer.RATHER_NOT))
    folded.add(NINE, AnswerUndone(DAN, CAM))
    folded.add(NINE + A_DAY, Answered(ADA, BEN, Answer.NOT_TODAY))
    assert folded.before(TODAY) == {}
    assert (
        folded.before(TOMORROW)
        == folded.before(TOMORROW + A_DAY)
        == {
            pair(ADA, BEN): PairPast(BEN, shown=TODAY, times=1, barred=True),
            pair(BEN, CAM): PairPast(CAM, met=TODAY),
        }
    )


def test_nobody_is_anybody_to_themselves():
    folded = memory(shown(ADA, ADA), Met(ADA, ADA), Answered(ADA, ADA, Answer.RATHER_NOT))
    assert folded.before(TOMORROW) == {}
    assert folded.today(TODAY) == Today()
