"""What the log says about who was shown to whom and who met: the past an introduction respects.

Pure: a fold over events, like `community.visits`, and as rebuildable.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from community.clock import Hours
from community.events import Event, Introduced, MeetingUndone, Met
from community.ids import MemberId
from community.introductions.pairing import pair
from community.introductions.plan import History


@dataclass(slots=True)
class Memory:
    """The fold: feed it events in order, then ask it for a day's `History`."""

    hours: Hours
    _last_shown: dict[tuple[MemberId, MemberId], date] = field(default_factory=dict)
    _met: dict[tuple[MemberId, MemberId], list[date]] = field(default_factory=dict)
    _shown_on: date | None = None
    _shown_to: dict[MemberId, set[MemberId]] = field(default_factory=dict)

    def add(self, at: datetime, event: Event) -> None:
        """Fold one event (aware, UTC); what says nothing about introductions is ignored."""
        match event:
            case Introduced(member=member, shown=shown):
                day = self.hours.day_of(at)
                if day != self._shown_on:
                    self._shown_on, self._shown_to = day, {}
                for one in shown:
                    self._last_shown[pair(member, one.member)] = day
                    self._shown_to.setdefault(one.member, set()).add(member)
            case Met(first=first, second=second):
                self._met.setdefault(pair(first, second), []).append(self.hours.day_of(at))
            case MeetingUndone(first=first, second=second):
                days = self._met.get(pair(first, second))
                if days:
                    days.pop()
            case _:
                pass

    def history(self, visitor: MemberId, day: date) -> History:
        """Return the past as of `day` for one visitor.

        Being shown again to the same visitor on the same day costs nobody anything, so it does not
        count towards the day's limit.
        """
        shown_to = self._shown_to if day == self._shown_on else {}
        return History(
            last_shown=self._last_shown,
            met=self.ties(),
            shown_today={member: len(to - {visitor}) for member, to in shown_to.items()},
        )

    def ties(self) -> frozenset[tuple[MemberId, MemberId]]:
        """Return every pair who met, as `pair()`."""
        return frozenset(between for between, days in self._met.items() if days)

    def meetings_since(self, day: date) -> int:
        """Return how many meetings were recorded on `day` or later, undone ones left out."""
        return sum(when >= day for days in self._met.values() for when in days)
