"""Whom somebody met, and how it came about, from what the log says.

Pure: a fold over the story, the same for a receipt that is looked at and for what is kept of taps that are
let go of.  What somebody said of another is theirs: it stands on their own receipt and not on the other's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from community.clock import Hours
from community.events import Answer, Answered, FoundUseful, Introduced, Met, Paired
from community.ids import MemberId
from community.introductions.pairing import Origin, Pair, pair
from community.together.life import SUGGESTED_FOR
from community.visits import arrival
from sync.introductions.history import Moment
from sync.introductions.past import told


class How(Enum):
    """How two people came to meet."""

    HOST = "host"
    """A host introduced them."""
    TABLE = "table"
    """At a coffee or lunch table."""
    SCREEN = "screen"
    """One was shown the other at the door, or both were."""
    OURSELVES = "ourselves"


class About(Enum):
    """Whose need or question it was that brought two people together."""

    MINE = "mine"
    THEIRS = "theirs"
    NEITHER = "neither"
    """Both gained alike, or nobody brought them together."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, on the receipt of one of the two."""

    member: MemberId
    """Whose receipt."""
    other: MemberId
    day: date
    how: How
    about: About = About.NEITHER
    useful: bool = False
    """Whether `member` said that it was."""


def meetings(
    story: Iterable[Moment],
    hours: Hours,
    shown: Mapping[Pair, date] | None = None,
    by_hosts: Mapping[Pair, Collection[date]] | None = None,
    before: Iterable[Meeting] = (),
) -> tuple[Meeting, ...]:
    """Return every meeting, the earliest first; two people meet once a day at most.

    Args:
        story: What happened, oldest first; what was taken back is left out.
        hours: Tells the space's days.
        shown: When two people were last shown to each other before the story begins.
        by_hosts: On which days hosts said that they introduced two people.
        before: Meetings from before the story begins: it may say that one was useful.

    Returns:
        A meeting by badge stands on both receipts; one that a member told of, on theirs.  It came about as
        something of the ten days before it says.
    """
    fold = _Fold(dict(shown or {}), by_hosts or {}, before)
    for when, event in told(story, hours):
        match event:
            case Introduced(member=member, shown=cards):
                for one in cards:
                    fold.shown[pair(member, one.member)] = when
            case Paired(pairing=pairing):
                fold.paired[pairing.pair] = (when, pairing.seeks, pairing.origin)
            case Met(first=first, second=second) if first != second:
                fold.meet(first, second, when)
                fold.meet(second, first, when)
            case Answered(member=member, other=other, answer=Answer.MET) if member != other:
                fold.meet(member, other, when)
            case FoundUseful(member=member, other=other, useful=useful):
                fold.say(member, other, useful=useful)
            case _:
                pass
    return tuple(sorted(fold.found.values(), key=lambda each: (each.day, each.member, each.other)))


def days_present(story: Iterable[Moment], hours: Hours) -> Mapping[MemberId, frozenset[date]]:
    """Return on which days each member came, by badge or by a host's hand."""
    days: dict[MemberId, set[date]] = defaultdict(set)
    for at, event in story:
        if (came := arrival(event, at)) is not None:
            member, arrived = came
            days[member].add(hours.day_of(arrived))
    return {member: frozenset(theirs) for member, theirs in days.items()}


class _Fold:
    """What was found so far."""

    def __init__(
        self, shown: dict[Pair, date], by_hosts: Mapping[Pair, Collection[date]], before: Iterable[Meeting]
    ) -> None:
        self.shown = shown
        self.paired: dict[Pair, tuple[date, MemberId | None, Origin]] = {}
        self.found: dict[tuple[MemberId, MemberId, date], Meeting] = {}
        self._by_hosts = by_hosts
        self._last: dict[tuple[MemberId, MemberId], date] = {}
        for one in sorted(before, key=lambda each: each.day):
            self.found[one.member, one.other, one.day] = one
            self._last[one.member, one.other] = one.day

    def meet(self, member: MemberId, other: MemberId, when: date) -> None:
        two = pair(member, other)
        if (member, other, when) in self.found:
            return
        how, about = How.OURSELVES, About.NEITHER
        if two in self.shown and _lately(self.shown[two], when):
            how = How.SCREEN
        if two in self.paired and _lately(self.paired[two][0], when):
            _, seeks, origin = self.paired[two]
            how = How.TABLE if origin is Origin.TABLE else How.SCREEN
            if seeks is not None:
                about = About.MINE if seeks == member else About.THEIRS
        if any(_lately(day, when) for day in self._by_hosts.get(two, ())):
            how = How.HOST
        self.found[member, other, when] = Meeting(member, other, when, how, about)
        self._last[member, other] = when

    def say(self, member: MemberId, other: MemberId, *, useful: bool) -> None:
        when = self._last.get((member, other))
        if when is not None:
            self.found[member, other, when] = replace(self.found[member, other, when], useful=useful)


def _lately(before: date, when: date) -> bool:
    return timedelta(0) <= when - before <= SUGGESTED_FOR
