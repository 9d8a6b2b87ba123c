"""Guests: what keys make of what is typed, whom a name means, and how a member hears of it."""

from datetime import timedelta

import pytest

from community.events import CardOpened, CheckedIn, CheckedOut, GuestCame, VisitCorrected
from community.ids import MemberId
from community.members import Member, Mood
from kiosk.core.keys import CANCEL_KEY, DONE_KEY, ERASE_KEY, GUEST_KEY
from kiosk.core.speaker import Speaker
from kiosk.core.views import Greeting, OwnCard
from kiosk.core.visitors import (
    Asking,
    Gone,
    Named,
    Throttle,
    Visited,
    asking_of,
    by_hand_line,
    guest_choice,
    noted,
    press,
    too_many,
    visited,
    visitor_line,
)
from tests.fakes.community import AMINA, LEA, YUKI, directory_of
from tests.fakes.rooms import CATALOGUES, NOON, PARIS, House

SPEAKER = Speaker(directory_of(LEA, AMINA), CATALOGUES, PARIS)


def typed(text: str, asking: Asking | None = None):
    state = asking or Asking()
    for key in text:
        state = press(state, key)
    return state


def test_a_name_and_then_ones_own_are_typed():
    whom = press(typed(" Léa "), DONE_KEY)
    assert whom == Asking(whom="Léa")
    assert press(typed("Bruno", whom), DONE_KEY) == Named("Léa", "Bruno")


def test_ones_own_name_may_be_left_out_and_the_other_may_not():
    assert press(Asking(whom="Léa"), DONE_KEY) == Named("Léa", "")
    for nothing in ("", "  ", "-'."):
        assert press(typed(nothing), DONE_KEY) == typed(nothing)


def test_keys_that_are_no_letters_change_nothing():
    asking = typed("lé")
    for key in ("f1", "\n", "\x1b", "/", "<"):
        assert press(asking, key) is asking
    assert press(asking, ERASE_KEY).typed == "l"
    assert press(asking, CANCEL_KEY) == Gone()
    assert len(typed("x" * 100).typed) == 60


def test_what_is_typed_stands_in_no_repr():
    for value in (typed("bruno"), Asking(whom="bruno"), Named("bruno", "bruno")):
        assert "bruno" not in repr(value)


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("Léa", "lea"),
        ("lea", "lea"),
        (" LÉA ", "lea"),
        ("Marie Curie", "m1"),
        ("marie", None),
        ("Marie Stuart", "m2"),
        ("Jean-Luc", "m3"),
        ("jean luc", "m3"),
        ("jean", None),
        ("nobody", None),
        ("  ", None),
    ],
)
def test_a_first_name_means_somebody_if_it_is_theirs_alone(name, means):
    everybody = [
        LEA,
        Member(MemberId("m1"), "Marie Curie"),
        Member(MemberId("m2"), "Marie Stuart"),
        Member(MemberId("m3"), "Jean-Luc Godard"),
        Member(MemberId("m4"), ""),
    ]
    assert visited(name, everybody) == means


def test_a_greeted_name_goes_before_a_first_name():
    everybody = [Member(MemberId("m1"), "Marie"), Member(MemberId("m2"), "Marie Stuart")]
    assert visited("marie", everybody) == "m1"


def test_an_hour_holds_so_many_guests():
    throttle = Throttle(2)
    for now_s in (0.0, 10.0):
        noted_one = throttle.note(now_s)
        assert noted_one is not None
        throttle = noted_one
    assert throttle.note(3_599.0) is None
    assert throttle.note(3_600.0) is not None


def test_a_member_hears_of_a_guest_at_the_next_tap_and_no_longer_at_the_one_after():
    visits = Visited(PARIS)
    visits.add(NOON, CheckedIn(LEA.id))
    visits.add(NOON, GuestCame(LEA.id))
    visits.add(NOON, GuestCame(None))
    assert visits.came_for(LEA.id, NOON) is None, "only their own tap tells them"
    visits.add(NOON, CardOpened(AMINA.id))
    assert visits.came_for(AMINA.id, NOON) is None
    visits.add(NOON, CardOpened(LEA.id))
    assert visits.came_for(LEA.id, NOON) == NOON
    visits.add(NOON, CardOpened(LEA.id))
    assert visits.came_for(LEA.id, NOON) is None


