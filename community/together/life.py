"""What the log says people did together: who came, who met whom and how that came about, who was of use.

Pure: a fold over what happened.  A meeting is known from three sources: two badges at the door, what one of
the two answered on leaving, and a host who noted that they introduced them.  The second is private: it counts
in sums (`community.together.measures`) and stands in no picture of people.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from community.events import (
    Answer,
    Answered,
    CheckedIn,
    Event,
    FoundUseful,
    Introduced,
    Met,
    Paired,
    VisitCorrected,
)
from community.ids import MemberId
from community.introductions.pairing import Pair, pair
from community.members import Member

SUGGESTED_FOR = timedelta(days=6)
"""How long after the day on which two people were shown to each other their meeting is the screen's doing:
within a week, in which somebody who comes twice a week is there again."""

Told = tuple[date, Event]
"""The space's day, and what happened on it."""


class Arranged(Enum):
    """Who brought about a meeting: the strongest claim counts."""

    HOST = "host"
    """A host noted on that day that they introduced the two, had asked one of them in the week before to look
    after the other, or is one of them."""
    SCREEN = "screen"
    """No host did; a screen had shown them to each other in the week before."""
    THEMSELVES = "themselves"
    """Nothing that is stored arranged it."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two people met on a day; once a day, however often it was said."""

    pair: Pair
    day: date
    arranged: Arranged
    is_open: bool
    """Whether both said it with their badges, or a host noted it; otherwise it is what one of them said."""


@dataclass(frozen=True, slots=True)
class Life:
    """Everything the measures and the map are made from."""

    people: Mapping[MemberId, Member]
    """The directory: nobody else is in anything here."""
    came: Mapping[MemberId, frozenset[date]]
    """The days on which each came; whoever did not come is missing."""
    meetings: tuple[Meeting, ...]
    """Oldest first; those of a day by the ids of the two."""
    useful: Mapping[tuple[MemberId, MemberId], tuple[date, bool]]
    """When somebody last said whether having met somebody was useful, and what."""
    before: frozenset[MemberId] = frozenset()
    """Who had come before the first day that is told."""
    since: date | None = None
    """The first day of which everything is told; `None` if nothing was ever let go of."""

    @property
    def hosts(self) -> frozenset[MemberId]:
        """Those who look after the place."""
        return frozenset(member.id for member in self.people.values() if member.host)


def life(
    told: Iterable[Told],
    introduced: Iterable[tuple[Pair, date]],
    people: Mapping[MemberId, Member],
    *,
    asked: Iterable[tuple[Pair, date]] = (),
    before: Iterable[MemberId] = (),
    since: date | None = None,
) -> Life:
    """Fold what happened.

    Args:
        told: What happened, oldest first, without what was taken back.
        introduced: Which two a host noted to have introduced, and on which day.
        people: The directory; whoever is not in it, is in nothing.
        asked: Whom a host asked to look after whom, and on which day.
        before: Who had come before.
        since: As in `Life`.
    """
    fold = _Fold(asked)
    for day, event in told:
        fold.add(day, event)
    by_hosts = {(two, day) for two, day in introduced if two[0] != two[1]}
    known = frozenset(people)
    hosts = frozenset(member.id for member in people.values() if member.host)
    in_the_open = fold.badges | by_hosts
    found = [
        Meeting(two, day, fold.arranged(two, day, by_hosts, hosts), (two, day) in in_the_open)
        for two, day in in_the_open | fold.answers
        if known.issuperset(two)
    ]
    found.sort(key=lambda meeting: (meeting.day, meeting.pair))
    return Life(
        people,
        {who: frozenset(days) for who, days in fold.came.items() if who in known},
        tuple(found),
        {whom: said for whom, said in fold.useful.items() if known.issuperset(whom)},
        frozenset(before),
        since,
    )


class _Fold:
    """What the events say.  Asked once at the end."""

    def __init__(self, asked: Iterable[tuple[Pair, date]]) -> None:
        self._asked: dict[Pair, set[date]] = defaultdict(set)
        for two, day in asked:
            self._asked[pair(*two)].add(day)
        self.came: dict[MemberId, set[date]] = defaultdict(set)
        self.badges: set[tuple[Pair, date]] = set()
        self.useful: dict[tuple[MemberId, MemberId], tuple[date, bool]] = {}
        self._said: dict[tuple[MemberId, MemberId, date], Answer] = {}
        """Of a day, the last word of somebody about somebody."""
        self._shown: dict[Pair, set[date]] = defaultdict(set)

    def add(self, day: date, event: Event) -> None:
        match event:
            case CheckedIn(member=member) | VisitCorrected(member=member, was_us=0):
                self.came[member].add(day)
            case Introduced(member=member, shown=shown):
                for one in shown:
                    self._shown[pair(member, one.member)].add(day)
            case Paired(pairing=pairing):
                self._shown[pair(*pairing.pair)].add(day)
            case Met(first=first, second=second) if first != second:
                self.badges.add((pair(first, second), day))
            case Answered(member=member, other=other, answer=answer) if member != other:
                self._said[member, other, day] = answer
            case FoundUseful(member=member, other=other, useful=useful) if member != other:
                self.useful[member, other] = (day, useful)
            case _:
                pass

    @property
    def answers(self) -> set[tuple[Pair, date]]:
        """Return who met by what one of them said."""
        return {
            (pair(member, other), day)
            for (member, other, day), answer in self._said.items()
            if answer is Answer.MET
        }

    def arranged(
        self, two: Pair, day: date, by_hosts: set[tuple[Pair, date]], hosts: frozenset[MemberId]
    ) -> Arranged:
        """Return who brought about a meeting."""
        if (two, day) in by_hosts or not hosts.isdisjoint(two):
            return Arranged.HOST
        if _lately(self._asked, two, day):
            return Arranged.HOST
        return Arranged.SCREEN if _lately(self._shown, two, day) else Arranged.THEMSELVES


def _lately(days: Mapping[Pair, set[date]], two: Pair, day: date) -> bool:
    return any(day - SUGGESTED_FOR <= before <= day for before in days.get(two, ()))
