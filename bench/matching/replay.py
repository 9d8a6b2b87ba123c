"""Replay of real reciprocal decisions with limited time (protocol C.2 of our notes on matching).

Each evening becomes five days in one space.  Each person is there with probability .7 and has time for a few
meetings a day; a first meeting reveals what the two really decided, and feeds the learner.  Nothing about the
outcome is invented, and the pairs are made by the product's own planner.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.matching import intervals, learner
from bench.matching.evenings import INTERESTS, Evening, describe, read_evenings
from bench.matching.lists import Day, try_lists
from bench.matching.networks import gini
from bench.matching.planning import Habits, TableJudge, plan_day
from bench.matching.sources import require
from bench.matching.table import Interval, Row
from community.introductions.planner import PlanRules

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAYS = 5
PRESENT = 0.7
CAPACITIES = (1, 2, 3)
SEEDS, QUICK_SEEDS = 8, 2
AIM, AIM_CAPACITY = 25.0, 2
REFERENCE = "random lists"

LISTS = ("random lists", "popularity lists", "similarity lists", "one-sided lists", "reciprocal lists")
CHANCE = "planner on random scores"
PLANNED: dict[str, Habits] = {
    CHANCE: Habits(),
    "planner: batch only": Habits(at_tap=False),
    "planner: at tap + midday batch": Habits(),
    "planner: the same, a third come after midday": Habits(late=1 / 3),
}


AIMED = ("planner: batch only", "planner: at tap + midday batch")
"""The two ways of C.2 that aims were set for."""


@dataclass(slots=True)
class Replay:
    """One evening under one policy: what is known so far, and what came of it."""

    evening: Evening
    sides: tuple[learner.Side, learner.Side]
    known: Flags = field(init=False)
    """Men by women: who met, so whose decisions are revealed."""
    days: list[Day] = field(default_factory=list)
    repeats: int = 0
    """Viewings of somebody the viewer was shown before, while somebody present was neither met nor shown."""
    again: int = 0
    """The same, whoever else was there."""

    def __post_init__(self) -> None:
        """Begin with nobody met."""
        self.known = np.zeros_like(self.evening.dated)

    @property
    def size(self) -> int:
        """How many people; men first."""
        return len(self.evening.men) + len(self.evening.women)

    def whole(self, upper: Numbers, lower: Numbers | None = None) -> Numbers:
        """Return an n by n table from men by women and women by men; NaN where the two are no candidates."""
        table = np.full((self.size, self.size), np.nan)
        men = len(self.evening.men)
        free = self.evening.dated & ~self.known
        table[:men, men:] = np.where(free, upper, np.nan)
        table[men:, :men] = np.where(free.T, upper.T if lower is None else lower, np.nan)
        return table

    def add(self, day: Day, present: Sequence[int]) -> None:
        """Keep what came of a day, and reveal what was decided."""
        before = {edge for past in self.days for edge in past.shown}
        met = self.whole(np.zeros_like(self.evening.his))
        for viewer, viewed in day.shown:
            if (viewer, viewed) in before:
                self.again += 1
                fresh = any(not np.isnan(met[viewer, o]) and (viewer, o) not in before for o in present)
                self.repeats += fresh
        for one, other in day.meetings:
            self.known[one, other - len(self.evening.men)] = True
        self.days.append(day)


def wanted(replay: Replay, policy: str, rng: np.random.Generator) -> Numbers:
    """Return how much each wants each under one of the list policies."""
    evening, shape = replay.evening, replay.evening.dated.shape
    if policy == "random lists":
        return replay.whole(rng.random(shape), rng.random(shape[::-1]))
    if policy == "similarity lists":
        first = -len(INTERESTS)
        fill = replay.sides[0].fill
        his, hers = (describe(evening, people) for people in (evening.men, evening.women))
        his, hers = np.where(np.isnan(his), fill, his), np.where(np.isnan(hers), fill, hers)
        return replay.whole(learner.similarity(his[:, first:], hers[:, first:]))
    if policy == "popularity lists":
        of_women = learner.rates(evening, 0, replay.known, replay.sides[0].base)[1]
        of_men = learner.rates(evening, 1, replay.known, replay.sides[1].base)[1]
        noise = rng.random(shape) * 1e-6, rng.random(shape[::-1]) * 1e-6
        return replay.whole(
            np.broadcast_to(of_women, shape) + noise[0], np.broadcast_to(of_men, shape[::-1]) + noise[1]
        )
    his, hers = learner.mutual(replay.sides, evening, replay.known)
    if policy == "one-sided lists":
        return replay.whole(his, hers.T)
    return replay.whole(np.sqrt(his * hers))


def one_day(replay: Replay, policy: str, present: Sequence[int], capacity: int, seed: int) -> Day:
    """Let one day pass; `present` in the order of arrival."""
    if policy == "none":
        return Day()
    if policy in LISTS:
        return try_lists(wanted(replay, policy, np.random.default_rng(seed)), present, capacity)
    rng = np.random.default_rng(seed)
    scores = np.nan_to_num(wanted(replay, "random lists" if policy == CHANCE else "reciprocal lists", rng))
    judge = TableJudge(np.maximum(scores, scores.T))
    rules = PlanRules(cap=capacity, per_slot=capacity)
    meetings = plan_day(judge, present, range(replay.size), rules, PLANNED[policy])
    return Day([*meetings, *((b, a) for a, b in meetings)], meetings)


def run(
    evening: Evening, sides: tuple[learner.Side, learner.Side], policy: str, capacity: int, seed: int
) -> Replay:
    """Replay one evening; the same seed has the same people there in the same order under every policy."""
    replay = Replay(evening, sides)
    for number in range(DAYS):
        rng = np.random.default_rng((seed, evening.wave, number))
        there = np.flatnonzero(rng.random(replay.size) < PRESENT)
        present = [int(one) for one in rng.permutation(there)]
        replay.add(one_day(replay, policy, present, capacity, int(rng.integers(2**31))), present)
    return replay


def measures(replay: Replay) -> dict[str, float]:
    """Return what one replay shows."""
    men = len(replay.evening.men)
    matches, shown_a_day, exposure = 0, [], np.zeros(replay.size)
    matched: set[int] = set()
    for day in replay.days:
        seen = np.bincount(np.array([o for _, o in day.shown], dtype=np.intp), minlength=replay.size)
        shown_a_day.append(float(seen.max()))
        exposure += seen
        for one, other in day.meetings:
            if replay.evening.matches[one, other - men]:
                matches += 1
                matched |= {one, other}
    views = sum(len(day.shown) for day in replay.days)
    return {
        "matches": float(matches),
        "meetings": float(sum(len(day.meetings) for day in replay.days)),
        "wasted requests": float(sum(day.wasted for day in replay.days)),
        "people matched": len(matched) / replay.size,
        "most shown a day": max(shown_a_day),
        "exposure Gini": gini(exposure),
        "coverage": float((exposure > 0).mean()),
        "repeats while somebody new is there": float(replay.repeats),
        "views repeated": replay.again / views if views else 0.0,
    }


@dataclass(frozen=True, slots=True)
class Results:
    """Every measure: policy, then measure, then shape (seeds, evenings)."""

    found: dict[tuple[int, str], dict[str, Numbers]]


def simulate(
    evenings: Sequence[Evening],
    seeds: int,
    capacities: Sequence[int] = CAPACITIES,
    policies: Sequence[str] = ("none", *LISTS, *PLANNED),
    say: Callable[[str], None] = lambda _: None,
) -> Results:
    """Replay everything; each evening's models have seen the other evenings only."""
    sides = [learner.learn([*evenings[:k], *evenings[k + 1 :]]) for k in range(len(evenings))]
    found: dict[tuple[int, str], dict[str, Numbers]] = {}
    for capacity in capacities:
        for policy in policies:
            say(f"replay: capacity {capacity}, {policy}")
            each = [
                [measures(run(e, s, policy, capacity, seed)) for e, s in zip(evenings, sides, strict=True)]
                for seed in range(seeds)
            ]
            found[capacity, policy] = {
                name: np.array([[one[name] for one in row] for row in each]) for name in each[0][0]
            }
    return Results(found)


