"""The hub's introductions as a running part: one task that knows what is due and who changed what.

A shell: it waits, reads and writes; what is decided is decided in pure modules, in a worker thread.  Nothing
is kept here that the database does not have: killed at any moment, it goes on from what kiosks were told.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from community.clock import Hours
from community.events import (
    Answered,
    AnswerUndone,
    CheckedOut,
    Introduced,
    MeetingUndone,
    Met,
    MoodChosen,
    Paired,
    TableAnswered,
    VisitCorrected,
)
from community.ids import MemberId, SpaceId, TableId
from community.introductions.pairing import DayPlan
from community.introductions.planner import Plan
from community.introductions.rules import plan_hour
from community.introductions.tables import Occasion, Table
from community.members import Mood, Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.introductions import plan, seats
from sync.introductions.by_host import put_together
from sync.introductions.history import story
from sync.introductions.judges import Judges
from sync.introductions.learned import read_learned
from sync.introductions.moments import moment_at
from sync.introductions.night import keep_night, night
from sync.introductions.openings import ANNOUNCED, Openings
from sync.introductions.overview import Overview, pair_lines, table_lines
from sync.introductions.room import read_room
from sync.introductions.timing import Day, Due, Timing
from sync.introductions.wanted import NeedsBoard, board_of
from sync.patience import Patience
from sync.presence import Presence
from sync.settings import IntroductionsSettings
from sync.store import earlier, introductions
from sync.store.log import Stored

log = logging.getLogger(__name__)

JOINING = (Paired, Introduced, Met, MeetingUndone, Answered, AnswerUndone, TableAnswered)
"""What changes the day's plan or a table as soon as it is heard."""