def test_a_guest_who_came_first_is_told_at_the_arrival_and_forgotten_with_the_day():
    visits = Visited(PARIS)
    visits.add(NOON, GuestCame(LEA.id))
    visits.add(NOON + timedelta(minutes=5), CheckedIn(LEA.id))
    assert visits.came_for(LEA.id, NOON + timedelta(minutes=5)) == NOON
    assert visits.came_for(LEA.id, NOON + timedelta(days=1)) is None
    visits.add(NOON, CheckedOut(LEA.id))
    assert visits.came_for(LEA.id, NOON) is None


def test_the_answer_is_the_same_whoever_is_asked_for():
    assert noted(SPEAKER) == noted(Speaker(directory_of(YUKI), CATALOGUES, PARIS))
    assert "vous" in " ".join(noted(SPEAKER).lines)
    assert too_many(SPEAKER) != noted(SPEAKER)


def test_both_questions_are_asked_in_both_languages():
    whom, who = asking_of(SPEAKER, Asking()), asking_of(SPEAKER, Asking(whom="Léa", typed="bru"))
    assert whom.headline != who.headline
    assert who.typed == "bru"
    assert "Léa" not in repr(who)
    assert all(view.headline_secondary and view.line_secondary for view in (whom, who))
    assert guest_choice(CATALOGUES["en"]).key == GUEST_KEY


def test_a_member_reads_it_in_their_own_words_without_the_guests_name():
    assert visitor_line(SPEAKER, "en", NOON) == "Someone has been here for you since 12:00."
    assert visitor_line(SPEAKER, "fr", NOON).startswith("Quelqu’un est là pour toi")
    assert visitor_line(SPEAKER, "fr", None) == ""


def test_a_guest_at_another_door_is_told_here_too():
    house = House.of(directory_of(LEA, AMINA))
    house.tap(LEA)
    assert house.room.hear([(house.at + timedelta(seconds=1), GuestCame(LEA.id, "00"))])
    house.tap(AMINA)
    house.tap(LEA, after_s=60)
    card = house.views[-1]
    assert isinstance(card, OwnCard)
    assert card.visitor_line
    house.choose(Mood.OPEN)
    card = house.views[-1]
    assert isinstance(card, OwnCard)
    assert card.visitor_line, "the same card goes on saying it"


def test_a_room_folded_anew_still_knows():
    house = House.of(directory_of(LEA))
    house.room.fold_anew([(NOON, GuestCame(LEA.id))])
    house.tap(LEA)
    greeting = house.views[-1]
    assert isinstance(greeting, Greeting)
    assert greeting.visitor_line


def us(at) -> int:
    return round(at.timestamp()) * 1_000_000


def test_a_member_hears_at_their_next_tap_what_a_host_put_right_and_only_then():
    told, later = Visited(PARIS), NOON + timedelta(hours=1)
    said = VisitCorrected(LEA.id, us(NOON))
    told.add(NOON, said)
    assert told.put_right(LEA.id, NOON) is None
    told.add(later, CardOpened(LEA.id))
    assert told.put_right(LEA.id, later) == said
    assert told.put_right(LEA.id, later + timedelta(days=1)) is None
    told.add(later, CardOpened(LEA.id))
    assert told.put_right(LEA.id, later) is None
    told.add(later, said)
    told.add(later, CardOpened(LEA.id))
    told.add(later, CheckedOut(LEA.id))
    assert told.put_right(LEA.id, later) is None


def test_what_was_put_right_is_said_with_its_times():
    assert by_hand_line(SPEAKER, "en", None) == ""
    came = by_hand_line(SPEAKER, "en", VisitCorrected(LEA.id, us(NOON)))
    assert came == f"A host noted your arrival: {SPEAKER.time(SPEAKER.words('en'), NOON)}."
    both = VisitCorrected(LEA.id, us(NOON), us(NOON + timedelta(hours=1)))
    assert by_hand_line(SPEAKER, "en", both).startswith("A host noted your visit: ")


def test_the_card_says_it_where_nobody_came_to_see_them():
    house = House.of(directory_of(LEA, AMINA))
    house.tap(LEA)
    house.add(VisitCorrected(LEA.id, us(NOON), was_us=us(NOON)))
    house.tap(LEA, after_s=60)
    card = house.views[-1]
    assert isinstance(card, OwnCard)
    assert card.visitor_line == by_hand_line(SPEAKER, "fr", VisitCorrected(LEA.id, us(NOON)))
