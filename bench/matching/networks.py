"""The few measures of a network that are asked for."""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


def isolates(ties: Flags) -> int:
    """Return how many have no tie."""
    return int((ties.sum(axis=1) == 0).sum())


def at_most(ties: Flags, few: int) -> int:
    """Return how many have `few` ties or fewer."""
    return int((ties.sum(axis=1) <= few).sum())


def giant(ties: Flags, without: Collection[int] = ()) -> float:
    """Return the share of people in the largest connected part, some of them taken away with their ties.

    The share is of those who are left; 0 where nobody is.
    """
    left = [i for i in range(len(ties)) if i not in set(without)]
    if not left:
        return 0.0
    return max(len(part) for part in parts(ties, left)) / len(left)


def best_connected(ties: Flags, share: float, rng: np.random.Generator) -> list[int]:
    """Return a share of the people (rounded, at least one), those with most ties; equals are drawn."""
    count = max(1, round(share * len(ties)))
    order: list[int] = np.lexsort((rng.random(len(ties)), -ties.sum(axis=1))).tolist()
    return order[:count]


def giant_without_best(ties: Flags, share: float, draws: int = 10) -> float:
    """Return the largest part's share once the best connected are gone, on average over equals among them.

    Whom of many equals one takes away can halve it, so one draw says little.
    """
    rng = np.random.default_rng(0)
    return float(np.mean([giant(ties, best_connected(ties, share, rng)) for _ in range(draws)]))


def parts(ties: Flags, among: Iterable[int]) -> list[set[int]]:
    """Return the connected parts among some people."""
    left, found = set(among), []
    while left:
        part = {left.pop()}
        edge = set(part)
        while edge:
            edge = {int(j) for i in edge for j in np.flatnonzero(ties[i]) if int(j) in left}
            left -= edge
            part |= edge
        found.append(part)
    return found


def across(ties: Flags, groups: Collection[str]) -> float:
    """Return the share of ties between people of two groups; NaN without ties.  An empty group is unknown."""
    names = np.array(list(groups))
    known = (names != "")[:, None] & (names != "")[None, :]
    counted = np.triu(ties, 1) & known
    total = int(counted.sum())
    return float((counted & (names[:, None] != names[None, :])).sum() / total) if total else float("nan")


def gini(exposures: Numbers) -> float:
    """Return how unevenly something is spread: 0 for evenly, towards 1 for all to one; 0 for nothing."""
    each = np.sort(np.asarray(exposures, dtype=np.float64))
    total = each.sum()
    if total == 0:
        return 0.0
    rank = np.arange(1, len(each) + 1)
    return float((2 * rank - len(each) - 1) @ each / (len(each) * total))
