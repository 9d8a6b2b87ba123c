"""A guest at the lobby: from the first key to an event that says that they came.

A shell: it waits and decides nothing.  What a guest types is in no log, trace or topic; it goes beside the
event to the hub, for today.  Lives as long as the kiosk, on its event loop.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

from community.events import GuestCame
from community.guests import GuestWords, seal_of
from kiosk.core.inbox import Key
from kiosk.core.keys import GUEST_KEY
from kiosk.core.speaker import Speaker
from kiosk.core.views import GuestNotice, Lobby
from kiosk.core.visitors import (
    Asking,
    Gone,
    Named,
    Throttle,
    asking_of,
    guest_choice,
    noted,
    press,
    too_many,
    visited,
)
from kiosk.key_holder import KeyHolder
from kiosk.scene import Scene

MOST_AN_HOUR = 20
"""Guests noted in an hour, unless the settings say otherwise."""


class Guests:
    """What a guest is typing, and what became of it."""

    def __init__(
        self,
        scene: Scene,
        speaker: Callable[[], Speaker],
        commit: Callable[[GuestCame, GuestWords], Awaitable[bool]],
        on_noted: Callable[[GuestNotice], None],
    ) -> None:
        """Begin with nothing typed.

        Args:
            scene: The screen.
            speaker: Asked when needed: the directory and the words as they are now.
            commit: Writes that a guest came; `False` if it could not be written, and the screen says so.
            on_noted: Told that a guest was noted, once that is on the screen.
        """
        self._scene, self._speaker, self._commit, self._on_noted = scene, speaker, commit, on_noted
        self._asked = True
        self._throttle = Throttle(MOST_AN_HOUR)
        self._asking = Asking()
        self.keys = KeyHolder(scene)
        """Whose the keys are while a guest types."""

    def use(self, *, asked: bool, most_an_hour: int) -> None:
        """Take the settings: whether guests are asked at all, and how many in an hour."""
        self._asked, self._throttle = asked, Throttle(most_an_hour)

    def offered(self, lobby: Lobby) -> Lobby:
        """Return the lobby with the way in for guests, where they are asked."""
        return replace(lobby, guest=guest_choice(self._speaker().both()[0])) if self._asked else lobby

    def opens(self, key: Key) -> bool:
        """Say whether a key is a guest's, who wants to type."""
        view = self._scene.view
        return key.key == GUEST_KEY and isinstance(view, Lobby) and view.guest is not None

    def ask(self, now_s: float) -> None:
        """Ask a guest whom they come to see."""
        self.keys.pressed(now_s)
        self._put(Asking())

    async def press(self, key: Key) -> None:
        """Take a key while a guest types."""
        self.keys.pressed(key.now_s)
        match press(self._asking, key.key):
            case Gone():
                self.keys.let_go()
                self._asking = Asking()
                self._scene.end()
            case Named() as named:
                self.keys.let_go()
                self._asking = Asking()
                await self._note(named, key.now_s)
            case Asking() as asking:
                if asking == self._asking:
                    self._scene.more_time()
                else:
                    self._put(asking)

    async def _note(self, named: Named, now_s: float) -> None:
        throttle = self._throttle.note(now_s)
        if throttle is None:
            self._scene.show(too_many(self._speaker()))
            return
        self._throttle = throttle
        speaker = self._speaker()
        member = visited(named.whom, speaker.directory.members.values())
        words = GuestWords(1, named.whom, named.name, secrets.token_hex(16))
        if await self._commit(GuestCame(member, seal_of(words)), words):
            view = noted(speaker)
            self._scene.show(view)
            self._on_noted(view)

    def _put(self, asking: Asking) -> None:
        self._asking = asking
        self.keys.show(asking_of(self._speaker(), asking))
