"""The hub's introductions as a running part: one task that knows what is due and who changed what.

A shell: it waits, reads and writes; what is decided is decided in pure modules, in a worker thread.  Nothing
is kept here that the database does not have: killed at any moment, it goes on from what kiosks were told.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

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
)
from community.ids import MemberId, SpaceId, TableId
from community.introductions.pairing import DayPlan
from community.introductions.planner import Plan
from community.introductions.tables import Occasion, Table
from community.members import Mood, Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.introductions import plan, seats
from sync.introductions.history import story
from sync.introductions.hours import moment, next_day
from sync.introductions.judges import Judges, Moods
from sync.introductions.learned import read_learned
from sync.introductions.night import keep_night, night
from sync.introductions.overview import Overview, pair_lines, table_lines
from sync.introductions.room import Room, read_room, rules_of
from sync.introductions.today import Today, fold
from sync.presence import Presence
from sync.settings import IntroductionsSettings
from sync.store import introductions
from sync.store.log import Stored

log = logging.getLogger(__name__)

JOIN_S = 0.5
"""Seconds after a kiosk's word before the plan is joined: a tap is several events."""

SETTLE_S = 20.0
"""Seconds after somebody left or went heads-down before the plan is completed again: a slip is taken back
within eight, and people leave together."""

ANNOUNCED = timedelta(minutes=30)
"""How long before a table of the clock begins it is opened, so that people can say yes."""

LOOK_S = 30.0
"""Seconds after which the clocks are looked at again, whatever is due: a wall clock may jump."""

RETRY_FIRST_S, RETRY_LAST_S = 0.5, 30.0
"""Waiting for a database that refuses, or after a mistake of ours, doubles from the first to the last."""

JOINING = (Paired, Introduced, Met, MeetingUndone, Answered, AnswerUndone, TableAnswered)
"""What changes the day's plan or a table as soon as it is heard."""


@dataclass(slots=True)
class _Due:
    """What waits to be done: monotonic seconds, `None` for nothing."""

    join_s: float | None = None
    """The plan is to be joined with what kiosks did alone."""
    complete_s: float | None = None
    """And everybody with room left is to be matched."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything one step is decided from."""

    room: Room
    today: Today
    moods: Moods
    """Of everybody present; `None` for who chose none."""


@dataclass(slots=True)
class Timing:
    """Seconds; other than the product's in tests only."""

    join_s: float = JOIN_S
    settle_s: float = SETTLE_S
    look_s: float = LOOK_S
    retry_first_s: float = RETRY_FIRST_S


