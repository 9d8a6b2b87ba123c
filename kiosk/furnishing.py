"""What a kiosk's room is made from: the stored feed, its own log, and what is held of the other doors.

Reads the files; called beside the event loop where that may take a while.  Lives as long as the kiosk.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from community.clock import Stamp, us_of
from community.ids import KioskId
from community.members import Space
from community.wire.messages import FeedItem
from kiosk.core.directory import Directory, from_feed
from kiosk.core.elsewhere import Dated, Heard, dated, in_order, redates
from kiosk.core.host_roll import Told
from kiosk.core.own_page import Address, nowhere
from kiosk.core.room import Room
from kiosk.core.sentences import Words
from kiosk.hours import hours_of
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from plumbing.clock import Clock
from plumbing.errors import DatabaseError

log = logging.getLogger(__name__)

Found = TypeVar("Found")

LATELY = timedelta(hours=36)
"""How far back a roll call reads: no visit is longer than a day."""

REMEMBER = timedelta(days=30)
"""How far back the log is folded at start: as long as it is kept at all."""


def _as_it_is(space: Space) -> Space:
    return space


class Furnishing:
    """Makes rooms, and knows what of the other doors is folded in the last one made."""

    def __init__(
        self,
        clock: Clock,
        events: Log,
        elsewhere: ElsewhereStore,
        catalogues: Mapping[str, Words],
        fallback: Space,
        over: Callable[[Space], Space] = _as_it_is,
        own_page: Address = nowhere,
    ) -> None:
        """Say where everything is; `over` lays this kiosk's own choices over the hub's space."""
        self._clock, self._log, self._elsewhere = clock, events, elsewhere
        self._catalogues, self._fallback, self._own_page = catalogues, fallback, own_page
        self._over = over
        self._folded: set[tuple[KioskId, str]] = set()

    def directory(self, items: Sequence[FeedItem], before: Directory | None = None) -> Directory:
        """Return who is who; with the settings' space for a kiosk that has never met its hub."""
        directory = from_feed(items, before)
        space = directory.space if items else self._fallback
        return replace(directory, space=self._over(space))

    def room(self, directory: Directory) -> Room:
        """Build the room from what happened."""
        room = Room(directory, hours_of(directory.space), self._catalogues, self._own_page)
        room.fold_anew(self.events())
        return room

    async def room_again(self, directory: Directory) -> Room | None:
        """Build the room anew beside the event loop; `None`, and a line in the log, if it cannot be read."""
        return await _read(lambda: self.room(directory))

    async def hear(self, room: Room, new: Sequence[Heard]) -> None:
        """Fold into a room what happened elsewhere: what is new, or all of it again where times change."""
        fresh, held = self._fresh(new), self._elsewhere.held
        if redates(held, fresh) or not room.hear(dated(held, fresh, self._clock.stamp())):
            events = await _read(self.events)
            if events is not None:
                room.fold_anew(events)

    def events(self) -> tuple[Dated, ...]:
        """Return what happened here and elsewhere, oldest first."""
        oldest, now = self._clock.at() - REMEMBER, self._clock.stamp()
        own = self._log.since(us_of(oldest), now)
        held = tuple(self._elsewhere.held)
        self._folded = {(event.kiosk, event.content) for event in held}
        return in_order(own, dated(held, held, now))

    def told(self, now: Stamp) -> list[Told]:
        """Return what happened lately and where, oldest first: what a roll call is read from.

        Raises:
            DatabaseError: The log cannot be read.
        """
        oldest_us = now.wall_us - LATELY // timedelta(microseconds=1)
        told = [
            Told(record.at.at, KioskId(""), record.event, record.at.synced)
            for record in self._log.since(oldest_us, now)
        ]
        held = tuple(self._elsewhere.held)
        for door in dict.fromkeys(event.kiosk for event in held):
            theirs = [event for event in held if event.kiosk == door]
            certain = {id(event.record.event): event.record.at.synced for event in theirs}
            told += [Told(at, door, event, certain[id(event)]) for at, event in dated(held, theirs, now)]
        return sorted(told, key=lambda each: each.at)

    def _fresh(self, new: Sequence[Heard]) -> list[Heard]:
        """Return what is not folded yet, and take it for folded: a new room knows what waits in the queue."""
        fresh = [event for event in new if (event.kiosk, event.content) not in self._folded]
        self._folded.update((event.kiosk, event.content) for event in fresh)
        return fresh


async def _read(read: Callable[[], Found]) -> Found | None:
    try:
        return await asyncio.to_thread(read)
    except DatabaseError as error:
        log.warning("the log cannot be folded anew before the next start: %s", error)
        return None
