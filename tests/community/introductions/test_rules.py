"""The rules of one day: the same facts, the same rules, at every door and on the hub."""

from datetime import date, timedelta

from community.ids import MemberId
from community.introductions.pairing import PersonPast
from community.introductions.past import Past
from community.introductions.rules import OFTEN, PlanRules, asked_less, regulars, rules_of
from community.introductions.weights import Weights
from community.members import Member, Visibility

A, B, C, D = (MemberId(f"m-{letter}") for letter in "abcd")
THURSDAY = date(2026, 3, 5)


def test_a_days_rules_come_from_the_cap_the_weights_the_silence_and_the_day():
    people = {A: PersonPast(A, unanswered=3), B: PersonPast(B, unanswered=2)}
    rules = rules_of("nook", THURSDAY, 4, people, Weights(explore=0.05))
    assert rules == PlanRules(cap=4, per_slot=2, explore=0.05, seed="nook 2026-03-05", caps={A: 3})
    assert rules_of("nook", THURSDAY, 0, people, Weights()).per_slot == 1
    assert [rules_of("nook", THURSDAY, cap, {}, Weights()).per_slot for cap in (1, 3, 7)] == [1, 1, 3]


def test_silence_lowers_somebodys_cap_step_by_step_never_to_nothing():
    silent = {A: 2, B: 3, C: 6, D: 60}
    assert asked_less(silent, cap=3) == {B: 2, C: 1, D: 1}
    assert asked_less(silent, cap=0) == {B: 0, C: 0, D: 0}


def test_an_own_cap_only_lowers():
    rules = PlanRules(cap=3, caps={A: 1, B: 9})
    assert [rules.cap_of(one) for one in (A, B, C)] == [1, 3, 3]


def test_who_usually_comes_on_such_a_day_is_who_came_often_and_may_be_introduced():
    seen = Visibility(lobby=True, members=True)
    members = [
        *(Member(one, one, visibility=seen, introductions=True) for one in (A, B, C)),
        Member(D, D, visibility=Visibility(), introductions=True),
    ]
    often = (0, 0, 0, OFTEN, 0, 0, 0)
    past = Past.of([
        PersonPast(A, weekdays=often),
        PersonPast(B, weekdays=(8, 8, 8, OFTEN - 1, 8, 8, 8)),
        PersonPast(D, weekdays=often),
    ])  # fmt: skip
    assert regulars(members, past, THURSDAY) == {A}
    assert regulars(members, past, THURSDAY - timedelta(days=1)) == {B}
