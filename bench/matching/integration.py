"""Introductions among people who really came, on top of the contacts they really had (protocol C.3).

Two people have a tie once they have been face to face for a number of minutes altogether, or once they
accepted an introduction.  Who came and who met by themselves is data.  Assumed, and the same for every way of
choosing: an introduction is accepted with probability .3, whoever it is, and what came of it is known before
the next; ties that came by themselves are known the day after.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.matching import intervals, networks
from bench.matching.community import Household, Remembered, best_tap, day_of
from bench.matching.contacts import Place, read_conference, read_office
from bench.matching.planning import Edge, member
from bench.matching.seeds import over_seeds
from bench.matching.sources import require
from bench.matching.table import Row
from community.ids import MemberId
from community.introductions.pairing import Pair
from community.introductions.planner import Plan, PlanRules
from community.introductions.weights import Weights
from community.members import Member, Mood, Visibility

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

ACCEPTED = 0.3
REST = 10
"""Days for which nobody proposes a pair again that said no."""

MOST_A_DAY = 3
"""Introductions a person takes part in on one day, as the product has it; one at a time."""

SEEDS, QUICK_SEEDS = 20, 3
PRODUCT = "matchmaker and planner"
RANDOM = "random"
POLICIES = ("none", RANDOM, "popularity", "similarity", "friends of friends", "fewest ties first", PRODUCT)

TOP = 0.1
"""The share of the best connected who are taken away."""


@dataclass(frozen=True, slots=True)
class Case:
    """What makes a tie, and how many introductions a day there are for everybody together."""

    minutes: int
    budget: int


OFFICE = (Case(5, 5), Case(5, 10), Case(10, 5), Case(10, 10))
CONFERENCE = (Case(30, 5), Case(30, 10), Case(60, 5), Case(60, 10))


def household(place: Place) -> Household:
    """Return the place's people as members: a department is a company, a mother tongue the first language."""
    members = []
    for number, group in enumerate(place.group):
        tongue = {"L1": "fr", "L2": "de"}.get(group, "en") if place.grouped_by == "language" else "fr"
        members.append(
            Member(
                member(number),
                name=f"Person {number}",
                languages=tuple(dict.fromkeys((tongue, "en"))),
                company=group if place.grouped_by == "company" else "",
                visibility=Visibility(members=True),
                introductions=True,
            )
        )
    return Household(members)


def shuffled(place: Place, seed: int) -> Place:
    """Return the place with its people in another order: no id is luckier than another over many seeds."""
    order = np.random.default_rng((seed, 2)).permutation(len(place.people))
    return replace(
        place,
        people=tuple(place.people[at] for at in order),
        group=tuple(place.group[at] for at in order),
        contact_s=place.contact_s[:, order][:, :, order],
    )


class Course:
    """One run over all days."""

    def __init__(self, place: Place, case: Case, seed: int, weights: Weights) -> None:
        self.place, self.case, self.weights = shuffled(place, seed), case, weights
        self.people = household(self.place)
        self.rng = np.random.default_rng((seed, case.minutes, case.budget))
        days, size = len(place.contact_s), len(place.people)
        drawn = np.random.default_rng((seed, 1)).random((days, size, size))
        self.coins = np.triu(drawn, 1) + np.triu(drawn, 1).transpose(0, 2, 1)
        self.contact_s = np.zeros((size, size), dtype=np.int64)
        self.accepted = np.zeros((size, size), dtype=bool)
        self.remembered = Remembered(size)
        self.exposure = np.zeros(size)

    @property
    def ties(self) -> Flags:
        """Who has a tie with whom by now."""
        return self.accepted | (self.contact_s >= self.case.minutes * 60)

    def run(self, policy: str) -> "Course":
        """Let all days pass."""
        for number in range(len(self.place.contact_s)):
            present = np.flatnonzero(self.place.present[number]).tolist()
            if policy == PRODUCT:
                self._by_the_product(present, number)
            elif policy != "none":
                self._by_wish(policy, present, number)
            self.remembered.came(present, number)
            self.contact_s += self.place.contact_s[number]
            for one, other in zip(*np.nonzero(np.triu(self.ties, 1)), strict=True):
                self.remembered.met.setdefault((int(one), int(other)), number)
        return self

    def _by_the_product(self, present: Sequence[int], number: int) -> None:
        """Let whoever has the best to be shown tap first; what comes of it is known before the next tap."""
        moods: dict[MemberId, Mood | None] = {member(one): Mood.OPEN for one in present}
        judge = self.people.matchmaker(self.remembered, number, moods, self.weights)
        past, met, plan = judge.standing.past, list[Pair](), Plan()
        for _ in range(self.case.budget):
            after = best_tap(judge, present, plan, PlanRules(cap=MOST_A_DAY, seed=str(number)))
            if after is plan:
                break
            newest = after.pairings[-1].pair
            plan = after.with_closed([newest])
            if self._introduced((int(newest[0]), int(newest[1])), number):
                met.append(newest)
            judge = judge.then(past.with_today(day_of(number), met=met, shown=plan.shown))

    def _by_wish(self, policy: str, present: Sequence[int], number: int) -> None:
        """The same by another way of choosing."""
        here = np.zeros(len(self.accepted), dtype=bool)
        here[list(present)] = True
        loads = np.zeros(len(here), dtype=np.int64)
        for _ in range(self.case.budget):
            open_to = here & (loads < MOST_A_DAY)
            free = np.triu(open_to[:, None] & open_to[None, :] & ~self.ties, 1)
            for (one, other), days in self.remembered.shown.items():
                free[one, other] &= number - days[-1] > REST
            if not free.any():
                break
            wish = np.where(free, self._wish(policy), -np.inf)
            one, other = divmod(int(wish.argmax()), len(here))
            loads[[one, other]] += 1
            self._introduced((one, other), number)

    def _introduced(self, pair: Edge, number: int) -> bool:
        """Note an introduction, and say whether it was accepted."""
        yes = bool(self.coins[number][pair] < ACCEPTED)
        self.exposure[list(pair)] += 1
        self.remembered.shown.setdefault(pair, []).append(number)
        self.accepted[pair] |= yes
        self.accepted[pair[::-1]] |= yes
        return yes

    def _wish(self, policy: str) -> Numbers:
        ties = self.ties
        degree = ties.sum(axis=1)
        groups = np.array(self.place.group)
        wishes: dict[str, Callable[[], Numbers]] = {
            RANDOM: lambda: np.zeros(ties.shape),
            "popularity": lambda: (degree[:, None] + degree[None, :]).astype(np.float64),
            "similarity": lambda: ((groups[:, None] == groups[None, :]) & (groups != "")).astype(np.float64),
            "friends of friends": lambda: ties.astype(np.float64) @ ties.astype(np.float64),
            "fewest ties first": lambda: 1 / (1 + degree[:, None]) + 1 / (1 + degree[None, :]),
        }
        return wishes[policy]() + 1e-6 * self.rng.random(ties.shape)


