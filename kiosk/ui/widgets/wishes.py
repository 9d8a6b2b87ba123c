"""What people in the lobby look for and offer today: lines without names, as many as there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Region

from kiosk.core.views import Lobby
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import TINY_5
from kiosk.ui.text import clean, columns, wrap_text
from kiosk.ui.widgets import measures


@dataclass(frozen=True, slots=True)
class Wishes:
    """One kind of wish: its title in two languages, its lines, the ink of its signs."""

    title: str
    second: str
    lines: tuple[str, ...]
    ink: str
    sign: str


def wishes_of(view: Lobby) -> tuple[Wishes, ...]:
    """What is looked for, then what is offered; only what there is."""
    both = (
        Wishes(view.looking_for_title, view.looking_for_title_secondary, view.looking_for, palette.SKY, "?"),
        Wishes(view.offering_title, view.offering_title_secondary, view.offering, palette.GREEN, "+"),
    )
    return tuple(each for each in both if each.lines)


def counts(canvas: Canvas, wishes: Sequence[Wishes], rows: int) -> tuple[int, ...]:
    """How many lines of each kind have room in so many rows: one of each first, then in turn."""
    shown = [0] * len(wishes)
    for wanted in range(1, max((len(each.lines) for each in wishes), default=0) + 1):
        for i, each in enumerate(wishes):
            if len(each.lines) < wanted:
                continue
            more = [*shown[:i], wanted, *shown[i + 1 :]]
            if shown[i] == wanted - 1 and height(canvas, more) <= rows:
                shown = more
    return tuple(shown)


def height(canvas: Canvas, shown: Sequence[int]) -> int:
    """Rows that so many lines of each kind take, with their titles."""
    tall = canvas.height >= measures.TALL_ROWS
    kinds = sum(1 for count in shown if count)
    if not kinds:
        return 0
    each = 3 if tall else 1
    return sum(shown) * each + kinds * _title_rows(canvas) + (1 if tall else 0)


def draw_wishes(canvas: Canvas, region: Region, wishes: Sequence[Wishes], shown: Sequence[int]) -> None:
    """Draw so many lines of each kind, with their titles, from the region's top."""
    canvas.fill(region, palette.PANEL)
    y = region.y
    tall = canvas.height >= measures.TALL_ROWS
    for each, count in zip(wishes, shown, strict=True):
        if not count:
            continue
        _title(canvas, Region(region.x + 2, y, region.width - 4, _title_rows(canvas)), each)
        y += _title_rows(canvas)
        for line in each.lines[:count]:
            rows = 3 if tall else 1
            _line(canvas, Region(region.x + 2, y, region.width - 4, rows), each, line)
            y += rows


def _title_rows(canvas: Canvas) -> int:
    if canvas.height >= measures.GRAND_ROWS:
        return 4
    return 2 if canvas.height >= measures.TALL_ROWS else 1


def _title(canvas: Canvas, region: Region, wishes: Wishes) -> None:
    title, second = clean(wishes.title), clean(wishes.second)
    face = None
    if canvas.height >= measures.GRAND_ROWS:
        face = lettering.largest_face(title, region.width, 3, (TINY_5,), canvas.blocks)
    y = region.bottom - 1
    if face is None:
        used = canvas.write(region.x, y, title, Hand(wishes.ink, bold=True), region.width)
    else:
        used = canvas.letter(region.x, region.y + 1, title, face, wishes.ink)
    if second != title and used + 2 + columns(second) <= region.width:
        canvas.write(region.x + used + 2, y, second, measures.MUTED)


def _line(canvas: Canvas, region: Region, wishes: Wishes, line: str) -> None:
    room = region.width - 4
    face = lettering.largest_face(clean(line), room, region.height, (TINY_5,), canvas.blocks)
    if face is not None:
        canvas.letter(region.x, region.y, wishes.sign, face, wishes.ink)
        canvas.letter(region.x + 4, region.y, line, face, palette.CREAM)
        return
    wrapped = wrap_text(line, room, min(region.height, 2))
    y = region.y + (region.height - len(wrapped)) // 2 + (1 if region.height > len(wrapped) + 1 else 0)
    y = min(y, region.bottom - len(wrapped))
    canvas.write(region.x, y, wishes.sign, Hand(wishes.ink, bold=True))
    for j, part in enumerate(wrapped):
        canvas.write(region.x + 4, y + j, part, measures.CREAM_BOLD, room)
