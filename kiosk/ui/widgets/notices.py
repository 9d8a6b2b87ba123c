"""Short notices: a farewell, a meeting, a badge that cannot be used, a trouble of the kiosk itself.

Each is one sign, one headline, one or two sentences, and a way out.
"""

from collections.abc import Sequence

from typing_extensions import override

from kiosk.core.keys import UNDO_KEY
from kiosk.core.pieces import Span
from kiosk.core.views import (
    Farewell,
    GuestNotice,
    HoldStill,
    MetNotice,
    RandomBadge,
    RefusedBadge,
    TroubleScreen,
    UnknownBadge,
)
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.widgets import measures, plainly
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.plainly import Paragraph
from kiosk.ui.widgets.sheet import Sheet, write_centred


class FarewellBoard(Board[Farewell]):
    """Draws a `Farewell`."""

    @override
    def ground(self, view: Farewell) -> str:
        return palette.DONE_GROUND

    @override
    def draw(self, view: Farewell, canvas: Canvas) -> None:
        if measures.is_small(canvas):
            plainly.plain_list(
                canvas,
                [
                    Paragraph((Span(view.headline),), 0, Hand(palette.CREAM, bold=True)),
                    Paragraph((Span(view.line),), 1),
                    Paragraph((Span(view.question),), 2, measures.YELLOW_BOLD, rows=3),
                    *plainly.plain_moods(view.answers),
                    Paragraph((Span(view.undo_line),), 2, Hand(palette.SKY), key=UNDO_KEY),
                    Paragraph((Span(view.stay_line),), 3, measures.MUTED),
                ],
            )
            return

        def write(sheet: Sheet) -> None:
            sheet.button(view.undo_line, palette.DONE_PANEL)
            sheet.choices(view.question, view.answers)
            sheet.sign("»", palette.tint(view.tint))
            sheet.headline(view.headline)
            sheet.lines((view.line,), measures.CREAM_BOLD)
            sheet.lines((view.stay_line,), measures.MUTED)

        write_centred(canvas, write, large=view.large)


class MetBoard(Board[MetNotice]):
    """Draws a `MetNotice`: two discs that touch."""

    @override
    def ground(self, view: MetNotice) -> str:
        return palette.DONE_GROUND

    @override
    def draw(self, view: MetNotice, canvas: Canvas) -> None:
        names = f"{view.first.name} + {view.second.name}"
        if measures.is_small(canvas):
            plainly.plain_list(
                canvas,
                [
                    Paragraph((Span(names),), 0, Hand(palette.CREAM, bold=True)),
                    Paragraph((Span(view.line),), 1),
                    Paragraph((Span(view.line_secondary),), 2, measures.MUTED),
                    Paragraph((Span(view.undo_line),), 2, Hand(palette.SKY), key=UNDO_KEY),
                ],
            )
            return

        def write(sheet: Sheet) -> None:
            sheet.button(view.undo_line, palette.DONE_PANEL)
            rows = sheet.sign_rows
            left = sheet.canvas.width // 2 - 2 * rows
            sheet.canvas.disc(left, sheet.y, rows, view.first.initial, palette.tint(view.first.tint))
            sheet.canvas.disc(
                left + 2 * rows, sheet.y, rows, view.second.initial, palette.tint(view.second.tint)
            )
            sheet.y += rows + 1
            sheet.headline(names)
            sheet.lines((view.line,), measures.CREAM_BOLD)
            sheet.lines((view.line_secondary,), measures.MUTED)

        write_centred(canvas, write)


class UnknownBadgeBoard(Board[UnknownBadge]):
    """Draws an `UnknownBadge`: the code is the largest thing, for the host reads it from here."""

    @override
    def ground(self, view: UnknownBadge) -> str:
        return palette.PROBLEM_GROUND

    @override
    def draw(self, view: UnknownBadge, canvas: Canvas) -> None:
        if measures.is_small(canvas):
            plainly.plain_list(
                canvas,
                [
                    Paragraph((Span(view.headline),), 0, Hand(palette.VERMILION, bold=True)),
                    Paragraph((Span(view.headline_secondary),), 3, measures.MUTED),
                    Paragraph((Span(view.code),), 0, Hand(palette.YELLOW, bold=True)),
                    *_sentences(view.lines, 1, measures.CREAM),
                    *_sentences(view.lines_secondary, 2, measures.MUTED),
                ],
            )
            return

        def write(sheet: Sheet) -> None:
            sheet.sign("?", palette.VERMILION)
            sheet.headline(view.headline, larger=False)
            sheet.lines((view.headline_secondary,), measures.MUTED)
            sheet.code(view.code, below=sheet.rows_for((*view.lines, *view.lines_secondary)) + 2)
            sheet.lines(view.lines, measures.CREAM_BOLD)
            sheet.lines(view.lines_secondary, measures.MUTED)

        write_centred(canvas, write)


