"""Who is in: the visits folded from the log, joined with the directory, and kept from tap to tap.

Pure.  A full room is asked for at every tap; only who came, left or chose a mood is looked at again.
"""

from collections.abc import Mapping
from datetime import datetime

from community.clock import Hours
from community.events import CheckedIn, CheckedOut, CheckOutUndone, Event, MoodChosen, VisitCorrected
from community.ids import MemberId
from community.members import Member, Mood
from community.visits import Visit, Visits
from kiosk.core.guests import Guest


class Roster:
    """The fold.  Lives as long as the room."""

    def __init__(self, hours: Hours, members: Mapping[MemberId, Member]) -> None:
        self._hours = hours
        self._members = members
        self._visits = Visits(hours)
        self._inside: dict[MemberId, Guest] = {}
        self._good_until: datetime | None = None
        """When the first of them leaves by themselves; `None` before the first look, and for nobody."""

    def add(self, at: datetime, event: Event) -> None:
        """Fold one event (aware, UTC)."""
        self._visits.add(at, event)
        match event:
            case (
                CheckedIn(member=member)
                | CheckedOut(member=member)
                | CheckOutUndone(member=member)
                | MoodChosen(member=member)
                | VisitCorrected(member=member)
            ):
                self._look_again(member, at)
            case _:
                pass

    def know(self, members: Mapping[MemberId, Member]) -> None:
        """Take another directory."""
        self._members = members
        self._good_until = None

    def guests(self, at: datetime) -> Mapping[MemberId, Guest]:
        """Return everybody present whom the directory knows, in any order."""
        if self._good_until is None or at >= self._good_until:
            self._inside, self._good_until = {}, None
            for visit in self._visits.present(at):
                self._let_in(visit)
        return self._inside

    def arrivals(self, at: datetime) -> dict[MemberId, datetime]:
        """Return who is in, and since when, whether the directory knows them or not."""
        return {visit.member_id: visit.arrived for visit in self._visits.present(at)}

    def mood(self, member_id: MemberId, at: datetime) -> Mood | None:
        """Return what a member who is in chose today."""
        visit = self._visits.open_visit(member_id, at)
        return None if visit is None else visit.mood

    def _look_again(self, member: MemberId, at: datetime) -> None:
        if self._good_until is None:
            return
        self._inside.pop(member, None)
        visit = self._visits.open_visit(member, at)
        if visit is not None:
            self._let_in(visit)

    def _let_in(self, visit: Visit) -> None:
        member = self._members.get(visit.member_id)
        ends = self._hours.end_of_visit(visit.arrived)
        self._good_until = ends if self._good_until is None else min(self._good_until, ends)
        if member is not None:
            self._inside[visit.member_id] = Guest(member, visit.arrived, visit.mood)
