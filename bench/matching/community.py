"""The product's own matchmaker and planner on people that a simulation remembers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bench.matching.planning import Edge, member
from community.ids import MemberId
from community.introductions.ground import Ground
from community.introductions.judge import Judge, Scores
from community.introductions.matchmaker import Matchmaker
from community.introductions.pairing import PairPast, PersonPast
from community.introductions.past import Past
from community.introductions.planner import Plan, PlanRules, at_tap
from community.introductions.slots import Slot
from community.introductions.weights import Weights
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member, Mood

Flags = NDArray[np.bool_]

FIRST_DAY = date(2026, 1, 5)
"""A Monday."""


def day_of(number: int) -> date:
    """Return the date of the nth working day."""
    weeks, days = divmod(number, 5)
    return FIRST_DAY + timedelta(days=7 * weeks + days)


@dataclass(slots=True)
class Remembered:
    """What the hub knows of everybody: visits, ties, who was shown to whom."""

    size: int
    days: NDArray[np.int64] = field(init=False)
    weekdays: NDArray[np.int64] = field(init=False)
    met: dict[Edge, int] = field(default_factory=dict)
    """On which day."""
    shown: dict[Edge, list[int]] = field(default_factory=dict)
    said_yes: NDArray[np.int64] = field(init=False)
    asked: NDArray[np.int64] = field(init=False)
    wanted: NDArray[np.int64] = field(init=False)
    answered: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.days = np.zeros(self.size, dtype=np.int64)
        self.weekdays = np.zeros((self.size, 7), dtype=np.int64)
        self.said_yes, self.asked, self.wanted, self.answered = np.zeros((4, self.size), dtype=np.int64)

    def came(self, present: Iterable[int], number: int) -> None:
        """Note who was there on a day."""
        here = list(present)
        self.days[here] += 1
        self.weekdays[here, number % 5] += 1

    def answer(self, one: int, other: int, *, yes: bool) -> None:
        """Note what one person said of another."""
        self.asked[one] += 1
        self.answered[other] += 1
        self.said_yes[one] += yes
        self.wanted[other] += yes

    def past(self, among: Iterable[int]) -> Past:
        """Return it as the feed tells it."""
        pairs: dict[int, list[PairPast]] = {}
        ties = np.zeros(self.size, dtype=np.int64)
        for between in {*self.met, *self.shown}:
            one, other = between
            met, shown = self.met.get(between), self.shown.get(between, [])
            pairs.setdefault(one, []).append(
                PairPast(
                    member(other),
                    met=None if met is None else day_of(met),
                    shown=day_of(shown[-1]) if shown else None,
                    times=0 if met is not None else len(shown),
                )
            )
            if met is not None:
                ties[[one, other]] += 1
        return Past.of(
            PersonPast(
                member(one),
                tuple(int(n) for n in np.minimum(self.weekdays[one], 8)),
                int(self.days[one]),
                int(ties[one]),
                int(self.said_yes[one]),
                int(self.asked[one]),
                int(self.wanted[one]),
                int(self.answered[one]),
                pairs=tuple(pairs.get(one, ())),
            )
            for one in among
        )


@dataclass(slots=True)
class Household:
    """Members, and what the text understanding says of their items."""

    members: Sequence[Member]
    vectors: dict[MemberId, ItemVectors] = field(default_factory=dict)
    model: TextModel = field(default_factory=TextModel)
    _ground: Ground | None = None

    def matchmaker(
        self,
        remembered: Remembered,
        number: int,
        moods: Mapping[MemberId, Mood | None],
        weights: Weights,
    ) -> Matchmaker:
        """Return the judge of one day."""
        day = day_of(number)
        if self._ground is None:  # nobody's profile changes, and no need ends
            self._ground = Ground.of(self.members, self.vectors, self.model, day)
        past = remembered.past(range(len(self.members)))
        return Matchmaker.of(self.members, self._ground, past, day, moods, weights)


class Held:
    """A judge that looks every score up once: a day's simulation asks for the same ones again and again."""

    def __init__(self, judge: Judge, people: Sequence[MemberId]) -> None:
        self._judge = judge
        self._at = {one: place for place, one in enumerate(people)}
        self._scores = judge.table(people)

    def scale(self, by: NDArray[np.float64]) -> None:
        """Multiply the scores of each two, up to 1."""
        self._scores = np.minimum(self._scores * by, 1.0)

    def row(self, one: MemberId, others: Sequence[MemberId]) -> Scores:
        """Return the scores of one person with some others."""
        return self._scores[:, self._at[one], [self._at[other] for other in others]]

    def table(self, people: Sequence[MemberId]) -> Scores:
        """Return the scores of all pairs."""
        places = [self._at[one] for one in people]
        return self._scores[:, places][:, :, places]

    def seeker(self, one: MemberId, other: MemberId, slot: Slot) -> MemberId | None:
        """Return whose need the score rests on."""
        return self._judge.seeker(one, other, slot)


def best_tap(judge: Judge, present: Iterable[int], plan: Plan, rules: PlanRules) -> Plan:
    """Return the plan with the best introduction anybody would be shown now; the same if there is none.

    Args:
        judge: Scores, as things stand.
        present: Everybody present.
        plan: What the day has brought so far.
        rules: The caps.
    """
    here = sorted(member(one) for one in present)
    held = Held(judge, here)
    found = [
        pairing
        for one in here
        for pairing in at_tap(one, plan, held, here, here, rules, hour_passed=True).committed[:1]
    ]
    best = min(found, key=lambda p: (-p.score, p.pair), default=None)
    return plan if best is None else plan.with_(best).with_shown([best.pair])
