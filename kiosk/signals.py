"""Light and sound at the door: what `kiosk.core.signs` says, for as long as it holds.

A shell: it waits and decides nothing.  Every light has a time to live, so that a kiosk that dies leaves none
lying; what lasts longer is said again before it is over.  Without a microcontroller all of it is nothing.
"""

import asyncio

from firmware_bridge.door import DoorBridge, Glow, Light
from kiosk.core.signs import SIGN_S, Sign

LASTS_S = 10.0
"""Seconds after which the door goes back to rest by itself if a lasting light is not said again."""

AGAIN_S = LASTS_S / 2
"""Seconds after which it is said again: one word may be lost."""


class Signals:
    """What the door shows.  Lives as long as the kiosk, on its event loop."""

    def __init__(self) -> None:
        self._bridge: DoorBridge | None = None
        self._sounds = True
        self._resting = Glow.REST
        self._sign_over: asyncio.TimerHandle | None = None
        self._next: asyncio.TimerHandle | None = None

    def use(self, bridge: DoorBridge, *, sound: bool = True) -> None:
        """Speak through a microcontroller from now on; without `sound` by light alone."""
        self._bridge, self._sounds = bridge, sound

    @property
    def sounds(self) -> bool:
        """Whether there is a microcontroller that may sound."""
        return self._bridge is not None and self._sounds

    def give(self, sign: Sign) -> None:
        """Give a sign now, then go back to what rests."""
        if self._bridge is None:
            return
        self._drop_timers()
        self._sign_over = asyncio.get_running_loop().call_later(SIGN_S, self._rest)
        self._bridge.light(Light(sign.glow, SIGN_S))
        if sign.tone is not None and self._sounds:
            self._bridge.sound(sign.tone)

    def resting_is(self, glow: Glow) -> None:
        """Set the light for while nothing happens; a sign that is being given stays until it is over."""
        if glow is not self._resting:
            self._resting = glow
            self.say_again()

    def say_again(self) -> None:
        """Set the resting light once more: the door has begun anew."""
        if self._sign_over is None:
            self._rest()

    def stop(self) -> None:
        """Leave no timer behind."""
        self._drop_timers()

    def _rest(self) -> None:
        self._drop_timers()
        if self._bridge is None:
            return
        self._bridge.light(Light(self._resting, LASTS_S))
        if self._resting is not Glow.REST:  # to which the door falls back by itself
            self._next = asyncio.get_running_loop().call_later(AGAIN_S, self._rest)

    def _drop_timers(self) -> None:
        for timer in (self._sign_over, self._next):
            if timer is not None:
                timer.cancel()
        self._sign_over = self._next = None
