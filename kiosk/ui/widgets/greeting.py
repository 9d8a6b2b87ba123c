"""The greeting at an arrival: a name, up to three people to meet, a first question, the mood of the day."""

from textual.geometry import Region
from typing_extensions import override

from kiosk.core.pieces import Span
from kiosk.core.views import Greeting, GreetingSummary
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import TINY_5
from kiosk.ui.text import clean, columns
from kiosk.ui.widgets import large, measures, parts, plainly
from kiosk.ui.widgets.paged import PagedBoard
from kiosk.ui.widgets.people import people
from kiosk.ui.widgets.plainly import Paragraph
from kiosk.ui.widgets.qr import code_beside

STRIP_MARGINS = 6
"""Columns of a strip besides its line: a disc, and room on both sides."""


class GreetingBoard(PagedBoard[Greeting]):
    """Draws a `Greeting`."""

    @override
    def pages(self, view: Greeting) -> int:
        return large.pages(view)

    @override
    def draw(self, view: Greeting, canvas: Canvas) -> None:
        if measures.is_small(canvas):
            plainly.plain_list(canvas, _plainly(view))
            return
        frame = measures.frame(canvas)
        pill = _pill(canvas, frame, view.noted, large=view.large)
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
        for place in _strips(canvas, frame, view):
            bottom = min(bottom, _earlier(canvas, *place))
        body = Region(frame.x, top, frame.width, bottom - top)
        if view.large:
            large.page(canvas, body, view, self.page)
            return
        body = parts.moods_at_foot(canvas, body, view.mood_label, view.moods)
        if view.table is None or canvas.height >= measures.GRAND_ROWS:
            body = parts.question_at_foot(canvas, body, view.question_label, view.question)
        body = parts.table_at_foot(canvas, body, view.table)
        body = code_beside(canvas, body, view.own_page, view.own_page_line, view.cards)
        subtitle = view.visitor_line or view.subtitle
        people(canvas, body, subtitle, view.cards, view.empty_line, view.occasion)


def _pill(canvas: Canvas, frame: Region, noted: str, *, large: bool) -> Region:
    """What was recorded, at the right of the headline.  Said first, so that nobody waits for it."""
    text = f"✓  {clean(noted)}"
    width = lettering.width(TINY_5, clean(noted), canvas.blocks) + 7
    if large and width <= frame.width // 2 and lettering.covers(TINY_5, clean(noted)):
        region = Region(frame.right - width, frame.y, width, 5)
        canvas.fill(region, palette.SKY)
        canvas.write(region.x + 2, region.y + 3, "✓", Hand(palette.INK, bold=True))
        canvas.letter(region.x + 5, region.y + 1, noted, TINY_5, palette.INK)
        return region
    width = min(columns(text) + 4, frame.width // 2)
    region = Region(frame.right - width, frame.y + 1, width, 3)
    parts.note(canvas, region, text, palette.SKY, Hand(palette.INK, bold=True))
    return region


def _strips(canvas: Canvas, frame: Region, view: Greeting) -> list[tuple[Region, GreetingSummary]]:
    """Where the earlier greetings go at the foot.

    One below the other where it is tall; else in one row, as many as there is room for.
    """
    shown = [strip for strip in (view.small, *view.earlier) if strip is not None]
    if canvas.height >= measures.TALL_ROWS:
        top = frame.bottom - len(shown)
        return [(Region(frame.x, top + i, frame.width, 1), strip) for i, strip in enumerate(shown)]
    places: list[tuple[Region, GreetingSummary]] = []
    x = frame.x
    for strip in shown:
        width = columns(clean(strip.line)) + STRIP_MARGINS
        if not places or x + width <= frame.right:
            places.append((Region(x, frame.bottom - 1, min(width, frame.right - x), 1), strip))
            x += width
    return places


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
        Paragraph((Span(view.occasion),), 3, measures.YELLOW_BOLD),
        Paragraph((Span(view.visitor_line),), 1, measures.YELLOW_BOLD),
        *plainly.plain_cards(view.cards),
        Paragraph((Span(view.empty_line),), 1, rows=4),
        *plainly.plain_table(view.table),
        Paragraph((Span(view.question),), 5, Hand(palette.YELLOW, italic=True)),
        *plainly.plain_moods(view.moods),
        Paragraph((Span(view.small.line if view.small else ""),), 3, measures.MUTED, rows=1),
        *(Paragraph((Span(strip.line),), 6, measures.MUTED, rows=1) for strip in view.earlier),
    ]
