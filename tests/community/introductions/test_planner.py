"""The planner at a tap: whom to show now, and what is better kept for the hour."""

from collections import Counter
from dataclasses import replace

import pytest

from community.events import Weighed
from community.ids import MemberId
from community.introductions.pairing import Origin, Pairing, pair
from community.introductions.planner import Hopes, Plan, PlanRules, TapPlan, at_tap
from community.introductions.slots import Slot
from tests.fakes.judges import FakeJudge

A, B, C, D, E = PEOPLE = [MemberId(f"m-{letter}") for letter in "abcde"]
RULES = PlanRules(seed="day")
MANY = [MemberId(f"m-{number:02}") for number in range(21)]

Score = tuple[MemberId, MemberId, Slot, float]


def judge(*scores: Score) -> FakeJudge:
    """Return a judge who knows these scores."""
    return FakeJudge({((one, other), slot): score for one, other, slot, score in scores})


def tap(
    scores: FakeJudge,
    *present: MemberId,
    visitor: MemberId = A,
    plan: Plan | None = None,
    rules: PlanRules = RULES,
    hour_passed: bool = True,
    regulars: tuple[MemberId, ...] = (),
    hopes: Hopes | None = None,
) -> TapPlan:
    """Return what a tap leads to; after the hour, unless said otherwise."""
    return at_tap(
        visitor, plan or Plan(), scores, present, regulars, rules, hour_passed=hour_passed, hopes=hopes
    )


def others(found: tuple[Pairing, ...], visitor: MemberId = A) -> list[MemberId]:
    """Return whom the visitor sees, in order."""
    return [pairing.other(visitor) for pairing in found]


def paired(one: MemberId, other: MemberId, slot: Slot = Slot.NEIGHBOUR, score: float = 0.5) -> Pairing:
    """Return two people as the plan holds them."""
    return Pairing(*pair(one, other), slot, score=score)


# After the hour: the best there is.


def test_nobody_present_is_nobody_to_meet():
    assert tap(judge()) == tap(judge(), A) == TapPlan()


def test_each_slot_gets_its_best_in_the_order_of_the_slots():
    found = tap(
        judge((A, B, Slot.NEIGHBOUR, 0.9), (A, C, Slot.ADVICE, 0.2), (A, D, Slot.PARTNER, 0.1)), *PEOPLE
    )
    assert others(found.shown) == [D, C, B]
    assert found.committed == (
        Pairing(A, D, Slot.PARTNER, A, 0.1, origin=Origin.TAP),
        Pairing(A, C, Slot.ADVICE, A, 0.2, origin=Origin.TAP),
        Pairing(A, B, Slot.NEIGHBOUR, None, 0.9, origin=Origin.TAP),
    )
    assert not found.later


def test_nobody_fills_two_slots():
    found = tap(judge((A, B, Slot.PARTNER, 0.9), (A, B, Slot.NEIGHBOUR, 0.9)), A, B)
    assert [pairing.slot for pairing in found.shown] == [Slot.PARTNER]


def test_where_two_slots_want_one_person_the_one_with_less_to_lose_takes_the_next():
    scores = judge(
        (A, B, Slot.PARTNER, 0.5),
        (A, C, Slot.PARTNER, 0.49),
        (A, B, Slot.ADVICE, 0.9),
        (A, C, Slot.ADVICE, 0.1),
    )
    assert {p.slot: p.other(A) for p in tap(scores, A, B, C).shown} == {Slot.PARTNER: C, Slot.ADVICE: B}


def test_a_slot_may_stay_empty_for_a_later_one_to_have_its_only_person():
    scores = judge((A, B, Slot.PARTNER, 0.5), (A, C, Slot.PARTNER, 0.4), (A, B, Slot.ADVICE, 0.9))
    assert {p.slot: p.other(A) for p in tap(scores, A, B, C).shown} == {Slot.PARTNER: C, Slot.ADVICE: B}
    only = judge((A, B, Slot.PARTNER, 0.5), (A, B, Slot.ADVICE, 0.9))
    assert [p.slot for p in tap(only, A, B).shown] == [Slot.PARTNER]


def test_the_last_of_a_cap_goes_to_the_earlier_slot():
    scores = judge((A, B, Slot.PARTNER, 0.1), (A, C, Slot.ADVICE, 0.9), (A, D, Slot.ADVICE, 0.8))
    assert others(tap(scores, *PEOPLE, rules=PlanRules(cap=1)).shown) == [B]
    assert tap(scores, *PEOPLE, rules=PlanRules(cap=0)).shown == ()


def test_a_tie_is_drawn_by_the_seed_and_the_same_seed_draws_the_same():
    scores = judge(*((A, other, Slot.NEIGHBOUR, 0.5) for other in (B, C, D)), (A, E, Slot.NEIGHBOUR, 0.4))
    days = [PlanRules(seed=f"day {number}") for number in range(300)]
    drawn = [others(tap(scores, *PEOPLE, rules=day).shown)[0] for day in days]
    assert drawn == [others(tap(scores, *reversed(PEOPLE), rules=day).shown)[0] for day in days]
    counts = Counter(drawn)
    assert set(counts) == {B, C, D}
    assert min(counts.values()) > 70


