"""What one log says about who was shown to whom, who met, and what they said of it.

Pure: a fold over events, like `community.visits`, and as rebuildable.  The same at the door, which folds its
own log, and on the hub, which folds those of all doors.  Nobody is anybody to themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

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
from community.introductions.today import Said, Today


@dataclass(slots=True)
class Memory:
    """The fold: feed it events in order, then ask it about a day."""

    hours: Hours
    version: int = 0
    """Rises whenever something here changes."""
    _met: dict[Pair, list[date]] = field(default_factory=dict)
    _shown: dict[Pair, list[date]] = field(default_factory=dict)
    _said: dict[Said, list[tuple[date, Answer]]] = field(default_factory=dict)
    _useful: dict[Said, date] = field(default_factory=dict)
    _seats: dict[TableId, dict[MemberId, bool]] = field(default_factory=dict)
    _day: date | None = None
    """The day of the next two."""
    _paired: dict[Pair, Pairing] = field(default_factory=dict)
    _shown_to: dict[MemberId, dict[MemberId, None]] = field(default_factory=dict)
    """Whom each member was shown, in order."""

    @classmethod
    def of(cls, happened: Iterable[tuple[datetime, Event]], hours: Hours) -> "Memory":
        """Return the fold of events with the times at which they happened (aware), oldest first."""
        folded = cls(hours)
        for at, event in happened:
            folded.add(at, event)
        return folded

    def add(self, at: datetime, event: Event) -> None:
        """Fold one event (aware, UTC); what says nothing about introductions is ignored."""
        self.version += 1
        match event:
            case Introduced(member=member, shown=shown):
                day = self._turn_to(at)
                for other in (one.member for one in shown if one.member != member):
                    self._shown.setdefault(pair(member, other), []).append(day)
                    self._shown_to.setdefault(member, {})[other] = None
            case Paired(pairing=pairing) if pairing.first < pairing.second:
                self._turn_to(at)
                self._paired.setdefault(pairing.pair, pairing)
            case Met(first=first, second=second) if first != second:
                self._met.setdefault(pair(first, second), []).append(self.hours.day_of(at))
            case MeetingUndone(first=first, second=second):
                _take_back(self._met.get(pair(first, second)))
            case Answered(member=member, other=other, answer=answer) if member != other:
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

    def today(self, day: date) -> Today:
        """Return what is known of one day; of whom was paired and shown only the last day is known."""
        last = day == self._day
        answers = {whom: said[-1][1] for whom, said in self._said.items() if said and said[-1][0] == day}
        badges = frozenset(between for between, days in self._met.items() if day in days)
        return Today(
            paired=tuple(self._paired.values()) if last else (),
            shown=frozenset(
                pair(member, other)
                for member, others in (self._shown_to.items() if last else ())
                for other in others
            ),
            met=badges | {pair(*whom) for whom, answer in answers.items() if answer is Answer.MET},
            badges=badges,
            answers=answers,
            seats={table: dict(said) for table, said in self._seats.items()},
        )

    def shown_to(self, member: MemberId, day: date) -> tuple[MemberId, ...]:
        """Return whom a member was shown on a day, in order; only the last day is known."""
        return tuple(self._shown_to.get(member, ())) if day == self._day else ()

    def ties(self) -> frozenset[Pair]:
        """Return every pair who met."""
        return frozenset(between for between, _when in self._meetings())

    def meetings_since(self, day: date) -> int:
        """Return how many pairs met on `day` or later, once for each day."""
        return len({(between, when) for between, when in self._meetings() if when >= day})

    def barred(self) -> frozenset[Pair]:
        """Return the pairs of whom one would rather not."""
        return frozenset(
            pair(*whom) for whom, said in self._said.items() if said and said[-1][1] is Answer.RATHER_NOT
        )

    def judged(self, member: MemberId, other: MemberId, day: date) -> bool:
        """Say whether a member said on a day whether having met somebody was useful."""
        return self._useful.get((member, other)) == day

    def seats(self, table: TableId) -> Mapping[MemberId, bool]:
        """Return what members said here of a seat at a table, by member: coming or not after all."""
        return self._seats.get(table, {})

    def before(self, day: date) -> dict[Pair, PairPast]:
        """Return what the days before `day` say of pairs, each as seen from its first one.

        Who said on one of them that they would rather not is kept apart from then on, whatever comes later.
        """
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
        for whom, said in self._said.items():
            if any(when < day and answer is Answer.RATHER_NOT for when, answer in said):
                between = pair(*whom)
                known = found.get(between, PairPast(between[1]))
                found[between] = msgspec.structs.replace(known, barred=True)
        return found

    def _meetings(self) -> Iterator[tuple[Pair, date]]:
        for between, days in self._met.items():
            for day in days:
                yield between, day
        for whom, said in self._said.items():
            last = dict(said)  # of a day, the last word counts
            yield from ((pair(*whom), day) for day, answer in last.items() if answer is Answer.MET)

    def _turn_to(self, at: datetime) -> date:
        day = self.hours.day_of(at)
        if day != self._day:
            self._day, self._paired, self._shown_to = day, {}, {}
        return day


def _take_back(what: list[date] | list[tuple[date, Answer]] | None) -> None:
    """Take the last of something back, if there is any."""
    if what:
        what.pop()
