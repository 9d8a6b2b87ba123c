"""On how many days somebody has come, as far as the log that is kept says: enough to know a first day.

Pure: a fold over events, one small record a member.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from community.clock import Hours
from community.events import CheckedIn, Event, VisitCorrected
from community.ids import MemberId


@dataclass(frozen=True, slots=True)
class Days:
    """What is known of one member; of somebody who never came, the default."""

    last: date | None = None
    """The last day they came."""
    before: date | None = None
    """The last day but that."""
    count: int = 0
    """Days on which they came."""
    times: int = 0
    """How often they came in on the last one."""

    def on(self, day: date) -> "Days":
        """Return what is known once they came in on a day, the last one or a later one."""
        if day == self.last:
            return Days(self.last, self.before, self.count, self.times + 1)
        return Days(day, self.last, self.count + 1, 1)


NEVER = Days()


@dataclass(slots=True)
class Attendance:
    """The fold; feed it events in order."""

    hours: Hours
    _days: dict[MemberId, Days] = field(default_factory=dict)

    def add(self, at: datetime, event: Event) -> None:
        """Fold one event (aware, UTC); only arrivals count, those that a host noted by hand among them."""
        if isinstance(event, CheckedIn) or (isinstance(event, VisitCorrected) and not event.was_us):
            self._days[event.member] = self.of(event.member).on(self.hours.day_of(at))

    def of(self, member: MemberId) -> Days:
        """Return what is known of a member."""
        return self._days.get(member, NEVER)
