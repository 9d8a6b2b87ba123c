"""What the log says people did together: which meetings there were, and who brought them about."""

from datetime import date, timedelta

import pytest

from community.events import (
    Answer,
    Answered,
    CheckedIn,
    FoundUseful,
    Introduced,
    Met,
    MoodChosen,
    Paired,
    Shown,
    VisitCorrected,
)
from community.ids import MemberId
from community.introductions.pairing import Pairing
from community.introductions.slots import Slot
from community.members import Member, Mood
from community.together.life import SUGGESTED_FOR, Arranged, Meeting, life

DAY = date(2026, 11, 23)
ADA, BOB, EVE = (MemberId(name) for name in ("ada", "bob", "eve"))
HUGO = MemberId("hugo")
PEOPLE = {who: Member(who, who.title(), host=who == HUGO) for who in (ADA, BOB, EVE, HUGO)}
TWO = (ADA, BOB)


def lived(*told, introduced=(), asked=()):
    happened = [(DAY, one) if not isinstance(one, tuple) else one for one in told]
    return life(happened, introduced, PEOPLE, asked=asked)


def meetings(*told, introduced=(), asked=()):
    return lived(*told, introduced=introduced, asked=asked).meetings


def test_two_badges_are_a_meeting_in_the_open():
    assert meetings(Met(BOB, ADA)) == (Meeting(TWO, DAY, Arranged.THEMSELVES, is_open=True),)


def test_what_one_of_them_said_is_a_meeting_that_stays_theirs():
    assert meetings(Answered(BOB, ADA, Answer.MET)) == (
        Meeting(TWO, DAY, Arranged.THEMSELVES, is_open=False),
    )
    assert meetings(Answered(ADA, BOB, Answer.NOT_TODAY)) == ()
    assert meetings(Answered(ADA, BOB, Answer.MET), Answered(ADA, BOB, Answer.RATHER_NOT)) == ()


def test_however_often_it_is_said_two_people_meet_once_a_day():
    told = [Met(ADA, BOB), Met(BOB, ADA), Answered(ADA, BOB, Answer.MET)]
    assert meetings(*told, introduced=[(TWO, DAY)]) == (Meeting(TWO, DAY, Arranged.HOST, is_open=True),)
    tomorrow = DAY + timedelta(days=1)
    assert [each.day for each in meetings((tomorrow, Met(ADA, BOB)), *told)] == [DAY, tomorrow]


def test_a_host_who_noted_it_or_is_one_of_the_two_arranged_it():
    assert meetings(introduced=[(TWO, DAY)]) == (Meeting(TWO, DAY, Arranged.HOST, is_open=True),)
    assert meetings(Met(HUGO, ADA))[0].arranged is Arranged.HOST
    before = [(TWO, DAY - timedelta(days=1))]
    assert meetings(Met(ADA, BOB), introduced=before)[1].arranged is Arranged.THEMSELVES


@pytest.mark.parametrize(
    "shown",
    [
        Introduced(ADA, (Shown(EVE, Slot.ADVICE), Shown(BOB, Slot.PARTNER))),
        Introduced(BOB, (Shown(ADA, Slot.PARTNER),)),
        Paired(Pairing(ADA, BOB, Slot.PARTNER)),
    ],
)
@pytest.mark.parametrize(
    ("before", "arranged"),
    [
        (timedelta(), Arranged.SCREEN),
        (SUGGESTED_FOR, Arranged.SCREEN),
        (SUGGESTED_FOR + timedelta(days=1), Arranged.THEMSELVES),
        (timedelta(days=-1), Arranged.THEMSELVES),
    ],
)
def test_a_screen_that_showed_them_to_each_other_within_a_week_suggested_it(shown, before, arranged):
    assert meetings((DAY - before, shown), Met(ADA, BOB))[0].arranged is arranged


@pytest.mark.parametrize(
    ("days", "arranged"), [(0, Arranged.HOST), (6, Arranged.HOST), (7, Arranged.THEMSELVES)]
)
def test_who_was_asked_by_a_host_to_look_after_somebody_met_them_by_the_host(days, arranged):
    asked = [((BOB, ADA), DAY - timedelta(days=days))]
    assert meetings(Met(ADA, BOB), asked=asked)[0].arranged is arranged
    assert meetings(asked=asked) == (), "being asked is no meeting"


def test_nobody_meets_themselves_and_who_is_not_in_the_directory_is_in_nothing():
    gone = MemberId("gone")
    told = [Met(ADA, ADA), Answered(ADA, ADA, Answer.MET), FoundUseful(ADA, ADA, useful=True)]
    told += [Met(ADA, gone), CheckedIn(gone), FoundUseful(ADA, gone, useful=True), MoodChosen(ADA, Mood.OPEN)]
    nothing = lived(*told, introduced=[((ADA, ADA), DAY), ((ADA, gone), DAY)])
    assert (nothing.meetings, nothing.came, nothing.useful) == ((), {}, {})


def test_who_came_when_and_what_was_useful_last():
    later = DAY + timedelta(days=1)
    known = lived(
        CheckedIn(ADA),
        CheckedIn(ADA),
        (later, CheckedIn(ADA)),
        FoundUseful(ADA, BOB, useful=True),
        (later, FoundUseful(ADA, BOB, useful=False)),
    )
    assert known.came == {ADA: {DAY, later}}
    by_hand = lived(VisitCorrected(BOB, 2), (later, VisitCorrected(ADA, 3, 0, 2)))
    assert by_hand.came == {BOB: {DAY}}, "a time put right is no arrival"
    assert known.useful == {(ADA, BOB): (later, False)}
    assert known.hosts == {HUGO}
