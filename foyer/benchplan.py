"""`foyer bench plan`: what introductions cost, at a tap and at the plan's hour, beside exact assignment.

Times are processor time, so that a busy machine does not matter; ratios hold within one run.
"""

import json
import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.circles import b_matching
from community.introductions.ground import Ground
from community.introductions.judge import by_own_best
from community.introductions.matchmaker import Matchmaker
from community.introductions.past import Past
from community.introductions.planner import Hopes, Plan, PlanRules, at_tap, batch
from foyer.benchpeople import MODEL, made_up

SIZES = (50, 500, 5_000)
"""People present."""

DAY = date(2026, 3, 5)

SMALLEST_EXACT = 50
"""People for whom the very best plan is found besides; above, what it could be worth at most."""

LARGEST_COMPARED = 500

Result = TypeVar("Result")
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One size of community."""

    present: int
    taps: int
    tap_ms_p50: float
    """Whom to show, and the plan's new state."""
    tap_ms_p95: float
    told_ms_p50: float
    """The same with the reasons of those shown."""
    shown: float
    """People shown at a tap, on average."""
    plan_s: float
    """The plan for everybody present, scores included."""
    matching_s: float | None = None
    """Of it, the matching alone; `None` where it was not compared."""
    exact_s: float | None = None
    """scipy's assignment of the same scores; `None` without scipy."""
    value: float | None = None
    """What the matching is worth, as a share of scipy's; at most that much was possible."""
    exact_value: float | None = None
    """The same as a share of the best plan there is; for the smallest community only."""


def bench(*, taps: int, json_file: Path | None) -> None:
    """Measure, print a table, and write the figures."""
    if not _has_scipy():
        print("scipy is not installed (it comes with the development requirements): no exact assignment")
    rows = []
    for present in SIZES:
        row = _row(present, taps)
        rows.append(row)
        print(_line(row), flush=True)
    growth = [_growth(small, large) for small, large in pairwise(rows)]
    for line in growth:
        print(line)
    if json_file is not None:
        text = json.dumps({"rows": [asdict(row) for row in rows], "growth": growth}, indent=2)
        json_file.write_text(text + "\n", encoding="utf-8")


def _line(row: Row) -> str:
    told = (
        f"{row.present:>5} present: tap p50 {row.tap_ms_p50:6.2f} p95 {row.tap_ms_p95:6.2f} ms, "
        f"with reasons p50 {row.told_ms_p50:6.2f} ms, {row.shown:.1f} shown; plan {row.plan_s:.2f} s"
    )
    if row.matching_s is not None:
        told += f", of it matching {row.matching_s:.2f} s"
    if row.exact_s is not None and row.value is not None and row.matching_s is not None:
        told += (
            f"; scipy's assignment {row.exact_s:.3f} s (ratio {_ratio(row.matching_s, row.exact_s)}), "
            f"value {row.value:.1%} of its bound"
        )
    if row.exact_value is not None:
        told += f", {row.exact_value:.1%} of the best there is"
    return told


def _growth(small: Row, large: Row) -> str:
    n_log_n = large.present * math.log(large.present) / (small.present * math.log(small.present))
    ratio = _ratio(large.tap_ms_p50, small.tap_ms_p50)
    return (
        f"from {small.present} to {large.present} present a tap takes {ratio} times as long "
        f"(n log n: {n_log_n:.1f})"
    )


def _ratio(one: float, other: float) -> str:
    """Return how many times the other it is; "?" where the clock is too coarse for it."""
    return f"{one / other:.1f}" if other else "?"


