"""An agent-based community, for ablations and faults (protocol C.4).

A model: how people behave in it is assumed, so it shows whether a part of the matcher does what it is meant
to do and what breaks it, never that introductions do anybody good.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.matching import intervals, networks
from bench.matching.community import Held, Remembered
from bench.matching.lists import Day, try_lists
from bench.matching.planning import Edge, Habits, member, plan_day
from bench.matching.seeds import over_seeds
from bench.matching.table import Row
from bench.matching.village import Faults, Village, settle
from community.ids import MemberId
from community.introductions.acceptance import FEATURES, Features, acceptance, mutual
from community.introductions.judge import Judge
from community.introductions.matchmaker import Matchmaker
from community.introductions.planner import PlanRules
from community.introductions.weights import Weights
from community.members import Mood

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

PEOPLE, DAYS, QUICK_DAYS = 120, 60, 15
SEEDS, QUICK_SEEDS = 10, 2
TIME = 2
"""Meetings each has time for on a day."""
GREETED = 0.15
"""The probability that the host and somebody present get to know each other on a day."""
COLLEAGUES = 0.1
"""The same for two people of one company; strangers do not meet by themselves here."""
RECENT = 10
"""Days within which being shown the same person again is a repeat."""
SOON = 10
"""Days of presence within which a newcomer should have two ties."""
TIES = 2
OPEN = 0.3
"""The share who say on a day that they are open to a chat."""
SAID_NO = 0.3
"""The share of no that is told; the rest stays silence."""

LISTS = ("random lists", "popularity lists", "similarity lists", "one-sided lists", "reciprocal lists")
FULL, RANDOM = "full", "random lists"


@dataclass(frozen=True, slots=True)
class Setup:
    """What the matcher does without."""

    weights: Weights = field(default_factory=Weights)
    rules: PlanRules = field(default_factory=PlanRules)
    novelty: bool = True
    """Whether it remembers who was shown to whom."""
    reciprocal: bool = True
    """Whether both must be likely to say yes; otherwise the keener one decides."""


_PRIOR = Weights()
SETUPS: dict[str, Setup] = {
    FULL: Setup(),
    "without lift": Setup(weights=msgspec.structs.replace(_PRIOR, lift=0.0, newcomer=0.0)),
    "without bridges": Setup(weights=msgspec.structs.replace(_PRIOR, bridge=0.0)),
    "without a cap": Setup(rules=PlanRules(cap=60, per_slot=20)),
    "without novelty": Setup(novelty=False),
    "without reciprocity": Setup(reciprocal=False),
}
FAULTS: dict[str, Faults] = {
    "an ordinary community": Faults(),
    "the host is absent": Faults(host=False),
    "half are heads-down": Faults(heads_down=0.5),
    "30 % speak English only": Faults(one_language=0.3),
    "half leave, half join": Faults(churn=0.5),
}


class Life:
    """One community over its days."""

    def __init__(self, village: Village, seed: int, setup: Setup) -> None:
        self.village, self.setup, self.seed = village, setup, seed
        self.remembered = Remembered(village.size)
        self.met = np.zeros((village.size + 1, village.size + 1), dtype=bool)
        """Who knows whom; the host is the last."""
        self.yes, self.answers = village.yes(), village.answers()
        drawn = np.random.default_rng((seed, 11)).random((village.size, village.size))
        self.would = drawn < self.yes
        """What each really thinks of each; it does not change from day to day."""
        self.exposure = np.zeros(village.size)
        self.views = self.repeats = self.most_shown = 0
        self.seen: dict[Edge, int] = {}
        self.two_ties_after = np.full(village.size, -1)

    def day(self, policy: str, number: int) -> None:
        """Let one day pass."""
        rng = np.random.default_rng((self.seed, number, 3))
        arrivals = self.village.present(number, rng)
        moods = self._moods(arrivals, rng)
        open_to = [int(one) for one in arrivals if moods[member(int(one))] is not Mood.HEADS_DOWN]
        self._happen(self._shown(policy, open_to, arrivals.tolist(), moods, number, rng), number, rng)
        self._by_themselves(arrivals, rng)
        self.remembered.came(arrivals.tolist(), number)
        fresh = (self.met.sum(axis=1)[:-1] >= TIES) & (self.two_ties_after < 0)
        self.two_ties_after[fresh] = self.remembered.days[fresh]

    def _moods(self, arrivals: NDArray[np.intp], rng: np.random.Generator) -> dict[MemberId, Mood | None]:
        drawn = rng.random(self.village.size)
        down = self.village.faults.heads_down
        return {
            member(int(one)): Mood.HEADS_DOWN
            if drawn[one] < down
            else Mood.OPEN
            if drawn[one] > 1 - OPEN
            else None
            for one in arrivals
        }

    def _shown(
        self,
        policy: str,
        open_to: Sequence[int],
        arrivals: Sequence[int],
        moods: Mapping[MemberId, Mood | None],
        number: int,
        rng: np.random.Generator,
    ) -> Day:
        if policy == "none":
            return Day()
        if policy in LISTS:
            return try_lists(self._wish(policy, moods, number, rng), open_to, TIME)
        judge = self._judge(moods, number)
        usual = np.flatnonzero(self.village.weekly[:, number % 5] & (self.village.since <= number))
        rules = replace(self.setup.rules, seed=f"{self.seed} {number}")
        pairs = plan_day(judge, arrivals, usual.tolist(), rules, Habits(late=0.25))
        return Day(shown=[*pairs, *((b, a) for a, b in pairs)], meetings=self._in_time(pairs))

    def _judge(self, moods: Mapping[MemberId, Mood | None], number: int) -> Judge:
        if not self.setup.novelty:
            self.remembered.shown.clear()
        found = self.village.household.matchmaker(self.remembered, number, moods, self.setup.weights)
        everybody = [member(one) for one in range(self.village.size)]
        held = Held(found, everybody)
        if not self.setup.reciprocal:
            held.scale(keener(found, everybody, self.setup.weights))
        return held

    def _in_time(self, pairs: Sequence[Edge]) -> list[Edge]:
        """Return the meetings people have time for, in the order in which they were proposed."""
        left: dict[int, int] = {}
        found = []
        for one, other in pairs:
            if left.get(one, TIME) and left.get(other, TIME):
                left[one], left[other] = left.get(one, TIME) - 1, left.get(other, TIME) - 1
                found.append((one, other))
        return found

    def _wish(
        self, policy: str, moods: Mapping[MemberId, Mood | None], number: int, rng: np.random.Generator
    ) -> Numbers:
        size = self.village.size
        noise = 1e-6 * rng.random((size, size))
        everybody = [member(one) for one in range(size)]

        def matchmaker() -> Matchmaker:
            household = self.village.household
            return household.matchmaker(self.remembered, number, moods, self.setup.weights)

        wishes: dict[str, Callable[[], Numbers]] = {
            "random lists": lambda: rng.random((size, size)),
            "popularity lists": lambda: np.tile(self.remembered.wanted.astype(np.float64), (size, 1)),
            "similarity lists": lambda: self.village.likes.astype(float) @ self.village.likes.T.astype(float),
            "one-sided lists": lambda: believed(matchmaker(), everybody, self.setup.weights),
            "reciprocal lists": lambda: mutual(*both(believed(matchmaker(), everybody, self.setup.weights))),
        }
        known = self.met[:-1, :-1] | np.eye(size, dtype=bool)
        return np.where(known, np.nan, wishes[policy]() + noise)

    def _happen(self, day: Day, number: int, rng: np.random.Generator) -> None:
        seen_today = np.zeros(self.village.size)
        for viewer, viewed in day.shown:
            self.views += 1
            last = self.seen.get((viewer, viewed), -RECENT - 1)
            self.repeats += number - last <= RECENT
            self.seen[viewer, viewed] = number
            seen_today[viewed] += 1
            days = self.remembered.shown.setdefault((min(viewer, viewed), max(viewer, viewed)), [])
            if not days or days[-1] != number:
                days.append(number)
        self.exposure += seen_today
        self.most_shown = max(self.most_shown, int(seen_today.max()))
        for one, other in day.meetings:
            each = self.would[one, other], self.would[other, one]
            if all(each):
                self.met[one, other] = self.met[other, one] = True
                self.remembered.met.setdefault((min(one, other), max(one, other)), number)
            for (a, b), said in (((one, other), each[0]), ((other, one), each[1])):
                if all(each) or (not said and rng.random() < SAID_NO):
                    self.remembered.answer(a, b, yes=bool(said))

    def _by_themselves(self, arrivals: NDArray[np.intp], rng: np.random.Generator) -> None:
        """Colleagues meet, and the host greets people; the matcher is told of neither."""
        size = self.village.size
        company = self.village.company
        here = np.zeros(size, dtype=bool)
        here[arrivals] = True
        both = np.triu(here[:, None] & here & (company[:, None] == company), 1)
        both &= rng.random((size, size)) < COLLEAGUES
        self.met[:-1, :-1] |= both | both.T
        greeted = here & (rng.random(size) < GREETED) & self.village.faults.host
        self.met[-1, :-1] |= greeted
        self.met[:-1, -1] |= greeted


def believed(judge: Matchmaker, people: Sequence[MemberId], weights: Weights) -> Numbers:
    """Return how probable the matcher takes it to be that each says yes to each other."""
    features = np.stack([judge.features(one, people) for one in people])
    columns = dict(zip(FEATURES, np.moveaxis(features, -1, 0), strict=True))
    return acceptance(Features(**columns), weights)


def both(chances: Numbers) -> tuple[Numbers, Numbers]:
    """Return the chances of the one, and of the other."""
    return chances, chances.T


def keener(judge: Matchmaker, people: Sequence[MemberId], weights: Weights) -> Numbers:
    """Return, for each two, the keener one's probability of yes over the geometric mean of both."""
    mine, theirs = both(believed(judge, people, weights))
    return np.asarray(np.maximum(mine, theirs) / mutual(mine, theirs))


