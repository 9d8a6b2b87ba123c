"""What the desk asks besides: a seat at a table, and what came of today's introductions."""

from datetime import datetime, timedelta

import pytest

from community.desk import Desk
from community.desk_rules import Rules
from community.events import Answer
from community.ids import MemberId, TableId
from community.inquiry import Inquiry, Question, WasUseful, WhatCame
from community.outcomes import (
    Arrived,
    LeaveUndone,
    Left,
    Outcome,
    OwnCard,
    Said,
    SaidUseful,
    SameTap,
    SeatGivenUp,
    SeatTaken,
    Unsaid,
)
from community.reads import KnownBadge
from tests.community.samples import ADA, BEN, CAM, HOURS, NINE, badge, paris

ADAS = KnownBadge(badge(1), ADA)
BENS = KnownBadge(badge(2), BEN)
COFFEE = TableId("t-1")
RULES = Rules()
CARD_S = RULES.leave_s + RULES.answer_s
"""Seconds after which an own card asks for a yes: it asks to leave first."""
MET, NOT_TODAY, RATHER_NOT = range(3)
YES, NO = range(2)


class Door:
    """A desk with a clock beside it: taps come at seconds after nine."""

    def __init__(self, *present: MemberId) -> None:
        self.desk = Desk(HOURS, present=dict.fromkeys(present, NINE - timedelta(hours=1)))

    def tap(self, read: KnownBadge, now_s: float) -> Outcome | SameTap:
        self.desk, outcome = self.desk.tap(read, at(now_s), now_s)
        return outcome

    def invited(self, read: KnownBadge, now_s: float, *, coming: bool = False) -> Outcome | SameTap:
        """Tap, and let what is shown offer a seat."""
        outcome = self.tap(read, now_s)
        self.desk = self.desk.offering(COFFEE, now_s, coming=coming)
        return outcome

    def choose_seat(self, now_s: float) -> SeatTaken | SeatGivenUp | None:
        self.desk, outcome = self.desk.choose_seat(at(now_s), now_s)
        return outcome

    def leave(self, *questions: Question) -> None:
        """Let Ada, who is in, leave at 12 seconds, and be asked."""
        assert isinstance(self.tap(ADAS, 10), OwnCard)
        assert isinstance(self.tap(ADAS, 12), Left)
        self.desk = self.desk.asking(questions)

    def say(self, place: int, now_s: float) -> Said | SaidUseful | None:
        self.desk, outcome = self.desk.say(place, now_s)
        return outcome

    def undo(self, now_s: float) -> Outcome | None:
        self.desk, outcome = self.desk.undo(now_s)
        return outcome


def at(now_s: float) -> datetime:
    return NINE + timedelta(seconds=now_s)


# A seat at a table.


@pytest.mark.parametrize("after_s", [RULES.quiet_s, RULES.seat_s])
def test_a_tap_on_a_greeting_that_offers_a_seat_says_yes(after_s: float):
    door = Door()
    assert isinstance(door.invited(ADAS, 0), Arrived)
    assert door.tap(ADAS, after_s) == SeatTaken(ADA, COFFEE)
    assert door.desk.since(ADA, at(after_s)) == NINE


@pytest.mark.parametrize("after_s", [0.5, 2.0, RULES.quiet_s - 0.1])
def test_a_bounce_of_the_arrival_says_nothing(after_s: float):
    door = Door()
    door.invited(ADAS, 0)
    assert isinstance(door.tap(ADAS, after_s), SameTap)


def test_long_after_the_question_a_tap_opens_the_own_card():
    door = Door()
    door.invited(ADAS, 0)
    assert isinstance(door.tap(ADAS, RULES.seat_s + 0.1), OwnCard)


@pytest.mark.parametrize("after_s", [RULES.answer_s, RULES.leave_s])
def test_while_a_card_asks_to_leave_a_tap_leaves_and_never_says_yes(after_s: float):
    door = Door(ADA)
    assert isinstance(door.invited(ADAS, 0), OwnCard)
    assert isinstance(door.tap(ADAS, after_s), Left)
    assert door.desk.seat is None


def test_a_tap_just_after_that_opens_the_card_again_and_says_nothing():
    door = Door(ADA)
    door.invited(ADAS, 0)
    assert isinstance(door.tap(ADAS, RULES.leave_s + 0.5), OwnCard)


def test_a_seat_is_offered_for_as_long_as_a_slow_reader_s_greeting_stays():
    door = Door()
    assert isinstance(door.tap(ADAS, 0), Arrived)
    door.desk = door.desk.offering(COFFEE, 0, coming=False, stays_s=90)
    assert isinstance(door.tap(ADAS, 90), SeatTaken)


def test_once_a_card_has_asked_to_leave_it_asks_for_the_seat():
    door = Door(ADA)
    door.invited(ADAS, 0)
    assert door.tap(ADAS, CARD_S) == SeatTaken(ADA, COFFEE)


def test_somebody_else_s_tap_never_takes_a_seat():
    door = Door(ADA, BEN)
    door.invited(ADAS, 0)
    assert isinstance(door.tap(BENS, CARD_S), OwnCard)
    assert door.desk.seat is None


