"""The lobby's invitation to tap: quiet at the foot of its part, or large for somebody who is near."""

from textual.geometry import Region

from kiosk.core.views import Lobby
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, JERSEY_25, TINY_5
from kiosk.ui.text import clean, wrap_text
from kiosk.ui.widgets import measures


def quiet(canvas: Canvas, region: Region, view: Lobby) -> Region:
    """The one saturated block of the screen, at the foot of a region.

    Returns:
        Where it is.
    """
    tall = canvas.height >= measures.TALL_ROWS
    room = region.width - (6 if tall else 4)
    lines = wrap_text(view.tap_line, room, 2)
    more = wrap_text(view.tap_line_secondary, room, 2)
    faces = (JERSEY_15, JERSEY_10, TINY_5) if canvas.height >= measures.GRAND_ROWS else (JERSEY_10, TINY_5)
    face = lettering.largest_face(clean(view.tap_title), room, 9, faces, canvas.blocks)
    blank = lettering.blank_rows(face, clean(view.tap_title), canvas.blocks)[0] if face is not None else 0
    title_rows = face.rows(canvas.blocks) - blank if face is not None else 1
    rows = title_rows + len(lines) + len(more) + 2
    rows = min(rows, region.height)
    panel = Region(region.x, region.bottom - rows, region.width, rows)
    canvas.fill(panel, palette.ORANGE)
    x, y = panel.x + (3 if tall else 2), panel.y + 1
    ink = Hand(palette.INK, bold=True)
    if face is None:
        canvas.write(x, y, view.tap_title, ink, room)
    else:
        canvas.letter(x, y - blank, view.tap_title, face, palette.INK)
    y += title_rows
    for line in lines:
        canvas.write(x, y, line, ink, room)
        y += 1
    for line in more:
        canvas.write(x, y, line, Hand(palette.INK), room)
        y += 1
    return panel


def large(canvas: Canvas, region: Region, view: Lobby) -> None:
    """The invitation for somebody who is near: the same words, as large as they fit, in all the room."""
    canvas.fill(region, palette.ORANGE)
    room = region.width - 6
    title = clean(view.tap_title)
    lines = wrap_text(view.tap_line, room, 2)
    more = wrap_text(view.tap_line_secondary, room, 2)
    rows = region.height - len(lines) - len(more) - 3
    faces = (JERSEY_25, JERSEY_20, JERSEY_15, JERSEY_10, TINY_5)
    face = lettering.largest_face(title, room, rows, faces, canvas.blocks)
    used = face.rows(canvas.blocks) if face is not None else 1
    y = region.y + max(0, (region.height - used - len(lines) - len(more) - 1) // 2)
    ink = Hand(palette.INK, bold=True)
    if face is None:
        canvas.write_middle(region, y, view.tap_title, ink)
    else:
        canvas.letter_middle(region, y, title, face, palette.INK)
    y += used + 1
    for line in lines:
        canvas.write_middle(region, y, line, ink)
        y += 1
    for line in more:
        canvas.write_middle(region, y, line, Hand(palette.INK))
        y += 1
