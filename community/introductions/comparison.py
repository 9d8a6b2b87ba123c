"""Compare everybody's items with everybody else's, a block at a time.

Pure.  The memory it takes grows with the members, not with their pairs; the time grows with the pairs, so it
belongs in a worker, never at a tap.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.links import ItemPairs
from community.introductions.sides import Kind, answering, brought
from community.introductions.sparse import Indices, Numbers
from community.introductions.topics import holders
from community.introductions.vectors import ROWS_AT_ONCE, Shelf, alike, item_key
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member

SHORTLIST = 100
"""Partners kept of each member and kind, at least: what a large community can afford."""

ENTRIES = 500_000
"""Partners kept of all members together: a community of 700 or fewer keeps every one."""

MOST_ITEMS = 30
"""Items of one member and kind that are compared; who pastes a hundred is read in part."""

LEAST_LIKENESS = 0.1
"""Likeness below which two items say nothing of each other, whatever a damaged curve may say."""

MOST_PAIRS = 3_000_000
"""Pairs of items looked at together; beyond that only the most alike of them count."""

FAINT, FULL = 0.4, 0.8
"""How strongly two interests that are just alike enough, and two that are the same, make common ground."""

_SHORTEST_SPAN = 0.05

_TOGETHER = ((Kind.OFFER, Kind.KNOWLEDGE), (Kind.INTEREST,))
"""Kinds that bring the same items: these are compared once for all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Items of one kind of all members, in the order of the members."""

    owners: Indices
    places: Indices
    texts: Indices
    """Which of the distinct texts each is."""

    def only(self, which: Indices | NDArray[np.bool_]) -> "_Side":
        """Return some of the items."""
        return _Side(self.owners[which], self.places[which], self.texts[which])

    def of(self, members: Indices, *, others: bool = False) -> "_Side":
        """Return the items of some members, or of everybody else."""
        return self.only(np.isin(self.owners, members, invert=others))


@dataclass(frozen=True, slots=True, eq=False)
class _Near:
    """Items of one side, what each is alike to on the other (a text, or an item), and how much."""

    mine: Indices
    theirs: Indices
    likeness: Numbers

    def only(self, which: NDArray[np.bool_] | Indices) -> "_Near":
        """Return some of the pairs."""
        return _Near(self.mine[which], self.theirs[which], self.likeness[which])

    @classmethod
    def joined(cls, parts: "Sequence[_Near]") -> "_Near":
        """Return all pairs of some runs of them."""
        return cls(
            np.concatenate([np.zeros(0, np.intp), *(part.mine for part in parts)]),
            np.concatenate([np.zeros(0, np.intp), *(part.theirs for part in parts)]),
            np.concatenate([np.zeros(0), *(part.likeness for part in parts)]),
        )


class Comparison:
    """Everybody's items, ready to be compared.  Lives while the tables are made."""

    def __init__(
        self,
        people: Sequence[Member],
        vectors: Mapping[MemberId, ItemVectors],
        model: TextModel,
        day: date,
    ) -> None:
        self._people = people
        self._model = model
        self._texts, packed = _texts(people, vectors, model, day)
        firsts: dict[str, int] = {}
        same = [firsts.setdefault(text.strip().casefold(), number) for text, number in self._texts.items()]
        self._same = np.array(same, np.intp)
        self._shelf = Shelf.of(packed, model.size)
        self._unwelcome = _unwelcome(people, tuple(self._texts))
        self._least = _least_likeness(model)
        self._least_alike = max(model.least_alike, LEAST_LIKENESS)
        self._brought = {kind: self._side(brought(m, kind, day) for m in people) for kind in Kind}
        self._answering = {kind: self._side(answering(m, kind) for m in people) for kind in Kind}

    def pairs(self, changed: Collection[int] | None = None) -> Mapping[Kind, ItemPairs]:
        """Return how people's items meet: for each kind one line a pair of people, in any order.

        Args:
            changed: Only pairs with one of these rows in them; `None` for all.
        """
        found: dict[Kind, list[ItemPairs]] = {kind: [] for kind in Kind}
        for kinds in _TOGETHER:
            mine, theirs = self._brought[kinds[0]], {kind: self._answering[kind] for kind in kinds}
            if changed is None:
                self._compare(mine, theirs, found)
            else:
                rows = np.array(sorted(changed), np.intp)
                few = {kind: side.of(rows) for kind, side in theirs.items()}
                self._compare(mine.of(rows), theirs, found)
                self._compare(mine.of(rows, others=True), few, found)
        return {kind: ItemPairs.joined(parts) for kind, parts in found.items()}

    def _compare(
        self, mine: _Side, theirs: Mapping[Kind, _Side], found: Mapping[Kind, list[ItemPairs]]
    ) -> None:
        """Add what some items on the first side meet among items on the other side."""
        size = len(self._people)
        texts = np.unique(np.concatenate([side.texts for side in theirs.values()]))
        texts = texts[self._shelf.good[texts]]
        answers = self._shelf.take(texts)
        least = self._least_alike if Kind.INTEREST in theirs else self._least
        for run in _runs(mine):
            near = self._near(run, texts, answers, least)
            for kind, side in theirs.items():
                pairs = self._pairs(kind, run, side, near)
                found[kind].append(pairs.by_person(size).shortlist(size, longest_list(size)))

    def _pairs(self, kind: Kind, mine: _Side, theirs: _Side, near: _Near) -> ItemPairs:
        """Return every pair of items that counts, with its strength in 0..1."""
        if kind is Kind.INTEREST:
            met, strengths = self._common(mine, theirs, near)
        else:
            met = _with_texts(near, theirs.texts)
            strengths = 1 / (1 + np.exp(-(self._model.intercept + self._model.slope * met.likeness)))
        pairs = ItemPairs(
            mine.owners[met.mine],
            theirs.owners[met.theirs],
            mine.places[met.mine],
            theirs.places[met.theirs],
            strengths,
        )
        welcome = self._welcome(pairs.ones, theirs.texts[met.theirs])
        welcome &= self._welcome(pairs.others, mine.texts[met.mine])
        return pairs.only(welcome & (pairs.ones != pairs.others))

    def _common(self, mine: _Side, theirs: _Side, near: _Near) -> tuple[_Near, Numbers]:
        """Return interests in common: the same words always, others by their likeness."""
        near = near.only(self._same[mine.texts[near.mine]] != self._same[near.theirs])
        alike_enough = _with_texts(near, theirs.texts)
        span = max(1 - self._least_alike, _SHORTEST_SPAN)
        beyond = np.clip((alike_enough.likeness - self._least_alike) / span, 0, 1)
        items = np.arange(len(mine.texts))
        same = _with_texts(
            _Near(items, self._same[mine.texts], np.ones(len(items))), self._same[theirs.texts]
        )
        strengths = np.concatenate([FAINT + (FULL - FAINT) * beyond, np.full(len(same.mine), FULL)])
        return _Near.joined([alike_enough, same]), strengths

    def _near(self, mine: _Side, texts: Indices, answers: Shelf, least: float) -> _Near:
        """Return the items, and the texts out of `texts`, that are at least this alike."""
        found = _Near.joined([])
        if not math.isfinite(least):
            return found
        readable = np.flatnonzero(self._shelf.good[mine.texts])
        for first, second, likeness in alike(self._shelf.take(mine.texts[readable]), answers, least):
            news = _Near(readable[first], texts[second], likeness.astype(np.float64))
            found = _Near.joined([found, news])
            if len(found.mine) > MOST_PAIRS:
                found = found.only(np.argsort(-found.likeness, kind="stable")[:MOST_PAIRS])
        return found

    def _welcome(self, members: Indices, texts: Indices) -> NDArray[np.bool_]:
        """Say of each (member, text) whether the member may be approached with it."""
        return np.isin(members * len(self._texts) + texts, self._unwelcome, invert=True)

    def _side(self, items_of_each: Iterable[tuple[str, ...]]) -> _Side:
        found = [
            (owner, place, self._texts[text])
            for owner, items in enumerate(items_of_each)
            for place, text in enumerate(items[:MOST_ITEMS])
            if text in self._texts
        ]
        table = np.array(found, np.intp).reshape(len(found), 3)
        return _Side(table[:, 0], table[:, 1], table[:, 2])


