"""Who sits together at a coffee or lunch table: people present who would gain from each other.

Pure.  Having met bars nobody from a table; avoiding each other does.
"""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.judge import Scores, TableJudge, by_own_best
from community.introductions.lots import lot
from community.introductions.tables import Occasion

FEWEST, MOST = 3, 5
"""People at one table: fewer is an introduction, more are two conversations."""

AT_ONCE = 600
"""People among whom tables are found, at most: above, as many are drawn by hash."""

BEGINNINGS = 50
"""Pairs a table is begun with, at most, before it is given up: some have nobody who could join them."""


def seat(
    judge: TableJudge,
    present: Collection[MemberId],
    size: int,
    occasion: Occasion,
    exclude: Collection[MemberId] = (),
    seed: str = "",
) -> tuple[tuple[MemberId, ...], ...]:
    """Find tables of people who would gain from each other.

    Args:
        judge: Scores, and who must not sit together.
        present: Everybody present, in any order.
        size: At most this many at a table, 3 to 5.
        occasion: What for: where two choices are equally good, coffee and lunch need not choose the same.
        exclude: Who is not to be seated: they said no, or sit at a table already.
        seed: What ties are drawn from: the same seed, the same tables.

    Returns:
        Tables of 3 to `size`, the best first, nobody at two; at each everybody gains from somebody, and
        nobody is barred from anybody.  The people of a table stand in the order in which they were found.
        Empty if there are not three such people.

    Raises:
        ValueError: `size` is none of a table.
    """
    if not FEWEST <= size <= MOST:
        raise ValueError(f"a table is for {FEWEST} to {MOST} people, not {size}")
    drawn = sorted(set(present).difference(exclude), key=lambda one: (lot(seed, occasion.value, one), one))
    people = drawn[:AT_ONCE]
    barred = _barred(judge, people)
    gains = np.where(barred, 0.0, by_own_best(judge.table(people)).max(axis=0, initial=0.0))
    tables = []
    for seats in _sizes(len(people), size):
        table = _table(gains, barred, seats)
        if not table:
            break
        tables.append(tuple(people[place] for place in table))
        gains[table] = gains[:, table] = 0.0
    return tuple(tables)


def _sizes(people: int, size: int) -> list[int]:
    """Return how many sit at each table: as few tables as hold everybody, none too small."""
    tables = min(-(-people // size), people // FEWEST)
    return [min(size, people // tables + (at < people % tables)) for at in range(tables)]


def _barred(judge: TableJudge, people: Sequence[MemberId]) -> NDArray[np.bool_]:
    if not people:
        return np.zeros((0, 0), dtype=np.bool_)
    return np.stack([judge.barred(one, people) for one in people])


def _table(gains: Scores, barred: NDArray[np.bool_], seats: int) -> list[int]:
    """Begin with the pair that gains most, and add whom the table gains most with; empty if none fits."""
    upper = np.triu(gains, 1)
    order = np.argsort(-upper, axis=None, kind="stable")[:BEGINNINGS]
    for one, other in zip(*(ends.tolist() for ends in np.unravel_index(order, upper.shape)), strict=True):
        table = [one, other] if upper[one, other] > 0 else []
        while table and len(table) < seats:
            joined = np.where(barred[table].any(axis=0), 0.0, gains[table].sum(axis=0))
            joined[table] = 0.0
            best = int(joined.argmax())
            if joined[best] <= 0:
                break
            table.append(best)
        if len(table) >= FEWEST:
            return table
    return []
