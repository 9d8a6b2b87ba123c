"""Typing at the door: what is typed, and keys to touch."""

from textual.geometry import Region
from typing_extensions import override

from kiosk.core.keys import CANCEL_KEY, DONE_KEY
from kiosk.core.pieces import Choice, Span
from kiosk.core.views import Typing
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, TINY_5
from kiosk.ui.text import clean, columns, wrap_text
from kiosk.ui.widgets import measures, parts, plainly
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.plainly import Paragraph

TOP_ROWS = 9
"""Rows above the keys at least: headline, sentence, and what is typed."""

KEY_SIZES = ((5, 1), (4, 1), (3, 1), (3, 0), (2, 0), (1, 0))
"""Rows of a key and of the gap below it, the best first: a finger wants three rows."""

KEY_COLUMNS = {3: 16, 9: 11}
"""Columns of one key where there is room, by how many stand in the longest row."""

FIELD_COLUMNS = 64
"""Columns for words and for what is typed at least, where there is room."""

CURSOR = "▏"

_ACTS = (CANCEL_KEY, DONE_KEY)


class KeyboardBoard(Board[Typing]):
    """Draws a `Typing`."""

    @override
    def ground(self, view: Typing) -> str:
        return palette.DONE_GROUND

    @override
    def draw(self, view: Typing, canvas: Canvas) -> None:
        if measures.is_small(canvas):
            plainly.plain_list(canvas, _plainly(view))
            return
        frame = measures.frame(canvas)
        rows, gap = next(
            (size for size in KEY_SIZES if len(view.rows) * sum(size) - size[1] <= frame.height - TOP_ROWS),
            KEY_SIZES[-1],
        )
        longest = max(map(len, view.rows), default=1)
        width = min(frame.width, longest * KEY_COLUMNS.get(longest, 12))
        height = len(view.rows) * (rows + gap) - gap
        keys = Region(frame.x + (frame.width - width) // 2, frame.bottom - height, width, height)
        across = min(frame.width, max(width, FIELD_COLUMNS))
        top = Region(frame.x + (frame.width - across) // 2, frame.y, across, keys.y - frame.y)
        _top(canvas, top, view)
        _keys(canvas, keys, view, rows, gap)


def _top(canvas: Canvas, region: Region, view: Typing) -> None:
    field_rows = 3 if region.height > TOP_ROWS else 1
    lines = wrap_text(view.line, region.width, 2)
    second = wrap_text(view.line_secondary, region.width, 1) if view.line_secondary != view.line else []
    y = region.bottom - 1 - field_rows
    _field(canvas, region, y, field_rows, view)
    y -= len(lines) + len(second) + 1
    headline = Region(region.x, region.y, region.width, max(1, y - region.y))
    across = columns(clean(view.headline_secondary)) + 2
    used = Region(headline.x, headline.y, headline.width - across, headline.height)
    taken = parts.headline(canvas, used, view.headline, (JERSEY_10, TINY_5), palette.ORANGE, palette.YELLOW)
    if view.headline_secondary != view.headline:
        canvas.write(
            region.right - across + 2, region.y + taken // 2, view.headline_secondary, measures.MUTED
        )
    y = max(y, region.y + taken)
    hand = Hand(palette.VERMILION, bold=True) if view.wrong else measures.CREAM_BOLD
    for line in lines:
        canvas.write(region.x, y, line, hand, region.width)
        y += 1
    for line in second:
        canvas.write(region.x, y, line, measures.MUTED, region.width)
        y += 1


def _field(canvas: Canvas, region: Region, y: int, rows: int, view: Typing) -> None:
    width = region.width
    field = Region(region.x, y, width, rows)
    canvas.fill(field, palette.PANEL_TOP)
    typed = clean(view.typed)
    while columns(typed) > width - 5:
        typed = typed[1:]  # the end of it is what is being typed
    shown = " ".join(typed) if set(typed) == {"●"} else typed
    canvas.write(field.x + 2, y + rows // 2, shown + CURSOR, measures.YELLOW_BOLD, width - 2)


def _keys(canvas: Canvas, region: Region, view: Typing, rows: int, gap: int) -> None:
    for i, row in enumerate(view.rows):
        y = region.y + i * (rows + gap)
        # without a gap between rows, two grounds in turn keep keys apart
        ground = palette.PANEL_HIGH if gap or i % 2 == 0 else palette.PANEL
        _row(canvas, Region(region.x, y, region.width, rows), row, ground)


def _row(canvas: Canvas, region: Region, row: tuple[Choice, ...], ground: str) -> None:
    for i, choice in enumerate(row):
        x = region.x + round(i * region.width / len(row))
        right = region.x + round((i + 1) * region.width / len(row))
        key = Region(x, region.y, max(1, right - x - 1), region.height)
        parts.note(
            canvas,
            key,
            choice.label,
            palette.SKY if choice.key == DONE_KEY else ground,
            Hand(palette.INK, bold=True) if choice.key == DONE_KEY else measures.CREAM_BOLD,
        )
        canvas.touch(key, choice.key)


def _plainly(view: Typing) -> list[Paragraph]:
    ink = palette.VERMILION if view.wrong else palette.CREAM
    acts = [choice for row in view.rows for choice in row if choice.key in _ACTS]
    return [
        Paragraph((Span(view.headline),), 0, Hand(palette.ORANGE, bold=True)),
        Paragraph((Span(view.typed + CURSOR),), 0, measures.YELLOW_BOLD),
        Paragraph((Span(view.line),), 1, Hand(ink), rows=3),
        Paragraph((Span(view.line_secondary),), 3, measures.MUTED),
        *[Paragraph((Span(choice.label),), 2, Hand(palette.SKY), rows=1, key=choice.key) for choice in acts],
    ]
