"""What a space chose for its screen: glyphs, theme, motion, and from how far it is read."""

from dataclasses import dataclass, replace
from enum import Enum

from kiosk.ui.blocks import Blocks
from kiosk.ui.themes import HOUSE, SIXTEEN, Theme

FEW_COLOURS = "standard"
"""What Rich calls a terminal that says it has only 16 colours."""


class Motion(Enum):
    """How much may move by itself."""

    NONE = "none"
    CALM = "calm"
    """What runs out gets shorter, four times a second at most."""
    FULL = "full"
    """Also: people to meet come one after the other, and the sky twinkles once a second."""


@dataclass(frozen=True, slots=True)
class Look:
    """How everything is drawn; one for the whole life of the screen."""

    blocks: Blocks = Blocks.SEXTANT
    theme: Theme = HOUSE
    motion: Motion = Motion.CALM
    distance_m: int = 1
    """Metres from which the lobby must be read: 1, 3 or 5.  The farther, the fewer and the larger things."""

    def on(self, colour_system: str | None) -> "Look":
        """The look on a terminal of these colours: 16 are enough for one theme only, in half blocks."""
        if colour_system == FEW_COLOURS and not self.theme.sixteen:
            return replace(self, theme=SIXTEEN, blocks=Blocks.HALF)
        return self


USUAL = Look()
"""What the kiosk looks like where nobody chose anything."""
