"""Short notices: a farewell, a meeting, a badge that cannot be used, a trouble of the kiosk itself.

Each is one sign, one headline, one or two sentences, and a way out.
"""

from collections.abc import Callable, Sequence

from textual.geometry import Region
from typing_extensions import override

from kiosk.core.views import (
    UNDO_KEY,
    Farewell,
    MetNotice,
    RandomBadge,
    RefusedBadge,
    Span,
    TroubleScreen,
    UnknownBadge,
)
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, TINY_5, Face
from kiosk.ui.text import clean, columns, wrap_text
from kiosk.ui.widgets import parts
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.parts import Paragraph

ROOMY_ROWS = 30
"""From here on a notice has a large sign above its headline."""


class FarewellBoard(Board[Farewell]):
    """Draws a `Farewell`."""

    @override
    def ground(self, view: Farewell) -> str:
        return palette.DONE_GROUND

    @override
    def draw(self, view: Farewell, canvas: Canvas) -> None:
        if parts.is_small(canvas):
            parts.plain_list(
                canvas,
                [
                    Paragraph((Span(view.headline),), 0, Hand(palette.CREAM, bold=True)),
                    Paragraph((Span(view.line),), 1),
                    Paragraph((Span(view.undo_line),), 2, Hand(palette.SKY), key=UNDO_KEY),
                ],
            )
            return

        def write(sheet: _Sheet) -> None:
            sheet.button(view.undo_line, palette.DONE_PANEL)
            sheet.sign("»", palette.tint(view.tint))
            sheet.headline(view.headline)
            sheet.lines((view.line,), parts.CREAM_BOLD)

        _write_centred(canvas, write)


class MetBoard(Board[MetNotice]):
    """Draws a `MetNotice`: two discs that touch."""

    @override
    def ground(self, view: MetNotice) -> str:
        return palette.DONE_GROUND

    @override
    def draw(self, view: MetNotice, canvas: Canvas) -> None:
        names = f"{view.first.name} + {view.second.name}"
        if parts.is_small(canvas):
            parts.plain_list(
                canvas,
                [
                    Paragraph((Span(names),), 0, Hand(palette.CREAM, bold=True)),
                    Paragraph((Span(view.line),), 1),
                    Paragraph((Span(view.line_secondary),), 2, parts.MUTED),
                    Paragraph((Span(view.undo_line),), 2, Hand(palette.SKY), key=UNDO_KEY),
                ],
            )
            return

        def write(sheet: _Sheet) -> None:
            sheet.button(view.undo_line, palette.DONE_PANEL)
            rows = sheet.sign_rows
            left = sheet.canvas.width // 2 - 2 * rows
            sheet.canvas.disc(left, sheet.y, rows, view.first.initial, palette.tint(view.first.tint))
            sheet.canvas.disc(
                left + 2 * rows, sheet.y, rows, view.second.initial, palette.tint(view.second.tint)
            )
            sheet.y += rows + 1
            sheet.headline(names)
            sheet.lines((view.line,), parts.CREAM_BOLD)
            sheet.lines((view.line_secondary,), parts.MUTED)

        _write_centred(canvas, write)


class UnknownBadgeBoard(Board[UnknownBadge]):
    """Draws an `UnknownBadge`: the code is the largest thing, for the host reads it from here."""

    @override
    def ground(self, view: UnknownBadge) -> str:
        return palette.PROBLEM_GROUND

    @override
    def draw(self, view: UnknownBadge, canvas: Canvas) -> None:
        if parts.is_small(canvas):
            parts.plain_list(
                canvas,
                [
                    Paragraph((Span(view.headline),), 0, Hand(palette.VERMILION, bold=True)),
                    Paragraph((Span(view.headline_secondary),), 3, parts.MUTED),
                    Paragraph((Span(view.code),), 0, Hand(palette.YELLOW, bold=True)),
                    *_sentences(view.lines, 1, parts.CREAM),
                    *_sentences(view.lines_secondary, 2, parts.MUTED),
                ],
            )
            return

        def write(sheet: _Sheet) -> None:
            sheet.sign("?", palette.VERMILION)
            sheet.headline(view.headline, larger=False)
            sheet.lines((view.headline_secondary,), parts.MUTED)
            sheet.code(view.code, below=sheet.rows_for((*view.lines, *view.lines_secondary)) + 2)
            sheet.lines(view.lines, parts.CREAM_BOLD)
            sheet.lines(view.lines_secondary, parts.MUTED)

        _write_centred(canvas, write)


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


class TroubleBoard(Board[TroubleScreen]):
    """Draws a `TroubleScreen`."""

    @override
    def ground(self, view: TroubleScreen) -> str:
        return palette.PROBLEM_GROUND

    @override
    def draw(self, view: TroubleScreen, canvas: Canvas) -> None:
        if parts.is_small(canvas):
            parts.plain_list(
                canvas,
                [
                    Paragraph((Span(view.headline),), 0, Hand(palette.VERMILION, bold=True)),
                    Paragraph((Span(view.headline_secondary),), 3, parts.MUTED),
                    Paragraph((Span(view.what),), 1, parts.CREAM, rows=3),
                    Paragraph((Span(view.what_to_do),), 1, Hand(palette.YELLOW, bold=True), rows=3),
                    Paragraph((Span(view.what_secondary),), 3, parts.MUTED, rows=3),
                    Paragraph((Span(view.what_to_do_secondary),), 2, parts.MUTED, rows=3),
                ],
                stays=view.shown_for_s is None,
            )
            return

        def write(sheet: _Sheet) -> None:
            sheet.sign("!", palette.VERMILION)
            sheet.headline(view.headline)
            sheet.lines((view.headline_secondary,), parts.MUTED)
            sheet.lines((view.what,), parts.CREAM)
            sheet.lines((view.what_to_do,), parts.YELLOW_BOLD)
            sheet.y += 1
            sheet.lines((view.what_secondary, view.what_to_do_secondary), parts.MUTED)

        _write_centred(canvas, write)


