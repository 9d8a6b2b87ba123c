"""What one story says of people, up to yesterday."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from community.clock import Hours
from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    CheckedIn,
    Introduced,
    MeetingUndone,
    Met,
    Shown,
)
from community.ids import MemberId
from community.introductions.pairing import PairPast, PersonPast
from community.introductions.past import Past
from community.introductions.slots import Slot
from sync.introductions.past import clean_cut, pasts

HOURS = Hours(ZoneInfo("Europe/Paris"))
TODAY = date(2026, 3, 30)
"""A Monday."""
ADA, BOB, EVE = (MemberId(name) for name in ("ada", "bob", "eve"))


def days_ago(days: float, *events):
    noon = datetime(2026, 3, 30, 10, tzinfo=UTC)
    return [(noon - timedelta(days=days) + timedelta(seconds=i), event) for i, event in enumerate(events)]


def past(*stories):
    story = sorted((moment for story in stories for moment in story), key=lambda moment: moment[0])
    return {person.member: person for person in pasts(story, HOURS, TODAY)}


def shown(one: MemberId, *others: MemberId) -> Introduced:
    return Introduced(one, tuple(Shown(other, Slot.PARTNER) for other in others))


def test_nobody_came_and_nothing_is_known():
    assert past() == {}


def test_visits_are_counted_by_the_spaces_days_and_the_last_eight_weeks_by_weekday():
    found = past(
        days_ago(7, CheckedIn(ADA), CheckedIn(ADA)),
        days_ago(14, CheckedIn(ADA)),
        days_ago(13, CheckedIn(ADA)),
        days_ago(70, CheckedIn(ADA)),
        days_ago(0, CheckedIn(ADA)),
    )
    assert found[ADA] == PersonPast(ADA, weekdays=(2, 1, 0, 0, 0, 0, 0), days=4)


def test_a_visit_after_midnight_belongs_to_the_evening_before():
    late = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)  # 00:30 on Saturday in Paris
    assert pasts([(late, CheckedIn(ADA))], HOURS, TODAY)[0].weekdays == (0, 0, 0, 0, 1, 0, 0)


def test_today_is_not_the_past():
    assert past(days_ago(0, CheckedIn(ADA), shown(ADA, BOB), Met(ADA, BOB))) == {}


def test_a_meeting_is_a_tie_of_both_and_a_yes_if_they_had_been_shown():
    found = past(days_ago(3, shown(BOB, ADA), Met(ADA, BOB)), days_ago(2, Met(EVE, ADA)))
    assert found[ADA].ties == 2
    assert (found[ADA].said_yes, found[ADA].asked, found[ADA].wanted, found[ADA].answered) == (1, 1, 1, 1)
    assert found[ADA].pairs == (
        PairPast(BOB, met=date(2026, 3, 27), shown=date(2026, 3, 27)),
        PairPast(EVE, met=date(2026, 3, 28)),
    )
    assert found[BOB].pairs == ()
    assert (found[EVE].asked, found[EVE].ties) == (0, 1)


def test_rather_not_bars_and_counts_as_a_no():
    found = past(days_ago(3, shown(BOB, ADA), Answered(BOB, ADA, Answer.RATHER_NOT)))
    assert found[ADA].pairs[0].barred
    assert (found[BOB].said_yes, found[BOB].asked) == (0, 1)
    assert (found[ADA].wanted, found[ADA].answered) == (0, 1)


def test_not_today_says_nothing_of_the_other_and_breaks_the_silence():
    found = past(days_ago(3, shown(BOB, ADA, EVE), Answered(BOB, ADA, Answer.NOT_TODAY)))
    assert found[BOB].unanswered == 0
    assert found[BOB].asked == 0
    assert not found[ADA].pairs[0].barred


def test_silence_is_counted_by_day_until_anything_is_said():
    quiet = [days_ago(5, shown(BOB, ADA, EVE), shown(BOB, ADA)), days_ago(4, shown(BOB, ADA))]
    assert past(*quiet)[BOB].unanswered == 2
    assert past(*quiet)[ADA].unanswered == 0
    assert past(*quiet, days_ago(3, Met(BOB, EVE)))[BOB].unanswered == 0


def test_a_silent_day_with_three_introductions_is_one_silence():
    assert past(days_ago(1, shown(BOB, ADA, EVE, MemberId("dan"))))[BOB].unanswered == 1


def test_a_day_on_which_somebody_spoke_was_not_silent_whatever_they_were_shown_after():
    spoke = days_ago(3, shown(BOB, ADA), Answered(BOB, ADA, Answer.NOT_TODAY), shown(BOB, EVE))
    assert past(spoke)[BOB].unanswered == 0
    assert past(spoke, days_ago(2, shown(BOB, EVE)))[BOB].unanswered == 1


def test_days_shown_without_a_meeting_are_counted_until_they_meet():
    quiet = [days_ago(9, shown(BOB, ADA)), days_ago(4, shown(ADA, BOB), shown(BOB, ADA))]
    assert past(*quiet)[ADA].pairs == (PairPast(BOB, shown=date(2026, 3, 26), times=2),)
    assert past(*quiet, days_ago(1, Met(ADA, BOB)))[ADA].pairs[0].times == 0


def test_what_was_taken_back_never_was():
    found = past(
        days_ago(3, Met(ADA, BOB), MeetingUndone(BOB, ADA)),
        days_ago(2, Answered(ADA, EVE, Answer.RATHER_NOT), AnswerUndone(ADA, EVE)),
    )
    assert found == {}


def test_something_taken_back_today_never_was_either():
    assert past(days_ago(1, Met(ADA, BOB)), days_ago(0, MeetingUndone(ADA, BOB))) == {}


PEOPLE = st.sampled_from([ADA, BOB, EVE])
EVENTS = st.one_of(
    st.builds(CheckedIn, PEOPLE),
    st.builds(shown, PEOPLE, PEOPLE),
    st.builds(Met, PEOPLE, PEOPLE),
    st.builds(MeetingUndone, PEOPLE, PEOPLE),
    st.builds(Answered, PEOPLE, PEOPLE, st.sampled_from(Answer)),
    st.builds(AnswerUndone, PEOPLE, PEOPLE),
)


@given(st.lists(st.tuples(st.integers(0, 80), EVENTS), max_size=30))
def test_whatever_happened_counts_add_up(happened):
    people = past(*(days_ago(days + i / 1_000, event) for i, (days, event) in enumerate(happened)))
    for member, person in people.items():
        assert person.said_yes <= person.asked
        assert person.wanted <= person.answered
        assert sum(person.weekdays) <= person.days
        assert [pair.other for pair in person.pairs] == sorted({pair.other for pair in person.pairs})
        assert all(member < pair.other for pair in person.pairs)
    assert sum(p.asked for p in people.values()) == sum(p.answered for p in people.values())
    meetings = sum(pair.met is not None for person in people.values() for pair in person.pairs)
    assert sum(person.ties for person in people.values()) == 2 * meetings
    known = Past.of(people.values())
    assert all(
        known.ties(member) == len({o for o, p in known.around(member).items() if p.met}) for member in people
    )


@given(
    st.lists(st.tuples(st.integers(0, 300), EVENTS), max_size=40), st.lists(st.integers(56, 300), max_size=3)
)
def test_wherever_the_story_is_cut_the_past_goes_on_as_if_it_were_whole(happened, cuts):
    """What is let go of leaves its own result behind: cut once or again, the answer is the whole story's."""
    story = sorted(
        (moment for i, (days, one) in enumerate(happened) for moment in days_ago(days + i / 1_000, one)),
        key=lambda moment: moment[0],
    )
    kept, earlier = story, ()
    for days in sorted(cuts, reverse=True):
        cut = clean_cut(kept, HOURS, TODAY - timedelta(days=days))
        earlier = pasts(kept, HOURS, cut, earlier)
        kept = [(at, event) for at, event in kept if HOURS.day_of(at) >= cut]
    assert pasts(kept, HOURS, TODAY, earlier) == pasts(story, HOURS, TODAY)