def measures(life: Life) -> dict[str, float]:
    """Return what one community looks like in the end; the host is counted nowhere but where it is said."""
    village = life.village
    ties = life.met[:-1, :-1]
    largest = max(networks.parts(ties, range(village.size)), key=len)
    through_host = life.met[-1, :-1] & ~np.isin(np.arange(village.size), list(largest))
    needs = (life.answers & ties[:, None, :]).any(axis=2)
    newcomers = (village.since > 0) & (life.remembered.days >= SOON)
    soon = (life.two_ties_after >= 0) & (life.two_ties_after <= SOON)
    return {
        "isolates": networks.isolates(ties) / village.size,
        "giant without the host": len(largest) / village.size,
        "reached only through the host": float(through_host.mean()),
        "needs met": float(needs.sum()),
        "newcomers with two ties": float(soon[newcomers].mean()) if newcomers.any() else float("nan"),
        "ties across companies": networks.across(ties, [str(c) for c in village.company]),
        "exposure Gini": networks.gini(life.exposure),
        "most shown a day": float(life.most_shown),
        "repeats in ten days": life.repeats / life.views if life.views else 0.0,
    }


def live(policy: str, faults: Faults, seed: int, days: int, people: int = PEOPLE) -> Life:
    """Let a community live; the same seed has the same people there on the same days."""
    life = Life(settle(people, days, faults, seed), seed, SETUPS.get(policy, Setup()))
    for number in range(days):
        life.day(policy, number)
    return life


