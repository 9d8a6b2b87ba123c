"""Everybody as arrays: what the matchmaker knows of people that does not change during a day.

Pure.  Made once from the directory; a tap only looks things up in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.filters import company_of, may_be_asked, spoken
from community.introductions.ground import Ground
from community.introductions.sides import Kind
from community.introductions.sparse import Indices, Numbers, blocks
from community.members import Intent, Member

Flags = NDArray[np.bool_]

UNCOMMON = 0.2
"""A language is worth a word if at most this share of the members speak it."""

NEW_FOR_DAYS = 21
"""Days for which somebody counts as new here."""

KNOWS_AFTER_DAYS = 90
"""Days after which somebody knows the place."""

_WORD = 62
"""Languages whose bits go into one number."""


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """The ground's entries between some people and others: shape (ones, others), or two of them."""

    needs: Numbers
    """What the others offer to the ones, then what the ones offer to the others."""
    questions: Numbers
    """The same of what they know."""
    common: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Everybody, one row each.  Lives until the directory, the ground or the day changes."""

    day: date
    members: tuple[Member, ...]
    index: Mapping[MemberId, int]
    agreed: Flags
    """They may be introduced."""
    business: Flags
    askable: Flags
    companies: Indices
    """A number for each company; -1 - row for who works alone, so that no two are the same."""
    preferred: Indices
    """A number for the language each prefers."""
    speakers: Mapping[str, Flags]
    uncommon: frozenset[str]
    _tongues: NDArray[np.int64]
    """The same as bits, `_WORD` languages to a number: shape (numbers, n)."""
    _uncommon_tongues: NDArray[np.int64]
    age_days: Numbers
    """Days since they joined; -1 where nobody knows."""
    avoiding: Mapping[int, Indices]
    """With whom somebody must not be put together, from both sides."""
    ground: Ground
    ground_rows: Indices
    """Each one's row in the ground; -1 for who is not there as they are now."""

    @classmethod
    def of(cls, members: Iterable[Member], ground: Ground, day: date) -> "Crowd":
        """Return the arrays of these members; of two with one id the last counts."""
        people = tuple({member.id: member for member in members}.values())
        index = {member.id: row for row, member in enumerate(people)}
        size = len(people)
        speakers: dict[str, Flags] = {}
        for row, member in enumerate(people):
            for code in spoken(member):
                speakers.setdefault(code, np.zeros(size, np.bool_))[row] = True
        uncommon = frozenset(code for code, who in speakers.items() if who.mean() <= UNCOMMON)
        return cls(
            day,
            people,
            index,
            np.array([member.may_be_introduced for member in people], np.bool_),
            np.array([member.open_to(Intent.BUSINESS) for member in people], np.bool_),
            np.array([may_be_asked(member) for member in people], np.bool_),
            _companies(people),
            _numbered([member.language.casefold() for member in people]),
            speakers,
            uncommon,
            _bits(list(speakers.values()), size),
            _bits([who for code, who in speakers.items() if code in uncommon], size),
            np.array([_age(member, day) for member in people], np.float64),
            _avoiding(people, index),
            ground,
            np.array([ground.index[m.id] if ground.describes(m, day) else -1 for m in people], np.intp),
        )

    def linked(self, ones: Indices, others: Indices) -> Linked:
        """Return the ground's entries between each of some people and each of others."""
        links = self.ground.links
        offers, knowledge, interests = links[Kind.OFFER], links[Kind.KNOWLEDGE], links[Kind.INTEREST]
        found = blocks(
            (offers.table, offers.turned, knowledge.table, knowledge.turned, interests.table),
            self.ground_rows[ones],
            self.ground_rows[others],
        )
        return Linked(found[:2], found[2:4], found[4])

    def link(self, kind: Kind, one: int, other: int) -> tuple[float, float]:
        """Return the ground's entry from one person to another, and from the other to the one."""
        row, column = int(self.ground_rows[one]), int(self.ground_rows[other])
        if row < 0 or column < 0:
            return 0.0, 0.0
        table = self.ground.links[kind].table
        return table.value(row, column), table.value(column, row)

    def share_language(self, ones: Indices, others: Indices) -> Flags:
        """Say which pairs have a language in common."""
        return _share(self._tongues, ones, others)

    def share_uncommon_language(self, ones: Indices, others: Indices) -> Flags:
        """Say which pairs have a language in common that most here do not speak."""
        return _share(self._uncommon_tongues, ones, others)

    def uncommon_language(self, one: int, other: int) -> str | None:
        """Return the least common language two people share, if it is uncommon; ties go by its code."""
        shared = spoken(self.members[one]) & spoken(self.members[other]) & self.uncommon
        return min(shared, key=lambda code: (int(self.speakers[code].sum()), code), default=None)


def _bits(flags: Sequence[Flags], size: int) -> NDArray[np.int64]:
    """Return flags as bits, `_WORD` of them to a number."""
    bits = np.zeros((-(-len(flags) // _WORD), size), np.int64)
    for at, flag in enumerate(flags):
        bits[at // _WORD] |= flag.astype(np.int64) << at % _WORD
    return bits


def _share(bits: NDArray[np.int64], ones: Indices, others: Indices) -> Flags:
    """Say which pairs have a bit in common."""
    both = np.zeros((len(ones), len(others)), np.bool_)
    for word in bits:
        both |= (word[ones][:, None] & word[others]) != 0
    return both


def _numbered(names: Iterable[str]) -> Indices:
    """Return a number for each name, the same for the same."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.intp)


def _companies(people: Iterable[Member]) -> Indices:
    names = [company_of(member) for member in people]
    alone = np.array([not name for name in names], np.bool_)
    return np.where(alone, -1 - np.arange(len(names)), _numbered(names))


def _age(member: Member, day: date) -> int:
    """Return the days since somebody joined; -1 if that is not known, or still to come."""
    return -1 if member.joined is None else max((day - member.joined).days, -1)


def _avoiding(people: Iterable[Member], index: Mapping[MemberId, int]) -> dict[int, Indices]:
    found: dict[int, set[int]] = {}
    for row, member in enumerate(people):
        for other in member.avoid:
            column = index.get(other)
            if column is not None:
                found.setdefault(row, set()).add(column)
                found.setdefault(column, set()).add(row)
    return {row: np.array(sorted(columns), np.intp) for row, columns in found.items()}