def measures(course: Course) -> dict[str, float]:
    """Return what one run leaves behind."""
    ties = course.ties
    return {
        "isolates": float(networks.isolates(ties)),
        "two ties or fewer": float(networks.at_most(ties, 2)),
        "giant component": networks.giant(ties),
        "giant without the best connected tenth": networks.giant_without_best(ties, TOP),
        "ties across groups": networks.across(ties, course.place.group),
        "exposure Gini": networks.gini(course.exposure),
    }


LOWER_IS_BETTER = ("isolates", "two ties or fewer", "exposure Gini")
AIMED = (
    "isolates",
    "two ties or fewer",
    "giant component",
    "giant without the best connected tenth",
)


def simulate(
    place: Place,
    case: Case,
    seeds: Sequence[int],
    policies: Sequence[str] = POLICIES,
    weights: Weights | None = None,
    jobs: int | None = 1,
) -> dict[str, dict[str, Numbers]]:
    """Return policy, then measure, then one value a seed."""
    return {
        policy: over_seeds(partial(_measured, place, case, weights or Weights(), policy), seeds, jobs)
        for policy in policies
    }


def _measured(place: Place, case: Case, weights: Weights, policy: str, seed: int) -> dict[str, float]:
    return measures(Course(place, case, seed, weights).run(policy))


def rows(place: Place, case: Case, found: dict[str, dict[str, Numbers]]) -> Iterator[Row]:
    """Say it: means over seeds, paired differences from random, intervals by bootstrap over seeds."""
    label = f"{place.name}, a tie from {case.minutes} min, {case.budget} introductions a day"
    for policy, by_measure in found.items():
        for measure, values in by_measure.items():
            versus = None
            if policy not in {"none", RANDOM}:
                versus = intervals.of_mean(values - found[RANDOM][measure])
            aim, reached = "", None
            if policy == PRODUCT and measure in AIMED:
                aim, reached = _aim(measure, case, values, found[RANDOM][measure])
            yield Row(
                "integration",
                label,
                policy,
                measure,
                intervals.of_mean(values),
                versus,
                aim=aim and f"{label}: {aim}",
                reached=reached,
            )


def _aim(measure: str, case: Case, values: Numbers, random: Numbers) -> tuple[str, bool | None]:
    """Half of random's isolates at the scarcest budget; nothing else worse than random.

    Worse is a mean on the wrong side by more than chance explains (95 %).
    """
    if measure == "isolates" and case.budget == min(c.budget for c in OFFICE):
        return "isolates below half of random's", bool(values.mean() < random.mean() / 2)
    sign = 1 if measure in LOWER_IS_BETTER else -1
    low = intervals.of_mean(sign * (values - random)).low
    return f"{measure} not worse than random", low is not None and low <= 0


def run_integration(
    data: Path | None, *, quick: bool = False, say: Callable[[str], None] = print
) -> list[Row]:
    """Run both places of a folder of data.

    Raises:
        MissingData: A file is not there.
    """
    folder = require(data, "integration") / "contacts"
    found: list[Row] = []
    for place, cases in ((read_office(folder), OFFICE), (read_conference(folder), CONFERENCE)):
        for case in cases[:1] if quick else cases:
            say(f"integration: {place.name}, {case.minutes} min, {case.budget} a day")
            seeds, jobs = (range(QUICK_SEEDS), 1) if quick else (range(SEEDS), None)
            found += rows(place, case, simulate(place, case, seeds, jobs=jobs))
    return found
