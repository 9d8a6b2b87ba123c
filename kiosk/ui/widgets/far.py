"""The lobby for eyes three or five metres away: fewer things, and nothing in small letters but the foot."""

from collections.abc import Sequence

from textual.geometry import Region

from kiosk.core.pieces import Chip
from kiosk.core.views import Lobby
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, JERSEY_25, Face
from kiosk.ui.text import clean
from kiosk.ui.widgets import measures, parts
from kiosk.ui.widgets.wishes import wishes_of

NAMES_WITHIN_M = 3
"""Names are left out for eyes farther away than this: whoever looks for somebody comes nearer."""

GAP = 3
"""Columns between a clock and what stands beside it, and between two names."""


def far(canvas: Canvas, frame: Region, view: Lobby, distance_m: int) -> None:
    """Draw the lobby so that every word of it can be read from so many metres.

    Args:
        canvas: At least 110 x 30 cells.
        frame: The room there is, above the foot.
        view: What to show, as far as it has room.
        distance_m: Above `NAMES_WITHIN_M`, larger letters and no names.
    """
    grand = canvas.height >= measures.GRAND_ROWS
    blocks = canvas.blocks
    farther = distance_m > NAMES_WITHIN_M
    faces = (JERSEY_25, JERSEY_20, JERSEY_15) if grand else (JERSEY_20, JERSEY_15)
    clock = next(
        (face for face in faces if lettering.width(face, clean(view.clock), blocks) <= frame.width // 2),
        JERSEY_10,
    )
    band = Region(frame.x, frame.y, frame.width, _rows(canvas, clock, view.clock))
    used = parts.headline(canvas, band, view.clock, (clock,), palette.CREAM)
    x = frame.x + lettering.width(clock, clean(view.clock), blocks) + GAP
    beside = Region(x, frame.y, frame.right - x, used)
    sizes = (JERSEY_20, JERSEY_15, JERSEY_10) if grand or farther else (JERSEY_15, JERSEY_10)
    size = next((each for each in sizes if parts.fits(canvas, beside, view.present_line, each)), JERSEY_10)
    down = max(0, used - _rows(canvas, size, view.present_line))  # on the clock's base line, nearly
    beside = Region(beside.x, beside.y + down, beside.width, beside.height - down)
    parts.headline(canvas, beside, view.present_line, (size,), palette.YELLOW)
    top = frame.y + used + 1
    bottom = _invitation(canvas, Region(frame.x, top, frame.width, frame.bottom - top), view, grand=grand)
    rest = Region(frame.x, top, frame.width, bottom - 1 - top)
    if not farther:
        share = rest.height - (_rows(canvas, JERSEY_10, "É") + 1 if _says(view) else 0)
        taken = _names(canvas, Region(rest.x, rest.y, rest.width, share), view.names, view.present_count)
        rest = Region(rest.x, rest.y + taken, rest.width, rest.height - taken)
    _lines(canvas, rest, view, (JERSEY_20, JERSEY_15, JERSEY_10) if farther else (JERSEY_15, JERSEY_10))


def _rows(canvas: Canvas, face: Face, text: str) -> int:
    return face.rows(canvas.blocks) - sum(lettering.blank_rows(face, clean(text), canvas.blocks))


def _says(view: Lobby) -> list[tuple[str, str, str]]:
    """What is on and what people wish: before it, the words, and their ink."""
    said = [(moment.at, moment.title, palette.SKY) for moment in view.moments]
    said += [(each.sign, each.lines[0], each.ink) for each in wishes_of(view)]
    return said


def _invitation(canvas: Canvas, region: Region, view: Lobby, *, grand: bool) -> int:
    """The bright band at the foot.

    Returns:
        Its first row.
    """
    face = JERSEY_15 if grand else JERSEY_10
    title = clean(view.tap_title)
    if not lettering.covers(face, title):
        return region.bottom
    rows = _rows(canvas, face, title) + 2
    panel = Region(region.x, region.bottom - rows, region.width, rows)
    canvas.fill(panel, palette.ORANGE)
    line = clean(view.tap_line)
    both = f"{title} {line}"
    inner = Region(panel.x + 2, panel.y + 1, panel.width - 4, rows - 2)
    text = both if parts.fits(canvas, inner, both, face) else title
    across = lettering.width(face, text, canvas.blocks)
    middle = Region(inner.x + (inner.width - across) // 2, inner.y, across, inner.height)
    parts.headline(canvas, middle, text, (face,), palette.INK)
    return panel.y


def _names(canvas: Canvas, region: Region, names: Sequence[Chip], present: int) -> int:
    """First names with their discs, as many as there is room for, and a count of everybody else.

    Returns:
        Rows used.
    """
    rows = _rows(canvas, JERSEY_10, "gl")
    x, y = region.x, region.y
    placed: list[tuple[int, int, Chip]] = []
    for chip in names:
        name = clean(chip.name)
        across = 2 * rows + 1 + lettering.width(JERSEY_10, name, canvas.blocks)
        if not lettering.covers(JERSEY_10, name) or across > region.width:
            continue  # counted instead
        if x + across > region.right:
            if y + 2 * rows + 1 > region.bottom:
                break
            x, y = region.x, y + rows + 1
        placed.append((x, y, chip))
        x += across + GAP
    if not placed or rows > region.height:
        return 0
    while placed and x + lettering.width(JERSEY_10, f"+{present}", canvas.blocks) > region.right:
        if len(placed) == present:
            break
        x, y, _chip = placed.pop()
    blank = lettering.blank_rows(JERSEY_10, "gl", canvas.blocks)[0]
    for left, top, chip in placed:
        canvas.disc(left, top, rows, chip.initial, palette.tint(chip.tint))
        canvas.letter(left + 2 * rows + 1, top - blank, chip.name, JERSEY_10, palette.CREAM)
    if len(placed) < present:
        canvas.letter(x, y - blank, f"+{present - len(placed)}", JERSEY_10, palette.MUTED)
    return y + rows + 1 - region.y


def _lines(canvas: Canvas, region: Region, view: Lobby, faces: Sequence[Face]) -> None:
    """What is on and what people wish, a line each, as many as there is room for."""
    y = region.y
    for before, words, ink in _says(view):
        room = Region(region.x, y, region.width, region.bottom - y)
        text = f"{clean(before)} {clean(words)}"
        face = next((each for each in faces if parts.fits(canvas, room, text, each)), None)
        if face is None:
            continue
        above = lettering.blank_rows(face, text, canvas.blocks)[0]
        used = canvas.letter(room.x, y - above, f"{clean(before)} ", face, ink)
        canvas.letter(room.x + used, y - above, clean(words), face, palette.CREAM)
        y += _rows(canvas, face, text) + 1
