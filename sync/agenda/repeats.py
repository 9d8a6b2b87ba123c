"""When an entry of a calendar takes place: its rule, its exceptions, its extra days.

The one home of dateutil.  A rule may be written so that it never ends or never begins ("every 30 February"):
each entry has `PATIENCE_S` of the processor, and what needs more is broken.
"""

import contextlib
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import FrameType

from dateutil.rrule import rrulestr

PATIENCE_S = 1.0
"""Seconds of the processor for one entry: an honest rule takes milliseconds, on a small computer too."""

FORGIVEN = 5
"""Entries that may take longer: a calendar that has more of them was written to do harm."""

IMPATIENCE_S = 0.05
"""Seconds of the processor for each entry from then on."""

MOST_TIMES = 400
"""Occurrences of one entry in the days looked at: what is on oftener is no moment of a space."""

STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
"""Rules whose steps are all of one length: those that began years ago are begun later."""


class EndlessError(Exception):
    """An entry's rule takes too long, or is on too often."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One RRULE."""

    text: str
    """As it is written, without UNTIL."""
    freq: str
    interval: int = 1
    counted: bool = False
    """Whether it ends after so many times."""
    until: datetime | None = None
    """The last moment at which it may take place, on the entry's own clock; `None` for no end."""


@dataclass(frozen=True, slots=True)
class Series:
    """An entry that takes place once or often.  Times are as its own clock shows them, without a zone."""

    starts: datetime
    """Midnight where it lasts all day."""
    zone: tzinfo
    """Of its clock."""
    all_day: bool = False
    rules: tuple[Rule, ...] = ()
    extra: tuple[datetime, ...] = ()
    left_out: frozenset[datetime | date] = field(default_factory=frozenset)
    """Moments (aware, UTC), or whole days of its clock, at which it does not take place."""

    def takes_place(self, begin: datetime, end: datetime) -> Iterator[datetime]:
        """Yield when it takes place, on its own clock, from `begin` up to `end`, each once, in no order.

        Raises:
            EndlessError: Too often, or it takes too long to say.
            ValueError: A rule cannot be understood.
        """
        times = 0
        seen: set[datetime] = set()
        for at in self._all(begin, end):
            if not begin <= at < end or at in seen or self._is_left_out(at):
                continue
            seen.add(at)
            times += 1
            if times > MOST_TIMES:
                raise EndlessError
            yield at

    def aware(self, at: datetime) -> datetime:
        """Return a time of its clock as a moment.

        Of an hour that is there twice the first is meant; one that is skipped is counted on from before it.

        Source: RFC 5545, 3.3.5.
        """
        return at.replace(tzinfo=self.zone).astimezone(UTC)

    def _all(self, begin: datetime, end: datetime) -> Iterable[datetime]:
        yield self.starts
        yield from self.extra
        for rule in self.rules:
            yield from _times(rule, self.starts, begin, end)

    def _is_left_out(self, at: datetime) -> bool:
        return at.date() in self.left_out or (not self.all_day and self.aware(at) in self.left_out)


def _times(rule: Rule, starts: datetime, begin: datetime, end: datetime) -> Iterator[datetime]:
    if rule.until is not None and rule.until < begin:
        return
    last = end if rule.until is None else min(end, rule.until)
    step = STEPS.get(rule.freq)
    if step is not None and not rule.counted and starts < begin:
        step *= max(rule.interval, 1)
        starts += (begin - starts) // step * step
    for at in rrulestr(rule.text, dtstart=starts):
        if at > last:
            return
        yield at


@dataclass(slots=True)
class Allowance:
    """How long the entries of one calendar may take; only in a program's main thread."""

    endless: int = 0
    """Entries that took longer so far."""

    @contextlib.contextmanager
    def patience(self) -> Iterator[None]:
        """End what takes longer than one entry may.

        Raises:
            EndlessError: It took longer.
        """

        def over(_signal: int, _frame: FrameType | None) -> None:
            self.endless += 1
            raise EndlessError

        before = signal.signal(signal.SIGVTALRM, over)
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S if self.endless < FORGIVEN else IMPATIENCE_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)


def midnight(day: date) -> datetime:
    """Return the beginning of a day, without a zone."""
    return datetime.combine(day, time())
