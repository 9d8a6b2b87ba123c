"""Confidence intervals: what is drawn again is what could have been otherwise, an evening or a seed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.matching.table import Interval

Numbers = NDArray[np.float64]

DRAWS = 2000
"""Bootstrap draws: the ends of an interval are then good to about a twentieth of its width."""


def of_mean(values: Sequence[float] | Numbers, seed: int = 1) -> Interval:
    """Return the mean of some independent values, its interval by bootstrap over them."""
    each = np.asarray(values, dtype=np.float64)
    each = each[~np.isnan(each)]
    if not len(each):
        return Interval(float("nan"))
    drawn = np.random.default_rng(seed).integers(0, len(each), (DRAWS, len(each)))
    return _around(float(each.mean()), each[drawn].mean(axis=1))


def of_weighted(values: Numbers, weights: Numbers, seed: int = 1) -> Interval:
    """Return the weighted mean over units drawn again."""
    drawn = np.random.default_rng(seed).integers(0, len(values), (DRAWS, len(values)))
    means = (values * weights)[drawn].sum(axis=1) / weights[drawn].sum(axis=1)
    return _around(float(values @ weights / weights.sum()), means)


def of_ratio(above: Sequence[float] | Numbers, below: Sequence[float] | Numbers, seed: int = 1) -> Interval:
    """Return how many percent the sum of one is above the sum of the other, unit by unit drawn together."""
    one, other = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    if other.sum() == 0:
        return Interval(float("nan"))
    drawn = np.random.default_rng(seed).integers(0, len(one), (DRAWS, len(one)))
    sums = np.maximum(other[drawn].sum(axis=1), 1e-9)
    return _around(100 * (one.sum() / other.sum() - 1), 100 * (one[drawn].sum(axis=1) / sums - 1))


def of_sum(values: Sequence[float] | Numbers, seed: int = 1) -> Interval:
    """Return the sum over units drawn again."""
    each = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(each), (DRAWS, len(each)))
    return _around(float(each.sum()), each[drawn].sum(axis=1))


def _around(value: float, draws: Numbers) -> Interval:
    low, high = np.percentile(draws, [2.5, 97.5])
    return Interval(value, float(low), float(high))
