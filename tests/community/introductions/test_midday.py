"""The plan's hour: everybody present, matched on the room they have left."""

from collections import Counter
from itertools import combinations

import pytest

from community.ids import MemberId
from community.introductions.dayplan import Plan
from community.introductions.midday import batch
from community.introductions.pairing import Origin, Pairing, pair
from community.introductions.rules import PlanRules
from community.introductions.slots import Slot
from tests.fakes.judges import FakeJudge

A, B, C, D, E = PEOPLE = [MemberId(f"m-{letter}") for letter in "abcde"]
RULES = PlanRules()


def judge(*scores: tuple[MemberId, MemberId, float], slot: Slot = Slot.NEIGHBOUR) -> FakeJudge:
    """Return a judge who knows these pairs in one slot."""
    return FakeJudge({((one, other), slot): score for one, other, score in scores})


def paired(one: MemberId, other: MemberId, slot: Slot = Slot.NEIGHBOUR) -> Pairing:
    """Return two people as the plan holds them."""
    return Pairing(*pair(one, other), slot)


def pairs(found: tuple[Pairing, ...]) -> set[tuple[MemberId, MemberId]]:
    """Return who was paired."""
    return {pairing.pair for pairing in found}


def test_nobody_and_somebody_alone_are_matched_with_nobody():
    assert batch(Plan(), judge(), [], RULES) == batch(Plan(), judge(), [A], RULES) == ()


def test_a_pairing_says_what_for_and_who_made_it():
    (found,) = batch(Plan(), judge((A, B, 0.5), slot=Slot.PARTNER), [B, A], RULES)
    assert found == Pairing(A, B, Slot.PARTNER, A, 0.5, origin=Origin.PLAN)


def test_a_pair_of_the_plan_is_not_made_again_and_its_slot_is_taken():
    known = Plan((paired(A, B),))
    assert batch(known, judge((A, B, 0.9), (A, C, 0.5), (B, C, 0.5)), [A, B], RULES) == ()
    scores = judge((A, B, 0.9), (A, C, 0.5))
    assert batch(known, scores, [A, B, C], RULES) == ()


@pytest.mark.parametrize("gone", ["left", "heads down"])
def test_a_pair_that_cannot_be_shown_any_more_gives_its_room_back(gone: str):
    scores = judge((A, B, 0.9), (A, C, 0.5))
    present = [A, C] if gone == "left" else [A, B, C]
    if gone == "heads down":
        scores.out = {B}
    assert pairs(batch(Plan((paired(A, B),)), scores, present, PlanRules(cap=1))) == {pair(A, C)}
    shown = Plan((paired(A, B),), shown=frozenset({pair(A, B)}))
    assert batch(shown, scores, present, PlanRules(cap=1)) == ()


def test_a_settled_pair_leaves_its_slot():
    settled = Plan((paired(A, B),), frozenset({pair(A, B)}), frozenset({pair(A, B)}))
    scores = judge((A, B, 0.9), (A, C, 0.5))
    assert pairs(batch(settled, scores, [A, B, C], RULES)) == {pair(A, C)}


def test_a_third_joins_the_pair_they_gain_most_with():
    scores = judge((A, B, 0.9), (C, D, 0.9), (A, E, 0.1), (B, E, 0.1), (C, E, 0.3), (D, E, 0.2))
    found = batch(Plan(), scores, PEOPLE, RULES)
    assert pairs(found) == {pair(A, B), pair(C, D), pair(C, E), pair(D, E)}


def test_a_third_joins_nobody_who_has_no_room_under_the_cap():
    scores = judge((A, B, 0.9), (A, C, 0.1), (B, C, 0.1))
    assert pairs(batch(Plan(), scores, [A, B, C], PlanRules(cap=1))) == {pair(A, B)}
    asked_less = PlanRules(caps={C: 1})
    assert pairs(batch(Plan(), scores, [A, B, C], asked_less)) == {pair(A, B)}


def test_a_third_is_paired_with_both_or_with_neither():
    scores = judge((A, B, 0.9), (A, C, 0.1))
    assert pairs(batch(Plan(), scores, [A, B, C], RULES)) == {pair(A, B)}


def test_a_third_may_join_a_pair_of_the_plan():
    scores = judge((A, B, 0.9), (A, C, 0.1), (B, C, 0.1))
    assert pairs(batch(Plan((paired(A, B),)), scores, [A, B, C], RULES)) == {pair(A, C), pair(B, C)}


def test_no_slot_outweighs_the_others_by_its_scale():
    # As numbers the neighbours weigh more; as shares of their slot's best the partners do.
    scores = {((A, B), Slot.PARTNER): 0.02, ((C, D), Slot.PARTNER): 0.02}
    scores |= {((A, C), Slot.NEIGHBOUR): 0.9, ((A, D), Slot.NEIGHBOUR): 0.5, ((B, C), Slot.NEIGHBOUR): 0.5}
    found = batch(Plan(), FakeJudge(scores), PEOPLE, PlanRules(cap=1))
    assert pairs(found) == {pair(A, B), pair(C, D)}


def test_who_stays_without_where_all_are_worth_the_same_is_drawn_by_the_seed():
    scores = judge(*((E, other, 0.5) for other in (A, B, C, D)))
    days = [PlanRules(cap=1, seed=f"day {number}") for number in range(300)]
    drawn = [batch(Plan(), scores, PEOPLE, day)[0].pair for day in days]
    assert drawn == [batch(Plan(), scores, [*reversed(PEOPLE)], day)[0].pair for day in days]
    counts = Counter(drawn)
    assert set(counts) == {pair(E, other) for other in (A, B, C, D)}
    assert min(counts.values()) > 50


def test_which_pair_a_third_joins_where_all_are_worth_the_same_is_drawn_by_the_seed():
    scores = judge((A, B, 0.9), (C, D, 0.9), *((one, E, 0.1) for one in (A, B, C, D)))
    days = [PlanRules(seed=f"day {number}") for number in range(40)]
    joined = {frozenset(pairs(batch(Plan(), scores, PEOPLE, day))) for day in days}
    both = {pair(A, B), pair(C, D)}
    assert joined == {
        frozenset(both | {pair(A, E), pair(B, E)}),
        frozenset(both | {pair(C, E), pair(D, E)}),
    }


def test_a_crowd_is_dealt_into_groups(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("community.introductions.midday.LARGEST_TABLE", 3)
    many = [MemberId(f"m-{number:02}") for number in range(9)]
    everybody = FakeJudge({(both, Slot.NEIGHBOUR): 0.5 for both in combinations(many, 2)})
    known = Plan((Pairing(many[0], many[1], Slot.PARTNER), Pairing(many[0], many[2], Slot.ADVICE)))
    found = batch(known, everybody, many, RULES)
    assert found == batch(known, everybody, list(reversed(many)), RULES)
    plan = known.with_(*found)
    assert len(plan.pairings) == len(found) + 2
    assert len(found) >= 3
    assert all(plan.load(one) <= 3 for one in many)
