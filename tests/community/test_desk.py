"""The desk: every row of the table in the design that one tap decides, and every way to take it back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from community.badges import BadgeStatus
from community.desk import Desk
from community.desk_rules import Rules
from community.ids import MemberId
from community.members import Mood
from community.outcomes import (
    Arrived,
    CannotLink,
    LeaveUndone,
    Left,
    MetEachOther,
    MetUndone,
    MoodSet,
    Outcome,
    OwnCard,
    Refused,
    SameTap,
    Unknown,
)
from community.reads import ClosedBadge, KnownBadge, RandomNumber, Read, StrangeBadge
from tests.community.samples import ADA, BEN, CAM, HOURS, NINE, badge, paris

ADAS = KnownBadge(badge(1), ADA)
ADAS_OTHER = KnownBadge(badge(11), ADA)
BENS = KnownBadge(badge(2), BEN)
CAMS = KnownBadge(badge(3), CAM)
STRANGE = StrangeBadge(badge(9))
LOST = ClosedBadge(badge(8), BadgeStatus.LOST)
RANDOM = RandomNumber()


class Door:
    """A desk with a clock beside it: taps come at seconds after nine."""

    def __init__(self, *present: MemberId) -> None:
        self.desk = Desk(HOURS, present=dict.fromkeys(present, NINE - timedelta(hours=1)))

    def tap(self, read: Read, now_s: float) -> Outcome | SameTap:
        """Lay a badge on the reader at `now_s`."""
        self.desk, outcome = self.desk.tap(read, at(now_s), now_s)
        return outcome

    def undo(self, now_s: float) -> LeaveUndone | MetUndone | None:
        """Press the key that takes back."""
        self.desk, outcome = self.desk.undo(now_s)
        return outcome

    def present(self, now_s: float = 0) -> tuple[MemberId, ...]:
        """Return who is in."""
        return self.desk.present_at(at(now_s))


def at(now_s: float) -> datetime:
    """Return the wall time `now_s` seconds after nine."""
    return NINE + timedelta(seconds=now_s)


EARLIER = at(-3600)
"""When those who are in at the start of a test came."""


# The first tap of a day.


def test_the_first_tap_of_the_day_is_an_arrival():
    door = Door()
    assert door.tap(ADAS, 0) == Arrived(ADA, NINE)
    assert door.present() == (ADA,)


def test_a_tap_on_a_new_day_with_yesterday_never_closed_is_an_arrival():
    yesterday = paris(2026, 3, 4, 18)
    desk = Desk(HOURS, present={ADA: yesterday})
    assert desk.since(ADA, NINE) is None
    desk, outcome = desk.tap(ADAS, NINE, 0)
    assert outcome == Arrived(ADA, NINE)
    assert desk.since(ADA, NINE) == NINE


def test_whoever_comes_after_closing_is_in_until_the_day_turns():
    late = paris(2026, 3, 5, 21)
    desk, outcome = Desk(HOURS).tap(ADAS, late, 0)
    assert outcome == Arrived(ADA, late)
    assert desk.since(ADA, paris(2026, 3, 6, 3, 59)) == late
    assert desk.since(ADA, paris(2026, 3, 6, 4)) is None


def test_presence_ends_by_itself_at_closing_time():
    door = Door(ADA)
    closing = paris(2026, 3, 5, 20)
    assert door.desk.present_at(closing - timedelta(microseconds=1)) == (ADA,)
    assert door.desk.present_at(closing) == ()


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        Desk(HOURS).tap(ADAS, NINE.replace(tzinfo=None), 0)


# Again within the quiet period.


def test_again_within_the_quiet_period_shows_the_same_and_records_nothing():
    door = Door()
    arrived = door.tap(ADAS, 0)
    before = door.desk
    assert door.tap(ADAS, 4.9) == SameTap(arrived)
    assert door.desk == before


def test_the_quiet_period_is_over_after_five_seconds():
    door = Door()
    door.tap(ADAS, 0)
    assert door.tap(ADAS, 5) == OwnCard(ADA, NINE)


def test_a_repeat_does_not_prolong_the_quiet_period():
    door = Door()
    door.tap(ADAS, 0)
    door.tap(ADAS, 4)
    assert door.tap(ADAS, 5) == OwnCard(ADA, NINE)


def test_another_badge_of_the_same_member_is_another_tap():
    door = Door()
    door.tap(ADAS, 0)
    assert door.tap(ADAS_OTHER, 1) == OwnCard(ADA, NINE)


def test_the_quiet_period_is_a_setting():
    desk = Desk(HOURS, Rules(quiet_s=1))
    desk, _ = desk.tap(ADAS, NINE, 0)
    assert desk.tap(ADAS, NINE, 1)[1] == OwnCard(ADA, NINE)


def test_a_wall_clock_that_jumps_changes_neither_quiet_nor_questions():
    door = Door(ADA)
    desk, _ = door.desk.tap(ADAS, NINE, 0)
    hours_later = NINE + timedelta(hours=3)
    assert desk.tap(ADAS, hours_later, 1)[1] == SameTap(OwnCard(ADA, EARLIER))
    assert desk.tap(ADAS, hours_later, 2)[1] == Left(ADA, EARLIER, hours_later)


# Later: one's own card, and leaving.


def test_again_later_is_ones_own_card():
    door = Door(ADA)
    assert door.tap(ADAS, 0) == OwnCard(ADA, EARLIER)
    assert door.present() == (ADA,)
    assert door.desk.faced == ADA


def test_a_tap_while_the_own_card_asks_checks_out():
    door = Door(ADA, BEN)
    door.tap(ADAS, 0)
    assert door.tap(ADAS, 8) == Left(ADA, EARLIER, at(8))
    assert door.present(8) == (BEN,)
    assert door.desk.faced is None


def test_any_badge_of_the_member_answers_the_question():
    door = Door(ADA)
    door.tap(ADAS, 0)
    assert door.tap(ADAS_OTHER, 3) == Left(ADA, EARLIER, at(3))


def test_a_bounce_is_not_an_answer():
    door = Door(ADA)
    card = door.tap(ADAS, 0)
    assert door.tap(ADAS, 1.4) == SameTap(card)
    assert door.tap(ADAS, 1.5) == Left(ADA, EARLIER, at(1.5))


def test_a_tap_after_the_question_is_gone_opens_the_card_again():
    door = Door(ADA)
    door.tap(ADAS, 0)
    assert door.tap(ADAS, 8.1) == OwnCard(ADA, EARLIER)


def test_a_question_the_screen_no_longer_shows_cannot_be_answered():
    door = Door(ADA)
    card = door.tap(ADAS, 0)
    door.desk = door.desk.screen_cleared()
    assert door.desk.faced is None
    assert door.tap(ADAS, 3) == SameTap(card)
    assert door.tap(ADAS, 6) == OwnCard(ADA, EARLIER)


def test_a_check_out_while_the_card_still_asked_at_closing_time_is_no_arrival():
    closing = paris(2026, 3, 5, 20)
    desk, _ = Door(ADA).desk.tap(ADAS, closing - timedelta(seconds=1), 0)
    desk, outcome = desk.tap(ADAS, closing + timedelta(seconds=1), 2)
    assert outcome == Left(ADA, EARLIER, closing + timedelta(seconds=1))
    assert desk.present_at(closing) == ()


def test_a_check_out_can_be_taken_back_with_the_badge():
    door = Door(ADA)
    door.tap(ADAS, 0)
    door.tap(ADAS, 2)
    assert door.tap(ADAS, 10) == LeaveUndone(ADA, EARLIER)
    assert door.present(10) == (ADA,)
    assert door.desk.since(ADA, at(10)) == EARLIER


def test_a_check_out_can_be_taken_back_with_a_key():
    door = Door(ADA)
    door.tap(ADAS, 0)
    door.tap(ADAS, 2)
    assert door.undo(10) == LeaveUndone(ADA, EARLIER)
    assert door.present(10) == (ADA,)
    assert door.desk.faced == ADA
    assert door.undo(10) is None


def test_after_a_check_out_was_taken_back_a_repeat_says_so():
    door = Door(ADA)
    door.tap(ADAS, 0)
    door.tap(ADAS, 2)
    door.undo(3)
    assert door.tap(ADAS, 4) == SameTap(LeaveUndone(ADA, EARLIER))


def test_a_check_out_stands_once_the_time_to_take_it_back_is_over():
    door = Door(ADA)
    door.tap(ADAS, 0)
    door.tap(ADAS, 2)
    assert door.undo(10.1) is None
    assert door.tap(ADAS, 10.1) == Arrived(ADA, at(10.1))


def test_nobody_elses_badge_takes_back_a_check_out():
    door = Door(ADA, BEN)
    door.tap(ADAS, 0)
    door.tap(ADAS, 2)
    assert door.tap(BENS, 4) == OwnCard(BEN, EARLIER)
    assert door.present(4) == (BEN,)


# Two members.


def test_a_member_who_is_in_taps_while_anothers_card_is_shown_and_they_met():
    door = Door(ADA, BEN)
    door.tap(ADAS, 0)
    assert door.tap(BENS, 8) == MetEachOther(ADA, BEN)
    assert door.present(8) == (ADA, BEN)
    assert door.desk.faced is None


def test_a_card_that_asks_no_more_makes_no_meeting():
    door = Door(ADA, BEN)
    door.tap(ADAS, 0)
    assert door.tap(BENS, 8.1) == OwnCard(BEN, EARLIER)


def test_nobody_meets_somebody_whose_visit_has_just_ended():
    closing = paris(2026, 3, 5, 20)
    late = closing + timedelta(seconds=2)
    desk = Desk(HOURS, present={ADA: NINE, BEN: closing})
    desk, _ = desk.tap(ADAS, closing - timedelta(seconds=2), 0)
    assert desk.tap(BENS, late, 4)[1] == OwnCard(BEN, closing)


def test_another_member_arriving_while_a_card_is_shown_gets_their_own_greeting():
    door = Door(ADA)
    door.tap(ADAS, 0)
    assert door.tap(BENS, 3) == Arrived(BEN, at(3))
    assert door.desk.faced == BEN
    assert door.desk.asked is None


def test_another_member_arriving_during_a_greeting_gets_their_own():
    door = Door()
    door.tap(ADAS, 0)
    assert door.tap(BENS, 1) == Arrived(BEN, at(1))
    assert door.present(1) == (ADA, BEN)


def test_a_member_who_is_in_and_taps_during_a_greeting_opens_their_card():
    door = Door(BEN)
    door.tap(ADAS, 0)
    assert door.tap(BENS, 1) == OwnCard(BEN, EARLIER)


@pytest.mark.parametrize("who", [ADAS, BENS])
def test_either_badge_takes_back_a_meeting(who: KnownBadge):
    door = Door(ADA, BEN)
    door.tap(ADAS, 0)
    door.tap(BENS, 2)
    assert door.tap(who, 10) == MetUndone(ADA, BEN)
    assert door.present(10) == (ADA, BEN)


def test_a_key_takes_back_a_meeting_and_a_repeat_says_so():
    door = Door(ADA, BEN)
    door.tap(ADAS, 0)
    door.tap(BENS, 2)
    assert door.undo(3) == MetUndone(ADA, BEN)
    assert door.tap(BENS, 4) == SameTap(MetUndone(ADA, BEN))


def test_a_repeat_of_the_second_badge_is_not_yet_taking_back():
    door = Door(ADA, BEN)
    door.tap(ADAS, 0)
    met = door.tap(BENS, 2)
    assert door.tap(BENS, 3.4) == SameTap(met)


def test_a_third_member_neither_joins_nor_undoes_a_meeting():
    door = Door(ADA, BEN, CAM)
    door.tap(ADAS, 0)
    door.tap(BENS, 2)
    assert door.tap(CAMS, 5) == OwnCard(CAM, EARLIER)
    assert door.undo(6) is None


def test_a_meeting_stands_once_the_time_to_take_it_back_is_over():
    door = Door(ADA, BEN)
    door.tap(ADAS, 0)
    door.tap(BENS, 2)
    assert door.undo(10.1) is None
    assert door.tap(BENS, 10.1) == OwnCard(BEN, EARLIER)


def test_there_is_nothing_to_take_back_while_a_card_asks():
    door = Door(ADA)
    door.tap(ADAS, 0)
    assert door.undo(1) is None


# Badges that open nothing.


def test_an_unknown_badge_is_never_a_dead_end_and_a_repeat_is_the_same():
    door = Door(ADA)
    door.tap(ADAS, 0)
    unknown = door.tap(STRANGE, 1)
    assert unknown == Unknown(STRANGE.badge)
    assert (door.desk.asked, door.desk.faced) == (None, None)
    assert door.tap(STRANGE, 5.9) == SameTap(unknown)
    assert door.tap(STRANGE, 6) == unknown


def test_a_badge_linked_while_its_code_is_on_the_screen_works_at_once():
    door = Door()
    door.tap(STRANGE, 0)
    assert door.tap(KnownBadge(STRANGE.badge, ADA), 2) == Arrived(ADA, at(2))


def test_a_badge_reported_lost_while_its_card_is_shown_is_refused_at_once():
    door = Door(ADA)
    door.tap(ADAS, 0)
    assert door.tap(ClosedBadge(ADAS.badge, BadgeStatus.LOST), 2) == Refused(ADAS.badge, BadgeStatus.LOST)


@pytest.mark.parametrize("status", [BadgeStatus.LOST, BadgeStatus.REVOKED])
def test_a_revoked_or_lost_badge_is_sent_to_the_host(status: BadgeStatus):
    door = Door()
    refused = door.tap(ClosedBadge(badge(8), status), 0)
    assert refused == Refused(badge(8), status)
    assert door.tap(ClosedBadge(badge(8), status), 1) == SameTap(refused)


def test_a_badge_found_again_works_at_once():
    door = Door()
    door.tap(LOST, 0)
    assert door.tap(KnownBadge(LOST.badge, ADA), 1) == Arrived(ADA, at(1))


def test_a_random_number_is_explained_every_time_and_clears_the_question():
    door = Door(ADA)
    door.tap(ADAS, 0)
    assert door.tap(RANDOM, 1) == CannotLink()
    assert door.tap(RANDOM, 1.2) == CannotLink()
    assert (door.desk.asked, door.desk.faced) == (None, None)


# Moods.


def test_a_mood_is_chosen_by_the_person_on_the_screen():
    door = Door()
    door.tap(ADAS, 0)
    before = door.desk
    door.desk, outcome = door.desk.choose_mood(Mood.OPEN, at(1))
    assert outcome == MoodSet(ADA, Mood.OPEN)
    assert door.desk == before


def test_nobody_on_the_screen_nobody_chooses_a_mood():
    assert Door(ADA).desk.choose_mood(Mood.OPEN, NINE)[1] is None


def test_whoever_has_left_chooses_no_mood():
    door = Door(ADA)
    desk = replace(door.desk, faced=ADA)
    assert desk.choose_mood(Mood.OPEN, paris(2026, 3, 5, 20))[1] is None


# Who is shown.


def test_those_present_stand_in_the_order_they_came():
    desk = Desk(HOURS, present={CAM: NINE, BEN: NINE, ADA: at(1)})
    assert desk.present_at(at(2)) == (BEN, CAM, ADA)
