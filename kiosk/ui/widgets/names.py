"""Names in the lobby: discs while they fit, else a dot and plain text, and a count of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Region

from kiosk.core.pieces import Chip
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import TINY_5
from kiosk.ui.text import clean, columns
from kiosk.ui.widgets import measures

CHIP_ROWS = 3
"""A disc and a name in Tiny5 are three rows high."""


@dataclass(frozen=True, slots=True)
class NamesPlan:
    """How many discs stand side by side, and the rows that takes without gaps."""

    across: int
    lines: int
    rows_tight: int
    others_beside: bool

    @classmethod
    def of(cls, canvas: Canvas, width: int, names: Sequence[Chip], others: str) -> "NamesPlan":
        """Plan for names in so many columns; `others` is the line about those not named, or empty."""
        widest = max((_chip_width(canvas, chip) for chip in names), default=1)
        if others:
            widest = max(widest, columns(clean(others)))
        across = max(1, min(4, (width + 2) // (min(widest, width) + 2)))
        lines = -(-len(names) // across)
        # The others take a free place beside the last name, else one row of plain text.
        beside = bool(others) and len(names) % across > 0
        return cls(across, lines, lines * CHIP_ROWS + (bool(others) and not beside), beside)


def draw_names(canvas: Canvas, region: Region, names: Sequence[Chip], others: str, plan: NamesPlan) -> None:
    """Draw the names in a region, and the line about the others beside or below them."""
    if plan.rows_tight > region.height:
        _names_in_plain(canvas, region, names, others)
        return
    step = CHIP_ROWS + (1 if plan.rows_tight + plan.lines <= region.height + 1 else 0)
    column = (region.width + 2) // plan.across
    for i, chip in enumerate(names):
        _chip(
            canvas, region.x + i % plan.across * column, region.y + i // plan.across * step, chip, column - 2
        )
    if not others:
        return
    if not plan.others_beside:
        canvas.write(region.x, region.y + plan.lines * step, others, measures.MUTED, region.width)
        return
    i = len(names)
    x, y = region.x + i % plan.across * column, region.y + i // plan.across * step
    face = lettering.largest_face(clean(others), column - 2, CHIP_ROWS, (TINY_5,), canvas.blocks)
    if face is None:
        canvas.write(x, y + 1, others, measures.MUTED, column - 2)
    else:
        canvas.letter(x, y, others, face, palette.MUTED)


def _chip_width(canvas: Canvas, chip: Chip) -> int:
    name = clean(chip.name)
    lettered = lettering.covers(TINY_5, name)
    return 2 * CHIP_ROWS + 1 + (lettering.width(TINY_5, name, canvas.blocks) if lettered else columns(name))


def _chip(canvas: Canvas, x: int, y: int, chip: Chip, room: int) -> None:
    canvas.disc(x, y, CHIP_ROWS, chip.initial, palette.tint(chip.tint))
    beside, left = x + 2 * CHIP_ROWS + 1, room - 2 * CHIP_ROWS - 1
    face = lettering.largest_face(clean(chip.name), left, CHIP_ROWS, (TINY_5,), canvas.blocks)
    if face is None:
        canvas.write(beside, y + 1, chip.name, measures.CREAM_BOLD, left)
    else:
        canvas.letter(beside, y, chip.name, face, palette.CREAM)


def _names_in_plain(canvas: Canvas, region: Region, names: Sequence[Chip], others: str) -> None:
    """Many names, or little room: a dot and plain text each; what does not fit is counted ("+4")."""
    column = 20 if region.width >= 60 else max(12, region.width // 3)  # noqa: PLR2004 - a first name and its dot
    across = max(1, region.width // column)
    lines = max(0, region.height - bool(others))
    places = across * lines
    shown = names if len(names) <= places else names[: max(0, places - 1)]
    step = 2 if -(-len(names) // across) * 2 <= lines else 1
    for i, chip in enumerate(shown):
        x, y = region.x + i % across * column, region.y + i // across * step
        canvas.write(x, y, "●", Hand(palette.tint(chip.tint)))
        canvas.write(x + 2, y, chip.name, measures.CREAM_BOLD, column - 3)
    i = len(shown)
    if i < len(names) and places:
        canvas.write(
            region.x + i % across * column, region.y + i // across, f"+{len(names) - i}", measures.MUTED
        )
    y = region.y + -(-min(len(names), places) // across) * step
    canvas.write(region.x, min(y, region.bottom - 1), others, measures.MUTED, region.width)