def test_a_yes_is_taken_back_by_the_next_tap_and_a_bounce_is_not_one():
    door = Door()
    door.invited(ADAS, 0)
    door.tap(ADAS, 6)
    assert isinstance(door.tap(ADAS, 7), SameTap)
    assert door.tap(ADAS, 8) == SeatGivenUp(ADA, COFFEE)
    repeat = door.tap(ADAS, 8.5)
    assert isinstance(repeat, SameTap)
    assert repeat.outcome == SeatGivenUp(ADA, COFFEE)


def test_somebody_else_takes_nobody_s_yes_back():
    door = Door(BEN)
    door.invited(ADAS, 0)
    door.tap(ADAS, 6)
    assert isinstance(door.tap(BENS, 8), OwnCard)


def test_a_yes_is_taken_back_by_key_as_long_as_that_is_offered():
    door = Door()
    door.invited(ADAS, 0)
    door.tap(ADAS, 6)
    assert door.undo(6 + RULES.undo_s + 0.1) is None
    assert door.undo(6 + RULES.undo_s) == SeatGivenUp(ADA, COFFEE)


def test_the_key_says_yes_and_no_after_all():
    door = Door(ADA)
    door.invited(ADAS, 0)
    assert door.choose_seat(1) == SeatTaken(ADA, COFFEE)
    assert door.choose_seat(30) == SeatGivenUp(ADA, COFFEE)


def test_who_is_expected_already_is_asked_by_no_tap():
    door = Door(ADA)
    door.invited(ADAS, 0, coming=True)
    assert isinstance(door.tap(ADAS, CARD_S), OwnCard)


def test_the_key_means_nothing_where_no_seat_is_offered_or_nobody_is_in():
    door = Door(ADA)
    assert door.choose_seat(0) is None
    door.tap(ADAS, 0)
    assert door.choose_seat(1) is None
    door.desk = door.desk.offering(COFFEE, 0, coming=False)
    closed = paris(2026, 3, 5, 20)
    assert door.desk.choose_seat(closed, 3)[1] is None
    assert not isinstance(door.desk.tap(ADAS, closed, CARD_S)[1], SeatTaken)
    door.desk = door.desk.screen_cleared()
    assert door.choose_seat(4) is None


# What came of it.


def test_who_leaves_is_asked_about_one_person_after_the_other():
    door = Door(ADA)
    door.leave(WhatCame(BEN), WhatCame(CAM))
    assert door.say(NOT_TODAY, 14) == Said(ADA, BEN, Answer.NOT_TODAY)
    assert door.say(RATHER_NOT, 16) == Said(ADA, CAM, Answer.RATHER_NOT)
    assert door.say(MET, 18) is None


def test_who_met_is_asked_whether_it_was_useful():
    door = Door(ADA)
    door.leave(WhatCame(BEN))
    assert door.say(MET, 14) == Said(ADA, BEN, Answer.MET)
    assert door.say(NO, 15) == SaidUseful(ADA, BEN, useful=False)


def test_an_answer_that_is_not_offered_is_none():
    door = Door(ADA)
    door.leave(WasUseful(BEN))
    assert door.say(2, 14) is None
    assert door.say(-1, 14) is None
    assert Inquiry(ADA, (WhatCame(BEN),)).say(3) is None
    assert door.say(YES, 14) == SaidUseful(ADA, BEN, useful=True)


def test_answers_are_taken_back_one_by_one_and_then_the_leaving():
    door = Door(ADA)
    door.leave(WhatCame(BEN))
    door.say(MET, 14)
    door.say(YES, 16)
    assert door.undo(17) == Unsaid(SaidUseful(ADA, BEN, useful=True))
    assert door.undo(18) == Unsaid(Said(ADA, BEN, Answer.MET))
    assert door.say(NOT_TODAY, 19) == Said(ADA, BEN, Answer.NOT_TODAY)
    assert door.undo(20) == Unsaid(Said(ADA, BEN, Answer.NOT_TODAY))
    assert isinstance(door.undo(21), LeaveUndone)
    assert door.desk.inquiry is None


def test_the_badge_that_left_stays_after_all_whatever_was_answered():
    door = Door(ADA)
    door.leave(WhatCame(BEN), WhatCame(CAM))
    door.say(MET, 20)
    assert isinstance(door.tap(ADAS, 25), LeaveUndone)


def test_the_questions_and_the_way_back_stand_longer_than_a_farewell_without_any():
    assert RULES.ask_s > RULES.undo_s
    door = Door(ADA)
    door.leave(WhatCame(BEN))
    assert door.desk.farewell_s() == RULES.ask_s
    assert door.say(MET, 12 + RULES.ask_s + 0.1) is None
    assert door.say(MET, 12 + RULES.ask_s) is not None
    door.say(YES, 12 + RULES.ask_s)
    assert door.desk.farewell_s() == RULES.undo_s


def test_without_questions_and_without_a_farewell_nothing_is_asked():
    door = Door(ADA)
    assert door.desk.asking((WhatCame(BEN),)) == door.desk
    door.leave()
    assert door.desk.inquiry is None
    assert door.say(MET, 14) is None


def test_the_next_person_takes_the_screen_and_the_questions_go():
    door = Door(ADA, BEN)
    door.leave(WhatCame(CAM))
    door.tap(BENS, 14)
    assert door.say(MET, 15) is None
