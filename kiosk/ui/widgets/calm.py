"""Something kind, where the lobby has nobody and nothing to show."""

from textual.geometry import Region

from kiosk.core.views import Lobby
from kiosk.ui.canvas import Canvas
from kiosk.ui.text import wrap_text
from kiosk.ui.widgets import measures

MOST_ROWS = 3
"""Of each language."""


def calm(canvas: Canvas, region: Region, view: Lobby) -> Region:
    """Write the kind line at the top of a region.

    Returns:
        What is left of the region below it; all of it where there is no such line.
    """
    y = region.y
    for text, hand in ((view.calm_line, measures.CREAM_BOLD), (view.calm_line_secondary, measures.MUTED)):
        for line in wrap_text(text, region.width, MOST_ROWS) if text else ():
            if y < region.bottom:
                canvas.write(region.x, y, line, hand, region.width)
                y += 1
    return Region(region.x, y, region.width, region.bottom - y)