def _write_centred(canvas: Canvas, write: Callable[["_Sheet"], None]) -> None:
    """Write a notice as high above the middle as below it: once to see how long it gets, once for good."""
    trial = _Sheet(Canvas(canvas.width, canvas.height, palette.INK, canvas.blocks))
    write(trial)
    write(_Sheet(canvas, down=trial.room_left() // 2))


class _Sheet:
    """A notice being written from top to bottom, everything in the middle."""

    def __init__(self, canvas: Canvas, down: int = 0) -> None:
        self.canvas = canvas
        self.roomy = canvas.height >= ROOMY_ROWS
        self.sign_rows = (10 if canvas.height >= parts.GRAND_ROWS else 7) if self.roomy else 3
        self._down = down
        self.y = 1 + down
        self.region = Region(4, 0, canvas.width - 8, canvas.height)
        self._bottom = canvas.height - 1

    def room_left(self) -> int:
        return max(0, self._bottom - self.y)

    def sign(self, sign: str, ink: str) -> None:
        rows = self.sign_rows
        self.canvas.disc((self.canvas.width - 2 * rows) // 2, self.y, rows, sign, ink)
        self.y += rows + (1 if self.roomy else 0)

    def headline(self, text: str, *, larger: bool = True) -> None:
        face = self._face(text, (JERSEY_20, JERSEY_15, JERSEY_10, TINY_5) if larger else (JERSEY_10, TINY_5))
        if face is None:
            self.lines((text,), Hand(palette.CREAM, bold=True))
            return
        self.canvas.letter_middle(self.region, self.y, clean(text), face, palette.CREAM)
        self.y += face.rows(self.canvas.blocks) + (1 if self.roomy else 0)

    def lines(self, texts: Sequence[str], hand: Hand) -> None:
        written = False
        for text in texts:
            for line in wrap_text(text, self.region.width, max(1, self._bottom - self.y)) if text else ():
                self.canvas.write_middle(self.region, self.y, line, hand)
                self.y += 1
                written = True
        if written and self.roomy:
            self.y += 1

    def rows_for(self, texts: Sequence[str]) -> int:
        return sum(len(wrap_text(text, self.region.width)) for text in texts)

    def code(self, code: str, below: int) -> None:
        free = self._free() - below
        face = lettering.largest_face(
            clean(code),
            self.region.width - 8,
            free,
            (JERSEY_20, JERSEY_15, JERSEY_10, TINY_5),
            self.canvas.blocks,
        )
        if face is None:
            self.lines((code,), parts.YELLOW_BOLD)
            return
        blocks = self.canvas.blocks
        across = lettering.width(face, clean(code), blocks) + 10
        above, below_it = lettering.blank_rows(face, clean(code), blocks)
        rows = face.rows(blocks) - above - below_it + 2
        panel = Region((self.canvas.width - across) // 2, self.y, across, rows)
        self.canvas.fill(panel, palette.PROBLEM_PANEL)
        self.canvas.letter_middle(self.region, self.y - above + 1, clean(code), face, palette.YELLOW)
        self.y += panel.height + (1 if self.roomy else 0)

    def button(self, text: str, ground: str) -> None:
        if not text:
            return
        rows = 5 if self.roomy else 3
        width = min(self.region.width, max(columns(clean(text)) + 8, self.canvas.width // 3))
        foot = self.canvas.height - 3 if self.roomy else self.canvas.height - 1
        region = Region((self.canvas.width - width) // 2, foot - rows, width, rows)
        parts.note(self.canvas, region, text, ground, parts.CREAM_BOLD)
        self.canvas.touch(region, UNDO_KEY)
        self._bottom = region.y

    def _free(self) -> int:
        # Counted as if the notice began at the top: where it begins must not change its sizes.
        return self._bottom - self.y + self._down

    def _face(self, text: str, faces: tuple[Face, ...]) -> Face | None:
        # Three rows for the sentence below, whatever the headline takes.
        free = self._free() - 3
        if not self.roomy:
            faces = (JERSEY_10, TINY_5)
        return lettering.largest_face(clean(text), self.region.width, free, faces, self.canvas.blocks)


def _explain(canvas: Canvas, sign: str, ink: str, view: RandomBadge | RefusedBadge) -> None:
    if parts.is_small(canvas):
        parts.plain_list(
            canvas,
            [
                Paragraph((Span(view.headline),), 0, Hand(ink, bold=True)),
                Paragraph((Span(view.headline_secondary),), 3, parts.MUTED),
                *_sentences(view.lines, 1, parts.CREAM),
                *_sentences(view.lines_secondary, 2, parts.MUTED),
            ],
        )
        return

    def write(sheet: _Sheet) -> None:
        sheet.sign(sign, ink)
        sheet.headline(view.headline)
        sheet.lines((view.headline_secondary,), parts.MUTED)
        sheet.lines(view.lines, parts.CREAM_BOLD)
        sheet.lines(view.lines_secondary, parts.MUTED)

    _write_centred(canvas, write)


def _sentences(lines: Sequence[str], rank: int, hand: Hand) -> list[Paragraph]:
    return [Paragraph((Span(line),), rank, hand, rows=3) for line in lines]
