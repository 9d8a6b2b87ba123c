"""A page of the host's: facts or people in two columns, and what there is to do as large keys at the foot."""

from collections.abc import Sequence

from textual.geometry import Region
from typing_extensions import override

from kiosk.core.pieces import Choice, HostRow, Span
from kiosk.core.views import HostPage
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.text import clean, columns, wrap_text
from kiosk.ui.widgets import measures, parts, plainly
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.plainly import Paragraph

BUTTON_ROWS = 4
"""Rows of a key to touch at least: what a finger hits."""

LARGEST_BUTTON = 7
"""Rows of one at most, however tall the screen."""

ACROSS = 4
"""Keys side by side at most."""

SIGN_COLUMNS = 3
"""A sign or a key before a row, and the gap after it."""

ROWS_OF_ONE = 3
"""Rows for a person or a fact: a title, and two for the rest."""

_BAD = Hand(palette.VERMILION, bold=True)
_INK_BOLD = Hand(palette.INK, bold=True)


class HostPageBoard(Board[HostPage]):
    """Draws a `HostPage`."""

    @override
    def ground(self, view: HostPage) -> str:
        return palette.DONE_GROUND

    @override
    def draw(self, view: HostPage, canvas: Canvas) -> None:
        if measures.is_small(canvas):
            plainly.plain_list(canvas, _plainly(view))
            return
        frame = measures.frame(canvas)
        used = parts.headline(
            canvas,
            Region(frame.x, frame.y, frame.width, measures.headline_rows(canvas)),
            view.headline,
            measures.faces_for(canvas) if not view.rows else measures.faces_for(canvas)[-2:],
            palette.ORANGE,
            palette.YELLOW,
        )
        y = frame.y + used
        for line in wrap_text(view.line, frame.width, 3) if view.line else ():
            canvas.write(frame.x, y, line, measures.CREAM_BOLD, frame.width)
            y += 1
        body = Region(frame.x, y, frame.width, frame.bottom - y)
        body = _choices(canvas, body, view.choices, alone=not view.rows)
        _rows(canvas, body, view.rows)


def _choices(canvas: Canvas, region: Region, choices: Sequence[Choice], *, alone: bool) -> Region:
    """Draw what there is to do; return what is left above it."""
    if not choices:
        return region
    lines = -(-len(choices) // ACROSS)
    across = -(-len(choices) // lines)
    room = (region.height - 1 if alone else BUTTON_ROWS * lines + lines - 1) // lines
    gap = 1 if room > BUTTON_ROWS else 0
    rows = max(1, min(LARGEST_BUTTON if alone else BUTTON_ROWS, room - gap))
    height = lines * (rows + gap) - gap
    top = region.bottom - height
    for i in range(lines):
        part = choices[i * across : (i + 1) * across]
        where = Region(region.x, top + i * (rows + gap), region.width, rows)
        # without a gap between rows, two grounds in turn keep keys apart
        _buttons(canvas, where, part, palette.PANEL_HIGH if gap or i % 2 == 0 else palette.PANEL)
    return Region(region.x, region.y, region.width, max(0, top - 1 - region.y))


def _buttons(canvas: Canvas, region: Region, choices: Sequence[Choice], ground: str) -> None:
    gap = 2
    share = (region.width - gap * (len(choices) - 1)) / len(choices)
    for i, choice in enumerate(choices):
        left = region.x + round(i * (share + gap))
        right = region.x + round(i * (share + gap) + share)
        button = Region(left, region.y, max(1, right - left), region.height)
        canvas.fill(button, ground)
        canvas.touch(button, choice.key)
        sign = clean(choice.sign or choice.key)
        beside = columns(sign) + 2
        lines = wrap_text(choice.label, button.width - beside - 2, button.height)
        block = beside + max((columns(line) for line in lines), default=0)
        x = button.x + max(1, (button.width - block) // 2)
        y = button.y + (button.height - len(lines)) // 2
        canvas.write(x, y, sign, Hand(palette.YELLOW, bold=True), button.width - 1)
        for j, line in enumerate(lines):
            canvas.write(x + beside, y + j, line, measures.CREAM_BOLD, button.right - x - beside)


def _rows(canvas: Canvas, region: Region, rows: Sequence[HostRow]) -> None:
    if not rows or region.height < 1:
        return
    across = 2 if len(rows) > 1 and region.width >= measures.SMALL_COLUMNS else 1
    down = -(-len(rows) // across)
    step = max(1, min(ROWS_OF_ONE + 2, (region.height + 1) // down))
    gap = 1 if step > ROWS_OF_ONE else 0
    width = (region.width - 2 * (across - 1)) // across
    indent = SIGN_COLUMNS * any(_sign(row) for row in rows)
    for i, row in enumerate(rows):
        # down the first column, then down the second
        x = region.x + i // down * (width + 2)
        y = region.y + i % down * step
        where = Region(x, y, width, step - gap)
        if where.bottom <= region.bottom + 1:
            _row(canvas, where.intersection(region), row, indent, striped=not gap and i % down % 2 == 1)


def _row(canvas: Canvas, region: Region, row: HostRow, indent: int, *, striped: bool) -> None:
    if not region.height:
        return
    quiet = palette.PANEL if striped or row.wrong else palette.PANEL_HIGH
    canvas.fill(region, palette.SKY if row.done else quiet)
    if row.key:
        canvas.touch(region, row.key)
    plain = Hand(palette.INK) if row.done else measures.CREAM
    bold = _INK_BOLD if row.done else measures.CREAM_BOLD
    x, room = region.x + 1, region.width - 2
    sign = _sign(row)
    detail = wrap_text(row.detail, room - indent, region.height - 1)
    y = region.y + (region.height - 1 - len(detail)) // 2
    if sign:
        hand = _BAD if row.wrong and not row.done else bold if row.done else Hand(palette.YELLOW, bold=True)
        canvas.write(x, y, sign, hand, 1)
    x, room = x + indent, room - indent
    if region.height == 1:
        used = canvas.write(x, region.y, row.title, bold, room)
        if room - used > 4:  # noqa: PLR2004 - two columns between them, and something to read
            canvas.write(x + used + 2, region.y, row.detail, plain, room - used - 2)
        return
    canvas.write(x, y, row.title, bold, room)
    for i, line in enumerate(detail, 1):
        canvas.write(x, y + i, line, plain, room)


def _sign(row: HostRow) -> str:
    return "✓" if row.done else row.key or ("!" if row.wrong else "")


def _plainly(view: HostPage) -> list[Paragraph]:
    return [
        Paragraph((Span(view.headline),), 0, Hand(palette.ORANGE, bold=True), rows=1),
        Paragraph((Span(view.line),), 1, measures.CREAM_BOLD, rows=4),
        *[
            Paragraph(
                (Span(f"{_sign(row) or '·'} {row.title} {row.detail}"),),
                2,
                _BAD if row.wrong else measures.CREAM,
                rows=1,
                key=row.key,
            )
            for row in view.rows
        ],
        *[
            Paragraph((Span(f"{each.sign or each.key} {each.label}"),), 3, Hand(palette.SKY), 1, each.key)
            for each in view.choices
        ],
    ]