@dataclass(slots=True)
class _Day:
    """How far today is."""

    day: date | None = None
    completed: bool = False
    """Whether the plan was completed after its hour."""
    opened: set[Occasion] = field(default_factory=set)
    """Tables the clock has seen to."""


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
        self._working = asyncio.Lock()
        self._bell = asyncio.Event()
        self._due = _Due()
        self._state = _Day()

    def happened(self, stored: Sequence[Stored]) -> None:
        """Events were committed; returns at once."""
        now_s = self._clock.now_s()
        for item in stored:
            match item.record.event:
                case CheckedOut() | MoodChosen(mood=Mood.HEADS_DOWN):
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
            return await self._open(occasion, at, place)

    async def close_table(self, table: TableId) -> None:
        """Take a table away; nothing happens if it is gone already.

        Raises:
            DatabaseError: Nothing was changed.
        """
        self._changed(await self._database.write(lambda c: introductions.put_tables(c, (), [table])))

    async def overview(self) -> Overview:
        """Return what hosts may see of introductions at this moment.

        Raises:
            DatabaseError: It cannot be read.
        """
        async with self._working:
            at = self._clock.at()
            now = await self._now(at)
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

    async def run(self) -> None:
        """Do what is due, until cancelled; a mistake of ours is logged, and never stops the hub."""
        delay_s, failed = self._timing.retry_first_s, False
        while True:
            self._bell.clear()
            try:
                await self.look()
            except DatabaseError as error:
                log.log(logging.DEBUG if failed else logging.WARNING, "introductions wait: %s", error)
            except Exception:
                log.exception("introductions could not be worked out; they are tried again")
            else:
                if failed:
                    log.info("introductions go on")
                delay_s, failed = self._timing.retry_first_s, False
                await self._wait()
                continue
            failed = True
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, RETRY_LAST_S)

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
        wanted = [next_day(at, self._hours), self._hour_of(day)]
        wanted += [self._begins(occasion, day) - ANNOUNCED for occasion in self._by_the_clock]
        return [when for when in wanted if when > at]

    async def _look(self) -> None:
        at, now_s = self._clock.at(), self._clock.now_s()
        day = self._hours.day_of(at)
        if day != self._state.day:
            await self._begin(day)
            self._state = _Day(day)
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
        for occasion in self._by_the_clock - self._state.opened:
            begins = self._begins(occasion, day)
            if begins - ANNOUNCED <= at < begins and await self._open_by_the_clock(occasion, begins):
                self._state.opened.add(occasion)

    async def _begin(self, day: date) -> None:
        """Begin a day: yesterday becomes past, its tables and its plan go."""
        room = await self._database.read(lambda c: read_room(c, day))
        told = await self._database.read(lambda c: story(c, weighed=True))
        before = (await self._database.read(read_learned)).day
        done = await asyncio.to_thread(night, told, room, self._hours, self._judges, since=before)
        over = [table.id for table in room.tables if self._hours.day_of(table.at) < day]

        def keep(connection: Connection) -> int:
            introductions.put_tables(connection, (), over)
            return keep_night(connection, done, self._space, learning=self._settings.learning)

        self._changed(await self._database.write(keep))

    async def _plan(self, at: datetime, *, complete: bool) -> None:
        """Join what kiosks did alone, complete the plan if it is time, and note who comes to the tables."""
        now = await self._now(at)
        day, rules = now.room.day, rules_of(self._space, now.room, self._facts.shown_a_day)

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

    async def _open_by_the_clock(self, occasion: Occasion, begins: datetime) -> bool:
        """Open the table the settings ask for, unless there is one; say whether there is one now."""
        open_now = await self._database.read(introductions.tables)
        if any(table.occasion is occasion and table.at == begins for table in open_now):
            return True
        return await self._open(occasion, begins, "") is not None

    async def _open(self, occasion: Occasion, at: datetime, place: str) -> Table | None:
        now = await self._now(self._clock.at())
        seed = rules_of(self._space, now.room, self._facts.shown_a_day).seed

        def work() -> tuple[MemberId, ...]:
            judge = self._judges.judge(now.room, now.today, now.moods)
            return seats.seated(judge, now.moods.keys(), occasion, now.room, now.today, seed)

        invited = await asyncio.to_thread(work)
        if not invited:
            return None
        table = Table(TableId(f"t-{secrets.token_hex(6)}"), occasion, at, place, invited)
        self._changed(await self._database.write(lambda c: introductions.put_tables(c, [table])))
        return table

    async def _now(self, at: datetime) -> Moment:
        day = self._hours.day_of(at)
        visits = self._presence.present(at)
        happened = [item.event for item in reversed(self._presence.today(at))]
        room = await self._database.read(lambda c: read_room(c, day))
        moods = {visit.member_id: visit.mood for visit in visits if visit.member_id in room.members}
        return Moment(room, fold(happened), moods)

    @property
    def _hours(self) -> Hours:
        return self._presence.hours

    @property
    def _by_the_clock(self) -> frozenset[Occasion]:
        """Tables the settings ask for."""
        wanted = {Occasion.COFFEE: self._settings.coffee, Occasion.LUNCH: self._settings.lunch}
        return frozenset(occasion for occasion, clock_time in wanted.items() if clock_time)

    def _begins(self, occasion: Occasion, day: date) -> datetime:
        clock_time = self._settings.coffee if occasion is Occasion.COFFEE else self._settings.lunch
        return moment(day, clock_time, self._hours.zone)

    def _hour_of(self, day: date) -> datetime:
        return moment(day, self._facts.plan_at, self._hours.zone)