class Introductions:
    """One space's introductions.  Call everything from the event loop; `run` as a task until cancelled."""

    def __init__(
        self,
        space: SpaceId,
        facts: Space,
        settings: IntroductionsSettings,
        database: Database,
        presence: Presence,
        clock: Clock,
        changed: Callable[[int], None],
        timing: Timing | None = None,
    ) -> None:
        """Prepare; nothing is read before `run`.

        Args:
            space: Whose.
            facts: What kiosks are told of it: the plan's hour and the cap.
            settings: When the clock opens tables, and whether to learn.
            database: Where everything is.
            presence: Who is in; only asked.
            clock: The machine's clocks.
            changed: Told the feed's latest revision after each change.
            timing: The product's if `None`.
        """
        self._space = space
        self._facts = facts
        self._settings = settings
        self._database = database
        self._presence = presence
        self._clock = clock
        self._changed = changed
        self._timing = timing or Timing()
        self._judges = Judges()
        self._tables = Openings(space, settings, database, presence, clock, self._judges, changed)
        self._working = asyncio.Lock()
        self._bell = asyncio.Event()
        self._due = Due()
        self._state = Day()

    def happened(self, stored: Sequence[Stored]) -> None:
        """Events were committed; returns at once."""
        now_s = self._clock.now_s()
        for item in stored:
            match item.record.event:
                case CheckedOut() | VisitCorrected() | MoodChosen(mood=Mood.HEADS_DOWN):
                    self._due.complete_s = now_s + self._timing.settle_s
                case event if isinstance(event, JOINING) and self._due.join_s is None:
                    self._due.join_s = now_s + self._timing.join_s
                case _:
                    pass
        self._bell.set()

    def directory_changed(self, _revision: int) -> None:
        """A member changed or was erased: the plan leaves out who may not be introduced any more."""
        if self._due.join_s is None:
            self._due.join_s = self._clock.now_s() + self._timing.join_s
        self._bell.set()

    async def open_table(self, occasion: Occasion, at: datetime, place: str) -> Table | None:
        """Open a table for people present who would gain from each other.

        Args:
            occasion: What for.
            at: When it begins (aware).
            place: Where, in the host's words.

        Returns:
            The table, or `None` if there are not enough people to seat.

        Raises:
            DatabaseError: Nothing was opened.
        """
        async with self._working:
            return await self._tables.open(occasion, at, place)

    async def introduce(self, one: MemberId, other: MemberId) -> None:
        """Put two people together today, as a host asks.

        Raises:
            DatabaseError: Nothing was changed.
        """
        day = self._hours.day_of(self._clock.at())
        async with self._working:
            self._changed(await self._database.write(lambda c: put_together(c, day, one, other)))

    async def close_table(self, table: TableId) -> None:
        """Take a table away; nothing happens if it is gone already.

        Raises:
            DatabaseError: Nothing was changed.
        """
        await self._tables.close(table)

    async def overview(self) -> Overview:
        """Return what hosts may see of introductions at this moment.

        Raises:
            DatabaseError: It cannot be read.
        """
        async with self._working:
            at = self._clock.at()
            now = await moment_at(at, self._database, self._presence)
            lines, hidden = await asyncio.to_thread(pair_lines, now.room, now.today, now.moods, self._judges)
        welcome = [member for member in now.moods if now.room.members[member].may_be_introduced]
        return Overview(
            at=at,
            hour=self._hour_of(now.room.day),
            pairs=lines,
            hidden=hidden,
            tables=table_lines(
                (seats.filled(table, now.today) for table in now.room.tables), now.room.members
            ),
            present=len(welcome),
            learned=await self._database.read(read_learned),
            learning=self._settings.learning,
        )

    async def needs_board(self) -> NeedsBoard:
        """Return what hosts may see of what people look for and offer at this moment.

        Raises:
            DatabaseError: It cannot be read.
        """
        async with self._working:
            now = await moment_at(self._clock.at(), self._database, self._presence)
            return await asyncio.to_thread(board_of, now.room, now.today, now.moods, self._judges)

    async def run(self) -> None:
        """Do what is due, until cancelled; a mistake of ours is logged, and never stops the hub."""
        patience = Patience(
            log,
            "introductions wait: %s",
            "introductions go on",
            mistaken="introductions could not be worked out; they are tried again",
            first_s=self._timing.retry_first_s,
        )

        async def look() -> None:
            self._bell.clear()
            await self.look()

        while True:
            await patience.until_done(look)
            await self._wait()

    async def look(self) -> None:
        """Do everything that is due.

        Raises:
            DatabaseError: Not everything was done; what was not is still due.
        """
        async with self._working:
            await self._look()

    async def _wait(self) -> None:
        """Wait until something is due or heard."""
        at, now_s = self._clock.at(), self._clock.now_s()
        due = [due_s - now_s for due_s in (self._due.join_s, self._due.complete_s) if due_s is not None]
        due += [(when - at).total_seconds() for when in self._appointments(at)]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, min([self._timing.look_s, *due]))):
                await self._bell.wait()

    def _appointments(self, at: datetime) -> list[datetime]:
        """Return what the wall clock will be asked for next; each after `at`."""
        day = self._hours.day_of(at)
        wanted = [self._hours.next_day(at), self._hour_of(day)]
        wanted += [begins - ANNOUNCED for begins in self._tables.begins(day).values()]
        return [when for when in wanted if when > at]

    async def _look(self) -> None:
        at, now_s = self._clock.at(), self._clock.now_s()
        day = self._hours.day_of(at)
        if day != self._state.day:
            await self._begin(day)
            self._state = Day(day)
            self._due.join_s = now_s
        after_hour = at >= self._hour_of(day)
        if after_hour and not self._state.completed:
            self._due.complete_s = now_s
        complete = self._due.complete_s is not None and self._due.complete_s <= now_s
        join = self._due.join_s is not None and self._due.join_s <= now_s
        if complete:
            self._due.complete_s = None
        if join or complete:
            self._due.join_s = None
            try:
                await self._plan(at, complete=complete and after_hour)
            except BaseException:
                self._due.join_s = now_s
                raise
            self._state.completed = self._state.completed or after_hour
        await self._tables.open_due(day, at)

    async def _begin(self, day: date) -> None:
        """Begin a day: yesterday becomes past, its tables and its plan go."""
        room = await self._database.read(lambda c: read_room(c, day))
        told, people = await self._database.read(lambda c: (story(c, weighed=True), earlier.everybody(c)))
        before = (await self._database.read(read_learned)).day
        done = await asyncio.to_thread(
            night, told, room, self._hours, self._judges, since=before, earlier=people
        )
        over = [table.id for table in room.tables if self._hours.day_of(table.at) < day]

        def keep(connection: Connection) -> int:
            introductions.put_tables(connection, (), over)
            return keep_night(connection, done, self._space, learning=self._settings.learning)

        self._changed(await self._database.write(keep))

    async def _plan(self, at: datetime, *, complete: bool) -> None:
        """Join what kiosks did alone, complete the plan if it is time, and note who comes to the tables."""
        now = await moment_at(at, self._database, self._presence)
        day, rules = now.room.day, now.room.rules(self._space, self._facts.shown_a_day)

        def work() -> Plan:
            joined = plan.joined(now.room.plan, now.today, rules)
            if not complete:
                return joined
            judge = self._judges.judge(now.room, now.today, now.moods)
            return plan.completed(joined, judge, now.moods.keys(), rules)

        done = await asyncio.to_thread(work)
        filled = [seats.filled(table, now.today) for table in now.room.tables]

        def keep(connection: Connection) -> int:
            introductions.put_tables(connection, filled, only_open=True)
            return introductions.put_plan(connection, DayPlan(day, done.pairings))

        self._changed(await self._database.write(keep))

    @property
    def _hours(self) -> Hours:
        return self._presence.hours

    def _hour_of(self, day: date) -> datetime:
        return plan_hour(self._facts, self._hours, day)
