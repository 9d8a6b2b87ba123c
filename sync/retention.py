"""What the hub lets go of: raw taps after the days set, by whole days of the space (decision 0014).

What they said of members is kept as the fold of the past leaves it, so that the past can be made anew from
it and the events that are still there; how many people came stays where they were five or more, and so do the
months of the community in numbers; who met whom by badge stays for its map (decision 0030).  An event's id
and the hash of its content stay: one sent again is neither stored twice nor taken for another.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

import msgspec
from sqlalchemy import Connection

from community.boots import BootClock
from community.clock import Hours, us_of
from community.events import Answered, AnswerUndone, Event, Introduced, MeetingUndone, Met
from community.ids import Epoch, KioskId, MemberId
from community.introductions.pairing import Pair, PersonPast, pair
from community.visits import arrival
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.introductions.history import TELLING, Moment, dated
from sync.introductions.learned import read_learned
from sync.introductions.past import clean_cut, pasts, told
from sync.introductions.together import months_to_keep
from sync.presence import Clocks
from sync.receipt.fold import days_present, meetings
from sync.receipt.receipt import introduced_by_hosts, meeting_of, shown_before
from sync.sisters.taking import end_visits
from sync.store import ages, boots, crowds, earlier, guests, log, quarantine, receipts, together
from sync.store import retention as runs
from sync.store.ages import Run, runs_of
from sync.store.crowds import Hour
from sync.store.directory import Directory
from sync.store.receipts import KeptMeeting
from sync.store.retention import Job
from sync.store.sweeps import sweep
from sync.views.guests import day_begins_us

logger = logging.getLogger(__name__)

LOOK_S = 600.0
"""Seconds between two looks whether the night is over."""

MOST_AT_ONCE = 200_000
"""Events let go of in one transaction, or one whole day if it has more: what kiosks send waits for it."""

FRESH = timedelta(days=7)
"""A clock that nothing vouches for is believed while the newest event is not older: one that jumped years
ahead must not empty the log."""

BOOTS_KEPT = timedelta(days=400)
"""How long a boot is remembered without any event of it left: a kiosk may bring some late."""

TAKEN_BACK = (Met, Answered, MeetingUndone, AnswerUndone)
"""What may have been said before the cut, and taken back after it."""


@dataclass(frozen=True, slots=True)
class Going:
    """What may go, and what it leaves behind."""

    upto: date
    """Events of days before this one."""
    count: int
    runs: tuple[Run, ...]
    people: tuple[PersonPast, ...]
    """The past as of the morning of `upto`."""
    boots: tuple[BootClock, ...]
    crowds: dict[Hour, int]
    days: dict[tuple[MemberId, str], int]
    """On how many days of a month each member came."""
    meetings: tuple[KeptMeeting, ...]
    """Whom each member met."""
    ties: dict[Pair, date]
    """Who met whom by badge, and on which of those days last."""


def going(connection: Connection, hours: Hours, upto: date, most: int = MOST_AT_ONCE) -> Going | None:
    """Return what may be let go of next; `None` if nothing may.

    Args:
        connection: In a read transaction.
        hours: Tells the space's days.
        upto: Nothing of this day or later.
        most: Events, at most, unless the first day alone has more.

    Raises:
        EarlierError: What was kept before is another version's.
    """
    clocks = dated(connection)
    old: list[tuple[date, tuple[KioskId, Epoch, int]]] = []
    told: list[tuple[datetime, tuple[KioskId, Epoch, int], Event]] = []
    last_days: dict[tuple[KioskId, str], date] = {}
    for stored in log.strides(connection):
        for item in stored:
            at, event = clocks.happened(item).at, item.record.event
            key = (item.kiosk, item.epoch, item.record.seq)
            day, boot = hours.day_of(at), (item.kiosk, item.record.at.boot)
            last_days[boot] = max(day, last_days.get(boot, day))
            if day < upto:
                old.append((day, key))
            if isinstance(event, TELLING if day < upto else TAKEN_BACK):
                if isinstance(event, Introduced) and event.weighed:
                    event = msgspec.structs.replace(event, weighed=())
                told.append((at, key, event))
    told.sort(key=lambda one: one[:2])
    story = [(at, event) for at, _, event in told]
    cut = clean_cut(story, hours, _some_days((day for day, _ in old), upto, most))
    gone = [key for day, key in old if day < cut]
    if not gone:
        return None
    before = [(at, event) for at, event in story if hours.day_of(at) < cut]
    still = {boot for boot, day in last_days.items() if day >= cut}
    return Going(
        cut,
        len(gone),
        tuple(runs_of(gone)),
        pasts(before, hours, cut, earlier.everybody(connection)),
        tuple(_worth_keeping(clocks, still, before[-1][0] if before else _morning(cut))),
        _crowds(before, hours),
        _days(before, hours),
        _meetings(connection, before, hours),
        _ties(before, hours),
    )


def let_go(connection: Connection, gone: Going) -> None:
    """Let go of it, in one writing transaction."""
    ages.let_go(connection, gone.runs)
    earlier.put(connection, gone.people)
    boots.keep(connection, gone.boots)
    crowds.add(connection, gone.crowds)
    receipts.add_days(connection, gone.days)
    receipts.add_meetings(connection, gone.meetings)
    together.add_ties(connection, gone.ties)


class Retention:
    """One hub's letting go.  `run` as a task until cancelled."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        hours: Hours,
        days: int,
        directory: Directory | None = None,
    ) -> None:
        """`days` is how long raw taps are kept; `directory` is the hub's: kiosks hear whose visit is over."""
        self._directory = directory or Directory(database)
        self._database, self._clock, self._hours, self._days = database, clock, hours, days
        self._done: date | None = None
        self._swept: date | None = None
        self._said: date | None = None
        """The day on which it was noted that guests were forgotten."""

    async def run(self) -> None:
        """Let go of what is old enough once a day, after the night has folded yesterday; until cancelled."""
        while True:
            try:
                await self.look()
            except DatabaseError as error:
                logger.warning("nothing is let go of for now: %s", error)
            except Exception:
                logger.exception("what is too old could not be let go of; it is tried again")
            await asyncio.sleep(LOOK_S)

    async def look(self) -> int:
        """Do what is due, and return how many events were let go of.

        Raises:
            DatabaseError: Not everything was done; what was not is still due.
            EarlierError: What was kept before is another version's.
        """
        at = self._clock.at()
        day = self._hours.day_of(at)
        await self._database.write(partial(self._forget_guests, day=day, at=at))
        self._said = day
        if self._done == day or not await self._database.read(partial(self._is_believed, at=at)):
            return 0
        if self._swept != day:
            await self._database.write(lambda c: sweep(c, day, at))
            await self._directory.change(partial(end_visits, today=day, at_us=us_of(at)))
            self._swept = day
        if (await self._database.read(read_learned)).day != day:
            return 0
        count = await self._let_go(day, at)
        self._done = day
        if count:
            logger.info(
                "%s events are older than %s days: only what they add up to is kept", count, self._days
            )
        return count

    async def _let_go(self, day: date, at: datetime) -> int:
        upto, at_us, count = day - timedelta(days=self._days), us_of(at), 0
        months = await self._database.read(lambda c: months_to_keep(c, self._hours, day, self._days))
        await self._database.write(lambda c: together.put_months(c, months))

        def work(connection: Connection, gone: Going | None) -> None:
            if gone is not None:
                let_go(connection, gone)
            runs.note(connection, Job.TAPS, day, at_us, 0 if gone is None else gone.count)

        while (gone := await self._database.read(lambda c: going(c, self._hours, upto))) is not None:
            await self._database.write(partial(work, gone=gone))
            count += gone.count
        before_us = us_of(at - timedelta(days=self._days))

        def finish(connection: Connection) -> None:
            work(connection, None)
            runs.note(connection, Job.STRANGE, day, at_us, quarantine.empty(connection, before_us))

        await self._database.write(finish)
        return count

    def _forget_guests(self, connection: Connection, day: date, at: datetime) -> None:
        """Forget what guests typed: it was for their day."""
        gone = guests.forget(connection, day_begins_us(day, self._hours.zone))
        if gone or self._said != day:
            runs.note(connection, Job.GUESTS, day, us_of(at), gone)

    def _is_believed(self, connection: Connection, at: datetime) -> bool:
        """Say whether the clock is right enough to remove by it."""
        return self._clock.synchronised() or ages.newest_us(connection) >= us_of(at - FRESH)


