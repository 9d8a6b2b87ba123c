"""What the log says of people and between people, up to yesterday: one `PersonPast` each.

Pure: a fold over the whole story, thrown away and made anew each night.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from community.clock import Hours
from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    CheckedIn,
    Event,
    Introduced,
    MeetingUndone,
    Met,
)
from community.ids import MemberId
from community.introductions.memory import Memory
from community.introductions.pairing import Pair, PairPast, PersonPast, pair
from community.introductions.standing import WEEKS
from sync.introductions.history import Moment

USUAL = timedelta(weeks=WEEKS)
"""How far back the visits go that say on which weekdays somebody usually comes."""

Telling = tuple[date, Event]


def pasts(story: Sequence[Moment], hours: Hours, day: date) -> tuple[PersonPast, ...]:
    """Return what is known of everybody who ever came or was shown, as of the morning of `day`.

    Args:
        story: What happened, oldest first; `day` itself and later is left out.
        hours: Tells the space's days.
        day: Today.

    Returns:
        By id.  A pair stands with its smaller id.  A yes is a meeting, by badge or as one of the two said;
        "not today" says nothing about the other, but somebody who says it is not silent.
    """
    fold = _Fold(day)
    for when, event in told(story, hours):
        if when < day:
            fold.add(when, event)
    return fold.everybody(Memory.of(story, hours).before(day))


def told(story: Iterable[Moment], hours: Hours) -> list[Telling]:
    """Return the story by days, without what was taken back and without the words that took it back."""
    found: list[Telling | None] = []
    meetings: dict[Pair, list[int]] = defaultdict(list)
    answers: dict[tuple[MemberId, MemberId], list[int]] = defaultdict(list)
    for at, event in story:
        match event:
            case Met(first=first, second=second):
                meetings[pair(first, second)].append(len(found))
            case Answered(member=member, other=other):
                answers[member, other].append(len(found))
            case MeetingUndone(first=first, second=second):
                if known := meetings[pair(first, second)]:
                    found[known.pop()] = None
                continue
            case AnswerUndone(member=member, other=other):
                if known := answers[member, other]:
                    found[known.pop()] = None
                continue
            case _:
                pass
        found.append((hours.day_of(at), event))
    return [one for one in found if one is not None]


class _Fold:
    """What each person did and said.  Asked once at the end."""

    def __init__(self, day: date) -> None:
        self._usual_from = day - USUAL
        self._came: dict[MemberId, set[date]] = defaultdict(set)
        self._shown: set[Pair] = set()
        self._said: dict[tuple[MemberId, MemberId, date], bool] = {}
        """Who said yes or no about whom, on which day; the last word counts."""
        self._looked: dict[MemberId, set[date]] = defaultdict(set)
        """On which days somebody was shown anybody."""
        self._spoke: dict[MemberId, date] = {}
        """On which day somebody last said anything."""

    def add(self, when: date, event: Event) -> None:
        match event:
            case CheckedIn(member=member):
                self._came[member].add(when)
            case Introduced(member=member, shown=shown):
                for other in (one.member for one in shown if one.member != member):
                    self._shown.add(pair(member, other))
                    self._looked[member].add(when)
            case Met(first=first, second=second) if first != second:
                self._meet(first, second, when)
            case Answered(member=member, other=other, answer=answer) if member != other:
                self._spoke[member] = when
                if answer is Answer.MET:
                    self._meet(member, other, when)
                elif answer is Answer.RATHER_NOT:
                    self._said[member, other, when] = False
            case _:
                pass

    def everybody(self, pairs: Mapping[Pair, PairPast]) -> tuple[PersonPast, ...]:
        """Return what was collected, with what the same days left between people."""
        ties = Counter(member for two, past in pairs.items() if past.met is not None for member in two)
        given, received = Counter[MemberId](), Counter[MemberId]()
        yes_given, yes_received = Counter[MemberId](), Counter[MemberId]()
        for (member, other, _), yes in self._said.items():
            given[member] += 1
            received[other] += 1
            yes_given[member] += yes
            yes_received[other] += yes
        between: dict[MemberId, list[PairPast]] = defaultdict(list)
        for two, past in sorted(pairs.items(), key=lambda item: item[0]):
            between[two[0]].append(past)
        people = {*self._came, *self._looked, *given, *received, *ties, *between}
        return tuple(
            PersonPast(
                member,
                weekdays=self._weekdays(member),
                days=len(self._came.get(member, ())),
                ties=ties[member],
                said_yes=yes_given[member],
                asked=given[member],
                wanted=yes_received[member],
                answered=received[member],
                unanswered=self._silent_days(member),
                pairs=tuple(between.get(member, ())),
            )
            for member in sorted(people)
        )

    def _meet(self, one: MemberId, other: MemberId, when: date) -> None:
        """Two people met; if they had been shown to each other, that is a yes of both."""
        for member, about in ((one, other), (other, one)):
            self._spoke[member] = when
            if pair(one, other) in self._shown:
                self._said[member, about, when] = True

    def _silent_days(self, member: MemberId) -> int:
        """Return the days since somebody last said anything on which they were shown people."""
        spoke = self._spoke.get(member, date.min)
        return sum(day > spoke for day in self._looked.get(member, ()))

    def _weekdays(self, member: MemberId) -> tuple[int, ...]:
        counts = Counter(day.weekday() for day in self._came.get(member, ()) if day >= self._usual_from)
        return tuple(counts[weekday] for weekday in range(7))
