"""What the log says of people and between people, up to yesterday: one `PersonPast` each.

Pure: a fold over the whole story, thrown away and made anew each night.  What is let go of after the time
the log is kept leaves its own result behind, from which the fold goes on.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    VisitCorrected,
)
from community.ids import MemberId
from community.introductions.memory import Memory
from community.introductions.pairing import Pair, PairPast, PersonPast, pair
from community.introductions.standing import WEEKS
from sync.introductions.history import Moment

USUAL = timedelta(weeks=WEEKS)
"""How far back the visits go that say on which weekdays somebody usually comes."""

Telling = tuple[date, Event]


def pasts(
    story: Sequence[Moment], hours: Hours, day: date, earlier: Iterable[PersonPast] = ()
) -> tuple[PersonPast, ...]:
    """Return what is known of everybody who ever came or was shown, as of the morning of `day`.

    Args:
        story: What happened, oldest first; `day` itself and later is left out.
        hours: Tells the space's days.
        day: Today.
        earlier: What this said of the story before, up to the morning of a day at least `USUAL` ago, where
            that part of the story is no longer there; the result is the same as of the whole story.

    Returns:
        By id.  A pair stands with its smaller id.  A yes is a meeting, by badge or as one of the two said;
        "not today" says nothing about the other, but somebody who says it is not silent.
    """
    fold = _Fold(day, earlier)
    for when, event in told(story, hours):
        if when < day:
            fold.add(when, event)
    return fold.everybody(Memory.of(story, hours).before(day))


def clean_cut(story: Sequence[Moment], hours: Hours, day: date) -> date:
    """Return the latest day, `day` at most, before which nothing was said that was taken back on it or later.

    Args:
        story: What happened, oldest first.
        hours: Tells the space's days.
        day: Where the story is to be cut.
    """
    spans = [
        (hours.day_of(story[said][0]), hours.day_of(story[undone][0])) for said, undone in _undone(story)
    ]
    for when, undone_on in sorted(spans, reverse=True):
        if when < day <= undone_on:
            day = when
    return day


def told(story: Iterable[Moment], hours: Hours) -> list[Telling]:
    """Return the story by days, without what was taken back and without the words that took it back."""
    whole = tuple(story)
    taken_back = {said for said, _ in _undone(whole)}
    return [
        (hours.day_of(at), event)
        for place, (at, event) in enumerate(whole)
        if place not in taken_back and not isinstance(event, MeetingUndone | AnswerUndone)
    ]


def _undone(story: Sequence[Moment]) -> Iterator[tuple[int, int]]:
    """Yield the places of what was taken back, each with that of the word that took it back."""
    meetings: dict[Pair, list[int]] = defaultdict(list)
    answers: dict[tuple[MemberId, MemberId], list[int]] = defaultdict(list)
    for place, (_, event) in enumerate(story):
        match event:
            case Met(first=first, second=second):
                meetings[pair(first, second)].append(place)
            case Answered(member=member, other=other):
                answers[member, other].append(place)
            case MeetingUndone(first=first, second=second):
                if known := meetings[pair(first, second)]:
                    yield known.pop(), place
            case AnswerUndone(member=member, other=other):
                if known := answers[member, other]:
                    yield known.pop(), place
            case _:
                pass


class _Fold:
    """What each person did and said.  Asked once at the end."""

    def __init__(self, day: date, earlier: Iterable[PersonPast]) -> None:
        self._usual_from = day - USUAL
        self._earlier = {past.member: past for past in earlier}
        self._before = {
            (past.member, two.other): two for past in self._earlier.values() for two in past.pairs
        }
        """What was known of two people, by the smaller id first."""
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
            case CheckedIn(member=member) | VisitCorrected(member=member):
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
        met_before = {two for two, past in self._before.items() if past.met is not None}
        ties = Counter(
            member
            for two, past in pairs.items()
            if past.met is not None and two not in met_before
            for member in two
        )
        given, received = Counter[MemberId](), Counter[MemberId]()
        yes_given, yes_received = Counter[MemberId](), Counter[MemberId]()
        for (member, other, _), yes in self._said.items():
            given[member] += 1
            received[other] += 1
            yes_given[member] += yes
            yes_received[other] += yes
        between: dict[MemberId, list[PairPast]] = defaultdict(list)
        for two in sorted({*self._before, *pairs}):
            between[two[0]].append(_together(self._before.get(two), pairs.get(two), two))
        people = {*self._earlier, *self._came, *self._looked, *given, *received, *ties, *between}
        return tuple(
            PersonPast(
                member,
                weekdays=self._weekdays(member),
                days=before.days + len(self._came.get(member, ())),
                ties=before.ties + ties[member],
                said_yes=before.said_yes + yes_given[member],
                asked=before.asked + given[member],
                wanted=before.wanted + yes_received[member],
                answered=before.answered + received[member],
                unanswered=self._silent_days(member, before),
                pairs=tuple(between.get(member, ())),
            )
            for member in sorted(people)
            for before in (self._earlier.get(member) or PersonPast(member),)
        )

    def _meet(self, one: MemberId, other: MemberId, when: date) -> None:
        """Two people met; if they had been shown to each other, that is a yes of both."""
        two = pair(one, other)
        had_been_shown = two in self._shown or (two in self._before and self._before[two].shown is not None)
        for member, about in ((one, other), (other, one)):
            self._spoke[member] = when
            if had_been_shown:
                self._said[member, about, when] = True

    def _silent_days(self, member: MemberId, before: PersonPast) -> int:
        """Return the days since somebody last said anything on which they were shown people."""
        spoke = self._spoke.get(member)
        silent = sum(spoke is None or day > spoke for day in self._looked.get(member, ()))
        return silent + (before.unanswered if spoke is None else 0)

    def _weekdays(self, member: MemberId) -> tuple[int, ...]:
        counts = Counter(day.weekday() for day in self._came.get(member, ()) if day >= self._usual_from)
        return tuple(counts[weekday] for weekday in range(7))


def _together(before: PairPast | None, since: PairPast | None, two: Pair) -> PairPast:
    """Return what lies between two people, of what was known before and what came since."""
    if before is None or since is None:
        return before or since or PairPast(two[1])
    met = max((when for when in (before.met, since.met) if when is not None), default=None)
    return PairPast(
        two[1],
        met=met,
        shown=max((when for when in (before.shown, since.shown) if when is not None), default=None),
        times=before.times + since.times if met is None else 0,
        barred=before.barred or since.barred,
    )
