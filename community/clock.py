"""Time as a kiosk without a battery clock can honestly tell it, and the space's own day.

Pure: the programs read the clocks, this module only knows what readings mean.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us_of(at: datetime) -> int:
    """Return a moment (aware) as wire and tables have it: whole microseconds since 1970 UTC."""
    return (at - EPOCH) // timedelta(microseconds=1)


def at_of(us: int) -> datetime:
    """Return the moment, aware, UTC, that is so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=us)


class Stamp(msgspec.Struct, frozen=True, gc=False):
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
        return at_of(self.wall_us)


def seconds_between(then: Stamp, now: Stamp) -> int:
    """Return how long ago something was, whole seconds, 0 or more.

    Within one boot the time since boot tells it; between boots the wall clocks are believed, however wrong.
    """
    past_us = now.up_us - then.up_us if then.boot == now.boot else now.wall_us - then.wall_us
    return max(0, past_us // 1_000_000)


NEAR_US = 60_000_000
"""Microseconds by which a good clock may move at once: more is a jump, and is doubted."""

BELIEVED_AFTER_US = 600_000_000
"""Microseconds (time since boot) after which a jump of a good clock that stays is believed."""


@dataclass(frozen=True, slots=True)
class Steady:
    """The time of one boot, which no jump of the wall clock disturbs; a new one for each boot.

    Time since boot runs evenly, so one pair of readings tells the time from then on.  Until the wall clock
    is synchronised the boot's first reading is held to; the first good one corrects it once; from then on
    small steps are followed, and a jump only once it has stayed for a while.
    """

    began_us: int | None = None
    """When the boot began, microseconds since 1970 UTC as far as is known; `None` before any reading."""
    good: bool = False
    """Whether a synchronised clock said so."""
    doubted: tuple[int, int] | None = None
    """Another beginning a good clock has spoken of, and the time since boot when it first did."""

    def told(self, read: Stamp) -> "Steady":
        """Take a reading of the clocks."""
        began_us = read.wall_us - read.up_us
        if self.began_us is None or (read.synced and not self.good):
            return Steady(began_us, read.synced)
        if not read.synced:
            return Steady(self.began_us, self.good)
        if abs(began_us - self.began_us) <= NEAR_US:
            return Steady(began_us, good=True)
        if self.doubted is None or abs(began_us - self.doubted[0]) > NEAR_US:
            return Steady(self.began_us, good=True, doubted=(began_us, read.up_us))
        if read.up_us - self.doubted[1] >= BELIEVED_AFTER_US:
            return Steady(began_us, good=True)
        return self

    def stamp(self, read: Stamp) -> Stamp:
        """Return a reading as it should have been; `read` itself must have been told."""
        wall_us = read.wall_us if self.began_us is None else self.began_us + read.up_us
        return Stamp(min(max(wall_us, 0), LATEST_WALL_US), read.boot, read.up_us, self.good)


def steadied(stamps: Iterable[Stamp]) -> tuple[Stamp, ...]:
    """Correct the times of a log: each boot by its first good reading.

    Args:
        stamps: In the order of the log, of any boots.

    Returns:
        As many, in the same order.  One of a boot that never had a good clock is never before the one that
        stands before it.
    """
    every = tuple(stamps)
    began: dict[str, int] = {}
    for stamp in every:
        if stamp.synced:
            began.setdefault(stamp.boot, stamp.wall_us - stamp.up_us)
    corrected: list[Stamp] = []
    latest_us = 0
    for stamp in every:
        if not stamp.synced and stamp.boot in began:
            latest_us = min(max(began[stamp.boot] + stamp.up_us, 0), LATEST_WALL_US)
        else:
            latest_us = stamp.wall_us if stamp.synced else max(stamp.wall_us, latest_us)
        good = stamp.synced or stamp.boot in began
        corrected.append(Stamp(latest_us, stamp.boot, stamp.up_us, good))
    return tuple(corrected)


class Hours(msgspec.Struct, frozen=True):
    """When the space's day ends."""

    zone: tzinfo
    closing: time = time(20)

    def day_of(self, at: datetime) -> date:
        """Return the space's day that `at` belongs to; it turns at `DAY_STARTS`, not midnight."""
        local = at.astimezone(self.zone)
        return local.date() - timedelta(days=1 if local.time() < DAY_STARTS else 0)

    def moment(self, day: date, clock_time: time) -> datetime:
        """Return when local clocks show `clock_time` on a space's day, in UTC.

        A time before `DAY_STARTS` belongs to the night that ends the day; an offset in it is not looked at.
        """
        local = clock_time.replace(tzinfo=None)
        calendar_day = day + timedelta(days=1) if local < DAY_STARTS else day
        return datetime.combine(calendar_day, local, self.zone).astimezone(UTC)

    def next_day(self, at: datetime) -> datetime:
        """Return when the day after that of `at` begins, in UTC."""
        return self.moment(self.day_of(at) + timedelta(days=1), DAY_STARTS)

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
