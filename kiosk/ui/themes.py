"""Themes: what each colour of the palette is on a screen.

The house theme is dark ink with quiet panels, one saturated block and seven personal tints; the contrast
theme is black and bright, with rims around what can be touched; the sixteen theme uses nothing but the 16
colours that any terminal has, for a rescue console.

Every pair of ink and ground that carries text keeps 7:1 (WCAG 2.2, 1.4.6).  Vermilion (a problem) and sky
(done) stay apart for every kind of colour vision, and are never the only sign of either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kiosk.ui import palette

LEAST_CONTRAST = 7.0
"""Of text with its ground.  Source: WCAG 2.2, success criterion 1.4.6."""

BRIGHT_GROUND = 0.2
"""Relative luminance from which a ground is bright: it is dimmed more, or it would outshine the words."""

WHITE = "#ffffff"

CONSOLE = (
    *("#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa"),
    *("#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff"),
)
"""What the 16 colours are on the Linux console, by number.  Source: `default_red`, drivers/tty/vt/vt.c."""


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """Colours by token: "#rrggbb", or "color(n)" for one of the 16.  There is one of each theme."""

    name: str
    inks: Mapping[str, str]
    grounds: Mapping[str, str]
    """Only tokens whose ground is another colour than their ink."""
    rims: bool = False
    """Whether what can be touched has a rim at both sides."""
    sixteen: bool = False
    """Whether there are 16 colours only: none is mixed, and an ink that cannot be read gives way."""

    def ink(self, colour: str) -> str:
        """The colour of a token as ink; a "#rrggbb" stays what it is, or becomes the nearest there is."""
        if colour.startswith("#"):
            return _nearest(colour) if self.sixteen else colour
        return self.inks.get(colour, colour)

    def ground(self, colour: str) -> str:
        """The colour of a token as ground."""
        return self.grounds.get(colour) or self.ink(colour)

    def between(self, first: str, second: str, share: float) -> str:
        """The ink `share` (0..1) of the way from one to another; of the 16 colours, the nearer one."""
        if self.sixteen:
            return first if share < 0.5 else second  # noqa: PLR2004 - half of the way
        return palette.between(self.ink(first), self.ink(second), share)

    def pair(self, ink: str, ground: str, *, shape: bool = False) -> tuple[str, str]:
        """The colours of a cell.

        Args:
            ink: Token or "#rrggbb".
            ground: Token or "#rrggbb".
            shape: Whether the ink is a shape without words: then it need not be read.
        """
        shown, below = self.ink(ink), self.ground(ground)
        if self.sixteen and not shape and contrast(shown, below) < LEAST_CONTRAST:
            black, white = "color(0)", "color(15)"
            shown = black if contrast(black, below) > contrast(white, below) else white
        return shown, below

    def dimmed(self, ink: str, ground: str, share: float, *, shape: bool = False) -> tuple[str, str]:
        """The colours of a cell on a screen nobody looks at: darker by `share` (0..1), and still legible."""
        if self.sixteen:
            return ("color(8)" if shape else "color(7)"), "color(0)"
        shown, below = self.ink(ink), self.ground(ground)
        bright = luminance(below) > BRIGHT_GROUND
        below = palette.between(below, palette.NIGHT, (1 + share) / 2 if bright else share)
        shown = palette.between(shown, palette.NIGHT, share)
        return shown if shape else _legible(shown, below), below


@lru_cache(maxsize=1024)
def luminance(colour: str) -> float:
    """The relative luminance of "#rrggbb" or "color(n)", 0 to 1.  Source: WCAG 2.2."""
    code = true_colour(colour)
    parts = [part / 255 for part in bytes.fromhex(code[1:])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21.  Source: WCAG 2.2."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def true_colour(colour: str) -> str:
    """The "#rrggbb" of a colour; one of the 16 as the Linux console shows it."""
    return CONSOLE[int(colour[6:-1])] if colour.startswith("color(") else colour


@lru_cache(maxsize=4096)
def _legible(ink: str, ground: str) -> str:
    """The ink, made lighter until it can be read on a dark ground."""
    for step in range(11):
        lighter = palette.between(ink, WHITE, step / 10)
        if contrast(lighter, ground) >= LEAST_CONTRAST:
            return lighter
    return WHITE


@lru_cache(maxsize=256)
def _nearest(colour: str) -> str:
    """The number of the nearest of the 16 colours."""
    wanted = bytes.fromhex(colour[1:])

    def far(number: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(wanted, bytes.fromhex(CONSOLE[number][1:]), strict=True))

    return f"color({min(range(16), key=far)})"


HOUSE = Theme(
    "house",
    {
        palette.INK: "#0e1320",
        palette.PANEL: "#182035",
        palette.PANEL_HIGH: "#222c47",
        palette.PANEL_TOP: "#2d3a5c",
        palette.LEAVING: "#334a6c",
        palette.CREAM: "#f7f1e5",
        palette.MUTED: "#b4bfdb",
        palette.ORANGE: "#f2a541",
        palette.SKY: "#66c2ef",
        palette.GREEN: "#3fc6a0",
        palette.YELLOW: "#f4e06d",
        palette.PINK: "#e69ac6",
        palette.LAVENDER: "#b8aaf5",
        palette.VERMILION: "#f59470",
        palette.PROBLEM_GROUND: "#2a1712",
        palette.PROBLEM_PANEL: "#3d221a",
        palette.DONE_GROUND: "#0f2438",
        palette.DONE_PANEL: "#17324c",
        palette.PAPER: WHITE,
        palette.PRINT: palette.NIGHT,
    },
    {},
)
"""What the kiosk looks like where nobody chose."""

CONTRAST = Theme(
    "contrast",
    {
        palette.INK: "#000000",
        palette.PANEL: "#1b1b1b",
        palette.PANEL_HIGH: "#2e2e2e",
        palette.PANEL_TOP: "#454545",
        palette.LEAVING: "#2b4a66",
        palette.CREAM: WHITE,
        palette.MUTED: "#e0e0e0",
        palette.ORANGE: "#ffb84d",
        palette.SKY: "#85d6ff",
        palette.GREEN: "#5fe3bb",
        palette.YELLOW: "#fff07a",
        palette.PINK: "#ffb5de",
        palette.LAVENDER: "#cfc4ff",
        palette.VERMILION: "#ffa585",
        palette.PROBLEM_GROUND: "#260000",
        palette.PROBLEM_PANEL: "#450d00",
        palette.DONE_GROUND: "#001a2e",
        palette.DONE_PANEL: "#00324f",
        palette.PAPER: WHITE,
        palette.PRINT: palette.NIGHT,
    },
    {},
    rims=True,
)
"""Black and bright, for eyes that need it."""

SIXTEEN = Theme(
    "sixteen",
    {
        palette.INK: "color(0)",
        palette.PANEL: "color(0)",
        palette.PANEL_HIGH: "color(4)",
        palette.PANEL_TOP: "color(8)",
        palette.LEAVING: "color(4)",
        palette.CREAM: "color(15)",
        palette.MUTED: "color(7)",
        palette.ORANGE: "color(11)",
        palette.SKY: "color(14)",
        palette.GREEN: "color(10)",
        palette.YELLOW: "color(11)",
        palette.PINK: "color(13)",
        palette.LAVENDER: "color(7)",
        palette.VERMILION: "color(13)",
        palette.PROBLEM_GROUND: "color(0)",
        palette.PROBLEM_PANEL: "color(1)",
        palette.DONE_GROUND: "color(0)",
        palette.DONE_PANEL: "color(4)",
        palette.PAPER: "color(7)",
        palette.PRINT: "color(0)",
    },
    # The Linux console has eight grounds only: the bright ones fall back to these.
    {
        palette.PANEL_TOP: "color(4)",
        palette.CREAM: "color(7)",
        palette.ORANGE: "color(7)",
        palette.SKY: "color(6)",
        palette.GREEN: "color(2)",
        palette.YELLOW: "color(3)",
        palette.PINK: "color(5)",
        palette.VERMILION: "color(5)",
    },
    sixteen=True,
)
"""For a console that has no other colours; drawn with half blocks."""

THEMES = {theme.name: theme for theme in (HOUSE, CONTRAST, SIXTEEN)}
"""Every theme by name."""
