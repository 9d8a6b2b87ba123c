"""Any day: taps, moods, erasures, leavings, the plan's hour, a kiosk cut off and joined again."""

import random
from itertools import combinations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from community.ids import MemberId
from community.introductions.pairing import Pair, Pairing, pair
from community.introductions.planner import Plan, PlanRules, at_tap, batch, reconcile
from community.introductions.slots import Slot
from tests.fakes.judges import FakeJudge

PEOPLE = [MemberId(f"m-{number}") for number in range(8)]
WHO = st.sampled_from(PEOPLE)


class Day(RuleBasedStateMachine):
    """A kiosk and a hub that is reached or not; the kiosk shows, the hub matches.

    A kiosk goes by the hub's plan and by what it paired itself, as `kiosk.core.introducing` does.
    """

    @initialize(
        seed=st.integers(0, 10**6),
        full=st.sampled_from([0.2, 0.6, 1.0]),
        rules=st.builds(
            PlanRules,
            cap=st.integers(1, 3),
            per_slot=st.integers(1, 2),
            explore=st.sampled_from([0.0, 0.5]),
            seed=st.just("day"),
            caps=st.dictionaries(WHO, st.integers(0, 2), max_size=2),
        ),
    )
    def begins(self, seed: int, full: float, rules: PlanRules):
        chance = random.Random(seed)  # noqa: S311 - made-up scores, nothing secret
        pairs = list(combinations(PEOPLE, 2))
        self.rules = rules
        self.avoid = set(chance.sample(pairs, 3))
        scores = {(both, slot): chance.random() for both in pairs for slot in Slot if chance.random() < full}
        self.judge = FakeJudge(scores, self.avoid)
        self.erased: set[MemberId] = set()
        self.present: set[MemberId] = set(PEOPLE[:4])
        self.known = set(self.present)
        self.kiosk, self.hub = Plan(), Plan()
        self.connected, self.hour_passed = True, False
        self.shown: set[Pair] = set()
        self.paired: dict[Pair, Pairing] = {}

    @rule(member=WHO)
    def comes(self, member: MemberId):
        self.present.add(member)
        self.meets_the_hub()

    @rule(member=WHO)
    def leaves(self, member: MemberId):
        self.present.discard(member)
        self.meets_the_hub()

    @rule(member=WHO)
    def heads_down_or_up_again(self, member: MemberId):
        self.judge.out ^= {member} - self.erased

    @rule(member=WHO)
    def is_erased(self, member: MemberId):
        self.erased.add(member)
        self.judge.out.add(member)

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def settles(self, data: st.DataObject):
        both = data.draw(st.sampled_from(sorted(self.shown)))
        self.kiosk = self.kiosk.with_closed([both])
        self.meets_the_hub()

    @rule()
    def is_cut_off_or_joined_again(self):
        self.connected = not self.connected
        self.meets_the_hub()

    @rule()
    def the_hour_comes(self):
        self.hour_passed = True
        self.hub = self.hub.with_(*batch(self.hub, self.judge, self.known, self.rules))
        self.meets_the_hub()

    @rule(member=WHO)
    def taps(self, member: MemberId):
        self.present.add(member)
        present = sorted(self.present)
        found, again = (
            at_tap(member, self.kiosk, self.judge, some, PEOPLE, self.rules, hour_passed=self.hour_passed)
            for some in (present, present[::-1])
        )
        assert found == again
        seen = [pairing.other(member) for pairing in found.shown]
        assert len(set(seen)) == len(seen)
        for other in seen:
            assert other in self.present
            assert not {member, other} & self.judge.out
            assert pair(member, other) not in self.avoid
            assert pair(member, other) not in self.kiosk.closed
        for both in self.shown - self.kiosk.closed:
            other = both[0] if both[1] == member else both[1]
            if member in both and other in self.present and not {member, other} & self.judge.out:
                assert other in seen, "both people of a pair are shown each other"
        assert set(found.committed) <= set(found.shown)
        assert not any(self.kiosk.has(pairing.pair) for pairing in found.committed)
        shown = {pairing.pair for pairing in found.shown}
        self.shown |= shown
        self.paired.update((pairing.pair, pairing) for pairing in found.committed)
        self.kiosk = self.kiosk.with_(*found.committed).with_shown(shown)
        self.meets_the_hub()

    @invariant()
    def nobody_is_shown_beyond_their_cap(self):
        for member in PEOPLE:
            assert sum(member in both for both in self.shown) <= self.rules.cap_of(member)

    @invariant()
    def no_pair_stands_in_a_plan_twice(self):
        for plan in (self.kiosk, self.hub):
            assert len({pairing.pair for pairing in plan.pairings}) == len(plan.pairings)

    def meets_the_hub(self):
        if self.connected:
            self.known = set(self.present)
            self.hub = reconcile(self.hub, self.kiosk, self.shown, self.rules)
            planned = {pairing.pair: pairing for pairing in self.hub.pairings}
            self.kiosk = Plan(tuple({**self.paired, **planned}.values()), self.hub.shown, self.hub.closed)
            assert self.shown <= self.hub.shown
            assert self.shown & self.paired.keys() <= planned.keys(), "what was shown stays"


TestAnyDay = Day.TestCase
TestAnyDay.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
