"""Whom somebody met and how it came about, from one story."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from community.clock import Hours, us_of
from community.events import (
    Answer,
    Answered,
    CheckedIn,
    FoundUseful,
    Introduced,
    MeetingUndone,
    Met,
    Paired,
    Shown,
    VisitCorrected,
)
from community.ids import MemberId
from community.introductions.pairing import Origin, Pairing
from community.introductions.slots import Slot
from sync.receipt.fold import About, How, Meeting, days_present, meetings

HOURS = Hours(ZoneInfo("Europe/Paris"))
TODAY = date(2026, 3, 30)
NOON = datetime(2026, 3, 30, 10, tzinfo=UTC)
ADA, BOB, EVE = (MemberId(name) for name in ("ada", "bob", "eve"))


def told(*events, days_ago: float = 0):
    return [(NOON - timedelta(days=days_ago) + timedelta(seconds=i), event) for i, event in enumerate(events)]


def how(*stories, **more) -> dict[tuple[str, str], How]:
    story = sorted((moment for story in stories for moment in story), key=lambda moment: moment[0])
    return {(one.member, one.other): one.how for one in meetings(story, HOURS, **more)}


def both(kind: How) -> dict[tuple[str, str], How]:
    return {(ADA, BOB): kind, (BOB, ADA): kind}


def test_two_badges_are_a_meeting_on_both_receipts():
    assert how(told(Met(ADA, BOB))) == both(How.OURSELVES)


def test_what_a_member_says_of_a_meeting_stands_on_their_receipt_alone():
    assert how(told(Answered(ADA, BOB, Answer.MET))) == {(ADA, BOB): How.OURSELVES}
    assert how(told(Answered(ADA, BOB, Answer.RATHER_NOT), Answered(ADA, EVE, Answer.NOT_TODAY))) == {}


def test_what_was_taken_back_is_no_meeting_and_nobody_meets_themselves():
    story = told(Met(ADA, BOB), MeetingUndone(BOB, ADA), Met(ADA, ADA), Answered(ADA, ADA, Answer.MET))
    assert how(story) == {}


@pytest.mark.parametrize(("before", "kind"), [(0.1, How.SCREEN), (6, How.SCREEN), (7, How.OURSELVES)])
def test_the_screen_introduced_them_if_it_showed_one_to_the_other_lately(before: float, kind: How):
    shown = Introduced(BOB, (Shown(ADA, Slot.NEIGHBOUR),))
    assert how(told(shown, days_ago=before), told(Met(ADA, BOB))) == both(kind)


def test_what_was_shown_before_the_story_begins_counts_too():
    assert how(told(Met(ADA, BOB)), shown={(ADA, BOB): TODAY - timedelta(days=3)}) == both(How.SCREEN)
    assert how(told(Met(ADA, BOB)), shown={(ADA, BOB): TODAY + timedelta(days=3)}) == both(How.OURSELVES)


def test_a_host_who_introduced_them_comes_before_the_screen():
    shown = Introduced(BOB, (Shown(ADA, Slot.NEIGHBOUR),))
    story = told(shown, Met(ADA, BOB))
    assert how(story, by_hosts={(ADA, BOB): [TODAY]}) == both(How.HOST)
    assert how(story, by_hosts={(ADA, BOB): [TODAY + timedelta(days=1)]}) == both(How.SCREEN)


def test_a_pair_says_whose_need_it_was_and_a_table_is_a_table():
    seeking = Paired(Pairing(ADA, BOB, Slot.PARTNER, seeks=BOB))
    table = Paired(Pairing(ADA, EVE, Slot.NEIGHBOUR, origin=Origin.TABLE))
    story = told(seeking, table, Met(ADA, BOB), Met(ADA, EVE))
    found = {(one.member, one.other): one for one in meetings(story, HOURS)}
    assert (found[ADA, BOB].about, found[BOB, ADA].about) == (About.THEIRS, About.MINE)
    assert (found[ADA, EVE].how, found[ADA, EVE].about) == (How.TABLE, About.NEITHER)
    assert found[ADA, BOB].how is How.SCREEN


def test_having_been_useful_is_said_by_one_of_the_last_meeting():
    story = [
        *told(Met(ADA, BOB), days_ago=3),
        *told(Met(ADA, BOB), Met(BOB, ADA), FoundUseful(ADA, BOB, True), FoundUseful(ADA, EVE, True)),
    ]
    assert meetings(story, HOURS) == (
        Meeting(ADA, BOB, TODAY - timedelta(days=3), How.OURSELVES),
        Meeting(BOB, ADA, TODAY - timedelta(days=3), How.OURSELVES),
        Meeting(ADA, BOB, TODAY, How.OURSELVES, useful=True),
        Meeting(BOB, ADA, TODAY, How.OURSELVES),
    )


def test_days_are_the_spaces_and_each_counts_once():
    story = [*told(CheckedIn(ADA), days_ago=1), *told(CheckedIn(ADA), CheckedIn(ADA), Met(ADA, BOB))]
    assert days_present(story, HOURS) == {ADA: {TODAY, TODAY - timedelta(days=1)}}


def test_who_was_checked_in_by_hand_came_too_and_a_time_put_right_is_no_other_day():
    noon_us, morning_us = us_of(NOON), us_of(NOON - timedelta(hours=3))
    story = told(CheckedIn(ADA), VisitCorrected(ADA, morning_us, 0, noon_us), VisitCorrected(BOB, morning_us))
    assert days_present(story, HOURS) == {ADA: {TODAY}, BOB: {TODAY}}


def test_what_is_said_later_of_a_meeting_kept_before_is_said_of_it():
    kept = Meeting(ADA, BOB, TODAY - timedelta(days=120), How.HOST, About.MINE)
    other = Meeting(BOB, ADA, TODAY - timedelta(days=120), How.HOST, About.THEIRS)
    found = meetings(told(FoundUseful(ADA, BOB, True)), HOURS, before=[other, kept])
    assert found == (replace(kept, useful=True), other)
