"""The past: what is known of people and between people, and today laid over it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from community.introductions.pairing import PairPast, PersonPast, pair
from community.introductions.past import Past
from tests.community.introductions.people import TODAY
from tests.community.samples import ADA, BEN, CAM, DAN

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def test_nothing_is_known_of_strangers():
    past = Past()
    assert past.person(ADA) == PersonPast(ADA)
    assert past.met(ADA, BEN) is None
    assert past.shown(ADA, BEN) is None
    assert not past.barred(ADA, BEN)
    assert past.ties(ADA) == 0
    assert past.weekdays(ADA) == (0,) * 7
    assert not past.around(ADA)


def test_a_pair_is_known_from_both_sides():
    past = Past.of([PersonPast(ADA, ties=1, pairs=(PairPast(BEN, met=MONDAY, shown=MONDAY, barred=True),))])
    for one, other in ((ADA, BEN), (BEN, ADA)):
        assert past.met(one, other) == past.shown(one, other) == MONDAY
        assert past.barred(one, other)
    assert past.ties(ADA) == 1


def test_a_pair_that_stands_twice_counts_once_with_all_that_is_known():
    past = Past.of(
        [
            PersonPast(ADA, pairs=(PairPast(BEN, met=MONDAY, times=1),)),
            PersonPast(BEN, pairs=(PairPast(ADA, met=TUESDAY, shown=MONDAY, times=2, barred=True),)),
        ]
    )
    between = past.pair(ADA, BEN)
    assert (between.met, between.shown, between.times, between.barred) == (TUESDAY, MONDAY, 2, True)
    assert past.pair(BEN, ADA) == between


def test_nobody_has_a_past_with_themselves():
    past = Past.of([PersonPast(ADA, pairs=(PairPast(ADA, met=MONDAY),))])
    assert past.met(ADA, ADA) is None
    assert past.with_today(TODAY, met=[(ADA, ADA)]).met(ADA, ADA) is None


def test_weekdays_are_always_seven():
    assert Past.of([PersonPast(ADA, weekdays=(1, 2))]).weekdays(ADA) == (1, 2, 0, 0, 0, 0, 0)
    assert Past.of([PersonPast(ADA, weekdays=(1,) * 9)]).weekdays(ADA) == (1,) * 7


def test_today_is_laid_over_the_days_before():
    before = Past.of(
        [PersonPast(ADA, ties=1, pairs=(PairPast(BEN, met=MONDAY), PairPast(CAM, shown=MONDAY)))]
    )
    past = before.with_today(TODAY, met=[(ADA, BEN), (ADA, CAM)], shown=[(BEN, CAM)], barred=[(ADA, DAN)])
    assert past.met(BEN, ADA) == past.met(CAM, ADA) == past.shown(CAM, BEN) == TODAY
    assert past.barred(DAN, ADA)
    assert past.pair(ADA, CAM).shown == MONDAY
    assert past.ties(ADA) == 2, "Ben was a tie before; Cam is one since today"
    assert past.ties(CAM) == 1
    assert past.changed == {ADA, BEN, CAM, DAN}
    assert past.base is before
    assert before.met(ADA, CAM) is None, "the days before stay as they were"


PEOPLE = st.sampled_from([ADA, BEN, CAM, DAN])
PAIRS = st.lists(st.tuples(PEOPLE, PEOPLE).map(lambda two: pair(*two)))


@given(PAIRS, PAIRS, PAIRS)
def test_whatever_happens_today_both_sides_know_the_same(met, shown, barred):
    past = Past().with_today(TODAY, met=met, shown=shown, barred=barred)
    for one in (ADA, BEN, CAM, DAN):
        for other, between in past.around(one).items():
            assert past.around(other)[one] is between
        assert past.ties(one) == sum(between.met is not None for between in past.around(one).values())
