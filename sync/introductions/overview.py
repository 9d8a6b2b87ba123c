"""What hosts may see of introductions: today's pairs, tables, what was learned.

Names only of people whom hosts may know; the others are counted.  Who avoids whom, and who would rather not,
shows nowhere: the reasons here are worked out as if nobody had said so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from community.ids import MemberId, TableId
from community.introductions.matchmaker import Matchmaker
from community.introductions.pairing import Pair, Pairing
from community.introductions.reasons import Reason
from community.introductions.slots import Slot
from community.introductions.tables import Occasion, Table
from community.introductions.today import Today
from community.members import Mood
from sync.introductions.judges import Judges, Moods
from sync.introductions.learned import Learned
from sync.introductions.room import Room
from sync.views.people import Known, name_for_hosts


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two people of today's plan."""

    one: str
    """Whose need or question it is, if it is anybody's."""
    other: str
    slot: Slot
    reason: Reason | None
    """As `one` reads it; `None` if nothing true can be said any more."""
    met: bool
    """By their badges; what one of them said in private is not told."""
    pair: Pair
    asking: MemberId
    """Who `one` is."""

    def named_beside(self, member_id: MemberId) -> str:
        """Return the name of the one of the two who is not this member."""
        return self.other if member_id == self.asking else self.one


@dataclass(frozen=True, slots=True)
class TableLine:
    """One open table."""

    id: TableId
    occasion: Occasion
    at: datetime
    place: str
    """Empty if nobody said where."""
    coming: tuple[str, ...]
    """Who said yes and may be named."""
    invited: tuple[str, ...]
    """The others who were invited and may be named."""
    hidden: int
    """How many more were invited."""
    hidden_coming: int
    """And how many of those said yes."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page."""

    at: datetime
    hour: datetime
    """When the plan of the day is completed."""
    pairs: tuple[PairLine, ...]
    """By slot, then by name."""
    hidden: int
    """Pairs of whom one is not named to hosts."""
    tables: tuple[TableLine, ...]
    """The earliest first."""
    present: int
    """How many people are here who may be introduced."""
    learned: Learned
    learning: bool
    """Whether the settings let answers change anything."""

    @property
    def completed(self) -> bool:
        """Whether the plan's hour has passed."""
        return self.at >= self.hour


@dataclass(frozen=True, slots=True)
class NamedPair:
    """A pair whom hosts may know."""

    one: str
    """Whose need or question it is, if it is anybody's."""
    other: str
    pairing: Pairing
    reason: Reason | None
    """As `one` reads it; `None` if nothing true can be said any more."""


def named_pairs(
    pairings: Iterable[Pairing], known: Known, judge: Matchmaker, moods: Moods
) -> tuple[tuple[NamedPair, ...], int]:
    """Return the pairs of whom hosts may know both, in order, and how many others there are.

    Args:
        pairings: Of the plan.
        known: The directory.
        judge: Says why; being heads-down now does not take a reason back.
        moods: Of those present.
    """
    told = judge.then(moods={m: mood for m, mood in moods.items() if mood is not Mood.HEADS_DOWN})
    named: list[NamedPair] = []
    hidden = 0
    for pairing in pairings:
        one = _asking(pairing)
        other = pairing.other(one)
        names = name_for_hosts(known, one), name_for_hosts(known, other)
        if not all(names):
            hidden += 1
            continue
        found = told.introduction(one, other, pairing.slot)
        named.append(NamedPair(*names, pairing, None if found is None else found.reason))
    return tuple(named), hidden


def _asking(pairing: Pairing) -> MemberId:
    """Return whose need or question a pair is, or its first if it is nobody's."""
    return pairing.seeks if pairing.seeks in pairing.pair and pairing.seeks else pairing.first


def pair_lines(room: Room, today: Today, moods: Moods, judges: Judges) -> tuple[tuple[PairLine, ...], int]:
    """Return today's pairs as hosts may see them, and how many they may not."""
    open_room = replace(room, members=_without_avoiding(room.members))
    judge = judges.judge(open_room, Today(), {})
    named, hidden = named_pairs(room.plan.pairings, room.members, judge, moods)
    lines = [
        PairLine(
            two.one,
            two.other,
            two.pairing.slot,
            two.reason,
            two.pairing.pair in today.badges,
            two.pairing.pair,
            _asking(two.pairing),
        )
        for two in named
    ]
    order = {slot: place for place, slot in enumerate(Slot)}
    lines.sort(key=lambda line: (order[line.slot], line.one.casefold(), line.other.casefold()))
    return tuple(lines), hidden


def table_lines(tables: Iterable[Table], known: Known) -> tuple[TableLine, ...]:
    """Return the open tables as hosts may see them."""
    return tuple(_table_line(table, known) for table in tables)


def _table_line(table: Table, known: Known) -> TableLine:
    coming = [name_for_hosts(known, guest) for guest in table.coming]
    waiting = [name_for_hosts(known, guest) for guest in table.invited if guest not in table.coming]
    return TableLine(
        id=table.id,
        occasion=table.occasion,
        at=table.at,
        place=table.place,
        coming=tuple(name for name in coming if name),
        invited=tuple(name for name in waiting if name),
        hidden=coming.count("") + waiting.count(""),
        hidden_coming=coming.count(""),
    )


def _without_avoiding(members: Known) -> Known:
    return {
        member.id: msgspec.structs.replace(member, avoid=()) if member.avoid else member
        for member in members.values()
    }