def longest_list(size: int) -> int:
    """Return how many partners of each kind are kept of one member among so many."""
    return max(SHORTLIST, ENTRIES // max(size, 1))


def _with_texts(near: _Near, texts: Indices) -> _Near:
    """Return the pairs of items out of pairs of an item and a text.

    Args:
        near: Its `theirs` are texts.
        texts: The text of each item on the other side.
    """
    order = np.argsort(texts, kind="stable")
    starts = np.searchsorted(texts[order], near.theirs, side="left")
    counts = np.searchsorted(texts[order], near.theirs, side="right") - starts
    offsets = np.repeat(starts - np.cumsum(counts) + counts, counts)
    items = order[offsets + np.arange(int(counts.sum()))]
    return _Near(np.repeat(near.mine, counts), items, np.repeat(near.likeness, counts))


def _texts(
    people: Sequence[Member], vectors: Mapping[MemberId, ItemVectors], model: TextModel, day: date
) -> tuple[dict[str, int], list[str]]:
    """Return the distinct texts with their numbers, and each one's packed vector, empty if there is none."""
    texts: dict[str, int] = {}
    packed: list[str] = []
    for member in people:
        known = vectors.get(member.id)
        mine = known.vectors if known is not None and known.model == model.name else {}
        for kind in Kind:
            for text in (*brought(member, kind, day), *answering(member, kind)):
                if text.strip():
                    number = texts.setdefault(text, len(texts))
                    if number == len(packed):
                        packed.append("")
                    if not packed[number]:
                        packed[number] = mine.get(item_key(text), "")
    return texts, packed


def _unwelcome(people: Sequence[Member], texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the codes (member × texts + text) of what somebody does not want to be approached with."""
    held = holders(texts, (topic for member in people for topic in member.avoid_topics))
    codes = {
        row * len(texts) + text
        for row, member in enumerate(people)
        for topic in member.avoid_topics
        for text in held[topic]
    }
    return np.array(sorted(codes), np.int64)


def _least_likeness(model: TextModel) -> float:
    """Return the likeness from which a need counts as answered; infinite if nothing ever does."""
    if model.least >= 1 or not model.slope > 0:
        return math.inf
    if model.least <= 0:
        return LEAST_LIKENESS
    least = (math.log(model.least / (1 - model.least)) - model.intercept) / model.slope
    return max(least, LEAST_LIKENESS)


def _runs(side: _Side) -> Iterator[_Side]:
    """Yield the side in runs of whole members, of about `ROWS_AT_ONCE` items each."""
    begin = 0
    while begin < len(side.owners):
        last = side.owners[min(begin + ROWS_AT_ONCE, len(side.owners)) - 1]
        end = int(np.searchsorted(side.owners, last, side="right"))
        yield side.only(np.arange(begin, end))
        begin = end
