"""The lobby on a screen of its own: a kiosk without reader, door and keys, in which nobody can do anything.

It is let in at the hub like any kiosk, has a name and a folder of its own, and hears arrivals from the doors
through the broker, whether or not the hub is there.
"""

from functools import partial

from typing_extensions import override

from kiosk.bootstrap import Kiosk
from kiosk.core.lobby import Stand
from kiosk.lookout import Lookout
from kiosk.observers import Observers
from kiosk.scene import Screen
from kiosk.settings import KioskSettings
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.talk import Talk
from kiosk.together import together


class LobbyScreen(Kiosk):
    """A lobby put together but not yet running; `run` it once."""

    def __init__(self, settings: KioskSettings, observers: Observers | None = None) -> None:
        """Open everything that can fail before the screen is taken.

        Args:
            settings: As a kiosk's; reader and door are not looked at.
            observers: Who wants to know what is shown; nobody if `None`.

        Raises:
            SettingsError, DatabaseError, LogError, EnrolmentError: As for a kiosk.
        """
        super().__init__(settings, observers)
        self._stand = Stand(reads=False, distance_m=settings.screen.distance)

    @override
    def _pressed(self, key: str) -> None:
        """Take the keys of the hub's code and no others: everybody can reach the screen."""
        if self._pairing is not None:
            self._pairing.press(key)

    @override
    async def _serve(self, screen: Screen) -> None:
        elsewhere = ElsewhereStore(self.database, self.settings.id)
        lookout = Lookout(
            clock=self._clock,
            events=self.log,
            elsewhere=elsewhere,
            items=self._stored.items(),
            catalogues=self._catalogues,
            screen=screen,
            fallback=self.settings.space.facts,
            stand=self._stand,
        )
        talk = Talk(
            partial(self._uplink, lookout, elsewhere),
            self._papers,
            forget=self._stored.wipe,
            on_shut_out=lookout.shut_out,
        )
        async with together(lookout=lookout.run(), talk=self._talking(talk, screen)):
            pass