def test_of_pairs_of_the_plan_that_are_worth_the_same_the_seed_says_which_has_room():
    plan = Plan((paired(A, B), paired(A, C)))
    scores = judge((A, B, Slot.NEIGHBOUR, 0.5), (A, C, Slot.NEIGHBOUR, 0.5))
    days = [PlanRules(cap=1, seed=f"day {number}") for number in range(40)]
    assert {one for day in days for one in others(tap(scores, A, B, C, plan=plan, rules=day).shown)} == {B, C}


def test_more_than_one_of_a_slot_if_the_rules_allow():
    scores = judge(*((A, other, Slot.NEIGHBOUR, 0.5) for other in (B, C, D, E)))
    assert len(tap(scores, *PEOPLE, rules=PlanRules(cap=2, per_slot=2)).shown) == 2


def test_who_is_full_is_not_suggested_again():
    scores = judge((A, B, Slot.NEIGHBOUR, 0.9), (A, C, Slot.NEIGHBOUR, 0.5))
    in_slot = Plan((paired(B, D),))
    assert others(tap(scores, *PEOPLE, plan=in_slot).shown) == [C]
    of_cap = Plan((paired(B, D, Slot.PARTNER),))
    assert others(tap(scores, *PEOPLE, plan=of_cap, rules=PlanRules(cap=1)).shown) == [C]
    assert others(tap(scores, *PEOPLE, rules=PlanRules(caps={B: 0})).shown) == [C]


def test_who_is_full_only_of_somebody_who_left_is_suggested():
    scores = judge((A, B, Slot.NEIGHBOUR, 0.9))
    assert others(tap(scores, A, B, plan=Plan((paired(B, D),))).shown) == [B]


# The plan's own pairings.


def test_whoever_was_planned_for_the_visitor_is_shown_first_and_nothing_is_made_anew():
    scores = judge((A, B, Slot.NEIGHBOUR, 0.5), (A, C, Slot.NEIGHBOUR, 0.9))
    found = tap(scores, *PEOPLE, plan=Plan((paired(A, B),)))
    assert (others(found.shown), found.committed) == ([B], ())
    assert found.weighed == (Weighed(B, Slot.NEIGHBOUR, 0.5, 1.0),)


@pytest.mark.parametrize("gone", ["left", "heads down", "settled", "reason gone"])
def test_whoever_cannot_be_met_now_is_not_shown_and_leaves_the_slot(gone: str):
    scores = judge((A, B, Slot.NEIGHBOUR, 0.5), (A, B, Slot.PARTNER, 0.0), (A, C, Slot.NEIGHBOUR, 0.4))
    plan, present = Plan((paired(A, B),)), {A, B, C}
    match gone:
        case "left":
            present = {A, C}
        case "heads down":
            scores.out = {B}
        case "settled":
            plan = plan.with_closed([pair(A, B)])
        case _:
            plan = Plan((paired(A, B, Slot.PARTNER),))
    assert others(tap(scores, *present, plan=plan).shown) == [C]


def test_people_of_one_table_are_shown_for_whatever_reason_there_is():
    at_table = Pairing(A, B, Slot.PARTNER, origin=Origin.TABLE)
    scores = judge((A, B, Slot.NEIGHBOUR, 0.5))
    assert others(tap(scores, A, B, plan=Plan((at_table,))).shown) == [B]
    assert tap(judge(), A, B, plan=Plan((at_table,))).shown == ()


def test_nobody_is_shown_beyond_their_cap_however_plans_came_together():
    scores = judge(*((A, other, Slot.NEIGHBOUR, 0.5) for other in (B, C, D, E)))
    worth = {B: 0.5, C: 0.4, D: 0.3}
    known = tuple(paired(A, other, score=score) for other, score in worth.items())
    plan = Plan(known, shown=frozenset({pair(A, D)}))
    assert others(tap(scores, *PEOPLE, plan=plan, rules=PlanRules(cap=2)).shown) == [B, D]
    # B was shown to somebody else meanwhile: their cap is used up.
    busy = plan.with_(paired(B, E)).with_shown([pair(B, E)])
    assert others(tap(scores, *PEOPLE, plan=busy, rules=PlanRules(cap=2, caps={B: 1})).shown) == [C, D]


def test_who_was_shown_and_left_still_counts():
    scores = judge((A, C, Slot.NEIGHBOUR, 0.5))
    plan = Plan((paired(A, B),), shown=frozenset({pair(A, B)}))
    assert tap(scores, A, C, plan=plan, rules=PlanRules(cap=1)).shown == ()
    assert others(tap(scores, A, C, plan=plan, rules=PlanRules(cap=2)).shown) == [C]


# Before the hour: only what is among the best of both.


def ladder() -> FakeJudge:
    """Return scores that rise with the numbers of both: all want the last."""
    return FakeJudge(
        {
            ((one, other), Slot.NEIGHBOUR): (int(one[2:]) + int(other[2:])) / 100
            for one in MANY
            for other in MANY
            if one < other
        }
    )


