"""What one log says about who was shown to whom, who met, and what they said of it.

Pure: a fold over events, like `community.visits`, and as rebuildable.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from community.clock import Hours
from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    Event,
    FoundUseful,
    Introduced,
    MeetingUndone,
    Met,
    Paired,
    TableAnswered,
)
from community.ids import MemberId, TableId
from community.introductions.pairing import Pair, Pairing, PairPast, pair

_Whom = tuple[MemberId, MemberId]
"""Who speaks, and of whom."""


@dataclass(slots=True)
class Memory:
    """The fold: feed it events in order, then ask it about a day."""

    hours: Hours
    version: int = 0
    """Rises whenever something here changes."""
    _met: dict[Pair, list[date]] = field(default_factory=dict)
    _shown: dict[Pair, list[date]] = field(default_factory=dict)
    _said: dict[_Whom, list[tuple[date, Answer]]] = field(default_factory=dict)
    _useful: dict[_Whom, date] = field(default_factory=dict)
    _seats: dict[TableId, dict[MemberId, bool]] = field(default_factory=dict)
    _day: date | None = None
    """The day of the next two."""
    _paired: dict[Pair, Pairing] = field(default_factory=dict)
    _shown_to: dict[MemberId, dict[MemberId, None]] = field(default_factory=dict)
    """Whom each member was shown, in order."""

    def add(self, at: datetime, event: Event) -> None:
        """Fold one event (aware, UTC); what says nothing about introductions is ignored."""
        self.version += 1
        match event:
            case Introduced(member=member, shown=shown):
                day = self._turn_to(at)
                for one in shown:
                    self._shown.setdefault(pair(member, one.member), []).append(day)
                    self._shown_to.setdefault(member, {})[one.member] = None
            case Paired(pairing=pairing):
                self._turn_to(at)
                self._paired[pairing.pair] = pairing
            case Met(first=first, second=second):
                self._met.setdefault(pair(first, second), []).append(self.hours.day_of(at))
            case MeetingUndone(first=first, second=second):
                _take_back(self._met.get(pair(first, second)))
            case Answered(member=member, other=other, answer=answer):
                self._said.setdefault((member, other), []).append((self.hours.day_of(at), answer))
            case AnswerUndone(member=member, other=other):
                _take_back(self._said.get((member, other)))
            case FoundUseful(member=member, other=other):
                self._useful[member, other] = self.hours.day_of(at)
            case TableAnswered(member=member, table=table, coming=coming):
                self._seats.setdefault(table, {})[member] = coming
            case _:
                self.version -= 1

    def is_past(self, at: datetime) -> bool:
        """Say whether a moment belongs to a day before the one whose plan is known: too late to be added."""
        return self._day is not None and self.hours.day_of(at) < self._day

    def paired(self, day: date) -> tuple[Pairing, ...]:
        """Return the pairs this log made part of a day's plan, in order; only the last day is known."""
        return tuple(self._paired.values()) if day == self._day else ()

    def shown_to(self, member: MemberId, day: date) -> tuple[MemberId, ...]:
        """Return whom a member was shown on a day, in order; only the last day is known."""
        return tuple(self._shown_to.get(member, ())) if day == self._day else ()

    def shown(self, day: date) -> frozenset[Pair]:
        """Return the pairs of whom one was shown the other on a day; only the last day is known."""
        if day != self._day:
            return frozenset()
        return frozenset(pair(member, other) for member, others in self._shown_to.items() for other in others)

    def met(self, day: date) -> frozenset[Pair]:
        """Return the pairs who met on a day, by their badges or as one of them said."""
        return frozenset(between for between, when in self._meetings() if when == day)

    def ties(self) -> frozenset[Pair]:
        """Return every pair who met."""
        return frozenset(between for between, _when in self._meetings())

    def meetings_since(self, day: date) -> int:
        """Return how many pairs met on `day` or later, once for each day."""
        return len({(between, when) for between, when in self._meetings() if when >= day})

    def settled(self, day: date) -> frozenset[Pair]:
        """Return the pairs of whom one said on a day what came of it."""
        return frozenset(pair(*whom) for whom, said in self._said.items() if said and said[-1][0] == day)

    def barred(self) -> frozenset[Pair]:
        """Return the pairs of whom one would rather not."""
        return frozenset(
            pair(*whom) for whom, said in self._said.items() if said and said[-1][1] is Answer.RATHER_NOT
        )

    def answered(self, member: MemberId, other: MemberId, day: date) -> bool:
        """Say whether a member said on a day what came of being shown somebody."""
        return any(when == day for when, _answer in self._said.get((member, other), ()))

    def judged(self, member: MemberId, other: MemberId, day: date) -> bool:
        """Say whether a member said on a day whether having met somebody was useful."""
        return self._useful.get((member, other)) == day

    def seats(self, table: TableId) -> Mapping[MemberId, bool]:
        """Return what members said here of a seat at a table, by member: coming or not after all."""
        return self._seats.get(table, {})

    def before(self, day: date) -> dict[Pair, PairPast]:
        """Return what the days before `day` say of pairs, each as seen from its first one."""
        found: dict[Pair, PairPast] = {}
        for (first, second), days in self._shown.items():
            earlier = {when for when in days if when < day}
            if earlier:
                found[first, second] = PairPast(second, shown=max(earlier), times=len(earlier))
        for (first, second), when in self._meetings():
            if when < day:
                known = found.get((first, second), PairPast(second))
                met = when if known.met is None else max(known.met, when)
                found[first, second] = PairPast(second, met=met, shown=known.shown)
        return found

    def _meetings(self) -> Iterator[tuple[Pair, date]]:
        for between, days in self._met.items():
            for day in days:
                yield between, day
        for whom, said in self._said.items():
            yield from ((pair(*whom), day) for day, answer in said if answer is Answer.MET)

    def _turn_to(self, at: datetime) -> date:
        day = self.hours.day_of(at)
        if day != self._day:
            self._day, self._paired, self._shown_to = day, {}, {}
        return day


def _take_back(what: list[date] | list[tuple[date, Answer]] | None) -> None:
    """Take the last of something back, if there is any."""
    if what:
        what.pop()
