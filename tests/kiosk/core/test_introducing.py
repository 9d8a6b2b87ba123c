"""Whom the kiosk introduces, from what it knows at that moment; and above all whom it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from community.events import (
    Answer,
    Answered,
    CheckedIn,
    FoundUseful,
    Introduced,
    Met,
    Paired,
    Shown,
    TableAnswered,
)
from community.ids import MemberId, TableId
from community.inquiry import WasUseful, WhatCame
from community.introductions.ground import Ground
from community.introductions.pairing import DayPlan, Origin, Pairing, PairPast, PersonPast, pair
from community.introductions.reasons import HostSays, NewHere
from community.introductions.rules import plan_hour
from community.introductions.slots import Slot
from community.introductions.tables import Occasion, Table
from community.introductions.weights import Weights
from community.introductions.wording import TextModel
from community.members import Member, Space
from kiosk.core.directory import Directory
from kiosk.core.farewell import ASKED_EACH, questions_to
from kiosk.core.lore import first_lore, lore_of
from kiosk.core.room import Room, Scenery
from kiosk.core.views import Farewell, Greeting, View
from kiosk.core.views import OwnCard as OwnCardView
from tests.fakes.community import (
    AMINA,
    COUNTED_ONE,
    HIDDEN_ONE,
    LEA,
    YUKI,
    directory_of,
    taught,
)
from tests.fakes.rooms import CATALOGUES, NOON, PARIS, TODAY, House

COFFEE = TableId("t-1")
INVITED = (LEA.id, AMINA.id, YUKI.id, COUNTED_ONE.id, HIDDEN_ONE.id)
A_TABLE = Table(COFFEE, Occasion.COFFEE, NOON + timedelta(minutes=30), "près de la fenêtre", INVITED)


def others(scenery: Scenery | None) -> list[MemberId]:
    assert scenery is not None
    return [introduction.member_id for introduction in scenery.introductions]


def said(view: View) -> str:
    return msgspec.json.encode(view).decode()


# The lore.


def test_nobody_is_introduced_before_it_was_thought_over():
    house = House(Room(directory_of(), PARIS, CATALOGUES))
    house.tap(AMINA)
    assert others(house.tap(LEA)) == []
    assert house.room.needs_lore(NOON) == TODAY


def test_a_plan_a_table_or_a_badge_asks_for_no_new_lore_and_a_profile_or_a_day_does():
    directory = directory_of()
    room = taught(Room(directory, PARIS, CATALOGUES), PARIS, NOON)
    assert room.needs_lore(NOON) is None
    same = replace(directory, plans={TODAY: DayPlan(TODAY)}, tables={COFFEE: A_TABLE}, badges={})
    room.directory = same
    assert room.needs_lore(NOON) is None
    for other in (
        replace(same, members={**same.members, LEA.id: msgspec.structs.replace(LEA, trade="x")}),
        replace(same, words={}),
        replace(same, text=TextModel("another")),
        replace(same, past={LEA.id: PersonPast(LEA.id, days=2)}),
        replace(same, weights=Weights("learned", answers_me=3.0)),
        replace(same, space=msgspec.structs.replace(same.space, shown_a_day=5)),
    ):
        room.directory = other
        assert room.needs_lore(NOON) == TODAY
    room.directory = directory
    assert room.needs_lore(NOON) is None
    assert room.needs_lore(NOON + timedelta(days=1)) == TODAY + timedelta(days=1)


def test_the_ground_is_taken_over_where_only_the_past_changed():
    directory = directory_of()
    first = lore_of(directory, TODAY, "x", {})
    with_past = replace(directory, past={LEA.id: PersonPast(LEA.id, days=2)})
    second = lore_of(with_past, TODAY, "x", {}, first)
    assert second.ground is first.ground
    assert second.past.person(LEA.id).days == 2
    assert second.matchmaker.standing.past is second.past
    assert lore_of(directory, TODAY + timedelta(days=1), "x", {}, first).ground is not first.ground


@pytest.mark.parametrize("what", ["a need", "words", "somebody new", "somebody gone"])
def test_a_changed_profile_is_compared_alone_and_leads_to_the_same(
    what: str, monkeypatch: pytest.MonkeyPatch
):
    asks = msgspec.structs.replace(YUKI, needs=("traduction de contrats",))
    now = directory_of(LEA, AMINA, asks)
    before = {
        "a need": replace(now, members={**now.members, YUKI.id: YUKI}),
        "words": replace(now, words={m: words for m, words in now.words.items() if m != YUKI.id}),
        "somebody new": directory_of(LEA, AMINA),
        "somebody gone": directory_of(LEA, AMINA, asks, COUNTED_ONE),
    }[what]
    anew = lore_of(now, TODAY, "x", {})
    old = lore_of(before, TODAY, "x", {})
    monkeypatch.setattr(Ground, "of", None)
    updated = lore_of(now, TODAY, "x", {}, old)
    assert updated.holds(now, TODAY)
    people = [LEA.id, AMINA.id, YUKI.id]
    assert (updated.matchmaker.table(people) == anew.matchmaker.table(people)).all()
    assert updated.matchmaker.introduction(YUKI.id, AMINA.id, Slot.PARTNER) is not None


def test_before_anything_is_compared_who_is_new_is_introduced_already():
    knows_the_place = msgspec.structs.replace(LEA, joined=date(2024, 1, 8))
    directory = directory_of(knows_the_place, AMINA, YUKI)
    house = House(Room(directory, PARIS, CATALOGUES))
    house.room.lore = first_lore(directory, TODAY, "x", {})
    assert house.room.needs_lore(NOON) == TODAY
    house.tap(YUKI)
    scenery = house.tap(LEA)
    assert scenery is not None
    assert [i.reason for i in scenery.introductions] == [NewHere(date(2026, 11, 16))]
    house.room.lore = lore_of(directory, TODAY, "x", {}, house.room.lore)
    assert house.room.needs_lore(NOON) is None
    house.tap(AMINA)
    assert AMINA.id in others(house.tap(LEA))


def test_what_this_kiosk_alone_knows_of_the_days_before_counts_too():
    directory = replace(directory_of(), past={AMINA.id: PersonPast(AMINA.id, days=9)})
    earlier = {pair(LEA.id, AMINA.id): PairPast(LEA.id, met=TODAY - timedelta(days=2))}
    past = lore_of(directory, TODAY, "x", earlier).past
    assert past.met(LEA.id, AMINA.id) == TODAY - timedelta(days=2)
    assert past.person(AMINA.id).days == 9


@pytest.mark.parametrize(
    "broken",
    [
        {"words": {}},
        {"text": TextModel()},
        {"text": TextModel("vectors of another name", 64, least=0.5)},
        {"space": Space(plan_at="noonish", shown_a_day=0)},
    ],
    ids=["no words", "no model", "another model", "a strange space"],
)
def test_a_feed_half_received_still_greets(broken: dict[str, object]):
    house = House.of(replace(directory_of(), **broken))
    house.tap(AMINA)
    scenery = house.tap(LEA)
    assert scenery is not None
    assert isinstance(scenery.view, Greeting)
    assert AMINA.id not in others(scenery)


def test_who_leaves_everything_unanswered_is_shown_less():
    quiet = PersonPast(LEA.id, unanswered=9)
    assert lore_of(replace(directory_of(), past={LEA.id: quiet}), TODAY, "x", {}).rules.cap_of(LEA.id) == 1


# The plan.


def test_before_the_hour_the_reader_is_told_when_to_tap_again():
    alone = msgspec.structs.replace(YUKI, joined=None, interests=("échecs",))
    house = House.of(directory_of(LEA, AMINA, alone))
    house.at = NOON - timedelta(hours=3)
    house.tap(AMINA)
    scenery = house.tap(alone)
    assert scenery is not None
    assert isinstance(scenery.view, Greeting)
    assert scenery.view.cards == ()
    assert scenery.view.empty_line


def test_whom_somebody_was_shown_today_stays_though_another_door_showed_them_yesterday():
    house = House.of(directory_of(LEA, AMINA))
    house.tap(AMINA)
    assert others(house.tap(LEA)) == [AMINA.id]
    yesterday = PairPast(LEA.id, shown=TODAY - timedelta(days=1), times=1)
    news = {AMINA.id: PersonPast(AMINA.id, pairs=(yesterday,))}
    house.learn(replace(house.room.directory, past=news), lore=True)
    assert others(house.tap(LEA)) == [AMINA.id]


def test_the_hour_of_the_plan_may_fall_after_midnight_and_may_be_unreadable():
    assert plan_hour(Space(plan_at="11:30"), PARIS, TODAY) == datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    assert plan_hour(Space(plan_at="01:00"), PARIS, TODAY) == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    assert plan_hour(Space(plan_at="late"), PARIS, TODAY) == plan_hour(Space(), PARIS, TODAY)
    assert plan_hour(Space(plan_at="11:30+05:00"), PARIS, TODAY) == plan_hour(Space(), PARIS, TODAY)


def test_the_plan_is_completed_without_the_hub_from_its_hour_on_and_only_if_nobody_did():
    house = House.of(directory_of())
    house.add(CheckedIn(LEA.id), CheckedIn(AMINA.id), CheckedIn(HIDDEN_ONE.id))
    early = NOON - timedelta(hours=3)
    assert house.room.planning(early) is None
    planning = house.room.planning(NOON)
    assert planning is not None
    (pairing,) = planning.pairings()
    assert (pairing.pair, pairing.origin) == (pair(LEA.id, AMINA.id), Origin.PLAN)
    house.room.directory = replace(house.room.directory, plans={TODAY: DayPlan(TODAY, (pairing,))})
    assert house.room.planning(NOON) is None
    house.room.directory = replace(house.room.directory, plans={})
    assert house.room.planning(NOON) is not None
    house.add(Paired(pairing))
    assert house.room.planning(NOON) is None
    house.room.lore = first_lore(house.room.directory, TODAY, "x", {})
    assert house.room.planning(NOON) is None


def test_who_met_today_is_not_shown_again_today():
    house = House.of(directory_of())
    house.tap(AMINA)
    assert AMINA.id in others(house.tap(LEA))
    house.add(Met(LEA.id, AMINA.id))
    assert AMINA.id not in others(house.tap(LEA))


def test_who_would_rather_not_ends_it_for_both():
    house = House.of(directory_of())
    house.tap(AMINA)
    house.tap(LEA)
    house.add(Answered(AMINA.id, LEA.id, Answer.RATHER_NOT))
    assert AMINA.id not in others(house.tap(LEA))
    assert LEA.id not in others(house.tap(AMINA))


def test_a_seat_at_one_table_is_reason_enough():
    pairing = Pairing(*pair(LEA.id, AMINA.id), Slot.ADVICE, origin=Origin.TABLE)
    house = House.of(replace(directory_of(), plans={TODAY: DayPlan(TODAY, (pairing,))}))
    house.tap(AMINA)
    scenery = house.tap(LEA)
    assert scenery is not None
    assert [(i.member_id, i.reason) for i in scenery.introductions if i.slot is Slot.ADVICE] == [
        (AMINA.id, HostSays())
    ]


def test_the_weights_that_decided_are_named_unless_they_are_the_fixed_ones():
    for weights, name in ((Weights(), ""), (Weights("bold", answers_me=3.0), "bold")):
        house = House.of(replace(directory_of(), weights=weights))
        house.tap(AMINA)
        scenery = house.tap(LEA)
        assert scenery is not None
        (introduced,) = [event for event in scenery.follows if isinstance(event, Introduced)]
        assert introduced.weights == name


def test_the_screen_holds_three_and_those_shown_before_stay():
    friends = [
        msgspec.structs.replace(AMINA, id=MemberId(f"f{n}"), name=f"Friend {n}", interests=("céramique",))
        for n in range(5)
    ]
    slots = (Slot.NEIGHBOUR, Slot.NEIGHBOUR, Slot.NEIGHBOUR, Slot.PARTNER, Slot.PARTNER)
    pairings = tuple(
        Pairing(*pair(LEA.id, friend.id), slot, origin=Origin.PLAN)
        for friend, slot in zip(friends, slots, strict=True)
    )
    directory = directory_of(LEA, *friends, space=Space("Le Nook", shown_a_day=6))
    house = House.of(replace(directory, plans={TODAY: DayPlan(TODAY, pairings)}))
    for friend in friends:
        house.tap(friend, after_s=40)
    first = house.tap(LEA, after_s=40)
    again = house.tap(LEA, after_s=40)
    assert first is not None
    assert {i.slot for i in first.introductions} == {Slot.PARTNER, Slot.NEIGHBOUR}
    assert len(others(first)) == 3
    assert set(others(again)) >= set(others(first))
    paired = [event for event in first.follows if isinstance(event, Paired)]
    assert {event.pairing.other(LEA.id) for event in paired} <= set(others(first))


# What came of it.


def test_who_leaves_is_asked_about_whom_they_were_shown():
    house = House.of(directory_of())
    house.tap(AMINA)
    house.tap(LEA)
    house.tap(LEA)
    scenery = house.tap(LEA, after_s=3)
    assert scenery is not None
    assert isinstance(scenery.view, Farewell)
    assert scenery.questions == (WhatCame(AMINA.id),)
    assert "Amina" in scenery.view.question
    house.say(0)
    asked = house.views[-1]
    assert isinstance(asked, Farewell)
    assert asked.question != scenery.view.question
    assert pair(LEA.id, AMINA.id) in house.room.memory.today(TODAY).met
    house.undo()
    assert pair(LEA.id, AMINA.id) not in house.room.memory.today(TODAY).met
    house.undo()
    assert isinstance(house.views[-1], OwnCardView)


def questions(house: House, directory: Directory | None = None, day: date = TODAY) -> tuple[object, ...]:
    return questions_to(LEA.id, day, directory or house.room.directory, house.room.memory)


def shown_two() -> House:
    house = House.of(directory_of())
    house.add(Introduced(LEA.id, ()), *(_shown(LEA.id, other.id) for other in (AMINA, YUKI, COUNTED_ONE)))
    return house


def _shown(member: MemberId, other: MemberId) -> Introduced:
    return Introduced(member, (Shown(other, Slot.NEIGHBOUR),))


def test_two_are_asked_about_and_nobody_of_whom_all_is_said():
    house = shown_two()
    assert questions(house) == (WhatCame(AMINA.id), WhatCame(YUKI.id))
    house.add(Answered(LEA.id, AMINA.id, Answer.NOT_TODAY), Met(LEA.id, YUKI.id))
    assert questions(house) == (WasUseful(YUKI.id), WhatCame(COUNTED_ONE.id))
    house.add(FoundUseful(LEA.id, YUKI.id, useful=True))
    assert questions(house) == (WhatCame(COUNTED_ONE.id),)


def test_nobody_is_asked_about_somebody_who_is_gone_or_hides_and_no_one_hidden_is_asked():
    house = shown_two()
    hides = msgspec.structs.replace(YUKI, visibility=HIDDEN_ONE.visibility)
    directory = directory_of(LEA, hides, COUNTED_ONE)
    assert questions(house, directory) == (WhatCame(COUNTED_ONE.id),)
    assert questions(house, directory_of(AMINA)) == ()
    assert questions(house, directory_of(msgspec.structs.replace(LEA, introductions=False), AMINA)) == ()


def test_who_never_answers_is_asked_about_one_now_and_then():
    house = shown_two()
    quiet = replace(directory_of(), past={LEA.id: PersonPast(LEA.id, unanswered=3)})
    asked = []
    for n in range(ASKED_EACH * 2):
        house.add(*(_shown(LEA.id, other.id) for other in (AMINA, YUKI)))
        asked.append(len(questions(house, quiet, PARIS.day_of(house.at))))
        house.wait(24 * 3600)
        assert n >= 0
    assert sorted(asked) == [0] * (ASKED_EACH * 2 - 2) + [1, 1]


# Seats.


def at_table(*members: Member) -> House:
    return House.of(replace(directory_of(*members), tables={COFFEE: A_TABLE}))


def test_a_table_is_offered_to_those_invited_with_the_names_they_may_know():
    house = at_table()
    house.tap(HIDDEN_ONE)
    house.tap(COUNTED_ONE)
    house.tap(AMINA)
    scenery = house.tap(LEA)
    assert scenery is not None
    assert isinstance(scenery.view, Greeting)
    assert scenery.view.table is not None
    assert "Amina, Clara Compte et toi" in scenery.view.table.line
    assert "Hugo" not in said(scenery.view)


def test_the_badge_alone_says_yes_and_takes_it_back():
    house = at_table()
    house.tap(LEA)
    taken = house.tap(LEA, after_s=6)
    assert taken is not None
    assert isinstance(taken.view, OwnCardView)
    assert taken.view.table is not None
    assert taken.view.table.accepted
    assert house.room.memory.seats(COFFEE) == {LEA.id: True}
    given_up = house.tap(LEA, after_s=3)
    assert given_up is not None
    assert isinstance(given_up.view, OwnCardView)
    assert given_up.view.table is not None
    assert not given_up.view.table.accepted


def test_the_lobby_announces_it_and_names_who_is_coming_and_agreed():
    house = at_table()
    house.tap(LEA)
    house.seat()
    house.tap(COUNTED_ONE)
    house.seat()
    (notice,) = house.lobby().tables
    assert " ".join(notice.line.split()) == "Café à 12 h 30, près de la fenêtre"
    assert notice.who == "Avec Léa et 1 autre"
    assert "Clara" not in said(house.views[-1])


def test_a_table_is_over_soon_after_it_began_and_not_offered_to_anybody_else():
    house = at_table()
    scenery = house.tap(LEA, after_s=3600)
    assert scenery is not None
    assert isinstance(scenery.view, Greeting)
    assert scenery.view.table is None
    assert house.lobby().tables == ()
    uninvited = msgspec.structs.replace(LEA, id=MemberId("another"), name="Another")
    house = at_table(uninvited)
    scenery = house.tap(uninvited)
    assert scenery is not None
    assert scenery.seat is None


def test_what_was_said_here_counts_over_what_the_hub_heard_before():
    table = msgspec.structs.replace(A_TABLE, coming=(LEA.id, AMINA.id))
    house = House.of(replace(directory_of(), tables={COFFEE: table}))
    house.tap(AMINA)
    scenery = house.tap(LEA)
    assert scenery is not None
    assert isinstance(scenery.view, Greeting)
    assert scenery.view.table is not None
    assert scenery.view.table.line.endswith("on t’y attend, avec Amina.")
    house.add(TableAnswered(AMINA.id, COFFEE, coming=False))
    scenery = house.tap(LEA)
    assert scenery is not None
    assert isinstance(scenery.view, OwnCardView)
    assert scenery.view.table is not None
    assert scenery.view.table.line.endswith("on t’y attend.")
