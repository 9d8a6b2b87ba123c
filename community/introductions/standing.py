"""The past as arrays: who comes when, whose ties are few, and what lies between people.

Pure apart from what it keeps: rows are worked out when first asked for.  A past that has more laid over it
takes over everything that did not change.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from community.introductions.acceptance import rate_above_average
from community.introductions.crowd import NEW_FOR_DAYS, Crowd
from community.introductions.filters import Bar, bars_between
from community.introductions.pairing import PairPast, PersonPast
from community.introductions.past import Past
from community.introductions.sparse import Indices, Numbers

Flags = NDArray[np.bool_]

WEEKS = 8
"""Weeks whose visits `PersonPast.weekdays` counts."""

ENOUGH_TIES = 3
"""Ties from which on somebody needs no help in finding more."""

NEWCOMER_DAYS = 10.0
"""Days of presence over which a newcomer's bonus fades, to about a third."""

FORGETTING_DAYS = 8.0
FORGETTING = 0.7
"""How a pair that was shown regains its novelty: 1 - .7 exp(-days / 8)."""


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """What lies between one person and some others: columns, and one flag or number for each."""

    columns: Indices
    barred: Flags
    """From every slot."""
    refused: Flags
    met: Flags
    met_lately: Flags
    novelty: Numbers


class Standing:
    """Where everybody stands.  Lives as long as its past."""

    def __init__(self, crowd: Crowd, past: Past, root: "Standing | None" = None) -> None:
        """Read a past.

        Args:
            crowd: Everybody.
            past: What is known.
            root: The standing of the same crowd for the past this one was laid over: what did not change
                is asked there.
        """
        self.past = past
        self._crowd = crowd
        self._friends: dict[int, Indices] = {}
        self._between: dict[int, Between] = {}
        self._root = root
        self._changed: frozenset[int] = frozenset()
        if root is None:
            people = [past.people.get(member.id) for member in crowd.members]
            known = [person or _STRANGER for person in people]
            visits = [past.weekdays(member.id) for member in crowd.members]
            counted = np.array(visits, np.float64).reshape(len(people), 7)
            self.weekdays = np.ascontiguousarray(np.minimum(counted, WEEKS).T.astype(np.uint8))
            """Visits on each weekday, shape (7, n); more than one a week are no more."""
            self.visits = self.weekdays.sum(axis=0, dtype=np.uint8)
            """All of them together."""
            self.missing = np.array([_missing(person) for person in known], np.float64)
            """Ties missing to `ENOUGH_TIES`."""
            self.newness = _newness(crowd, people)
            """1 on the first day, fading with days of presence."""
            self.my_yes = _rates([p.said_yes for p in known], [p.asked for p in known])
            self.their_yes = _rates([p.wanted for p in known], [p.answered for p in known])
        else:
            self._changed = frozenset(crowd.index[m] for m in past.changed if m in crowd.index)
            self.weekdays, self.newness = root.weekdays, root.newness
            self.visits = root.visits
            self.my_yes, self.their_yes = root.my_yes, root.their_yes
            self.missing = root.missing.copy()
            for row in self._changed:
                self.missing[row] = _missing(past.person(crowd.members[row].id))

    def then(self, past: Past) -> "Standing":
        """Return the standing of the same crowd at another moment."""
        root = self._root or self
        if past is self.past:
            return self
        return Standing(self._crowd, past, root if past.base is root.past else None)

    def overlap(self, ones: Indices, others: Indices) -> Numbers:
        """Return the share of their usual weekdays that each pair has in common, 0..1."""
        mine, theirs = self.weekdays[:, ones, None], self.weekdays[:, None, others]
        shared = np.minimum(mine, theirs).sum(axis=0, dtype=np.uint8)
        either = self.visits[ones][:, None] + self.visits[others] - shared
        share: Numbers = np.divide(shared, np.maximum(either, 1), dtype=np.float64)
        return share

    def friends(self, row: int) -> Indices:
        """Return the rows of everybody somebody met."""
        if self._root is not None and row not in self._changed:
            return self._root.friends(row)
        known = self._friends.get(row)
        if known is None:
            around = self.past.around(self._crowd.members[row].id)
            rows = (self._crowd.index.get(other) for other, pair in around.items() if pair.met is not None)
            known = self._friends[row] = np.array([r for r in rows if r is not None], np.intp)
        return known

    def have_friend_in_common(self, ones: Indices, others: Indices) -> Flags:
        """Say which pairs know somebody who knows both."""
        reached = np.zeros((len(ones), len(self._crowd.members)), np.bool_)
        for place, row in enumerate(ones):
            for friend in self.friends(int(row)):
                reached[place, self.friends(int(friend))] = True
        return reached[:, others]

    def between(self, row: int) -> Between:
        """Return what lies between one person and everybody they have a past with."""
        if self._root is not None and row not in self._changed:
            return self._root.between(row)
        known = self._between.get(row)
        if known is None:
            around = self.past.around(self._crowd.members[row].id)
            index = self._crowd.index
            known = self._between[row] = self._read(
                [(index[other], pair) for other, pair in around.items() if other in index]
            )
        return known

    def _read(self, pairs: list[tuple[int, PairPast]]) -> Between:
        found = [bars_between(pair, self._crowd.day) for _, pair in pairs]
        return Between(
            np.array([column for column, _ in pairs], np.intp),
            np.array([Bar.REFUSED in bars or Bar.RESTING in bars for bars in found], np.bool_),
            np.array([Bar.REFUSED in bars for bars in found], np.bool_),
            np.array([Bar.MET in bars for bars in found], np.bool_),
            np.array([Bar.MET_LATELY in bars for bars in found], np.bool_),
            np.array([self._novelty(pair) for _, pair in pairs], np.float64),
        )

    def _novelty(self, pair: PairPast) -> float:
        """Return what being shown before leaves of a score; shown today costs nothing."""
        if pair.shown is None or pair.shown >= self._crowd.day:
            return 1.0
        days = (self._crowd.day - pair.shown).days
        return float(1 - FORGETTING * np.exp(-days / FORGETTING_DAYS))


_STRANGER = PersonPast(member="")  # type: ignore[arg-type]  # nobody's id: only its empty counts are read


def _missing(person: PersonPast) -> int:
    return max(ENOUGH_TIES - person.ties, 0)


def _newness(crowd: Crowd, people: Iterable[PersonPast | None]) -> Numbers:
    """Return each one's newness; whom the past does not know is new unless they joined long ago."""
    days = np.array([np.nan if person is None else person.days for person in people], np.float64)
    unknown = np.where(crowd.age_days <= NEW_FOR_DAYS, 1.0, 0.0)
    return np.where(np.isnan(days), unknown, np.exp(-np.nan_to_num(days) / NEWCOMER_DAYS))


def _rates(yes: Iterable[int], asked: Iterable[int]) -> Numbers:
    """Return everybody's rate of yes above the average of all."""
    of, out_of = np.array([*yes], np.float64), np.array([*asked], np.float64)
    average = (float(np.minimum(of, out_of).sum()) + 1) / (float(out_of.sum()) + 2)
    return rate_above_average(of, out_of, average)
