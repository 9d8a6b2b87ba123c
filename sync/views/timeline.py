"""Today as a host would tell it: who came, who left, who met.

Pure: what happened is passed in, and so is the time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from community.clock import Hours
from community.events import CheckedIn, CheckedOut, CheckOutUndone, MeetingUndone, Met, VisitCorrected
from community.ids import MemberId
from community.visits import Ended, Visit, Visits, corrected
from sync.presence import Happened
from sync.views.people import Known, name_for_hosts

MOST_MOMENTS = 80
"""Lines of today's timeline shown: what a host scrolls through."""


class Happening(Enum):
    """What a line of the timeline tells."""

    ARRIVED = "arrived"
    LEFT = "left"
    CLOSED = "closed"
    """Nobody said that they left: the visit ended by itself at closing time."""
    MET = "met"


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of today's timeline."""

    at: datetime
    what: Happening
    names: tuple[str, ...]
    """One name; two for a meeting; all of them for closing time.  Never empty."""
    uncertain: bool = False
    """As in `Happened`."""
    by_hand: bool = False
    """Whether a host put it right."""


def moments(happened: Sequence[Happened], known: Known, hours: Hours, at: datetime) -> tuple[Moment, ...]:
    """Tell the day, newest first, without what was undone and without those who hide.

    Args:
        happened: What happened today, newest first.
        known: The directory.
        hours: The space's zone and closing time.
        at: The present moment, aware.
    """
    today = _Today(hours)
    for item in reversed(happened):
        today.add(item)
    told = []
    for moment in today.told(at):
        names = tuple(name_for_hosts(known, member_id) for member_id in moment.who)
        if moment.what is Happening.CLOSED:
            names = tuple(name for name in names if name)
        if names and all(names):
            told.append(Moment(moment.at, moment.what, names, moment.uncertain, moment.by_hand))
    return tuple(told[:MOST_MOMENTS])


@dataclass(frozen=True, slots=True)
class _Told:
    at: datetime
    what: Happening
    who: tuple[MemberId, ...]
    uncertain: bool = False
    by_hand: bool = False


class _Today:
    """Today's events, told as a host would tell them: what was undone is not told."""

    def __init__(self, hours: Hours) -> None:
        self._visits = Visits(hours)
        self._told: list[_Told] = []
        self._closed: dict[datetime, list[MemberId]] = {}

    def add(self, item: Happened) -> None:
        """Add one event; they come in order."""
        at, uncertain = item.at, item.uncertain
        match item.event:
            case CheckedIn(member=member) if self._visits.open_visit(member, at) is None:
                self._close(member, at)
                self._told.append(_Told(at, Happening.ARRIVED, (member,), uncertain))
            case CheckedOut(member=member) if self._visits.open_visit(member, at) is not None:
                self._told.append(_Told(at, Happening.LEFT, (member,), uncertain))
            case CheckOutUndone(member=member):
                self._take_back(Happening.LEFT, {member})
            case VisitCorrected():
                self._put_right(corrected(item.event, self._visits.last.get(item.event.member)), item.event)
            case Met(first=first, second=second):
                self._told.append(_Told(at, Happening.MET, (first, second), uncertain))
            case MeetingUndone(first=first, second=second):
                self._take_back(Happening.MET, {first, second})
            case _:
                pass
        self._visits.add(at, item.event)

    def told(self, at: datetime) -> list[_Told]:
        """Return everything told by `at`, newest first."""
        for member_id in self._visits.last:
            self._close(member_id, at)
        closings = [_Told(end, Happening.CLOSED, tuple(who)) for end, who in self._closed.items()]
        told = sorted([*self._told, *closings], key=lambda told: told.at)
        told.reverse()
        return told

    def _close(self, member_id: MemberId, at: datetime) -> None:
        """Tell that the member's last visit ended by itself, if it did."""
        match self._visits.ended(member_id, at):
            case (end, Ended.ASSUMED):
                self._closed.setdefault(end, []).append(member_id)
            case _:
                pass

    def _put_right(self, visit: Visit, said: VisitCorrected) -> None:
        """Tell a visit as a host put it right, in the place of what was told of it."""
        who = (visit.member_id,)
        known = self._visits.last.get(visit.member_id)
        if known is not None and said.was_us:
            of_it = (Happening.ARRIVED, Happening.LEFT)
            self._told = [
                told
                for told in self._told
                if told.who != who or told.what not in of_it or told.at < known.arrived
            ]
        self._told.append(_Told(visit.arrived, Happening.ARRIVED, who, by_hand=True))
        if visit.left is not None:
            self._told.append(_Told(visit.left, Happening.LEFT, who, by_hand=True))

    def _take_back(self, what: Happening, who: set[MemberId]) -> None:
        for index in reversed(range(len(self._told))):
            told = self._told[index]
            if told.what is what and set(told.who) == who:
                del self._told[index]
                return
