"""A badge that needs its member's PIN: when the desk asks for one, and when it does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from community.badges import BadgeHash
from community.clock import Hours
from community.desk import Desk
from community.ids import MemberId, TableId
from community.outcomes import Arrived, Left, MetEachOther, OwnCard
from community.reads import KnownBadge, PinAsked

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DESK = Desk(Hours(ZoneInfo("Europe/Paris")))
LEA = KnownBadge(BadgeHash("k1:01"), MemberId("lea"), needs_pin=True)
AMINA = KnownBadge(BadgeHash("k1:02"), MemberId("amina"))
LEA_PROVEN = replace(LEA, needs_pin=False)


def tap(desk: Desk, read: KnownBadge, second: float):
    return desk.tap(read, T0 + timedelta(seconds=second), second)


def test_nothing_has_happened_until_the_pin_is_right():
    desk, outcome = tap(DESK, LEA, 0)
    assert desk is DESK
    assert outcome == PinAsked(LEA)
    desk, outcome = tap(desk, LEA_PROVEN, 5)
    assert isinstance(outcome, Arrived)


def test_while_their_own_greeting_card_or_farewell_is_shown_no_second_pin_is_asked_for():
    desk, _ = tap(DESK, LEA_PROVEN, 0)
    desk, outcome = tap(desk, LEA, 10)
    assert isinstance(outcome, OwnCard)
    desk, outcome = tap(desk, LEA, 13)
    assert isinstance(outcome, Left)
    assert not isinstance(tap(desk, LEA, 15)[1], PinAsked)
    assert isinstance(tap(desk, LEA, 60)[1], PinAsked)
    assert isinstance(tap(desk.screen_cleared(), LEA, 15)[1], PinAsked)


def test_somebody_else_s_card_is_not_theirs():
    desk, _ = tap(DESK, LEA_PROVEN, 0)
    desk, _ = tap(desk, AMINA, 10)
    assert isinstance(tap(desk, LEA, 12)[1], PinAsked)


def test_a_meeting_can_be_taken_back_without_a_pin():
    desk, _ = tap(DESK, LEA_PROVEN, 0)
    desk, _ = tap(desk, AMINA, 10)
    desk, _ = tap(desk, AMINA, 20)
    desk, outcome = tap(desk, LEA_PROVEN, 23)
    assert outcome == MetEachOther(AMINA.member_id, LEA.member_id)
    assert not isinstance(tap(desk, LEA, 26)[1], PinAsked)
    assert isinstance(tap(desk, LEA, 40)[1], PinAsked)


def test_a_question_waits_while_a_pin_is_typed():
    desk, _ = tap(DESK, AMINA, 0)
    desk, _ = tap(desk, LEA_PROVEN, 1)
    desk, _ = tap(desk, AMINA, 20)
    asked, outcome = tap(desk, LEA, 23)
    assert isinstance(outcome, PinAsked)
    assert isinstance(tap(asked, LEA_PROVEN, 40)[1], OwnCard)
    assert isinstance(tap(asked.paused(17), LEA_PROVEN, 40)[1], MetEachOther)
    assert DESK.paused(17) == DESK


def test_a_key_leaves_while_the_card_asks_and_not_later():
    desk, _ = tap(DESK, LEA_PROVEN, 0)
    assert desk.leave(T0, 1)[1] is None
    desk, _ = tap(desk, LEA_PROVEN, 10)
    left, outcome = desk.leave(T0 + timedelta(seconds=12), 12)
    assert outcome == Left(LEA.member_id, T0, T0 + timedelta(seconds=12))
    assert left.present == {}
    assert desk.leave(T0, 30)[1] is None
    assert left.leave(T0, 13)[1] is None


def test_a_seat_is_taken_without_a_second_pin():
    desk, _ = tap(DESK, LEA_PROVEN, 0)
    desk = desk.offering(TableId("coffee"), 0, coming=False)
    assert not isinstance(tap(desk, LEA, 10)[1], PinAsked)