TOTALS = ("matches", "meetings", "wasted requests", "repeats while somebody new is there")


def rows(results: Results, evenings: Sequence[Evening]) -> Iterator[Row]:
    """Say it: sums over evenings and means over seeds, intervals by bootstrap over evenings."""
    weights = np.array([len(e.men) + len(e.women) for e in evenings], dtype=np.float64)
    for (capacity, policy), found in results.found.items():
        case = f"{capacity} meeting{'s' if capacity > 1 else ''} a day each"
        reference = results.found.get((capacity, REFERENCE))
        for measure, values in found.items():
            by_evening = values.mean(axis=0)
            if measure == "most shown a day":
                value = Interval(float(values.max()))
            elif measure in TOTALS:
                value = intervals.of_sum(by_evening)
            else:
                value = intervals.of_weighted(by_evening, weights)
            row = Row("replay", case, policy, measure, value)
            yield _judged(row, capacity, by_evening, reference, found)


def _judged(
    row: Row,
    capacity: int,
    by_evening: Numbers,
    reference: dict[str, Numbers] | None,
    found: dict[str, Numbers],
) -> Row:
    """Add the paired difference from random, and whether an aim was reached."""
    versus, aim, reached = None, "", None
    if row.measure == "matches" and reference is not None and row.method not in {"none", REFERENCE}:
        versus = intervals.of_ratio(by_evening, reference["matches"].mean(axis=0))
        if row.method in AIMED and capacity == AIM_CAPACITY:
            aim, reached = f"matches at least {AIM:.0f} % above random lists", versus.value >= AIM
    if row.method in AIMED and row.measure == "most shown a day":
        aim, reached = "nobody shown above the cap", bool(row.found.value <= capacity)
    if row.method in AIMED and row.measure == "repeats while somebody new is there":
        aim, reached = "no repeat while somebody new is there", bool(found[row.measure].max() == 0)
    aim = aim and f"{row.case}: {aim}"
    return Row(
        row.part, row.case, row.method, row.measure, row.found, versus, versus is not None, aim, reached
    )


def run_replay(data: Path | None, *, quick: bool = False, say: Callable[[str], None] = print) -> list[Row]:
    """Replay the speed-dating evenings of a folder of data.

    Raises:
        MissingData: The file is not there.
    """
    evenings = read_evenings(require(data, "replay") / "speed_dating.csv")
    results = simulate(evenings, QUICK_SEEDS if quick else SEEDS, (2,) if quick else CAPACITIES, say=say)
    return list(rows(results, evenings))
