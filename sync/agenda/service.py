"""The calendar as a running part of the hub: reads it now and then, keeps it, and tells kiosks of the day.

A shell: it waits, asks and writes.  A calendar that cannot be read is said where hosts see it, and changes
nothing: what was read before goes on to hold, day by day, for as many days as were read.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import msgspec

from community.clock import Hours, at_of, us_of
from plumbing.clock import Clock
from plumbing.database import Database
from sync.agenda.apart import read_apart
from sync.agenda.asked import Asked, Reading, mark_of
from sync.agenda.kept import Kept, keep, read_kept, tell
from sync.patience import Patience
from sync.settings import AgendaSettings

log = logging.getLogger(__name__)

LOOK_S = 60.0
"""Seconds between two looks whether something is due, at most: a new day, or the next reading."""

Read = Callable[[Asked], Awaitable[Reading]]


class CalendarWatch:
    """One space's calendar.  Everything on the event loop; `run` as a task until cancelled."""

    def __init__(
        self,
        settings: AgendaSettings,
        timezone: str,
        hours: Hours,
        database: Database,
        clock: Clock,
        changed: Callable[[int], None],
        looked_at: Callable[[], None] = lambda: None,
        read: Read = read_apart,
        *,
        retry_first_s: float = 0.5,
    ) -> None:
        """Prepare; nothing is read before `run`.

        Args:
            settings: Which calendar, and how often.
            timezone: The space's, an IANA name.
            hours: Tells the space's days.
            database: Where what is known is kept.
            clock: The machine's clocks.
            changed: Told the feed's latest revision when there is a new one.
            looked_at: Called after each reading, whatever came of it.
            read: Fetches and reads; never raises for what is wrong with a calendar.
            retry_first_s: Seconds before a database that refused is tried again.
        """
        self._settings, self._timezone, self._hours = settings, timezone, hours
        self._database, self._clock, self._changed, self._read = database, clock, changed, read
        self._looked_at = looked_at
        self._patience = Patience(
            log,
            "the agenda waits: %s",
            "the agenda goes on",
            mistaken="the agenda could not be worked out; it is tried again",
            first_s=retry_first_s,
        )
        self._revision = -1

    async def run(self) -> None:
        """Read and tell until cancelled."""
        while True:
            await self._patience.until_done(self.look)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Do what is due: read the calendar, tell of the day.

        Raises:
            DatabaseError: Not everything was done; what was not is still due.
        """
        kept = await self._database.read(read_kept)
        source = mark_of(self._settings.calendar) if self._settings.calendar else ""
        if kept is not None and kept.source != source:  # another calendar is set now, or none
            kept = None
            await self._database.write(lambda c: keep(c, None))
        at = self._clock.at()
        if source and kept is None:  # hosts see at once that there is one
            kept = Kept(source, self._settings.name, tried_us=0)
            await self._database.write(lambda c: keep(c, kept))
        if kept is not None and self._is_due(kept, at):
            kept = await self._ask(kept, at)
            self._looked_at()
        today = self._hours.day_of(at)
        agendas = () if kept is None else kept.good.agendas
        revision = await self._database.write(lambda c: tell(c, today, agendas))
        if revision != self._revision:
            self._revision = revision
            self._changed(revision)

    def _is_due(self, kept: Kept, at: datetime) -> bool:
        tried = at_of(kept.tried_us)
        new_day = kept.trouble is None and kept.read_on != self._hours.day_of(at)
        # a clock that was set back must not keep the calendar from being read until then
        return new_day or not timedelta(0) <= at - tried < timedelta(minutes=self._settings.every_minutes)

    async def _ask(self, before: Kept, at: datetime) -> Kept:
        today = self._hours.day_of(at)
        asked = Asked(self._settings.calendar, self._timezone, today)
        if before.read_on == today:
            asked = msgspec.structs.replace(asked, etag=before.good.etag, modified=before.good.modified)
        reading = await self._read(asked)
        now_us = us_of(at)
        kept = msgspec.structs.replace(
            before, tried_us=now_us, trouble=reading.trouble, detail=reading.detail
        )
        if reading.trouble is None:
            kept = msgspec.structs.replace(kept, read_us=now_us)
            if not reading.unchanged:
                kept = msgspec.structs.replace(kept, good=reading, read_on=today)
        self._say(before, reading)
        await self._database.write(lambda c: keep(c, kept))
        return kept

    @staticmethod
    def _say(before: Kept, reading: Reading) -> None:
        """Say in the log what changed; never the address, never a title."""
        was = before.trouble
        if reading.trouble is not None:
            level = logging.DEBUG if reading.trouble is was else logging.WARNING
            log.log(level, "the calendar cannot be read: %s %s", reading.trouble.value, reading.detail)
        elif was is not None:
            log.info("the calendar can be read again")
