"""The day's plan: who counts against whose cap, and two plans joined again."""

from hypothesis import given
from hypothesis import strategies as st

from community.ids import MemberId
from community.introductions.dayplan import Plan, reconcile
from community.introductions.pairing import Pairing, pair
from community.introductions.rules import PlanRules
from community.introductions.slots import Slot

A, B, C, D, E = PEOPLE = [MemberId(f"m-{letter}") for letter in "abcde"]
ONE = PlanRules(cap=1)


def paired(one: MemberId, other: MemberId, slot: Slot = Slot.NEIGHBOUR, score: float = 0.5) -> Pairing:
    """Return two people as the plan holds them."""
    return Pairing(*pair(one, other), slot, score=score)


def pairs(plan: Plan) -> set[tuple[MemberId, MemberId]]:
    """Return who is paired."""
    return {pairing.pair for pairing in plan.pairings}


def test_a_pair_stands_in_the_plan_once():
    first, again = paired(A, B), paired(B, A, Slot.PARTNER)
    assert Plan((first, again)).pairings == Plan((first,)).with_(again, again).pairings == (first,)


def test_a_plan_grown_step_by_step_is_the_plan_made_at_once():
    both = Plan((paired(A, B), paired(B, C)))
    grown = Plan((paired(A, B),)).with_(paired(B, C))
    assert grown == both
    assert [grown.of(one) for one in PEOPLE] == [both.of(one) for one in PEOPLE]
    assert grown.has(pair(C, B))
    assert not grown.has(pair(A, C))


def test_whoever_left_before_anybody_was_shown_does_not_count():
    plan = Plan((paired(A, B), paired(A, C), paired(A, D)), shown=frozenset({pair(A, B)}))
    assert plan.load(A) == 3
    assert plan.load(A, present={A, C}) == 2
    assert plan.shown_load(A) == 1
    assert plan.with_shown([pair(A, C)]).shown_load(A) == 2


def test_a_settled_pair_counts_against_the_cap_but_leaves_its_slot():
    plan = Plan((paired(A, B),))
    assert plan.open_in(A, Slot.NEIGHBOUR) == 1
    assert plan.open_in(A, Slot.PARTNER) == plan.open_in(A, Slot.NEIGHBOUR, present={A}) == 0
    settled = plan.with_closed([pair(A, B)])
    assert (settled.open_in(A, Slot.NEIGHBOUR), settled.load(A)) == (0, 1)


def test_what_was_shown_stays_and_the_better_of_the_rest():
    hub = Plan((paired(A, B, score=0.9), paired(C, D, score=0.2)))
    kiosk = Plan((paired(A, C, score=0.1), paired(D, E, score=0.3)))
    joined = reconcile(hub, kiosk, {pair(A, C)}, ONE)
    assert pairs(joined) == {pair(A, C), pair(D, E)}
    assert joined.shown == {pair(A, C)}


def test_a_slot_holds_one_open_pair_but_shown_and_settled_ones_besides():
    hub, kiosk = Plan((paired(A, B, score=0.9),)), Plan((paired(A, C, score=0.1),))
    assert pairs(reconcile(hub, kiosk, (), PlanRules())) == {pair(A, B)}
    settled = hub.with_shown([pair(A, B)]).with_closed([pair(A, B)])
    assert pairs(reconcile(settled, kiosk, (), PlanRules())) == {pair(A, B), pair(A, C)}


def test_of_equal_pairs_that_compete_the_seed_says_which_stays():
    one, other = Plan((paired(A, B),)), Plan((paired(B, C),))
    days = [PlanRules(cap=1, seed=f"day {number}") for number in range(40)]
    kept = [reconcile(one, other, (), day).pairings for day in days]
    assert kept == [reconcile(other, one, (), day).pairings for day in days]
    assert {pairings[0].pair for pairings in kept} == {pair(A, B), pair(B, C)}


def test_scores_are_compared_inside_a_slot():
    # The neighbour is the best of its slot, the partner the worse of two: 0.3 against 0.4 says nothing.
    hub = Plan((paired(A, B, Slot.PARTNER, 0.4), paired(D, E, Slot.PARTNER, 0.8)))
    kiosk = Plan((paired(A, C, score=0.3), paired(B, D, score=0.2)))
    assert pair(A, C) in pairs(reconcile(hub, kiosk, (), ONE))


def test_a_pair_that_both_planned_keeps_the_earlier_slot():
    hub, kiosk = Plan((paired(A, B),)), Plan((paired(A, B, Slot.ADVICE),))
    assert reconcile(hub, kiosk, (), PlanRules()).pairings == (paired(A, B, Slot.ADVICE),)


PAIRS = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda two: two[0] != two[1])
PAIRINGS = st.builds(
    lambda both, slot, score: paired(*both, slot, score),
    PAIRS,
    st.sampled_from(Slot),
    st.floats(0, 1),
)
PLANS = st.builds(
    Plan,
    st.lists(PAIRINGS, max_size=6).map(tuple),
    st.frozensets(PAIRS.map(lambda both: pair(*both)), max_size=1),
    st.frozensets(PAIRS.map(lambda both: pair(*both)), max_size=1),
)
RULES = st.builds(PlanRules, st.integers(0, 3), st.integers(1, 2))


@given(PLANS, PLANS, RULES)
def test_joined_plans_are_the_same_whoever_joins_and_keep_the_caps(one: Plan, other: Plan, rules: PlanRules):
    joined = reconcile(one, other, (), rules)
    assert joined == reconcile(other, one, (), rules)
    backwards = Plan(tuple(reversed(one.pairings)), one.shown, one.closed)
    assert joined == reconcile(backwards, other, (), rules)
    assert joined == reconcile(joined, joined, joined.shown, rules)
    assert pairs(joined) <= pairs(one) | pairs(other)
    assert pairs(joined) >= (pairs(one) | pairs(other)) & joined.shown
    for member in PEOPLE:
        assert joined.load(member) <= max(rules.cap, joined.shown_load(member))
