"""Who is in, folded from the log; can be thrown away and rebuilt at any time.

No I/O: what the log holds is passed in, and so is the time.  Corrects the times of a kiosk whose
clock was wrong first: seconds since boot are right within one boot, so one event with a good
clock corrects all of that boot.  And nothing happened after the hub received it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from community.clock import Hours, Stamp
from community.events import Event
from community.ids import Epoch, KioskId
from community.visits import Visit, Visits
from sync.store.log import Stored

KEPT = timedelta(hours=36)
"""How far back the fold begins: no visit is longer than a day, and the day before may have been
received late."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Id = tuple[KioskId, Epoch, int]
Boot = tuple[KioskId, str]


class Happened(NamedTuple):
    """One event of the timeline."""

    at: datetime
    """Aware, UTC, corrected."""
    kiosk: KioskId
    event: Event


class Presence:
    """The fold of the last `KEPT`.  Belongs to one event loop: call it only there."""

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self.version = 0
        """Grows with every change, so that a reader knows whether to look again."""
        self._stored: dict[Id, Stored] = {}
        self._good: dict[Boot, Stamp] = {}
        """The earliest reading of each boot with a good clock."""
        self._timeline: list[tuple[Happened, Id]] = []
        self._visits = Visits(hours)

    def load(self, stored: Iterable[Stored], now: datetime) -> None:
        """Forget everything and fold this; repeats and any order are fine.

        Args:
            stored: Everything that happened or was received in the last `KEPT`.
            now: Aware.
        """
        self._stored = {(item.kiosk, item.epoch, item.record.seq): item for item in stored}
        self._good = {}
        self._learn(self._stored.values())
        self._rebuild(now)

    def add(self, stored: Sequence[Stored], now: datetime) -> None:
        """Fold what was just committed; what comes late is put where it belongs.

        Args:
            stored: Events the hub did not have before, in any order; repeats are ignored.
            now: Aware.
        """
        fresh = {(item.kiosk, item.epoch, item.record.seq): item for item in stored}
        fresh = {key: item for key, item in fresh.items() if key not in self._stored}
        if not fresh:
            return
        self._stored.update(fresh)
        corrected = self._learn(fresh.values())
        timed = self._timed(fresh)
        if corrected or (self._timeline and _order(timed[0]) < _order(self._timeline[-1])):
            self._rebuild(now)
            return
        self._timeline.extend(timed)
        self._visits.add_all((happened.at, happened.event) for happened, _ in timed)
        self._forget(now)
        self.version += 1

    def present(self, at: datetime) -> tuple[Visit, ...]:
        """Return the visits open at `at` (aware), earliest arrival first."""
        return self._visits.present(at)

    def today(self, at: datetime) -> tuple[Happened, ...]:
        """Return what happened on the space's day of `at` (aware), newest first."""
        day = self.hours.day_of(at)
        return tuple(h for h, _ in reversed(self._timeline) if self.hours.day_of(h.at) == day)

    def _learn(self, stored: Iterable[Stored]) -> bool:
        """Note what good clocks say; return whether a boot learned its time only now."""
        learned = False
        for item in stored:
            at, boot = item.record.at, (item.kiosk, item.record.at.boot)
            if at.synced and (boot not in self._good or at.up_us < self._good[boot].up_us):
                self._good[boot] = at
                learned = True
        return learned

    def _timed(self, stored: dict[Id, Stored]) -> list[tuple[Happened, Id]]:
        """Return events with their corrected times, in order; ties keep the order of the log."""
        timed = [
            (Happened(self._at(item), item.kiosk, item.record.event), key) for key, item in stored.items()
        ]
        return sorted(timed, key=_order)

    def _at(self, item: Stored) -> datetime:
        at = item.record.at
        good = at if at.synced else self._good.get((item.kiosk, at.boot), at)
        wall_us = good.wall_us - good.up_us + at.up_us
        return _EPOCH + timedelta(microseconds=max(0, min(wall_us, item.received_us)))

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
