"""The kiosk's screens: the one that draws, as the settings say, and the one that is not there."""

from kiosk.core.views import View
from kiosk.settings import ScreenSettings
from kiosk.ui.app import KioskApp
from kiosk.ui.blocks import Blocks
from kiosk.ui.look import Look, Motion
from kiosk.ui.themes import THEMES


class NoScreen:
    """Draws nothing: for a kiosk without a display."""

    def show(self, view: View) -> None:
        """Take a view, and leave it at that."""


def look_of(screen: ScreenSettings) -> Look:
    """What the settings say, in the words of the screen."""
    return Look(
        Blocks(screen.glyphs.value),
        THEMES[screen.theme.value],
        Motion(screen.motion.value),
        distance_m=screen.distance,
    )


class OnApp:
    """Hands views to the app through its own queue: its timers must begin in its own context."""

    def __init__(self, app: KioskApp) -> None:
        self._app = app

    def show(self, view: View) -> None:
        """Have the app draw `view` before anything else."""
        self._app.call_next(self._app.show, view)
