"""Compare everybody's items with everybody else's, a block at a time.

Pure.  The memory it takes grows with the members, not with their pairs; the time grows with the pairs, so it
belongs in a worker, never at a tap.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.links import ItemPairs, Links
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


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Items of one kind of all members, in the order of the members."""

    owners: Indices
    places: Indices
    texts: Indices
    """Which of the distinct texts each is."""

    def only(self, which: Indices) -> "_Side":
        """Return some of the items."""
        return _Side(self.owners[which], self.places[which], self.texts[which])


@dataclass(frozen=True, slots=True, eq=False)
class _Near:
    """Pairs of items: a place in either side, and how alike they are."""

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
        self._day = day
        self._texts, packed = _texts(people, vectors, model, day)
        firsts: dict[str, int] = {}
        same = [firsts.setdefault(text.strip().casefold(), number) for text, number in self._texts.items()]
        self._same = np.array(same, np.intp)
        self._shelf = Shelf.of(packed, model.size)
        self._unwelcome = _unwelcome(people, tuple(self._texts))
        self._least = _least_likeness(model)

    def links(self, kind: Kind) -> Links:
        """Return the table of everybody with everybody."""
        size = len(self._people)
        longest = max(SHORTLIST, ENTRIES // max(size, 1))
        mine = self._side(brought(member, kind, self._day) for member in self._people)
        theirs = self._side(answering(member, kind) for member in self._people)
        parts = [
            self._pairs(kind, part, theirs).by_person(size).shortlist(size, longest) for part in _runs(mine)
        ]
        pairs = ItemPairs.joined(parts)
        return Links.of(size, pairs.both_ways(size) if kind is Kind.INTEREST else pairs)

    def _pairs(self, kind: Kind, mine: _Side, theirs: _Side) -> ItemPairs:
        """Return every pair of items that counts, with its strength in 0..1."""
        if kind is Kind.INTEREST:
            near, strengths = self._common(mine, theirs)
        else:
            near = self._near(mine, theirs, self._least)
            strengths = 1 / (1 + np.exp(-(self._model.intercept + self._model.slope * near.likeness)))
        pairs = ItemPairs(
            mine.owners[near.mine],
            theirs.owners[near.theirs],
            mine.places[near.mine],
            theirs.places[near.theirs],
            strengths,
        )
        welcome = self._welcome(pairs.ones, theirs.texts[near.theirs])
        welcome &= self._welcome(pairs.others, mine.texts[near.mine])
        return pairs.only(welcome & (pairs.ones != pairs.others))

    def _common(self, mine: _Side, theirs: _Side) -> tuple[_Near, Numbers]:
        """Return interests in common: the same words always, others from the model's least likeness."""
        least = max(self._model.least_alike, LEAST_LIKENESS)
        near = self._near(mine, theirs, least)
        other_words = self._same[mine.texts[near.mine]] != self._same[theirs.texts[near.theirs]]
        near = near.only(other_words)
        beyond = np.clip((near.likeness - least) / max(1 - least, _SHORTEST_SPAN), 0, 1)
        same = self._same_words(mine, theirs)
        strengths = np.concatenate([FAINT + (FULL - FAINT) * beyond, np.full(len(same.mine), FULL)])
        return _Near.joined([near, same]), strengths

    def _near(self, mine: _Side, theirs: _Side, least: float) -> _Near:
        """Return the pairs of items at least this alike."""
        if not math.isfinite(least):
            return _Near.joined([])
        good = self._shelf.good
        ours, others = np.flatnonzero(good[mine.texts]), np.flatnonzero(good[theirs.texts])
        found = _Near.joined([])
        for first, second, likeness in alike(
            self._shelf.take(mine.texts[ours]), self._shelf.take(theirs.texts[others]), least
        ):
            found = _Near.joined([found, _Near(ours[first], others[second], likeness.astype(np.float64))])
            if len(found.mine) > MOST_PAIRS:
                found = found.only(np.argsort(-found.likeness, kind="stable")[:MOST_PAIRS])
        return found

    def _same_words(self, mine: _Side, theirs: _Side) -> _Near:
        """Return the pairs of items of the same words, case apart."""
        ours, others = self._same[mine.texts], self._same[theirs.texts]
        order = np.argsort(others, kind="stable")
        starts = np.searchsorted(others[order], ours, side="left")
        counts = np.searchsorted(others[order], ours, side="right") - starts
        offsets = np.repeat(starts - np.cumsum(counts) + counts, counts)
        second = order[offsets + np.arange(int(counts.sum()))]
        first = np.repeat(np.arange(len(ours)), counts)
        return _Near(first, second, np.ones(len(first)))

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
                    packed[number] = packed[number] or mine.get(item_key(text), "")
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
