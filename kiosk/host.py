"""The host's own pages at the door, from the PIN that was right to the badge that takes the screen again.

A shell: it waits and decides nothing; `kiosk.core.host` says what a key means.  Whatever else comes on the
screen ends it: another badge, its own time-out, a fault.  Lives as long as the kiosk, on its event loop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from community.clock import Stamp
from community.events import BadgeLinkAsked, Event, Record, RollCallOpened
from community.ids import MemberId
from community.outcomes import Outcome, Unknown
from kiosk.core import host as pages
from kiosk.core.host_pages import Around, listed, view_of
from kiosk.core.host_roll import Inside, Told, everybody_inside
from kiosk.core.host_state import Facts
from kiosk.core.inbox import Key
from kiosk.core.room import Room
from kiosk.core.troubles import HubState
from kiosk.core.views import View
from kiosk.doorstep import Doorstep
from kiosk.faults import Faults
from kiosk.furnishing import Furnishing
from kiosk.key_holder import KeyHolder
from kiosk.scene import Scene
from kiosk.store.host_choices import HostChoices
from plumbing.clock import Clock
from plumbing.errors import DatabaseError

log = logging.getLogger(__name__)

MARKS_S = 7_200.0
"""Seconds after the last mark for which it is remembered who was seen outside: then it begins anew."""

Commit = Callable[[Stamp, Sequence[Event]], Awaitable[tuple[Record, ...] | None]]
"""Writes events; `None` if they could not be written, which the screen then says."""


@dataclass(frozen=True, slots=True)
class Hosting:
    """What the pages need of the machine."""

    choices: HostChoices
    facts: Callable[[], Facts] = Facts
    """Asks the machine; may take a moment, and is called beside the event loop."""
    restart: Callable[[], None] | None = None
    """Ends the program so that it is started again; `None` where nothing would."""


class HostDoor:
    """The pages, and who is in them."""

    def __init__(
        self,
        hosting: Hosting,
        *,
        clock: Clock,
        scene: Scene,
        doorstep: Doorstep,
        furnishing: Furnishing,
        faults: Faults,
        commit: Commit,
        room: Callable[[], Room],
    ) -> None:
        """Begin closed.

        Args:
            hosting: What is needed of the machine.
            clock: The machine's clocks.
            scene: The screen.
            doorstep: Knows how the microcontroller does, and its buttons.
            furnishing: Reads what happened, here and at the other doors.
            faults: Knows how the badge reader does.
            commit: Writes events.
            room: Asked when needed: the room as it is now.
        """
        self._hosting, self._clock, self._doorstep = hosting, clock, doorstep
        self.scene = scene
        self._furnishing, self._faults, self._commit, self._room = furnishing, faults, commit, room
        self._page: pages.Page = pages.Menu()
        self._host = MemberId("")
        self.keys = KeyHolder(scene)
        """Whose the keys are while the pages are open."""
        self._facts = Facts()
        self._hub = HubState(reachable=False, waiting=0)
        self._hub_last: datetime | None = None
        self._inside: tuple[Inside, ...] = ()
        self._seen: frozenset[MemberId] = frozenset()
        self._marked_s = 0.0

    def is_for(self, member_id: MemberId | None) -> bool:
        """Say whether the pages are this member's to open."""
        member = None if member_id is None else self._room().directory.members.get(member_id)
        return member is not None and member.host

    def hub_is(self, state: HubState) -> None:
        """Take the hub's state."""
        if self._hub.reachable or state.reachable:
            self._hub_last = self._clock.at()
        self._hub = state

    async def open_for(self, member_id: MemberId) -> None:
        """Open the pages for somebody whose PIN was right."""
        if not self.is_for(member_id):
            self.scene.end()
            return
        self._host = member_id
        self._facts = await asyncio.to_thread(self._hosting.facts)
        self._show(pages.Menu())

    def instead_of(self, outcome: Outcome) -> View | None:
        """Return what a tap shows where a new badge is waited for; `None` where it shows its own."""
        if not self.keys.holds or not isinstance(outcome, Unknown):
            return None
        page = pages.laid(self._page, outcome.badge)
        if page is None:
            return None
        self._page = page
        return self.keys.keep_for(self._drawn())

    async def press(self, key: Key) -> None:
        """Take a key while the pages are open."""
        self.keys.pressed(key.now_s)
        if not self.is_for(self._host):  # an administrator took it back meanwhile
            self._close()
            return
        around = self._around()
        after = pages.press(self._page, key.key, listed(self._page, around), pages=around.pages)
        if isinstance(after, pages.Deed):
            await self._do(after, key.now_s)
        elif after == self._page:
            self.scene.more_time()
        else:
            if isinstance(after, pages.State):
                self._facts = await asyncio.to_thread(self._hosting.facts)
            self._show(after)

    async def _do(self, deed: pages.Deed, now_s: float) -> None:
        match deed:
            case pages.Closed():
                self._close()
            case pages.LinkWanted(badge=badge, member=member):
                asked = BadgeLinkAsked(badge, member, self._host)
                if await self._commit(self._clock.stamp(), [asked]) is None:
                    self.scene.rest()  # which says why
                else:
                    self._show(pages.Noted(badge, member))
            case pages.RollWanted():
                await self._call_roll()
            case pages.Marked(member=member):
                self._seen, self._marked_s = self._seen ^ {member}, now_s
                self._show(self._page)
            case pages.VolumeWanted(by=by):
                volume = self._room().directory.space.volume
                await self._choose(self._hosting.choices.set_volume(None if by is None else volume + by))
            case pages.LanguagesWanted():
                await self._choose(self._hosting.choices.swap_languages())
            case pages.RestartWanted():
                self._restart()
            case _:
                assert_never(deed)

    async def _call_roll(self) -> None:
        """Read who is in and show it.

        That it was opened is written first; people must be found all the same where nothing can be written.
        """
        now = self._clock.stamp()
        await self._commit(now, [RollCallOpened(self._host)])
        room, told = self._room(), await self._told(now)
        self._facts = await asyncio.to_thread(self._hosting.facts)
        names = {member.id: member.name for member in room.directory.members.values()}
        self._inside = everybody_inside(room.arrivals(now.at), told, names)
        if self._clock.now_s() - self._marked_s >= MARKS_S:
            self._seen = frozenset()
        self._show(pages.RollCall())

    async def _told(self, now: Stamp) -> Sequence[Told]:
        """Read where everybody was last; nothing if the log cannot be read: who is in is known even so."""
        try:
            return await asyncio.to_thread(self._furnishing.told, now)
        except DatabaseError as error:
            log.warning("where people came in cannot be read: %s", error)
            return ()

    async def _choose(self, choosing: Awaitable[None]) -> None:
        """Keep a choice, and let it hold at once."""
        try:
            await choosing
        except DatabaseError as error:
            log.warning("what a host chose cannot be kept: %s", error)
            self.scene.more_time()
            return
        room = self._room()
        room.directory = replace(room.directory, space=self._hosting.choices.space)
        self._show(self._page)

    def _restart(self) -> None:
        if self._hosting.restart is None:
            self.scene.more_time()
            return
        log.warning("a host asked for the program to be started again")
        self._hosting.restart()

    def _around(self) -> Around:
        health = self._doorstep.health
        facts = replace(
            self._facts,
            hub_reachable=self._hub.reachable,
            hub_last=self._hub_last,
            waiting=self._hub.waiting,
            reader=self._faults.reader,
            door="" if health is None else health.state,
            clock_synced=self._clock.synchronised(),
        )
        return Around(
            self._room().speaker,
            self._host,
            facts,
            may_restart=self._hosting.restart is not None,
            own_volume=self._hosting.choices.volume is not None,
            inside=self._inside,
            seen=self._seen,
        )

    def _close(self) -> None:
        self.keys.let_go()
        self.scene.end()

    def _show(self, page: pages.Page) -> None:
        if self._faults.is_shut_out:  # while this was prepared: nobody is named here any more
            return
        self._page = page
        self.keys.show(self._drawn())

    def _drawn(self) -> View:
        return self._doorstep.with_buttons(view_of(self._page, self._around()))
