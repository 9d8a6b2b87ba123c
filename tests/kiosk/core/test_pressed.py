"""What keys mean, and what is offered to whoever has no badge with them."""

from dataclasses import replace
from datetime import timedelta

from community.badges import BadgeHash, label_number
from community.clock import Stamp
from community.desk import Desk
from community.events import CheckedIn, Record
from community.ids import TableId
from community.inquiry import Inquiry, WhatCame
from community.outcomes import LeaveUndone, Left, MoodSet, OwnCard, Said, SeatTaken
from community.pins import MemberPin
from community.reads import KnownBadge
from kiosk.core.inbox import Key, trace_of
from kiosk.core.keys import LEAVE_KEY, TABLE_KEY, UNDO_KEY
from kiosk.core.pressed import meaning_of
from tests.fakes.community import AMINA, LEA, badge_of, directory_of
from tests.fakes.rooms import NOON, PARIS, House

READ = KnownBadge(badge_of(LEA), LEA.id)


def meant(desk: Desk, key: str, second: float = 12.0):
    return meaning_of(Key(key, second), desk, NOON + timedelta(seconds=second))[1]


def card() -> Desk:
    """Léa's own card, ten seconds after she came."""
    desk, _ = Desk(PARIS).tap(READ, NOON, 0)
    desk, outcome = desk.tap(READ, NOON + timedelta(seconds=10), 10)
    assert isinstance(outcome, OwnCard)
    return desk


def test_each_key_has_its_meaning_on_the_screen_it_is_for():
    desk = card()
    assert isinstance(meant(desk, "1"), MoodSet)
    assert isinstance(meant(desk, LEAVE_KEY), Left)
    assert meant(desk, UNDO_KEY) is None
    assert isinstance(meant(desk.offering(TableId("coffee"), 10, coming=False), TABLE_KEY), SeatTaken)
    left, _ = desk.leave(NOON + timedelta(seconds=11), 11)
    assert isinstance(meant(left, UNDO_KEY), LeaveUndone)
    assert isinstance(meant(replace(left, inquiry=Inquiry(LEA.id, (WhatCame(AMINA.id),))), "1"), Said)
    assert meant(desk, "x") is None


def test_the_way_in_without_a_badge_is_offered_where_somebody_has_a_pin():
    nobody = House.of(directory_of())
    assert nobody.lobby().forgotten is None
    assert nobody.room._presenter(nobody.desk).random().forgotten is None
    pins = {LEA.id: MemberPin(LEA.id, "")}
    house = House.of(replace(directory_of(), pins=pins))
    assert house.lobby().forgotten.key == "0"
    random = house.room._presenter(house.desk).random()
    assert random.forgotten.label in {"Badge forgotten?", "Badge oublié\u202f?"}
    assert random.lines != nobody.room._presenter(nobody.desk).random().lines


def test_only_the_card_of_somebody_with_a_pin_names_the_key_that_leaves():
    house = House.of(replace(directory_of(), pins={LEA.id: MemberPin(LEA.id, "")}))
    for member in (LEA, AMINA):
        house.tap(member)
        house.tap(member)
    lines = [view.leave_line for view in house.views if hasattr(view, "leave_line")]
    assert [LEAVE_KEY in line for line in lines] == [True, False]


def test_a_trace_tells_how_long_it_took():
    record = Record(7, Stamp(1, "boot", 1, synced=True), CheckedIn(LEA.id))
    trace = trace_of("Arrived", LEA.id, [record], 2, 10.0, 10.005, 10.02)
    assert (trace.seqs, trace.introduced, trace.read_s) == ((7,), 2, 10.0)
    assert (round(trace.committed_ms), round(trace.shown_ms)) == (5, 20)


def test_the_number_on_a_label_is_twelve_digits():
    assert len(label_number(BadgeHash("k1:00"))) == 12
