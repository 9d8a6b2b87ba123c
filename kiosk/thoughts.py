"""Thinking introductions over, beside the taps: when the hub said something new, and when a day begins.

At the hour of the day's plan it is completed here if the hub is away, once a day.

A shell: it waits and decides nothing.  Lives as long as the kiosk, on its event loop.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime

from kiosk.core.inbox import Planned
from kiosk.core.introducing import Planning
from kiosk.core.lore import first_lore, lore_of
from kiosk.core.room import Room
from plumbing.clock import Clock
from plumbing.memory import give_back

log = logging.getLogger(__name__)

PATIENCE_S = 0.5
"""Seconds for which new profiles hold the next tap back until introductions are thought over: enough for
hundreds of members; among thousands nobody waits, and introductions come a few seconds later."""

PREPARE_S = 0.3
"""Seconds after a view was shown from which on the next tap is prepared: by then it is painted."""


class Thoughts:
    """Keeps a room's lore up to date."""

    def __init__(
        self,
        room: Callable[[], Room],
        clock: Clock,
        seed: str,
        *,
        alone: Callable[[], bool],
        on_planned: Callable[[Planned], None],
        on_thought: Callable[[], None] | None = None,
    ) -> None:
        """`room` is asked each time: new hours make a new one.  `seed` is the space's name.

        `alone` says whether the hub is away; `on_planned` is told of the plan then.
        """
        self._room, self._clock, self._seed = room, clock, seed
        self._alone, self._on_planned = alone, on_planned
        self._planned: date | None = None
        """The last day whose plan was completed here."""
        self._on_thought = on_thought
        self._thinking: asyncio.Task[None] | None = None
        self._preparing: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Begin to think where something changed that introductions rest on: the day, for one."""
        busy = self._thinking is not None and not self._thinking.done()
        at = self._clock.at()
        if not busy and (self._room().needs_lore(at) is not None or self._to_plan(at) is not None):
            self._thinking = asyncio.create_task(self._think(), name="thoughts")

    async def over(self) -> None:
        """Begin to think, and wait for it a little."""
        self.begin()
        if self._thinking is not None:
            await asyncio.wait({self._thinking}, timeout=PATIENCE_S)

    def prepare_soon(self) -> None:
        """Work out what the next tap will need, once this one is painted."""
        if self._preparing is not None:
            self._preparing.cancel()
        loop = asyncio.get_running_loop()
        self._preparing = loop.call_later(PREPARE_S, lambda: self._room().prepare(self._clock.at()))

    def stop(self) -> None:
        """Leave nothing behind."""
        if self._thinking is not None:
            self._thinking.cancel()
        if self._preparing is not None:
            self._preparing.cancel()

    async def _think(self) -> None:
        """Make lore beside the event loop until it is that of today's directory."""
        while (day := self._room().needs_lore(self._clock.at())) is not None:
            room = self._room()
            directory, earlier, before = room.directory, room.memory.before(day), room.lore
            try:
                if before is None or before.day != day:
                    room.lore = await asyncio.to_thread(first_lore, directory, day, self._seed, earlier)
                room.lore = await asyncio.to_thread(lore_of, directory, day, self._seed, earlier, before)
            except Exception:
                log.exception("introductions could not be thought over; the next minute tries again")
                return
        await asyncio.to_thread(give_back)
        self.prepare_soon()
        if self._on_thought is not None:
            self._on_thought()
        await self._plan()

    def _to_plan(self, at: datetime) -> Planning | None:
        room = self._room()
        if not self._alone() or self._planned == room.hours.day_of(at):
            return None
        return room.planning(at)

    async def _plan(self) -> None:
        """Complete the day's plan, if its hour has come and the hub is away."""
        planning = self._to_plan(self._clock.at())
        if planning is None:
            return
        try:
            pairings = await asyncio.to_thread(planning.pairings)
        except Exception:
            log.exception("the day's plan could not be completed; the next minute tries again")
            return
        self._planned = planning.day
        self._on_planned(Planned(planning.day, pairings))
