"""What answers what among the members: whose need meets whose offer, and what they have in common.

Pure.  Made from everybody's items and their vectors, and kept until the day or the people change; at a tap
it is only looked up.  It holds a shortlist of each one's best partners: thousands by thousands do not fit.

A pair of items counts only above the calibrated least probability, and never if one of the two people
would not be approached with a word in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from community.ids import MemberId
from community.introductions.comparison import Comparison, longest_list
from community.introductions.links import ItemPairs, Links
from community.introductions.sides import Kind, answering, brought
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The tables.  Lives for one day, or until somebody's profile changes."""

    day: date
    model: TextModel
    members: tuple[Member, ...]
    """As they were when the tables were made; a row number is a place here."""
    index: Mapping[MemberId, int]
    links: Mapping[Kind, Links]
    vectors: Mapping[MemberId, ItemVectors]
    """What they were made with: who has others since is compared anew."""

    @classmethod
    def of(
        cls,
        members: Iterable[Member],
        vectors: Mapping[MemberId, ItemVectors],
        model: TextModel,
        day: date,
    ) -> "Ground":
        """Return the tables of everybody who may be introduced.

        Takes tenths of a second for hundreds of members, seconds for thousands: build it in a worker.

        Args:
            members: Everybody, each once; those who may not be introduced are left out.
            vectors: By member; who has none, or of another model, has no reason that rests on likeness.
            model: How to read the vectors.
            day: Needs that ended before it are left out.
        """
        people = _in_order(members)
        pairs = Comparison(people, vectors, model, day).pairs()
        return cls._made(people, vectors, model, day, pairs)

    def updated(
        self,
        members: Iterable[Member],
        vectors: Mapping[MemberId, ItemVectors],
        model: TextModel,
        day: date,
    ) -> "Ground":
        """Return the tables as `of` would make them, comparing only those who changed.

        With a shortlist that was full, it may miss a partner who would have moved up.

        Args:
            members: As for `of`.
            vectors: As for `of`.
            model: As for `of`; another one begins anew.
            day: As for `of`.
        """
        if model != self.model:
            return Ground.of(members, vectors, model, day)
        people = _in_order(members)
        fresh = {
            row
            for row, member in enumerate(people)
            if self.vectors.get(member.id) != vectors.get(member.id) or not self.describes(member, day)
        }
        if not fresh and len(people) == len(self.members):
            return replace(self, day=day, vectors=vectors)
        moved = np.full(len(self.members), -1, np.intp)
        for row, member in enumerate(people):
            if row not in fresh:
                moved[self.index[member.id]] = row
        news = Comparison(people, vectors, model, day).pairs(fresh)
        pairs = {
            kind: ItemPairs.joined([links.pairs().moved(moved), news[kind]])
            for kind, links in self.links.items()
        }
        return self._made(people, vectors, model, day, pairs)

    @classmethod
    def _made(
        cls,
        people: tuple[Member, ...],
        vectors: Mapping[MemberId, ItemVectors],
        model: TextModel,
        day: date,
        pairs: Mapping[Kind, ItemPairs],
    ) -> "Ground":
        size = len(people)
        shortlists = {kind: found.shortlist(size, longest_list(size)) for kind, found in pairs.items()}
        shortlists[Kind.INTEREST] = shortlists[Kind.INTEREST].both_ways(size)
        return cls(
            day,
            model,
            people,
            {member.id: row for row, member in enumerate(people)},
            {
                kind: Links.of(size, found, both_ways=kind is Kind.INTEREST)
                for kind, found in shortlists.items()
            },
            vectors,
        )

    def describes(self, member: Member, day: date) -> bool:
        """Say whether what the tables say of a member still holds for them as they are now."""
        row = self.index.get(member.id)
        if row is None:
            return False
        known = self.members[row]
        return (known is member and day == self.day) or _said(known, self.day) == _said(member, day)

    def items(self, kind: Kind, one: MemberId, other: MemberId) -> tuple[str, str] | None:
        """Return the two items an entry rests on, in their owners' words; `None` if there is no entry."""
        row, column = self.index.get(one), self.index.get(other)
        places = None if row is None or column is None else self.links[kind].best(row, column)
        if row is None or column is None or places is None:
            return None
        mine = brought(self.members[row], kind, self.day)
        return mine[places[0]], answering(self.members[column], kind)[places[1]]

    def answers(self, kind: Kind, one: MemberId) -> tuple[tuple[MemberId, str], ...]:
        """Return who answers an item of somebody's, each once, and which: the strongest answer first."""
        row = self.index.get(one)
        if row is None:
            return ()
        links, mine = self.links[kind], brought(self.members[row], kind, self.day)
        run = range(int(links.table.starts[row]), int(links.table.starts[row + 1]))
        return tuple(
            (self.members[int(links.table.columns[place])].id, mine[int(links.places[place])])
            for place in sorted(run, key=lambda place: -float(links.table.values[place]))
        )


def _in_order(members: Iterable[Member]) -> tuple[Member, ...]:
    """Return who may be introduced, by id: who stands on a full shortlist must not depend on who asks."""
    return tuple(sorted((one for one in members if one.may_be_introduced), key=lambda one: one.id))


def _said(member: Member, day: date) -> tuple[object, ...]:
    """Return everything about a member that the tables rest on."""
    return (
        member.may_be_introduced,
        *(brought(member, kind, day) for kind in Kind),
        *(answering(member, kind) for kind in Kind),
        member.avoid_topics,
    )
