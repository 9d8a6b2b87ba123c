"""Keys that are not the desk's: a name or a PIN being typed, a guest's words, and the host's own pages.

A shell: it waits and decides nothing.  Lives as long as the kiosk, on its event loop.
"""

from collections.abc import Callable

from community.ids import MemberId
from kiosk.core.inbox import Key
from kiosk.core.keys import FORGOTTEN_KEY, HOST_KEY, TOUCH_KEY
from kiosk.faults import Faults
from kiosk.guests import Guests
from kiosk.host import HostDoor
from kiosk.pins import Pins
from plumbing.errors import DatabaseError


class Keypad:
    """Takes keys before the desk does."""

    def __init__(
        self,
        pins: Pins,
        guests: Guests,
        host: HostDoor,
        faults: Faults,
        faced: Callable[[], MemberId | None],
        cleared: Callable[[], None],
    ) -> None:
        """Prepare.

        Args:
            pins: Where names and PINs are typed.
            guests: Where guests say whom they come to see.
            host: The host's pages.
            faults: Told what could not be written.
            faced: Whose greeting or card is on the screen.
            cleared: Called when something else takes the screen: it asks nothing any more.
        """
        self._scene, self._pins, self._guests, self._host = host.scene, pins, guests, host
        self._faults = faults
        self._faced, self._cleared = faced, cleared

    @property
    def busy(self) -> bool:
        """Whether keys are somebody's own: a name, a PIN, or a host's."""
        return any(each.keys.holds for each in (self._pins, self._guests, self._host))

    async def takes(self, key: Key) -> bool:
        """Take a key, if it is not the desk's; say whether it was taken."""
        if key.key == TOUCH_KEY:
            self._scene.more_time()
        elif self._pins.keys.holds:
            try:
                await self._pins.press(key)
            except DatabaseError as error:
                self._faults.not_noted(error)
        elif self._guests.keys.holds:
            await self._guests.press(key)
        elif self._host.keys.holds:
            await self._host.press(key)
        elif any(each.keys.strays(key) for each in (self._pins, self._guests, self._host)):
            pass
        elif key.key == FORGOTTEN_KEY and self._scene.offers_typing:
            self._cleared()
            self._pins.ask_name(key.now_s)
        elif self._guests.opens(key):
            self._cleared()
            self._guests.ask(key.now_s)
        else:
            return self._opens(key)
        return True

    def _opens(self, key: Key) -> bool:
        """Ask a host for their PIN, if this is the way to their pages."""
        member_id = self._faced()
        if key.key != HOST_KEY or member_id is None or not self._host.is_for(member_id):
            return False
        self._cleared()
        self._pins.ask_host(member_id, key.now_s)
        return True