def _row(present: int, taps: int) -> Row:
    chance = random.Random(present)  # noqa: S311 - made-up people, nothing secret
    judge, people = _community(present, chance)
    rules = PlanRules(seed=DAY.isoformat(), explore=0.05)
    plan_s, found = _timed(lambda: batch(Plan(), judge, people, rules))
    measured = [
        tap for plan in (None, Plan(found)) for tap in _taps(judge, people, rules, plan, taps // 2, chance)
    ]
    times = [tap.ms for tap in measured]
    row = Row(
        present,
        len(times),
        round(statistics.median(times), 3),
        round(statistics.quantiles(times, n=20)[-1], 3),
        round(statistics.median(tap.told_ms for tap in measured), 3),
        round(statistics.fmean(tap.shown for tap in measured), 2),
        round(plan_s, 3),
    )
    return row if present > LARGEST_COMPARED else _compared(row, by_own_best(judge.table(people)), rules)


@dataclass(frozen=True, slots=True)
class _Tap:
    ms: float
    told_ms: float
    shown: int


def _taps(
    judge: Matchmaker,
    people: Sequence[MemberId],
    rules: PlanRules,
    midday: Plan | None,
    taps: int,
    chance: random.Random,
) -> list[_Tap]:
    """Let people tap one after the other: before the hour, without a plan, or after it."""
    hopes = Hopes(judge, people, rules.seed)
    plan = midday or Plan()
    measured = []
    for visitor in chance.choices(people, k=taps):
        began = time.process_time()
        found = at_tap(
            visitor, plan, judge, people, people, rules, hour_passed=midday is not None, hopes=hopes
        )
        plan = plan.with_(*found.committed).with_shown(pairing.pair for pairing in found.shown)
        planned = time.process_time()
        for pairing in found.shown:
            judge.introduction(visitor, pairing.other(visitor), pairing.slot)
        told = time.process_time()
        measured.append(_Tap((planned - began) * 1000, (told - began) * 1000, len(found.shown)))
    return measured


def _compared(row: Row, shares: Weights, rules: PlanRules) -> Row:
    """Set the matching beside scipy's, on the same numbers."""
    people = row.present
    capacity = np.full(people, rules.cap)
    room = np.full((len(shares), people), rules.per_slot)
    matching_s, edges = _timed(lambda: b_matching(shares, capacity, room))
    worth = float(sum(shares[edge] for edge in edges))
    facts = {**asdict(row), "matching_s": round(matching_s, 3)}
    if _has_scipy():
        exact_s, bound = _timed(lambda: _bound(shares))
        facts |= {"exact_s": round(exact_s, 4), "value": round(worth / bound, 4)}
        if people <= SMALLEST_EXACT:
            facts["exact_value"] = round(worth / _best(shares, capacity, room), 4)
    return Row(**facts)


def _has_scipy() -> bool:
    try:
        import scipy.optimize  # noqa: F401 - only whether it is there
    except ImportError:
        return False
    return True


def _bound(shares: Weights) -> float:
    """Return what no plan can exceed.

    Each slot alone, each person once as the one and once as the other (the double cover): scipy assigns it
    exactly, and half of it is at least the best matching.
    """
    from scipy.optimize import linear_sum_assignment

    total = 0.0
    for slot in shares:
        ones, others = linear_sum_assignment(slot, maximize=True)
        total += float(slot[ones, others].sum()) / 2
    return total


def _best(shares: Weights, capacity: NDArray[np.int64], room: NDArray[np.int64]) -> float:
    """Return the value of the best plan there is, by integer programming."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, vstack

    people = shares.shape[1]
    slots, ones, others = np.nonzero(np.triu(shares))
    count = len(slots)
    twice, each = np.tile(np.arange(count), 2), np.arange(count)
    of_person = coo_array((np.ones(2 * count), (np.concatenate((ones, others)), twice)), (people, count))
    places = np.concatenate((slots * people + ones, slots * people + others))
    of_slot = coo_array((np.ones(2 * count), (places, twice)), (len(shares) * people, count))
    of_pair = coo_array((np.ones(count), (ones * people + others, each)), (people * people, count))
    most = np.concatenate((capacity, room.ravel(), np.ones(people * people)))
    found = milp(
        -shares[slots, ones, others],
        integrality=np.ones(count),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(vstack((of_person, of_slot, of_pair)).tocsr(), -np.inf, most),
    )
    return -float(found.fun)


def _timed(what: Callable[[], Result]) -> tuple[float, Result]:
    began = time.process_time()
    result = what()
    return time.process_time() - began, result


def _community(size: int, chance: random.Random) -> tuple[Matchmaker, list[MemberId]]:
    """Make up people, all of them present."""
    people = list(made_up(size, DAY, chance))
    members = [one.member for one in people]
    ground = Ground.of(members, {one.member.id: one.words for one in people}, MODEL, DAY)
    past = Past.of(one.past for one in people)
    return Matchmaker.of(members, ground, past, DAY), [member.id for member in members]
