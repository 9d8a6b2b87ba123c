"""Whoever types at the door: which of them a key belongs to.

A shell: it waits and decides nothing.  Lives as long as the kiosk, on its event loop.
"""

from collections.abc import Callable

from kiosk.core.inbox import Key
from kiosk.core.keys import FORGOTTEN_KEY, TOUCH_KEY
from kiosk.guests import Guests
from kiosk.pins import Pins
from kiosk.scene import Scene


class Keyboard:
    """Hands keys to whoever is typing."""

    def __init__(self, scene: Scene, pins: Pins, guests: Guests, cleared: Callable[[], None]) -> None:
        """Prepare; `cleared` is called when a card makes place for somebody who wants to type."""
        self._scene, self._pins, self._guests, self._cleared = scene, pins, guests, cleared

    @property
    def typing(self) -> bool:
        """Whether somebody types: keys are theirs, and nobody else's business."""
        return self._pins.typing or self._guests.typing

    async def takes(self, key: Key) -> bool:
        """Take a touch, or a key that is typed or begins typing; `False` if it means something else.

        Raises:
            DatabaseError: A try could not be counted, so it was not looked at.
        """
        if key.key == TOUCH_KEY:
            self._scene.more_time()
            return True
        for typist in (self._pins, self._guests):
            if typist.typing:
                await typist.press(key)
                return True
        if self._pins.strays(key) or self._guests.strays(key):
            return True
        if key.key == FORGOTTEN_KEY and self._scene.offers_typing:
            self._cleared()
            self._pins.ask_name(key.now_s)
        elif self._guests.opens(key):
            self._cleared()
            self._guests.ask(key.now_s)
        else:
            return False
        return True
