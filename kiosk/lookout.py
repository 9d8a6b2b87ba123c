"""What a screen without a reader does: hears what the doors and the hub say, and shows the lobby.

A shell: it waits and decides nothing.  It writes nothing into any log: what happens, happens at the doors.
Lives as long as the screen, on its event loop.
"""

import asyncio
from collections.abc import Mapping, Sequence

from community.desk import Desk
from community.members import Space
from community.wire.messages import FeedItem
from kiosk.core.elsewhere import Heard
from kiosk.core.inbox import HeardElsewhere, NewDirectory
from kiosk.core.lobby import Stand
from kiosk.core.sentences import Words
from kiosk.core.troubles import Fault, HubState
from kiosk.core.views import Lobby, TroubleScreen
from kiosk.furnishing import Furnishing
from kiosk.hours import hours_of
from kiosk.scene import Scene, Screen
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from plumbing.clock import Clock


class Lookout:
    """The lobby of a second screen, and what it is made from."""

    def __init__(
        self,
        *,
        clock: Clock,
        events: Log,
        elsewhere: ElsewhereStore,
        items: Sequence[FeedItem],
        catalogues: Mapping[str, Words],
        screen: Screen,
        fallback: Space,
        stand: Stand,
    ) -> None:
        """Begin with what is stored.

        Args:
            clock: The machine's clocks.
            events: This screen's own log, in which nothing ever stands.
            elsewhere: What is held of the doors.
            items: The stored feed.
            catalogues: Words by language.
            screen: Where views go.
            fallback: The space as the settings have it, for a screen that has never met its hub.
            stand: Where the screen hangs.
        """
        self._clock, self._stand = clock, stand
        self._furnishing = Furnishing(
            clock=clock, events=events, elsewhere=elsewhere, catalogues=catalogues, fallback=fallback
        )
        self._room = self._furnishing.room(self._furnishing.directory(items))
        self._hub = HubState(reachable=True, waiting=0)
        self._corrections = clock.corrections
        self._queue: asyncio.Queue[NewDirectory | HeardElsewhere] = asyncio.Queue()
        self._scene = Scene(
            screen,
            lobby=self._lobby,
            trouble=self._trouble,
            cleared=lambda: None,
            seconds_of_minute=lambda: clock.at().second + clock.at().microsecond / 1_000_000,
        )

    def directory_is(self, items: Sequence[FeedItem]) -> None:
        """Take a new directory from the uplink; on the event loop."""
        self._queue.put_nowait(NewDirectory(tuple(items)))

    def heard_elsewhere(self, new: Sequence[Heard]) -> None:
        """Take what happened at the doors from the uplink; on the event loop."""
        self._queue.put_nowait(HeardElsewhere(tuple(new)))

    def hub_is(self, state: HubState) -> None:
        """Take the hub's state from the uplink; on the event loop."""
        self._hub = state
        self._scene.refresh()

    def shut_out(self) -> None:
        """Say that a host shut this screen out."""
        self._scene.fault(Fault.SHUT_OUT)

    async def run(self) -> None:
        """Take in what is said, and show it, until cancelled."""
        self._scene.start()
        try:
            while True:
                item = await self._queue.get()
                await self._set_right()
                match item:
                    case NewDirectory():
                        await self._taught(item)
                    case HeardElsewhere():
                        await self._furnishing.hear(self._room, item.new)
                self._scene.refresh()
        finally:
            self._scene.stop()

    async def _taught(self, new: NewDirectory) -> None:
        directory = await asyncio.to_thread(self._furnishing.directory, new.items, self._room.directory)
        if hours_of(directory.space) != self._room.hours:
            self._room = await self._furnishing.room_again(directory) or self._room
        self._room.directory = directory

    async def _set_right(self) -> None:
        """Date everything anew if the clock was set right since."""
        self._clock.stamp()
        if self._corrections != self._clock.corrections:
            self._corrections = self._clock.corrections
            self._room = await self._furnishing.room_again(self._room.directory) or self._room

    def _lobby(self) -> Lobby:
        return self._room.lobby(
            Desk(self._room.hours),
            self._clock.at(),
            synced=self._clock.synchronised(),
            hub_reachable=self._hub.reachable,
            waiting=self._hub.waiting,
            stand=self._stand,
        )

    def _trouble(self, fault: Fault) -> TroubleScreen:
        return self._room.trouble(fault, Desk(self._room.hours))
