"""The greeting at an arrival: a name, up to three people to meet, a first question, the mood of the day."""

from textual.geometry import Region
from typing_extensions import override

from kiosk.core.pieces import Span
from kiosk.core.views import Greeting, GreetingSummary
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.text import clean, columns
from kiosk.ui.widgets import measures, parts, plainly
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.people import people
from kiosk.ui.widgets.plainly import Paragraph


class GreetingBoard(Board[Greeting]):
    """Draws a `Greeting`."""

    @override
    def draw(self, view: Greeting, canvas: Canvas) -> None:
        if measures.is_small(canvas):
            plainly.plain_list(canvas, _plainly(view))
            return
        frame = measures.frame(canvas)
        pill = _pill(canvas, frame, view.noted)
        used = parts.headline(
            canvas,
            Region(frame.x, frame.y, frame.width - pill.width - 2, measures.headline_rows(canvas)),
            view.headline,
            measures.faces_for(canvas),
            palette.ORANGE,
            palette.YELLOW,
        )
        top = max(frame.y + used, pill.bottom)
        bottom = frame.bottom
        if view.small is not None:
            bottom = _earlier(canvas, Region(frame.x, frame.bottom - 1, frame.width, 1), view.small)
        body = Region(frame.x, top, frame.width, bottom - top)
        body = parts.moods_at_foot(canvas, body, view.mood_label, view.moods)
        if view.table is None or canvas.height >= measures.GRAND_ROWS:
            body = parts.question_at_foot(canvas, body, view.question_label, view.question)
        body = parts.table_at_foot(canvas, body, view.table)
        people(canvas, body, view.visitor_line or view.subtitle, view.cards, view.empty_line)


def _pill(canvas: Canvas, frame: Region, noted: str) -> Region:
    """What was recorded, at the right of the headline.  Said first, so that nobody waits for it."""
    text = f"✓  {clean(noted)}"
    width = min(columns(text) + 4, frame.width // 2)
    region = Region(frame.right - width, frame.y + 1, width, 3)
    parts.note(canvas, region, text, palette.SKY, Hand(palette.INK, bold=True))
    return region


def _earlier(canvas: Canvas, region: Region, small: GreetingSummary) -> int:
    """The earlier greeting as a strip.

    Returns:
        The row above which the rest must stay.
    """
    canvas.fill(region, palette.PANEL)
    canvas.write(region.x + 2, region.y, "●", Hand(palette.tint(small.tint)))
    canvas.write(region.x + 4, region.y, small.line, measures.CREAM, region.width - 6)
    return region.y - 1


def _plainly(view: Greeting) -> list[Paragraph]:
    return [
        Paragraph((Span(view.headline),), 0, Hand(palette.ORANGE, bold=True)),
        Paragraph((Span(f"✓ {view.noted}"),), 2, Hand(palette.SKY)),
        Paragraph((Span(view.visitor_line),), 1, measures.YELLOW_BOLD),
        *plainly.plain_cards(view.cards),
        Paragraph((Span(view.empty_line),), 1, rows=4),
        *plainly.plain_table(view.table),
        Paragraph((Span(view.question),), 5, Hand(palette.YELLOW, italic=True)),
        *plainly.plain_moods(view.moods),
        Paragraph((Span(view.small.line if view.small else ""),), 3, measures.MUTED, rows=1),
    ]
