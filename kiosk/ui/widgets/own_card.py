"""A member's own card: whom to meet now, the mood, and the seconds in which another tap means leaving."""

from textual.geometry import Region
from textual.timer import Timer
from typing_extensions import override

from kiosk.core.keys import LEAVE_KEY
from kiosk.core.pieces import Span
from kiosk.core.views import OwnCard
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import TINY_5
from kiosk.ui.text import clean, columns
from kiosk.ui.widgets import large, measures, parts, plainly
from kiosk.ui.widgets.paged import PagedBoard
from kiosk.ui.widgets.people import people
from kiosk.ui.widgets.plainly import Paragraph
from kiosk.ui.widgets.qr import code_beside

STEP_S = 0.25
"""Seconds between two steps of the shrinking panel: 4 Hz costs a Pi almost nothing, and is smooth enough."""


class OwnCardBoard(PagedBoard[OwnCard]):
    """Draws an `OwnCard`; its leaving panel empties from the right as the time runs out."""

    def __init__(self) -> None:
        super().__init__()
        self._leave = Region()
        self._steps_done = 0
        self._timer: Timer | None = None

    @override
    def pages(self, view: OwnCard) -> int:
        return large.pages(view)

    @override
    def show(self, view: OwnCard) -> None:
        self._steps_done = 0
        super().show(view)
        self._timer = self.set_interval(STEP_S, self._step)

    @override
    def rest(self) -> None:
        super().rest()
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    @override
    def draw(self, view: OwnCard, canvas: Canvas) -> None:
        self._leave = Region()
        if measures.is_small(canvas):
            plainly.plain_list(canvas, _plainly(view, leaving=self._leaving(view)))
            return
        frame = measures.frame(canvas)
        width = self._notes(view, canvas, frame)
        used = parts.headline(
            canvas,
            Region(frame.x, frame.y, frame.width - width - 2, measures.headline_rows(canvas)),
            view.headline,
            measures.faces_for(canvas),
            palette.ORANGE,
            palette.YELLOW,
        )
        top = max(frame.y + used, self._leave.bottom)
        body = Region(frame.x, top, frame.width, frame.bottom - top)
        if view.large:
            body = Region(body.x, body.y + 1, body.width, body.height - 1)
            large.page(canvas, body, view, self.page)
            return
        body = parts.moods_at_foot(canvas, body, view.mood_label, view.moods)
        if view.table is None or canvas.height >= measures.GRAND_ROWS:
            body = parts.question_at_foot(canvas, body, view.question_label, view.question)
        body = parts.table_at_foot(canvas, body, view.table)
        body = code_beside(canvas, body, view.own_page, view.own_page_line, view.cards)
        people(canvas, body, view.visitor_line or view.subtitle, view.cards, view.empty_line)

    def _notes(self, view: OwnCard, canvas: Canvas, frame: Region) -> int:
        """Since when they are here, and how to leave, at the right of the headline.

        Returns:
            Columns that take.
        """
        tall = canvas.height >= measures.TALL_ROWS
        since_width = columns(clean(view.since_line)) + 4
        leave_width = columns(clean(view.leave_line)) + 4
        if not tall:
            leave_width = leave_width * 2 // 3  # on two lines, for the name's sake
        width = min(max(since_width, leave_width), frame.width // 2)
        faces = (TINY_5,) if view.large and tall else ()
        if faces:
            # In large letters there is no room for when they came.
            width = frame.width // 2
            self._leave = Region(frame.right - width, frame.y, width, 8)
        else:
            since = Region(frame.right - width, frame.y, width, 1)
            parts.note(canvas, since, view.since_line, palette.INK, Hand(palette.SKY, bold=True))
            self._leave = Region(since.x, since.bottom + (1 if tall else 0), width, 3 if tall else 4)
        if self._leaving(view):
            hand = measures.CREAM_BOLD
            parts.note(canvas, self._leave, view.leave_line, palette.PANEL_HIGH, hand, faces)
            canvas.touch(self._leave, LEAVE_KEY)
            canvas.shade(self._left(view), palette.LEAVING)
        else:
            parts.note(canvas, self._leave, view.leave_closed_line, palette.INK, measures.MUTED, faces)
        return width

    def _leaving(self, view: OwnCard) -> bool:
        return self._steps_done * STEP_S < view.leave_within_s

    def _left(self, view: OwnCard) -> Region:
        share = max(0.0, 1 - self._steps_done * STEP_S / view.leave_within_s)
        return Region(self._leave.x, self._leave.y, round(self._leave.width * share), self._leave.height)

    def _step(self) -> None:
        view = self.view
        if view is None:
            return
        self._steps_done += 1
        if not self._leaving(view):
            super().show(view)
        elif self._leave.area:
            left = self._left(view)
            gone = Region(left.right, left.y, self._leave.right - left.right, left.height)
            self.repaint(gone, palette.PANEL_HIGH)


def _plainly(view: OwnCard, *, leaving: bool) -> list[Paragraph]:
    leave = view.leave_line if leaving else view.leave_closed_line
    return [
        Paragraph((Span(view.headline),), 0, Hand(palette.ORANGE, bold=True)),
        Paragraph((Span(view.since_line),), 3, measures.MUTED),
        Paragraph((Span(leave),), 0, Hand(palette.SKY, bold=True), key=LEAVE_KEY if leaving else ""),
        Paragraph((Span(view.visitor_line),), 1, measures.YELLOW_BOLD),
        *plainly.plain_cards(view.cards),
        Paragraph((Span(view.empty_line),), 1, rows=4),
        *plainly.plain_table(view.table),
        Paragraph((Span(view.question),), 5, Hand(palette.YELLOW, italic=True)),
        *plainly.plain_moods(view.moods),
    ]
