"""What size a screen is: where lettering begins, its margins and faces, and how words are written."""

from textual.geometry import Region

from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, TINY_5, Face

SMALL_COLUMNS, SMALL_ROWS = 64, 20
"""Below this there is no room for lettering: everything is plain text, in order of importance."""


WIDE_COLUMNS = 110
"""From here on the margins are three columns."""


TALL_ROWS = 30
"""From here on there is an empty row at the top and around panels (120x33)."""


GRAND_ROWS = 40
"""From here on (160x45) headlines and names take the larger faces."""


CREAM = Hand(palette.CREAM)


CREAM_BOLD = Hand(palette.CREAM, bold=True)


MUTED = Hand(palette.MUTED)


YELLOW_BOLD = Hand(palette.YELLOW, bold=True)


def is_small(canvas: Canvas) -> bool:
    """Whether the canvas has room for plain text only."""
    return canvas.width < SMALL_COLUMNS or canvas.height < SMALL_ROWS


def frame(canvas: Canvas) -> Region:
    """The part of the canvas to draw in: within the margins, above the countdown's row."""
    side = 3 if canvas.width >= WIDE_COLUMNS else 2
    top, foot = (1, 2) if canvas.height >= TALL_ROWS else (0, 1)
    return Region(side, top, canvas.width - 2 * side, canvas.height - top - foot)


def faces_for(canvas: Canvas) -> tuple[Face, ...]:
    """Headline faces for this size, the largest first."""
    if canvas.height >= GRAND_ROWS:
        return (JERSEY_20, JERSEY_15, JERSEY_10, TINY_5)
    return (JERSEY_10, TINY_5)


def headline_rows(canvas: Canvas) -> int:
    """Rows a headline may take at this size."""
    return faces_for(canvas)[0].rows(canvas.blocks)
