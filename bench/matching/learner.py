"""Who would say yes to whom: the product's own regression on sign-up answers and smoothed rates.

One model for each side.  Before an evening it has seen the other evenings only; during the evening it learns
what the meetings so far have shown, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.matching.evenings import SELF, WISHES, Evening, codes, describe
from community.introductions.acceptance import rate_above_average
from community.introductions.learning import fit, logistic

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

RIDGE, RIDGE_PAIR, RIDGE_RATES = 1000.0, 1000.0, 0.5
"""Precision of the coefficients around nought: what people say of themselves, how a pair fits, rates.  Chosen
by the log loss on evenings left out."""

PARTS = (0.0, 0.1, 0.25, 0.5)
"""Shares of an evening that are already known, in the examples the rates are learned from."""

_SELF_AT = 5
_WISH_AT = _SELF_AT + len(SELF)
_INTEREST_AT = _WISH_AT + len(WISHES)
_AGE = 0


@dataclass(frozen=True, slots=True)
class Side:
    """The model of one side's choices."""

    values: Numbers
    fill: Numbers
    centre: Numbers
    spread: Numbers
    base: float
    """How often this side says yes."""

    def chances(self, evening: Evening, side: int, known: Flags) -> Numbers:
        """Return the probability that each chooser says yes to each other: shape (choosers, others).

        Args:
            evening: Whose people.
            side: 0 for the men as choosers, 1 for the women.
            known: Shape (men, women): the couples whose decisions have been revealed.
        """
        x = _columns(evening, side, known, self.base, self.fill)
        x = (x - self.centre) / self.spread
        return logistic(x @ self.values)


def mutual(sides: Sequence[Side], evening: Evening, known: Flags) -> tuple[Numbers, Numbers]:
    """Return both directions as matrices of men by women."""
    return sides[0].chances(evening, 0, known), sides[1].chances(evening, 1, known).T


def learn(
    evenings: Sequence[Evening], seed: int = 0, ridge: tuple[float, float, float] | None = None
) -> tuple[Side, Side]:
    """Learn both sides from some evenings."""
    return _side(evenings, 0, seed, ridge), _side(evenings, 1, seed, ridge)


def loss(sides: Sequence[Side], evening: Evening, known: Flags) -> float:
    """Return the mean log loss of both directions on the couples not yet known."""
    asked = evening.dated & ~known
    total = 0.0
    for p, said in zip(mutual(sides, evening, known), (evening.his, evening.hers), strict=True):
        total -= float(np.where(said > 0, np.log(p), np.log1p(-p))[asked].mean())
    return total / 2


def rates(evening: Evening, side: int, known: Flags, base: float) -> tuple[Numbers, Numbers]:
    """Return each chooser's rate of yes and each other's rate of being wanted, smoothed, above the base."""
    said = evening.his if side == 0 else evening.hers.T
    seen = known if side == 0 else known.T
    yes = said * seen
    mine = rate_above_average(yes.sum(axis=1), seen.sum(axis=1), base)
    return mine, rate_above_average(yes.sum(axis=0), seen.sum(axis=0), base)


def _side(
    evenings: Sequence[Evening], side: int, seed: int, ridge: tuple[float, float, float] | None
) -> Side:
    rng = np.random.default_rng(seed)
    said = [evening.his if side == 0 else evening.hers.T for evening in evenings]
    dated = [evening.dated if side == 0 else evening.dated.T for evening in evenings]
    base = float(np.concatenate([s[d] for s, d in zip(said, dated, strict=True)]).mean())
    people = np.vstack([describe(e, e.men + e.women) for e in evenings])
    fill = np.nanmean(people, axis=0)
    rows, answers = [], []
    for evening, s, d in zip(evenings, said, dated, strict=True):
        for part in PARTS:
            known = evening.dated & (rng.random(evening.dated.shape) < part)
            asked = d & ~(known if side == 0 else known.T)
            rows.append(_columns(evening, side, known, base, fill)[asked])
            answers.append(s[asked])
    x, y = np.vstack(rows), np.concatenate(answers)
    centre, spread = x.mean(axis=0), x.std(axis=0)
    centre[0], spread[0] = 0.0, 1.0
    spread[spread == 0] = 1.0
    people_ridge, pair_ridge, rates_ridge = ridge or (RIDGE, RIDGE_PAIR, RIDGE_RATES)
    precision = np.full(x.shape[1], people_ridge)
    precision[0], precision[-2:] = 0.01, rates_ridge
    precision[1 + 2 * people.shape[1] : -2] = pair_ridge
    counts = np.full(len(y), 1 / len(PARTS))
    found = fit((x - centre) / spread, y, np.zeros(x.shape[1]), precision, counts)
    return Side(found.values, fill, centre, spread, base)


def _columns(evening: Evening, side: int, known: Flags, base: float, fill: Numbers) -> Numbers:
    choosers, others = (evening.men, evening.women) if side == 0 else (evening.women, evening.men)
    a, b = describe(evening, choosers), describe(evening, others)
    a, b = np.where(np.isnan(a), fill, a), np.where(np.isnan(b), fill, b)
    code_a, code_b = codes(evening, choosers), codes(evening, others)
    shape = (len(choosers), len(others))
    mine, theirs = rates(evening, side, known, base)
    wish, self_b = a[:, _WISH_AT:_INTEREST_AT], b[:, _SELF_AT:_WISH_AT]
    wish = wish / np.maximum(wish.sum(axis=1, keepdims=True), 1.0)
    pairs = [
        np.abs(a[:, None, _AGE] - b[None, :, _AGE]),
        np.maximum(a[:, None, _AGE] - b[None, :, _AGE], 0.0),
        similarity(a[:, _INTEREST_AT:], b[:, _INTEREST_AT:]),
        wish[:, : len(SELF)] @ (self_b - fill[_SELF_AT:_WISH_AT]).T,
        *(np.abs(a[:, None, k] - b[None, :, k]) for k in (1, 2, 3)),
        *((code_a[:, None, k] == code_b[None, :, k]).astype(np.float64) for k in range(code_a.shape[1])),
    ]
    people_a = np.broadcast_to(a[:, None, :], (*shape, a.shape[1]))
    people_b = np.broadcast_to(b[None, :, :], (*shape, b.shape[1]))
    flat = [np.ones(shape), *pairs, np.tile(mine[:, None], (1, shape[1])), np.tile(theirs, (shape[0], 1))]
    return np.concatenate(
        [flat[0][..., None], people_a, people_b, *(one[..., None] for one in flat[1:])], axis=2
    )


def similarity(a: Numbers, b: Numbers) -> Numbers:
    """Return how alike the interests of each two are: the correlation over all seventeen, -1..1."""
    one = a - a.mean(axis=1, keepdims=True)
    other = b - b.mean(axis=1, keepdims=True)
    one = one / np.maximum(np.linalg.norm(one, axis=1, keepdims=True), 1e-9)
    other = other / np.maximum(np.linalg.norm(other, axis=1, keepdims=True), 1e-9)
    found: Numbers = one @ other.T
    return found
