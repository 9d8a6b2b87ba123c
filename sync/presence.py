"""Who is in, folded from the log; can be thrown away and rebuilt at any time.

No I/O: what the log holds is passed in, and so is the time.  `Clocks` is the hub's one rule for
when something happened, whatever the clock of the kiosk said.
"""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from community.boots import BootClock, Boots
from community.clock import Hours, at_of, us_of
from community.events import CheckedIn, CheckedOut, CheckOutUndone, Event, MoodChosen, VisitCorrected
from community.ids import Epoch, KioskId, MemberId
from community.visits import Ended, Visit, Visits
from sync.store.log import Stored

KEPT = timedelta(hours=36)
"""How far back the fold begins: no visit is longer than a day, and the day before may have been
received late."""


Id = tuple[KioskId, Epoch, int]


class Happened(NamedTuple):
    """One event of the timeline."""

    at: datetime
    """Aware, UTC, corrected."""
    kiosk: KioskId
    event: Event
    uncertain: bool = False
    """Whether `at` is only the latest it can have been: that boot never had a good clock."""


class Clocks:
    """When things happened: `community.boots`, asked about what the hub has stored."""

    def __init__(self, kept: Iterable[BootClock] = ()) -> None:
        """Begin with what is known of boots whose first events are no longer there."""
        self._boots = Boots()
        for clock in kept:
            self._boots.remember(clock)

    def known(self) -> tuple[BootClock, ...]:
        """Return what is known of each boot, in no particular order."""
        return self._boots.known()

    def learn(self, stored: Iterable[Stored]) -> bool:
        """Note what these say; return whether the times of a boot are other than before."""
        learned = False
        for item in stored:
            learned = self._boots.learn(item.kiosk, item.record.at, item.received_us) or learned
        return learned

    def happened(self, item: Stored) -> Happened:
        """Return when something happened; what `item` itself says must have been learned."""
        at = item.record.at
        moment = at_of(self._boots.happened_us(item.kiosk, at, item.received_us))
        uncertain = not self._boots.is_known(item.kiosk, at)
        return Happened(moment, item.kiosk, item.record.event, uncertain=uncertain)


class Presence:
    """The fold of the last `KEPT`.  Belongs to one event loop: call it only there."""

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self.version = 0
        """Grows with every change, so that a reader knows whether to look again."""
        self._stored: dict[Id, Stored] = {}
        self._clocks = Clocks()
        self._timeline: list[tuple[Happened, Id]] = []
        self._visits = Visits(hours)

    def load(self, stored: Iterable[Stored], now: datetime) -> None:
        """Forget everything and fold this; repeats and any order are fine.

        Args:
            stored: Everything that happened or was received in the last `KEPT`.
            now: Aware.
        """
        self._stored = {(item.kiosk, item.epoch, item.record.seq): item for item in stored}
        self._clocks = Clocks()
        self._clocks.learn(self._stored.values())
        self._rebuild(now)

    def add(self, stored: Sequence[Stored], now: datetime) -> None:
        """Fold what was just committed; what comes late is put where it belongs.

        Args:
            stored: Events the hub did not have before, in any order; repeats are ignored.
            now: Aware.
        """
        corrected = self._clocks.learn(stored)
        oldest_us = us_of(now - KEPT)
        fresh: dict[Id, Stored] = {}
        for item in stored:
            key = (item.kiosk, item.epoch, item.record.seq)
            at = item.record.at
            if key not in self._stored and not (at.synced and at.wall_us < oldest_us):
                fresh[key] = item
        if not fresh and not corrected:
            return
        self._stored.update(fresh)
        if corrected:
            self._rebuild(now)
            return
        self._put_in(self._timed(fresh))
        self._forget(now)
        self.version += 1

    def present(self, at: datetime) -> tuple[Visit, ...]:
        """Return the visits open at `at` (aware), earliest arrival first."""
        return self._visits.present(at)

    def visits_today(self, at: datetime) -> tuple[tuple[Visit, Ended | None], ...]:
        """Return the latest visit of everybody who came on the space's day of `at`, and how it ended.

        Earliest arrival first.  A visit that ended by itself has its end in it; `None` is for one that
        goes on.
        """
        day = self.hours.day_of(at)
        found = []
        for member_id, visit in self._visits.last.items():
            if visit.arrived <= at and self.hours.day_of(visit.arrived) == day:
                ended = self._visits.ended(member_id, at)
                found.append((visit, None) if ended is None else (replace(visit, left=ended[0]), ended[1]))
        return tuple(sorted(found, key=lambda each: (each[0].arrived, each[0].member_id)))

    def today(self, at: datetime) -> tuple[Happened, ...]:
        """Return what happened on the space's day of `at` (aware), newest first."""
        day = self.hours.day_of(at)
        return tuple(h for h, _ in reversed(self._timeline) if self.hours.day_of(h.at) == day)

    def _timed(self, stored: dict[Id, Stored]) -> list[tuple[Happened, Id]]:
        """Return events with their corrected times, in order; ties keep the order of the log."""
        return sorted(((self._clocks.happened(item), key) for key, item in stored.items()), key=_order)

    def _put_in(self, timed: list[tuple[Happened, Id]]) -> None:
        """Put events where they belong in the timeline; only whom a late one names is folded anew."""
        late: set[MemberId] = set()
        for pair in timed:
            if not self._timeline or _order(pair) > _order(self._timeline[-1]):
                self._timeline.append(pair)
                self._visits.add(pair[0].at, pair[0].event)
            else:
                insort(self._timeline, pair, key=_order)
                late.update(_whose(pair[0].event))
        if late:
            for member in late:
                self._visits.last.pop(member, None)
            for happened, _ in self._timeline:
                if not late.isdisjoint(_whose(happened.event)):
                    self._visits.add(happened.at, happened.event)

    def _rebuild(self, now: datetime) -> None:
        self._timeline = self._timed(self._stored)
        self._forget(now)
        self._visits = Visits(self.hours)
        self._visits.add_all((happened.at, happened.event) for happened, _ in self._timeline)
        self.version += 1

    def _forget(self, now: datetime) -> None:
        """Let go of what is too old to matter; the visits folded from it stay as they are."""
        begin = now - KEPT
        count = next((i for i, (h, _) in enumerate(self._timeline) if h.at >= begin), len(self._timeline))
        for _, key in self._timeline[:count]:
            del self._stored[key]
        del self._timeline[:count]


def _order(pair: tuple[Happened, Id]) -> tuple[datetime, Id]:
    """Oldest first; what happened in the same moment in the order of the log."""
    return pair[0].at, pair[1]


def _whose(event: Event) -> tuple[MemberId, ...]:
    """Return whose visit an event may say something about."""
    match event:
        case CheckedIn(member=member) | CheckedOut(member=member) | CheckOutUndone(member=member):
            return (member,)
        case MoodChosen(member=member) | VisitCorrected(member=member):
            return (member,)
        case _:
            return ()
