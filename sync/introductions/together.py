"""What the hub knows of the community: read from the log, and from what stays when the log is let go of.

Reading decodes the whole log (30 µs an event), so it is read again only when somebody looks, and not more
often than once in `FRESH_S`, or less often where it takes long.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from community.clock import Hours
from community.introductions.pairing import Pair
from community.together.life import Life, life
from community.together.measures import LOOKED_BACK_DAYS, Measures, measure
from plumbing.clock import Clock
from plumbing.database import Database
from sync.introductions.history import story
from sync.introductions.past import told
from sync.store import briefs, earlier, newcomers, together
from sync.views.people import read_directory

FRESH_S = 60.0
"""Seconds for which one reading serves everybody who looks: meetings are few, and months change slowly."""

LONGER = 30
"""How many times as long as it took, a reading serves at least: looking costs 3 % of a core at most."""

MOST_MONTHS = 12
"""Months shown: a year."""

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Community:
    """Everything the page of the community is made from."""

    day: date
    """The day on which it was read."""
    life: Life
    older: Mapping[Pair, date]
    """Who met whom by badge, and when last, of what is no longer in the log."""
    lately: Measures
    """Of the last `LOOKED_BACK_DAYS` up to yesterday: a sum that moved with each tap would tell of each."""
    months: tuple[Measures, ...]
    """The oldest first, at most `MOST_MONTHS`; the last one goes on, up to yesterday."""


def read_community(connection: Connection, hours: Hours, day: date, taps_days: int) -> Community:
    """Read how things stand.

    Args:
        connection: In a read transaction.
        hours: Tells the space's days.
        day: Today.
        taps_days: For how long raw taps are kept.
    """
    lived = _life(connection, hours, day, taps_days)
    days, last = min(LOOKED_BACK_DAYS, taps_days), day - A_DAY
    found = dict(together.months_kept(connection))
    for one in _months(lived, last, day, days):
        if one.first not in found or found[one.first].last < one.last:
            found[one.first] = one
    latest = tuple(found[month] for month in sorted(found))[-MOST_MONTHS:]
    lately = measure(lived, last - timedelta(days=days - 1), last, looked_back_days=days)
    return Community(day, lived, together.ties_kept(connection), lately, latest)


def months_to_keep(connection: Connection, hours: Hours, day: date, taps_days: int) -> tuple[Measures, ...]:
    """Return the months that are to be kept on the morning of a day: as they stood last night.

    Args:
        connection: In a read transaction.
        hours: Tells the space's days.
        day: Today.
        taps_days: For how long raw taps are kept.
    """
    kept = together.months_kept(connection)
    lived = _life(connection, hours, day, taps_days)
    counted = _months(lived, day - A_DAY, day, min(LOOKED_BACK_DAYS, taps_days))
    return tuple(one for one in counted if one.first not in kept or kept[one.first].last < one.last)


class Together:
    """The latest reading.  Lives as long as the dashboard; call it on the event loop."""

    def __init__(self, database: Database, clock: Clock, hours: Hours, taps_days: int) -> None:
        """`taps_days` is how long raw taps are kept."""
        self._database, self._clock, self._hours, self._taps_days = database, clock, hours, taps_days
        self._reading = asyncio.Lock()
        self._last: Community | None = None
        self._upto_s = 0.0
        """Until when the latest reading serves, monotonic seconds."""

    async def read(self) -> Community:
        """Return how things stand, as read a moment ago and on this day.

        Raises:
            DatabaseError: It could not be read.
        """
        async with self._reading:
            day, now_s = self._hours.day_of(self._clock.at()), self._clock.now_s()
            if self._last is None or self._last.day != day or now_s >= self._upto_s:
                hours, taps_days = self._hours, self._taps_days
                self._last = await self._database.read(lambda c: read_community(c, hours, day, taps_days))
                read_s = self._clock.now_s()
                self._upto_s = read_s + max(FRESH_S, LONGER * (read_s - now_s))
            return self._last


def _life(connection: Connection, hours: Hours, day: date, taps_days: int) -> Life:
    happened = told(story(connection), hours)
    before = [past.member for past in earlier.everybody(connection) if past.days]
    return life(
        happened,
        [(two, on) for two, days in briefs.introduced(connection).items() for on in days],
        read_directory(connection),
        asked=newcomers.asked(connection),
        before=before,
        since=day - timedelta(days=taps_days) if before else None,
    )


def _months(lived: Life, last: date, day: date, days: int) -> Iterator[Measures]:
    """Yield the months up to a day of which everything is still there, what hosts did included."""
    begin = day - briefs.KEPT
    came_first = min((min(days) for days in lived.came.values()), default=last)
    if lived.since is not None:
        begin = max(begin, lived.since)
    elif came_first >= begin:  # nothing is missing: there was nobody before
        begin = came_first.replace(day=1)
    month = begin if begin.day == 1 else _next(begin)
    while month <= last:
        yield measure(lived, month, min(_next(month) - A_DAY, last), looked_back_days=days)
        month = _next(month)


def _next(day: date) -> date:
    """Return the first day of the month after."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
