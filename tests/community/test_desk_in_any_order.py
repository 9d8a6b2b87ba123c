"""The desk under any taps in any order: what holds whatever people do."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from community.badges import BadgeHash, BadgeStatus
from community.desk import Desk
from community.events import CheckedIn, CheckedOut, CheckOutUndone, Event, MeetingUndone, Met
from community.ids import MemberId, TableId
from community.inquiry import WhatCame
from community.members import Mood
from community.outcomes import (
    Arrived,
    LeaveUndone,
    Left,
    MetEachOther,
    MetUndone,
    Outcome,
    OwnCard,
    Said,
    SaidUseful,
    SameTap,
    SeatGivenUp,
    SeatTaken,
    Unsaid,
    events_of,
)
from community.reads import ClosedBadge, KnownBadge, RandomNumber, Read, StrangeBadge
from community.visits import Visits
from tests.community.samples import ADA, BEN, CAM, DAN, HOURS, NINE, badge, paris

READS: tuple[Read, ...] = (
    KnownBadge(badge(1), ADA),
    KnownBadge(badge(11), ADA),
    KnownBadge(badge(2), BEN),
    KnownBadge(badge(3), CAM),
    StrangeBadge(badge(9)),
    ClosedBadge(badge(8), BadgeStatus.REVOKED),
    RandomNumber(),
)

UNDO = "undo"
CLEAR = "clear"
SEAT = "seat"
TABLE = TableId("t-1")

GAPS_S = st.sampled_from(
    [0.0, 0.4, 1.4, 1.5, 2.0, 3.0, 4.9, 5.0, 7.9, 8.0, 8.1, 9.6, 30.0, 3_600.0, 20_000.0]
)
DEEDS = st.one_of(
    st.sampled_from(READS),
    st.sampled_from([UNDO, CLEAR, SEAT]),
    st.sampled_from([0, 1, 2]),
    st.sampled_from(Mood),
)
STEPS = st.lists(st.tuples(GAPS_S, DEEDS), max_size=40)
STARTS = st.sampled_from(
    [NINE, paris(2026, 3, 28, 19, 59), paris(2026, 10, 24, 23), paris(2026, 10, 25, 2, 30)]
)


@dataclass
class Walk:
    """A desk, the log it writes, and the fold of that log, through one sequence of deeds."""

    at: datetime = NINE
    now_s: float = 0.0
    desk: Desk = field(default_factory=lambda: Desk(HOURS))
    visits: Visits = field(default_factory=lambda: Visits(HOURS))
    log: list[Event] = field(default_factory=list)

    def step(self, gap_s: float, deed: Read | Mood | str | int) -> Outcome | SameTap | None:
        """Wait, then do one thing; the log gets what it means."""
        self.now_s += gap_s
        self.at += timedelta(seconds=gap_s)
        outcome: Outcome | SameTap | None = None
        match deed:
            case "undo":
                self.desk, outcome = self.desk.undo(self.now_s)
            case "seat":
                self.desk, outcome = self.desk.choose_seat(self.at, self.now_s)
            case int():
                self.desk, outcome = self.desk.say(deed, self.now_s)
            case "clear":
                self.desk = self.desk.screen_cleared()
            case Mood():
                self.desk, outcome = self.desk.choose_mood(deed, self.at)
            case KnownBadge() | StrangeBadge() | ClosedBadge() | RandomNumber():
                self.desk, outcome = self.desk.tap(deed, self.at, self.now_s)
        if outcome is not None and not isinstance(outcome, SameTap):
            for event in events_of(outcome):
                self.log.append(event)
                self.visits.add(self.at, event)
            self.ask(outcome)
        return outcome

    def ask(self, outcome: Outcome) -> None:
        """Let the screen ask what it asks besides: everybody is invited, and asked about Dan."""
        match outcome:
            case Left():
                self.desk = self.desk.asking((WhatCame(DAN),))
            case Arrived() | OwnCard() | LeaveUndone() | SeatGivenUp():
                self.desk = self.desk.offering(TABLE, self.now_s, coming=False)
            case _:
                pass


def badge_of(deed: Read | Mood | str | int) -> BadgeHash | None:
    """Return the badge of a tap; `None` for what is not one."""
    return deed.badge if isinstance(deed, KnownBadge | StrangeBadge | ClosedBadge) else None


@given(STARTS, STEPS)
def test_the_log_folds_to_the_people_the_desk_sees(start: datetime, steps: list):
    walk = Walk(start)
    for step in steps:
        walk.step(*step)
        folded = {visit.member_id: visit.arrived for visit in walk.visits.present(walk.at)}
        assert folded == {m: walk.desk.since(m, walk.at) for m in walk.desk.present_at(walk.at)}
        assert tuple(folded) == walk.desk.present_at(walk.at)


@given(STARTS, STEPS)
def test_nobody_is_present_twice(start: datetime, steps: list):
    walk = Walk(start)
    for step in steps:
        walk.step(*step)
        present = walk.desk.present_at(walk.at)
        assert len(set(present)) == len(present)


@given(STARTS, STEPS)
def test_every_check_out_had_an_arrival_and_every_undo_a_deed(start: datetime, steps: list):
    walk = Walk(start)
    for step in steps:
        walk.step(*step)
    inside: set[MemberId] = set()
    met: list[frozenset[MemberId]] = []
    for event in walk.log:
        match event:
            case CheckedIn(member=member):
                inside.add(member)
            case CheckedOut(member=member):
                assert member in inside
                inside.remove(member)
            case CheckOutUndone(member=member):
                assert member not in inside
                inside.add(member)
            case Met(first=first, second=second):
                assert {first, second} <= inside
                assert first != second
                met.append(frozenset({first, second}))
            case MeetingUndone(first=first, second=second):
                assert met.pop() == {first, second}
            case _:
                pass


@given(STARTS, STEPS)
def test_leaving_needs_the_own_card_and_a_tap_while_it_asks(start: datetime, steps: list):
    walk = Walk(start)
    for step in steps:
        asked = walk.desk.asked
        outcome = walk.step(*step)
        if isinstance(outcome, Left):
            assert asked is not None
            assert isinstance(asked.outcome, OwnCard)
            assert asked.outcome.member_id == outcome.member_id
            assert walk.desk.rules.answer_s <= walk.now_s - asked.now_s <= walk.desk.rules.leave_s


@given(STARTS, STEPS)
def test_a_yes_is_said_by_the_person_on_the_screen_and_never_while_it_asks_to_leave(
    start: datetime, steps: list
):
    walk = Walk(start)
    for gap_s, deed in steps:
        before = walk.desk
        outcome = walk.step(gap_s, deed)
        if isinstance(outcome, SeatTaken):
            assert before.faced == outcome.member_id
            asks_to_leave = before.asked is not None and isinstance(before.asked.outcome, OwnCard)
            if deed != SEAT and asks_to_leave and before.asked is not None:
                assert walk.now_s - before.asked.now_s >= before.rules.leave_s + before.rules.answer_s


@given(STARTS, STEPS)
def test_answers_are_only_given_by_whoever_has_just_left(start: datetime, steps: list):
    walk = Walk(start)
    for step in steps:
        asked = walk.desk.asked
        outcome = walk.step(*step)
        if isinstance(outcome, Said | SaidUseful | Unsaid):
            assert asked is not None
            assert isinstance(asked.outcome, Left)
            assert asked.outcome.member_id == outcome.member_id
            assert walk.desk.since(outcome.member_id, walk.at) is None


@given(STARTS, STEPS)
def test_a_badge_inside_the_quiet_period_records_nothing_unless_it_answers(start: datetime, steps: list):
    walk = Walk(start)
    last_s: dict[BadgeHash, float] = {}
    for gap_s, deed in steps:
        before = walk.desk
        outcome = walk.step(gap_s, deed)
        tapped = badge_of(deed)
        if isinstance(outcome, SameTap):
            assert walk.desk == before
            assert tapped is not None
            assert walk.now_s - last_s[tapped] < before.rules.quiet_s
        elif tapped is not None:
            quiet = walk.now_s - last_s.get(tapped, -1_000) < before.rules.quiet_s
            assert not quiet or isinstance(outcome, Left | LeaveUndone | MetUndone | SeatGivenUp)
            last_s[tapped] = walk.now_s


@given(STARTS, STEPS)
def test_taking_back_restores_exactly_who_was_in(start: datetime, steps: list):
    walk = Walk(start)
    before_deed = walk.desk
    for step in steps:
        before = walk.desk
        outcome = walk.step(*step)
        if isinstance(outcome, Left | MetEachOther):
            before_deed = before
        if isinstance(outcome, LeaveUndone | MetUndone):
            assert walk.desk.present == before_deed.present
            assert walk.desk.asked is None


@given(STEPS, st.lists(st.integers(-60, 60), min_size=40, max_size=40))
def test_a_wall_clock_that_jumps_within_a_visit_changes_no_meaning(steps: list, jumps_s: list[int]):
    steady, jumping = Desk(HOURS), Desk(HOURS)
    at, now_s = NINE + timedelta(hours=1), 0.0
    for (gap_s, deed), jump_s in zip(steps, jumps_s, strict=False):
        now_s += min(gap_s, 30)
        if isinstance(deed, Mood | str | int):
            continue
        steady, one = steady.tap(deed, at, now_s)
        jumping, other = jumping.tap(deed, at + timedelta(minutes=jump_s), now_s)
        assert type(one) is type(other)
        assert steady.present.keys() == jumping.present.keys()


@given(STARTS, STEPS)
def test_the_desk_remembers_no_badge_longer_than_the_quiet_period_before_the_last_tap(
    start: datetime, steps: list
):
    walk = Walk(start)
    for step in steps:
        walk.step(*step)
        kept = [tap.now_s for tap in walk.desk.recent.values()]
        assert all(max(kept) - then_s < walk.desk.rules.quiet_s for then_s in kept)
