"""The one way into the log for what taps and keys led to."""

from collections.abc import Callable, Sequence

from community.clock import Stamp
from community.events import Event, GuestCame
from community.guests import GuestWords
from kiosk.core.inbox import Written
from kiosk.core.room import Room
from kiosk.faults import Faults
from kiosk.store.log import Log
from plumbing.clock import Clock
from plumbing.errors import DatabaseError


class Notebook:
    """Writes events, and says so where they cannot be written.  Lives as long as the kiosk."""

    def __init__(
        self,
        clock: Clock,
        events: Log,
        faults: Faults,
        on_committed: Callable[[], None],
        room: Callable[[], Room],
    ) -> None:
        """Prepare.

        Args:
            clock: The machine's clocks.
            events: The open log.
            faults: Told whether something could be written.
            on_committed: Called after each commit: the uplink has something to send.
            room: Asked when needed: it knows from now on what was written.
        """
        self._clock, self._log, self._faults = clock, events, faults
        self._on_committed, self._room = on_committed, room

    async def commit(self, stamp: Stamp, events: Sequence[Event], words: GuestWords | None = None) -> Written:
        """Write events, and a guest's words; `None` if they could not be written, and the screen says so."""
        try:
            records = await self._log.append([(stamp, event) for event in events], words)
        except DatabaseError as error:
            self._faults.not_noted(error)
            return None
        if records:
            self._faults.noted()
            self._room().add(records)
            self._on_committed()
        return records

    async def guest_came(self, event: GuestCame, words: GuestWords) -> bool:
        """Write that a guest came, now; say whether it could be."""
        return await self.commit(self._clock.stamp(), [event], words) is not None