def rows(case: str, found: Mapping[str, Mapping[str, Numbers]]) -> Iterator[Row]:
    """Say it: means over seeds, paired differences from random, intervals by bootstrap over seeds."""
    for policy, by_measure in found.items():
        for measure, values in by_measure.items():
            versus = None
            if policy not in {"none", RANDOM} and RANDOM in found:
                versus = intervals.of_mean(values - found[RANDOM][measure])
            yield Row("agents", case, policy, measure, intervals.of_mean(values), versus)


def _measured(policy: str, faults: Faults, days: int, seed: int) -> dict[str, float]:
    return measures(live(policy, faults, seed, days))


def run_agents(*, quick: bool = False, say: Callable[[str], None] = print) -> list[Row]:
    """Run the model: every policy and ablation in an ordinary community, the full one with each fault."""
    seeds, days = (QUICK_SEEDS, QUICK_DAYS) if quick else (SEEDS, DAYS)
    found: list[Row] = []
    for case, faults in FAULTS.items():
        ordinary = faults == Faults()
        policies = ("none", *LISTS, *SETUPS) if ordinary else (RANDOM, FULL)
        results: dict[str, dict[str, Numbers]] = {}
        for policy in policies:
            say(f"agents: {case}, {policy}")
            results[policy] = over_seeds(
                partial(_measured, policy, faults, days), range(seeds), 1 if quick else None
            )
        found += rows(f"model: {case}", results)
    return found
