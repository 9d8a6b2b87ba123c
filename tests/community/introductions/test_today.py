"""One day's events, folded: what was taken back was never said."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    CheckedIn,
    Event,
    Introduced,
    MeetingUndone,
    Met,
    Paired,
    Shown,
    TableAnswered,
)
from community.ids import MemberId, TableId
from community.introductions.memory import Memory
from community.introductions.pairing import Pairing, pair
from community.introductions.slots import Slot
from community.introductions.today import Today
from tests.community.samples import HOURS, NINE

ADA, BOB, EVE = (MemberId(name) for name in ("ada", "bob", "eve"))
TEA = TableId("t1")
FIRST = Pairing(ADA, BOB, Slot.PARTNER)

people = st.sampled_from([ADA, BOB, EVE])
events = st.lists(
    st.one_of(
        st.builds(CheckedIn, people),
        st.builds(Met, people, people),
        st.builds(MeetingUndone, people, people),
        st.builds(Answered, people, people, st.sampled_from(Answer)),
        st.builds(AnswerUndone, people, people),
        st.builds(TableAnswered, people, st.just(TEA), st.booleans()),
        st.builds(lambda a, b: Introduced(a, (Shown(b, Slot.ADVICE),)), people, people),
        st.builds(lambda a, b: Paired(Pairing(*pair(a, b), Slot.ADVICE)), people, people),
    ),
    max_size=20,
)


def fold(happened: Iterable[Event]) -> Today:
    """Return what these events say of one day, all of them at nine."""
    return Memory.of(((NINE, event) for event in happened), HOURS).today(HOURS.day_of(NINE))


def test_a_day_without_introductions_says_nothing():
    assert fold([CheckedIn(ADA)]) == Today()


def test_the_first_pairing_of_two_people_stands():
    later = Pairing(ADA, BOB, Slot.NEIGHBOUR)
    assert fold([Paired(FIRST), Paired(later)]).paired == (FIRST,)


def test_nobody_is_paired_with_themselves():
    assert fold([Paired(Pairing(ADA, ADA, Slot.PARTNER))]).paired == ()


def test_who_was_shown_is_shown_from_both_sides():
    assert fold([Introduced(BOB, (Shown(ADA, Slot.PARTNER),))]).shown == {(ADA, BOB)}


def test_a_meeting_taken_back_never_was_and_one_said_twice_stands():
    assert fold([Met(BOB, ADA), MeetingUndone(ADA, BOB)]) == Today()
    assert fold([Met(BOB, ADA), Met(ADA, BOB), MeetingUndone(ADA, BOB)]).met == {(ADA, BOB)}
    assert fold([MeetingUndone(ADA, BOB), Met(ADA, BOB)]).met == {(ADA, BOB)}


def test_rather_not_bars_both_until_it_is_taken_back():
    said = [Answered(EVE, ADA, Answer.NOT_TODAY), Answered(EVE, ADA, Answer.RATHER_NOT)]
    assert fold(said).barred == {(ADA, EVE)}
    assert fold([*said, AnswerUndone(EVE, ADA)]).barred == frozenset()
    assert fold([*said, AnswerUndone(EVE, ADA)]).closed == {(ADA, EVE)}
    assert fold([*said, AnswerUndone(EVE, ADA), AnswerUndone(EVE, ADA)]) == Today()


def test_who_says_that_they_met_has_met():
    assert fold([Answered(ADA, BOB, Answer.MET)]).met == {(ADA, BOB)}


def test_of_several_answers_on_one_day_the_last_counts():
    said = fold([Answered(ADA, BOB, Answer.MET), Answered(ADA, BOB, Answer.RATHER_NOT)])
    assert (said.met, said.barred) == (frozenset(), {(ADA, BOB)})


def test_only_badges_tell_of_a_meeting_in_front_of_everybody():
    today = fold([Met(ADA, BOB), Answered(ADA, EVE, Answer.MET)])
    assert today.met == {(ADA, BOB), (ADA, EVE)}
    assert today.badges == {(ADA, BOB)}


def test_the_last_word_about_a_seat_counts():
    said = fold([TableAnswered(ADA, TEA, coming=True), TableAnswered(ADA, TEA, coming=False)])
    assert said.seats == {TEA: {ADA: False}}


@given(events)
def test_every_pair_stands_in_its_one_order(happened):
    today = fold(happened)
    assert all(two == pair(*two) for two in today.shown | today.met | today.barred | today.closed)
    assert today.met <= today.closed
    assert today.barred <= today.closed


@given(events, people, people)
def test_what_is_said_and_taken_back_changes_nothing(happened, one, other):
    before = fold(happened)
    assert fold([*happened, Met(one, other), MeetingUndone(other, one)]) == before
    assert fold([*happened, Answered(one, other, Answer.MET), AnswerUndone(one, other)]) == before
