"""Opening coffee and lunch tables, for a host or because the clock says so.

A shell, like `service`, which calls it: one call at a time.
"""

import asyncio
import secrets
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from community.ids import MemberId, SpaceId, TableId
from community.introductions.rules import seed_of
from community.introductions.tables import Occasion, Table
from plumbing.clock import Clock
from plumbing.database import Database
from sync.introductions import seats
from sync.introductions.judges import Judges
from sync.introductions.moments import moment_at
from sync.presence import Presence
from sync.settings import IntroductionsSettings
from sync.store import introductions

ANNOUNCED = timedelta(minutes=30)
"""How long before a table of the clock begins it is opened, so that people can say yes."""


class Openings:
    """Opens tables.  Lives as long as the service; remembers only what the clock has seen to today."""

    def __init__(
        self,
        space: SpaceId,
        settings: IntroductionsSettings,
        database: Database,
        presence: Presence,
        clock: Clock,
        judges: Judges,
        changed: Callable[[int], None],
    ) -> None:
        self._space = space
        self._database = database
        self._presence = presence
        self._clock = clock
        self._judges = judges
        self._changed = changed
        wanted = {Occasion.COFFEE: settings.coffee, Occasion.LUNCH: settings.lunch}
        self._by_the_clock = {on: time.fromisoformat(begins) for on, begins in wanted.items() if begins}
        self._seen_to: set[tuple[date, Occasion]] = set()

    def begins(self, day: date) -> dict[Occasion, datetime]:
        """Return when the tables of the clock begin on a day."""
        hours = self._presence.hours
        return {occasion: hours.moment(day, begins) for occasion, begins in self._by_the_clock.items()}

    async def open_due(self, day: date, at: datetime) -> None:
        """Open the tables the clock asks for at this moment; without enough people the next look tries again.

        Raises:
            DatabaseError: Not everything was opened.
        """
        for occasion, begins in self.begins(day).items():
            due = begins - ANNOUNCED <= at < begins and (day, occasion) not in self._seen_to
            if due and (await self._is_open(occasion, begins) or await self.open(occasion, begins, "")):
                self._seen_to = {(day, occasion), *(seen for seen in self._seen_to if seen[0] == day)}

    async def open(self, occasion: Occasion, at: datetime, place: str) -> Table | None:
        """Open a table, as `Introductions.open_table` says."""
        now = await moment_at(self._clock.at(), self._database, self._presence)
        seed = seed_of(self._space, now.room.day)

        def work() -> tuple[MemberId, ...]:
            judge = self._judges.judge(now.room, now.today, now.moods)
            return seats.seated(judge, now.moods.keys(), occasion, now.room, now.today, seed)

        invited = await asyncio.to_thread(work)
        if not invited:
            return None
        table = Table(TableId(f"t-{secrets.token_hex(6)}"), occasion, at, place, invited)
        self._changed(await self._database.write(lambda c: introductions.put_tables(c, [table])))
        return table

    async def close(self, table: TableId) -> None:
        """Take a table away."""
        self._changed(await self._database.write(lambda c: introductions.put_tables(c, (), [table])))

    async def _is_open(self, occasion: Occasion, begins: datetime) -> bool:
        here = await self._database.read(introductions.tables)
        return any(table.occasion is occasion and table.at == begins for table in here)
