"""A QR code on the screen: dark on light in every theme, its quiet zone included.

The one home of segno among the screens.  Modules are dots, so a camera sees them as the terminal draws dots:
with octants and half blocks they are square, with sextants a third higher than wide, which readers take.
"""

from functools import lru_cache

import segno
from textual.geometry import Region

from kiosk.core.pieces import Card
from kiosk.ui import palette
from kiosk.ui.blocks import Dots, cells
from kiosk.ui.canvas import Canvas
from kiosk.ui.text import wrap_text
from kiosk.ui.widgets import measures

QUIET = 4
"""Light modules around a code.  Source: ISO/IEC 18004, 5.3.8."""

GAP = 3
"""Columns between what stands beside a code and the code."""

LEAST_CARD_COLUMNS = 27
"""A card beside a code is at least so wide; else there is no code."""

DARK, LIGHT = 1, 2


@lru_cache(maxsize=4)
def modules(address: str) -> Dots:
    """The code as dots: `DARK` and `LIGHT`, with its quiet zone."""
    # The least correction makes the largest modules: a screen has neither folds nor stains.
    made = segno.make_qr(address, error="l", boost_error=False)
    return tuple(bytes(DARK if module else LIGHT for module in row) for row in made.matrix_iter(border=QUIET))


def code_beside(canvas: Canvas, body: Region, address: str, line: str, cards: tuple[Card, ...]) -> Region:
    """Draw the code of one's own page at the right of a region, where there is room for it beside the cards.

    Returns:
        What is left of the region.
    """
    if not address:
        return body
    drawn = cells(modules(address), canvas.blocks)
    across, rows = len(drawn[0]), len(drawn)
    said = wrap_text(line, across)
    left = body.width - across - GAP
    top = canvas.height >= measures.TALL_ROWS
    needed = LEAST_CARD_COLUMNS * max(1, len(cards))
    if left < needed or rows + len(said) > body.height:
        return body
    x = body.right - across
    y = body.y + min(2 if top else 0, body.height - rows - len(said))
    canvas.stamp(x, y, drawn, (palette.PRINT, palette.PAPER))
    for i, each in enumerate(said):
        canvas.write_middle(Region(x, y, across, 1), y + rows + i, each, measures.CREAM_BOLD)
    return Region(body.x, body.y, left, body.height)