def _some_days(days: Iterable[date], upto: date, most: int) -> date:
    """Return the day up to which at most `most` events go, or the first day alone."""
    counts = Counter(day for day in days if day < upto)
    total, cut = 0, upto
    for day in sorted(counts):
        total += counts[day]
        if total > most and cut != upto:
            return cut
        cut = day + timedelta(days=1)
        if total > most:
            return cut
    return upto


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _worth_keeping(clocks: Clocks, still: set[tuple[KioskId, str]], at: datetime) -> Iterator[BootClock]:
    """Yield the clocks of boots of which there are, or may still come, events."""
    oldest_us = us_of(at - BOOTS_KEPT)
    for clock in sorted(clocks.known(), key=lambda one: (one.kiosk, one.boot)):
        if (clock.kiosk, clock.boot) in still or clock.began_by_us >= oldest_us:
            yield clock


def _ties(story: Iterable[Moment], hours: Hours) -> dict[Pair, date]:
    return {
        pair(event.first, event.second): day
        for day, event in told(story, hours)
        if isinstance(event, Met) and event.first != event.second
    }


def _crowds(story: Iterable[Moment], hours: Hours) -> dict[Hour, int]:
    people: dict[Hour, set[MemberId]] = defaultdict(set)
    for at, event in story:
        if (came := arrival(event, at)) is not None:
            member, arrived = came
            people[hours.day_of(arrived), arrived.astimezone(hours.zone).hour].add(member)
    return {hour: len(who) for hour, who in people.items()}


def _days(story: Iterable[Moment], hours: Hours) -> dict[tuple[MemberId, str], int]:
    counts: Counter[tuple[MemberId, str]] = Counter()
    for member, days in days_present(story, hours).items():
        counts.update((member, f"{day:%Y-%m}") for day in days)
    return dict(counts)


def _meetings(connection: Connection, story: Iterable[Moment], hours: Hours) -> tuple[KeptMeeting, ...]:
    """Return the meetings to keep: those of the story, and earlier ones of which it says something new."""
    before = frozenset(map(meeting_of, receipts.all_meetings(connection)))
    found = meetings(story, hours, shown_before(connection), introduced_by_hosts(connection), before)
    return tuple(
        KeptMeeting(one.member, one.other, one.day, one.how.value, one.about.value, one.useful)
        for one in found
        if one not in before
    )
