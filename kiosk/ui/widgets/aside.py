"""A door's microcontroller, drawn beside the screen: its ring of lights, who stands there, its buttons."""

from math import cos, pi, sin

from textual.geometry import Region
from typing_extensions import override

from kiosk.core.aside import Aside
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.text import columns, wrap_text
from kiosk.ui.widgets import measures
from kiosk.ui.widgets.board import Board

COLUMNS = 30
"""Width of the picture."""

LEAST_COLUMNS, LEAST_ROWS = 110, 24
"""Columns and rows of a terminal that has room for it beside the kiosk: 80 are left."""

RING_COLUMNS, RING_ROWS = 24, 11
"""The box of the ring: cells are twice as high as wide."""

BUTTON_COLUMNS = 7


class AsideBoard(Board[Aside]):
    """Draws an `Aside`; hidden until there is one, and where the terminal has no room for it."""

    @override
    def ground(self, view: Aside) -> str:
        return palette.PANEL

    @override
    def draw(self, view: Aside, canvas: Canvas) -> None:
        canvas.write_middle(Region(0, 1, canvas.width, 1), 1, view.title, Hand(palette.ORANGE, bold=True))
        _ring(canvas, Region((canvas.width - RING_COLUMNS) // 2, 3, RING_COLUMNS, RING_ROWS), view)
        foot = _keys(canvas, view)
        y = 3 + RING_ROWS + 1
        if foot - y >= 3:  # noqa: PLR2004 - two rows and one between
            _distance(canvas, Region(3, y, canvas.width - 6, 2), view)
        if foot - y >= 6:  # noqa: PLR2004 - one row more and the buttons'
            _buttons(canvas, y + 4 if foot - y > 6 else y + 3, view)  # noqa: PLR2004 - same


def _ring(canvas: Canvas, box: Region, view: Aside) -> None:
    """The lights on a circle, the first at the top, and what sounds in the middle."""
    lights = len(view.ring)
    for place, colour in enumerate(view.ring):
        turn = 2 * pi * place / lights
        x = box.x + round((box.width - 2) / 2 * (1 + sin(turn)))
        y = box.y + round((box.height - 1) / 2 * (1 - cos(turn)))
        canvas.fill(Region(x, y, 2, 1), palette.PANEL_HIGH if colour == palette.NIGHT else colour)
    canvas.write_middle(box, box.y + box.height // 2, view.sound, measures.CREAM_BOLD)


def _distance(canvas: Canvas, box: Region, view: Aside) -> None:
    """The door at the left, the street at the right, and somebody between them."""
    canvas.write(box.x, box.y, view.distance_line, measures.CREAM, box.width)
    near = round(box.width * view.near_cm / view.farthest_cm)
    canvas.fill(Region(box.x, box.y + 1, box.width, 1), palette.PANEL_HIGH)
    canvas.fill(Region(box.x, box.y + 1, near, 1), palette.PANEL_TOP)
    if view.distance_cm is not None:
        share = min(1.0, view.distance_cm / view.farthest_cm)
        canvas.fill(Region(box.x + round((box.width - 2) * share), box.y + 1, 2, 1), palette.YELLOW)


def _buttons(canvas: Canvas, y: int, view: Aside) -> None:
    gap = 1
    x = (canvas.width - 3 * BUTTON_COLUMNS - 2 * gap) // 2
    for place, is_down in enumerate(view.down):
        box = Region(x + place * (BUTTON_COLUMNS + gap), y, BUTTON_COLUMNS, 1)
        canvas.fill(box, palette.ORANGE if is_down else palette.PANEL_TOP)
        hand = Hand(palette.INK if is_down else palette.CREAM, bold=True)
        canvas.write_middle(box, y, f"[{place + 1}]", hand)


def _keys(canvas: Canvas, view: Aside) -> int:
    """The keys at the foot.

    Returns:
        The first row of them.
    """
    lines = [line for key in view.keys for line in wrap_text(key, canvas.width - 4, 2)]
    top = canvas.height - 1 - len(lines)
    for place, line in enumerate(lines):
        canvas.write((canvas.width - columns(line)) // 2, top + place, line, measures.MUTED)
    return top
