"""From the log to presence: who is in, since when, and how each visit ended.

Pure: a fold.  Presence can be thrown away and rebuilt from the log at any time, and gives
the same answer.  Order is the caller's: a kiosk's log order, or the hub's by corrected time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from community.clock import Hours, at_of
from community.events import CheckedIn, CheckedOut, CheckOutUndone, Event, MoodChosen, VisitCorrected
from community.ids import MemberId
from community.members import Mood


class Ended(Enum):
    """How a visit ended."""

    SAID = "said"
    """The member checked out."""
    ASSUMED = "assumed"
    """Nobody said so: it ended by itself at closing time."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay of one member, from arrival to departure."""

    member_id: MemberId
    arrived: datetime
    """Aware, UTC."""
    left: datetime | None = None
    """Aware, UTC; `None` while nobody said that it ended."""
    mood: Mood | None = None


def corrected(event: VisitCorrected, before: Visit | None) -> Visit:
    """Return a visit as a host put it right.

    Args:
        event: What the host said.
        before: The member's latest visit as it was known; its mood stays if it is the one put right.
    """
    arrived, left = (at_of(us) for us in (event.arrived_us, event.left_us))
    mood = before.mood if before is not None and event.was_us else None
    return Visit(event.member, arrived, left if event.left_us else None, mood)


def arrival(event: Event, at: datetime) -> tuple[MemberId, datetime] | None:
    """Return who came and when, if an event begins a visit: at a door, or by a host's hand.

    Args:
        event: What happened.
        at: When it did; a host may say that somebody came earlier than that.
    """
    match event:
        case CheckedIn(member=member):
            return member, at
        case VisitCorrected(member=member, arrived_us=arrived_us, was_us=0):
            return member, at_of(arrived_us)
        case _:
            return None


@dataclass(slots=True)
class Visits:
    """The fold: feed it events in order, then ask it who is in.

    Lives as long as its owner wants; it holds only the last visit of each member.
    """

    hours: Hours
    last: dict[MemberId, Visit] = field(default_factory=dict)
    """The latest visit of every member seen, open or closed."""
    _ends: dict[MemberId, tuple[datetime, datetime]] = field(default_factory=dict)
    """Arrival and end of the visits asked about: telling local time is slow, a full room asks often."""

    def add_all(self, events: Iterable[tuple[datetime, Event]]) -> None:
        """Fold events in order; each comes with its time (aware, UTC)."""
        for at, event in events:
            self.add(at, event)

    def add(self, at: datetime, event: Event) -> None:
        """Fold one event; what says nothing about presence is ignored."""
        match event:
            case CheckedIn(member=member):
                if self.open_visit(member, at) is None:
                    self.last[member] = Visit(member, at)
            case CheckedOut(member=member):
                visit = self.open_visit(member, at)
                if visit is not None:
                    self.last[member] = replace(visit, left=at)
            case CheckOutUndone(member=member):
                previous = self.last.get(member)
                if previous is not None and at < self._end_of(previous):
                    self.last[member] = replace(previous, left=None)
            case MoodChosen(member=member, mood=mood):
                visit = self.open_visit(member, at)
                if visit is not None:
                    self.last[member] = replace(visit, mood=mood)
            case VisitCorrected(member=member):
                self.last[member] = corrected(event, self.last.get(member))
            case _:
                pass

    def open_visit(self, member_id: MemberId, at: datetime) -> Visit | None:
        """Return the visit `member_id` is on at `at`, or `None` if they are not in."""
        visit = self.last.get(member_id)
        if visit is None or visit.left is not None or at >= self._end_of(visit):
            return None
        return visit

    def present(self, at: datetime) -> tuple[Visit, ...]:
        """Return the open visits at `at`, earliest arrival first."""
        visits = (self.open_visit(member_id, at) for member_id in self.last)
        return tuple(sorted((v for v in visits if v is not None), key=lambda v: (v.arrived, v.member_id)))

    def ended(self, member_id: MemberId, at: datetime) -> tuple[datetime, Ended] | None:
        """Return when and how the member's last visit ended, or `None` if it goes on or never was."""
        visit = self.last.get(member_id)
        if visit is None:
            return None
        if visit.left is not None:
            return visit.left, Ended.SAID
        end = self._end_of(visit)
        return (end, Ended.ASSUMED) if at >= end else None

    def _end_of(self, visit: Visit) -> datetime:
        """Return when a visit ends by itself."""
        known = self._ends.get(visit.member_id)
        if known is None or known[0] != visit.arrived:
            known = self._ends[visit.member_id] = (visit.arrived, self.hours.end_of_visit(visit.arrived))
        return known[1]