def test_a_pair_is_made_at_once_if_it_is_among_the_best_both_could_hope_for():
    found = tap(ladder(), MANY[19], MANY[20], visitor=MANY[19], regulars=tuple(MANY), hour_passed=False)
    assert others(found.committed, MANY[19]) == [MANY[20]]
    assert not found.later


def test_a_good_one_for_the_visitor_is_kept_if_the_other_can_hope_for_better():
    scores = ladder()
    found = tap(scores, MANY[0], MANY[20], visitor=MANY[0], regulars=tuple(MANY), hour_passed=False)
    assert (found.shown, found.later) == ((), True)
    after = tap(scores, MANY[0], MANY[20], visitor=MANY[0], regulars=tuple(MANY))
    assert others(after.shown, MANY[0]) == [MANY[20]]


def test_a_poor_one_for_the_visitor_is_kept_for_later():
    found = tap(ladder(), MANY[20], MANY[1], visitor=MANY[20], regulars=tuple(MANY), hour_passed=False)
    assert (found.shown, found.later) == ((), True)


def test_without_reserve_the_first_who_come_are_served():
    rules = replace(RULES, reserve=0.0)
    found = tap(ladder(), *MANY[:2], visitor=MANY[0], regulars=tuple(MANY), rules=rules, hour_passed=False)
    assert others(found.shown, MANY[0]) == [MANY[1]]


def test_nothing_is_promised_where_nothing_can_come():
    assert not tap(judge(), A, B, hour_passed=False).later
    nothing_left = judge((A, B, Slot.NEIGHBOUR, 0.5))
    found = tap(nothing_left, A, B, rules=PlanRules(cap=1), hour_passed=False)
    assert (others(found.shown), found.later) == ([B], False)


def test_somebody_who_usually_comes_may_still_come():
    assert tap(judge((A, B, Slot.NEIGHBOUR, 0.5)), A, regulars=(B,), hour_passed=False).later


def test_hopes_kept_for_the_day_are_not_worked_out_again():
    scores = ladder()
    hopes = Hopes(scores, MANY, RULES.seed)
    before = scores.rows
    kept = tap(scores, *MANY, visitor=MANY[20], hour_passed=False, hopes=hopes)
    assert scores.rows == before + 1
    assert kept == tap(scores, *MANY, visitor=MANY[20], hour_passed=False)


def test_only_so_many_are_asked_for_their_hopes(monkeypatch: pytest.MonkeyPatch):
    # Everybody is good for the visitor, nobody would choose the visitor: the first tap of a day must end.
    scores = {((MANY[0], other), Slot.NEIGHBOUR): 0.5 for other in MANY[1:]}
    scores |= {((one, other), Slot.NEIGHBOUR): 0.9 for one in MANY[1:] for other in MANY[1:] if one < other}
    scores[(MANY[0], MANY[20]), Slot.NEIGHBOUR] = 0.4
    monkeypatch.setattr("community.introductions.planner.LOOKED_AT", 3)
    rules = replace(RULES, reserve=0.0)
    found = tap(FakeJudge(scores), *MANY, visitor=MANY[0], rules=rules, hour_passed=False)
    assert len(found.weighed) == 3


# Chance.


def test_explored_choices_come_as_often_as_they_say():
    scores = judge(*((A, other, Slot.NEIGHBOUR, 0.5 - at / 10) for at, other in enumerate((B, C, D))))
    counts: Counter[MemberId] = Counter()
    for day in range(2000):
        found = tap(scores, *PEOPLE, rules=PlanRules(explore=0.3, seed=str(day)))
        ((chosen,),) = (found.committed,)
        counts[chosen.other(A)] += 1
        assert {w.member: w.chance for w in found.weighed} == pytest.approx({B: 0.8, C: 0.1, D: 0.1})
        assert chosen.chance == pytest.approx(0.8 if chosen.other(A) == B else 0.1)
    assert {one: counts[one] / 2000 for one in (B, C, D)} == pytest.approx({B: 0.8, C: 0.1, D: 0.1}, abs=0.03)


def test_without_exploring_the_others_had_no_chance():
    scores = judge((A, B, Slot.NEIGHBOUR, 0.5), (A, C, Slot.NEIGHBOUR, 0.4))
    weighed = tap(scores, *PEOPLE).weighed
    assert weighed == (Weighed(B, Slot.NEIGHBOUR, 0.5, 1.0), Weighed(C, Slot.NEIGHBOUR, 0.4, 0.0))


def test_the_chances_of_a_slot_add_up_to_one_or_nothing():
    scores = judge(
        *((A, other, slot, 0.5) for other in (B, C, D) for slot in Slot),
    )
    for day in range(50):
        found = tap(scores, *PEOPLE, rules=PlanRules(explore=0.5, seed=str(day)))
        for slot in Slot:
            total = sum(weighed.chance for weighed in found.weighed if weighed.slot is slot)
            assert total == pytest.approx(1)
        assert len({p.pair for p in found.committed}) == 3


def test_a_score_a_breath_above_one_still_passes_the_wire():
    ((found,),) = (tap(judge((A, B, Slot.NEIGHBOUR, 1.0 + 1e-15)), A, B).committed,)
    assert found.score == 1.0
