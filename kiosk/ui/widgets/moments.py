"""Today's moments in the lobby: when, what, and where, the next first."""

from textual.geometry import Region

from kiosk.core.pieces import MomentLine
from kiosk.core.views import Lobby
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import TINY_5, Face
from kiosk.ui.text import clean, columns, cut, wrap_text
from kiosk.ui.widgets import measures

NOW = "●"
"""Before the time of what is going on."""


def moments(canvas: Canvas, region: Region, view: Lobby, faces: tuple[Face, ...] = (TINY_5,)) -> Region:
    """Today's moments from the top of a region, as many as there is room for.

    Returns:
        What is left of the region below them.
    """
    if not view.moments or region.height < 2:  # noqa: PLR2004 - a title and one line
        return region
    tall = canvas.height >= measures.TALL_ROWS
    each = faces[0].rows(canvas.blocks) if tall else 1
    y = region.y
    used = canvas.write(region.x, y, view.moments_title, measures.YELLOW_BOLD, region.width)
    second = clean(view.moments_title_secondary)
    if second != clean(view.moments_title) and used + 2 + columns(second) <= region.width:
        canvas.write(region.x + used + 2, y, second, measures.MUTED)
    y += 1
    shown = view.moments[: max(1, (region.bottom - y) // each)]
    across = max(_time_columns(canvas, moment, faces, each) for moment in shown)
    for i, moment in enumerate(shown):
        if y + 1 > region.bottom:
            break
        place = Region(region.x, y, region.width, min(each, region.bottom - y))
        _moment(canvas, place, moment, across, palette.PERSON[i % len(palette.PERSON)], faces)
        y += each
    return Region(region.x, y, region.width, max(0, region.bottom - y))


def _time_columns(canvas: Canvas, moment: MomentLine, faces: tuple[Face, ...], rows: int) -> int:
    when = _when(moment)
    face = lettering.largest_face(when, canvas.width // 4, rows, faces, canvas.blocks)
    return lettering.width(face, when, canvas.blocks) if face is not None else columns(when)


def _when(moment: MomentLine) -> str:
    return clean(moment.at)


def _moment(
    canvas: Canvas, region: Region, moment: MomentLine, across: int, ink: str, faces: tuple[Face, ...]
) -> None:
    when, title = _when(moment), clean(moment.title)
    x = region.x
    middle = region.y + region.height // 2
    hand = Hand(palette.YELLOW if moment.now else ink, bold=True)
    face = lettering.largest_face(when, canvas.width // 4, region.height, faces, canvas.blocks)
    if face is None:
        canvas.write(x, middle, when, hand, across)
    else:
        canvas.letter(x, region.y, when, face, hand.ink)
    x += across + 1
    if moment.now:
        canvas.write(x, middle, NOW, hand)
    x += 2
    room = region.right - x
    face = lettering.largest_face(title, room, region.height, faces, canvas.blocks)
    if face is not None:
        used = canvas.letter(x, region.y, title, face, palette.CREAM)
        place = clean(moment.place)
        if place and used + 2 + columns(place) <= room:
            canvas.write(x + used + 2, middle, place, measures.MUTED)
        return
    lines = wrap_text(title, room, max(1, region.height - 1))
    y = region.bottom - len(lines)
    for j, line in enumerate(lines):
        canvas.write(x, y + j, line, measures.CREAM_BOLD, room)
    if moment.place and len(lines) == 1 and columns(lines[0]) + 2 + columns(clean(moment.place)) <= room:
        canvas.write(x + columns(lines[0]) + 2, y, cut(moment.place, room), measures.MUTED)
