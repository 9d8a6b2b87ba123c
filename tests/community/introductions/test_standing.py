"""Standing: the past as arrays."""

from datetime import timedelta

import numpy as np
import pytest

from community.introductions.crowd import Crowd
from community.introductions.pairing import PairPast, PersonPast
from community.introductions.past import Past
from community.introductions.standing import Standing
from tests.community.introductions.people import TODAY, ground_of
from tests.community.samples import ADA, BEN, CAM, DAN, willing

LONG_AGO = TODAY - timedelta(days=400)
MEMBERS = (
    willing(ADA, joined=LONG_AGO),
    willing(BEN, joined=TODAY),
    willing(CAM, joined=LONG_AGO),
    willing(DAN),
)
CROWD = Crowd.of(MEMBERS, ground_of(*MEMBERS), TODAY)
PAST = Past.of(
    [
        PersonPast(
            ADA,
            weekdays=(8, 4, 0, 0, 0, 0, 0),
            days=10,
            ties=1,
            said_yes=4,
            asked=4,
            pairs=(
                PairPast(BEN, met=LONG_AGO),
                PairPast(CAM, shown=TODAY - timedelta(days=1), times=1),
                PairPast("m-gone", met=TODAY),
            ),
        ),
        PersonPast(BEN, weekdays=(8, 0, 4, 0, 0, 0, 0), days=0, ties=5, wanted=0, answered=4),
        PersonPast(CAM, weekdays=(20, 0, 0, 0, 0, 0, 0), days=20),
    ]
)


def rows(*numbers: int):
    return np.array(numbers, np.intp)


def test_ties_are_missing_up_to_three():
    assert Standing(CROWD, PAST).missing.tolist() == [2, 0, 3, 3]


def test_newness_fades_with_the_days_somebody_came():
    assert Standing(CROWD, PAST).newness.tolist() == pytest.approx([np.exp(-1), 1, np.exp(-2), 1])


def test_whom_the_past_does_not_know_is_new_unless_they_joined_long_ago():
    assert Standing(CROWD, Past()).newness.tolist() == [0, 1, 0, 1]


def test_rates_of_yes_are_held_against_the_average():
    standing = Standing(CROWD, PAST)
    assert standing.my_yes[0] > 0
    assert standing.my_yes[1] == 0
    assert standing.their_yes[1] < 0


def test_people_overlap_on_the_weekdays_they_share():
    overlap = Standing(CROWD, PAST).overlap(rows(0), rows(0, 1, 2, 3))
    assert overlap[0].tolist() == [1, 0.5, pytest.approx(1 / 1.5), 0]


def test_friends_are_those_somebody_met_and_who_are_still_here():
    standing = Standing(CROWD, PAST)
    assert standing.friends(0).tolist() == [1]
    assert standing.friends(1).tolist() == [0]
    assert standing.friends(3).tolist() == []


def test_what_lies_between_two_is_the_same_from_both_sides():
    standing = Standing(CROWD, PAST)
    ours, theirs = standing.between(0), standing.between(2)
    assert ours.columns.tolist() == [1, 2]
    assert ours.met.tolist() == [True, False]
    assert ours.met_lately.tolist() == [False, False]
    assert ours.barred.tolist() == [False, True]
    assert ours.refused.tolist() == [False, False]
    assert theirs.columns.tolist() == [0]
    assert theirs.novelty[0] == ours.novelty[1] == pytest.approx(1 - 0.7 * np.exp(-1 / 8))
    assert ours.novelty[0] == 1
    assert standing.between(0) is ours


def test_being_shown_today_makes_nobody_less_new():
    today = PAST.with_today(TODAY, shown=[(ADA, DAN)])
    assert Standing(CROWD, today).between(3).novelty.tolist() == [1]


def test_what_is_laid_over_changes_those_it_concerns_and_nobody_else():
    before = Standing(CROWD, PAST)
    kept = before.between(1)
    today = PAST.with_today(TODAY, met=[(CAM, DAN), (ADA, CAM), ("m-gone", "m-lost")], barred=[(ADA, DAN)])
    after = before.then(today)
    assert after.missing.tolist() == [1, 0, 1, 2]
    assert after.between(0).refused.tolist() == [False, False, True]
    assert after.between(1) is kept
    assert after.friends(1).tolist() == [0]
    assert after.have_friend_in_common(rows(0), rows(1, 3)).tolist() == [[False, True]]
    assert before.missing.tolist() == [2, 0, 3, 3]


def test_today_can_be_laid_over_again():
    first = Standing(CROWD, PAST).then(PAST.with_today(TODAY, met=[(CAM, DAN)]))
    second = first.then(PAST.with_today(TODAY, met=[(ADA, DAN)]))
    assert second.friends(2).tolist() == []
    assert second.friends(3).tolist() == [0]
    assert second.weekdays is first.weekdays
    assert second.then(second.past) is second


def test_another_past_is_read_anew():
    assert Standing(CROWD, PAST).then(Past()).missing.tolist() == [3, 3, 3, 3]


def test_an_empty_crowd_stands_nowhere():
    standing = Standing(Crowd.of((), ground_of(), TODAY), PAST)
    assert standing.overlap(rows(), rows()).shape == (0, 0)
    assert standing.have_friend_in_common(rows(), rows()).shape == (0, 0)
