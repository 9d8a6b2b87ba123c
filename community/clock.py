"""Time as a kiosk without a battery clock can honestly tell it, and the space's own day.

Pure: the programs read the clocks, this module only knows what readings mean.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated

import msgspec

DAY_STARTS = time(4)
"""Local time at which a new day begins: late enough for the last to leave, early enough for
the first to come.  A visit never crosses it."""


LATEST_WALL_US = 221_845_392_000_000_000
"""The year 9000: a broken clock may say anything, but what `datetime` cannot hold is no time."""

LONGEST_UP_US = 3_155_760_000_000_000
"""A hundred years: whatever a machine says beyond is no time since boot."""


class Stamp(msgspec.Struct, frozen=True):
    """When something happened, with what is needed to correct it later.

    A Pi has no battery clock: wall time may be hours off until it is synchronised.
    Seconds since boot are right within one boot, so one good pair of a boot corrects all.
    """

    wall_us: Annotated[int, msgspec.Meta(ge=0, le=LATEST_WALL_US)]
    """Microseconds since 1970-01-01 UTC, as the wall clock said."""
    boot: str
    """The kernel's id of this boot."""
    up_us: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_UP_US)]
    """Microseconds since boot, time asleep included."""
    synced: bool
    """Whether the wall clock was synchronised when it was read."""

    @property
    def at(self) -> datetime:
        """The wall clock's reading, aware, UTC."""
        return datetime.fromtimestamp(self.wall_us / 1_000_000, UTC)


class Hours(msgspec.Struct, frozen=True):
    """When the space's day ends."""

    zone: tzinfo
    closing: time = time(20)

    def day_of(self, at: datetime) -> date:
        """Return the space's day that `at` belongs to; it turns at `DAY_STARTS`, not midnight."""
        local = at.astimezone(self.zone)
        return local.date() - timedelta(days=1 if local.time() < DAY_STARTS else 0)

    def end_of_visit(self, arrived: datetime) -> datetime:
        """Return when a visit that began at `arrived` ends by itself.

        That is the first closing time after the arrival, or the next `DAY_STARTS` for somebody
        who came after closing.

        Args:
            arrived: Aware.

        Raises:
            ValueError: `arrived` has no time zone.
        """
        if arrived.tzinfo is None:
            raise ValueError(f"arrival must be aware, got {arrived!r}")
        local = arrived.astimezone(self.zone)
        ends = (self._next(local, self.closing), self._next(local, DAY_STARTS))
        return min(ends)

    def _next(self, local: datetime, clock_time: time) -> datetime:
        """Return the first moment after `local` (UTC) at which local clocks show `clock_time`.

        Compared in UTC: within one zone Python compares what clocks show, and in the night they
        are put forward that is not the order of moments.
        """
        today = datetime.combine(local.date(), clock_time, self.zone).astimezone(UTC)
        if today > local.astimezone(UTC):
            return today
        return datetime.combine(local.date() + timedelta(days=1), clock_time, self.zone).astimezone(UTC)