class RandomBadgeBoard(Board[RandomBadge]):
    """Draws a `RandomBadge`: nobody's fault, so no colour of a problem."""

    @override
    def ground(self, view: RandomBadge) -> str:
        return palette.DONE_GROUND

    @override
    def draw(self, view: RandomBadge, canvas: Canvas) -> None:
        _explain(canvas, "i", palette.SKY, view)


class RefusedBadgeBoard(Board[RefusedBadge]):
    """Draws a `RefusedBadge`."""

    @override
    def ground(self, view: RefusedBadge) -> str:
        return palette.PROBLEM_GROUND

    @override
    def draw(self, view: RefusedBadge, canvas: Canvas) -> None:
        _explain(canvas, "!", palette.VERMILION, view)


class GuestNoticeBoard(Board[GuestNotice]):
    """Draws a `GuestNotice`."""

    @override
    def ground(self, view: GuestNotice) -> str:
        return palette.DONE_GROUND

    @override
    def draw(self, view: GuestNotice, canvas: Canvas) -> None:
        _explain(canvas, "»", palette.SKY, view)


class HoldStillBoard(Board[HoldStill]):
    """Draws a `HoldStill`: it happens to everybody, so no colour of a problem."""

    @override
    def ground(self, view: HoldStill) -> str:
        return palette.DONE_GROUND

    @override
    def draw(self, view: HoldStill, canvas: Canvas) -> None:
        _explain(canvas, "i", palette.SKY, view)


class TroubleBoard(Board[TroubleScreen]):
    """Draws a `TroubleScreen`."""

    @override
    def ground(self, view: TroubleScreen) -> str:
        return palette.PROBLEM_GROUND

    @override
    def draw(self, view: TroubleScreen, canvas: Canvas) -> None:
        if measures.is_small(canvas):
            plainly.plain_list(
                canvas,
                [
                    Paragraph((Span(view.headline),), 0, Hand(palette.VERMILION, bold=True)),
                    Paragraph((Span(view.headline_secondary),), 3, measures.MUTED),
                    Paragraph((Span(view.what),), 1, measures.CREAM, rows=3),
                    Paragraph((Span(view.what_to_do),), 1, Hand(palette.YELLOW, bold=True), rows=3),
                    Paragraph((Span(view.what_secondary),), 3, measures.MUTED, rows=3),
                    Paragraph((Span(view.what_to_do_secondary),), 2, measures.MUTED, rows=3),
                ],
                stays=view.shown_for_s is None,
            )
            return

        def write(sheet: Sheet) -> None:
            sheet.sign("!", palette.VERMILION)
            sheet.headline(view.headline)
            sheet.lines((view.headline_secondary,), measures.MUTED)
            sheet.lines((view.what,), measures.CREAM)
            sheet.lines((view.what_to_do,), measures.YELLOW_BOLD)
            sheet.y += 1
            sheet.lines((view.what_secondary, view.what_to_do_secondary), measures.MUTED)

        write_centred(canvas, write)


def _explain(
    canvas: Canvas, sign: str, ink: str, view: RandomBadge | RefusedBadge | GuestNotice | HoldStill
) -> None:
    offered = view.forgotten if isinstance(view, RandomBadge) else None
    if measures.is_small(canvas):
        plainly.plain_list(
            canvas,
            [
                Paragraph((Span(view.headline),), 0, Hand(ink, bold=True)),
                Paragraph((Span(view.headline_secondary),), 3, measures.MUTED),
                *_sentences(view.lines, 1, measures.CREAM),
                *_sentences(view.lines_secondary, 2, measures.MUTED),
                *plainly.plain_moods((offered,) if offered is not None else ()),
            ],
        )
        return

    def write(sheet: Sheet) -> None:
        if offered is not None:
            sheet.button(f"{offered.key}  {offered.label}", palette.DONE_PANEL, offered.key)
        sheet.sign(sign, ink)
        sheet.headline(view.headline, larger=offered is None)
        sheet.lines((view.headline_secondary,), measures.MUTED)
        sheet.lines(view.lines, measures.CREAM_BOLD)
        sheet.lines(view.lines_secondary, measures.MUTED)

    write_centred(canvas, write)


def _sentences(lines: Sequence[str], rank: int, hand: Hand) -> list[Paragraph]:
    return [Paragraph((Span(line),), rank, hand, rows=3) for line in lines]
