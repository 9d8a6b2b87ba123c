"""A notice as a sheet: one sign, one headline, a sentence or two, everything in the middle."""

from collections.abc import Callable, Sequence

from textual.geometry import Region

from kiosk.core.keys import UNDO_KEY
from kiosk.core.pieces import Choice, Span
from kiosk.ui import lettering, palette, paragraphs
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, JERSEY_25, TINY_5, Face
from kiosk.ui.text import clean, columns, wrap_text
from kiosk.ui.widgets import measures, parts

ROOMY_ROWS = 30
"""From here on a notice has a large sign above its headline."""

LARGER = (JERSEY_25, JERSEY_20, JERSEY_15, JERSEY_10, TINY_5)
"""Faces of a headline that says it all."""

GRAND_LINES = 40
"""From here on a short sentence is as large as a small headline."""


def write_centred(canvas: Canvas, write: Callable[["Sheet"], None], *, large: bool = False) -> None:
    """Write a notice as high above the middle as below it: once to see how long it gets, once for good.

    Its sentences are lettered where they then all fit, else written plainly; `large` letters them on small
    screens too.
    """
    ways: tuple[tuple[Face, ...], ...] = ((),)
    if large or canvas.height >= ROOMY_ROWS:
        ways = ((TINY_5,), *ways)
    if large or canvas.height >= GRAND_LINES:
        ways = ((JERSEY_10, TINY_5), *ways)
    plain = Sheet(_blank(canvas))
    write(plain)
    for faces in ways:
        trial = Sheet(_blank(canvas), faces=faces)
        write(trial)
        if not trial.crowded and trial.headline_cap >= min(plain.headline_cap, JERSEY_10.cap):
            write(Sheet(canvas, down=trial.room_left() // 2, faces=faces))
            return
    write(Sheet(canvas, down=plain.room_left() // 2))


def _blank(canvas: Canvas) -> Canvas:
    return Canvas(canvas.width, canvas.height, palette.INK, canvas.blocks)


class Sheet:
    """A notice being written from top to bottom, everything in the middle."""

    def __init__(self, canvas: Canvas, down: int = 0, *, faces: Sequence[Face] = ()) -> None:
        self.canvas = canvas
        self.crowded = False
        """Whether something did not fit, or nothing is free any more."""
        self.headline_cap = 0
        """How high the headline's capitals are, in dots; 0 for plain text."""
        self._faces = faces
        self.roomy = canvas.height >= ROOMY_ROWS
        self.sign_rows = (10 if canvas.height >= measures.GRAND_ROWS else 7) if self.roomy else 3
        self._down = down
        self.y = 1 + down
        self.region = Region(4, 0, canvas.width - 8, canvas.height)
        self._bottom = canvas.height - 1

    def room_left(self) -> int:
        """Rows between what is written and the button, or the foot."""
        return max(0, self._bottom - self.y)

    def sign(self, sign: str, ink: str) -> None:
        """A disc with a sign in it."""
        rows = self.sign_rows
        self.canvas.disc((self.canvas.width - 2 * rows) // 2, self.y, rows, sign, ink)
        self.y += rows + (1 if self.roomy else 0)

    def headline(self, text: str, *, larger: bool = True) -> None:
        """The headline, in the largest face that leaves room for a sentence."""
        face = self._face(
            text, (JERSEY_25, JERSEY_20, JERSEY_15, JERSEY_10, TINY_5) if larger else (JERSEY_10, TINY_5)
        )
        if face is None:
            self.lines((text,), Hand(palette.CREAM, bold=True))
            return
        self.headline_cap = face.cap
        above, below = lettering.blank_rows(face, clean(text), self.canvas.blocks)
        self.canvas.letter_middle(self.region, self.y - above, clean(text), face, palette.CREAM)
        self.y += face.rows(self.canvas.blocks) - above - below + (1 if self.roomy else 0)

    def lines(self, texts: Sequence[str], hand: Hand) -> None:
        """Sentences, in the middle; empty ones are left out.  Muted ones are never lettered."""
        written = False
        for text in texts:
            if text and self._faces and hand.ink != palette.MUTED and self._letter(text, hand):
                written = True
                continue
            for line in wrap_text(text, self.region.width, max(1, self._bottom - self.y)) if text else ():
                self.canvas.write_middle(self.region, self.y, line, hand)
                self.y += 1
                written = True
        if written and self.roomy:
            self.y += 1
        self.crowded = self.crowded or self.y > self._bottom

    def _letter(self, text: str, hand: Hand) -> bool:
        """A sentence in lettering, if its words and its letters allow it."""
        for face in self._faces:
            lines = paragraphs.set_lines((Span(text),), face, self.region.width, self.canvas.blocks)
            if lines is None or len(lines) > (2 if face is JERSEY_10 else 3):
                continue
            for line in lines:
                across = lettering.width(face, clean("".join(span.text for span in line)), self.canvas.blocks)
                x = (self.canvas.width - across) // 2
                self.y += self.canvas.letter_lines(x, self.y, (line,), face, hand.ink, hand.ink)
            return True
        return False

    def rows_for(self, texts: Sequence[str]) -> int:
        """Rows that these sentences take."""
        return sum(len(wrap_text(text, self.region.width)) for text in texts)

    def code(self, code: str, below: int) -> None:
        """A code in its panel, as large as leaves `below` rows free."""
        free = self._free() - below
        face = lettering.largest_face(
            clean(code),
            self.region.width - 8,
            free,
            (JERSEY_20, JERSEY_15, JERSEY_10, TINY_5),
            self.canvas.blocks,
        )
        if face is None:
            self.lines((code,), measures.YELLOW_BOLD)
            return
        blocks = self.canvas.blocks
        across = lettering.width(face, clean(code), blocks) + 10
        above, below_it = lettering.blank_rows(face, clean(code), blocks)
        rows = face.rows(blocks) - above - below_it + 2
        panel = Region((self.canvas.width - across) // 2, self.y, across, rows)
        self.canvas.fill(panel, palette.PROBLEM_PANEL)
        self.canvas.letter_middle(self.region, self.y - above + 1, clean(code), face, palette.YELLOW)
        self.y += panel.height + (1 if self.roomy else 0)

    def button(self, text: str, ground: str, key: str = UNDO_KEY) -> None:
        """The way to take it back, or another way out, at the foot; none if the text is empty."""
        if not text:
            return
        rows = 5 if self.roomy else 4
        width = min(self.region.width, max(columns(clean(text)) + 8, self.canvas.width // 3))
        foot = self.canvas.height - 3 if self.roomy else self.canvas.height - 1
        region = Region((self.canvas.width - width) // 2, foot - rows, width, rows)
        parts.note(self.canvas, region, text, ground, measures.CREAM_BOLD, self._faces[-1:])
        self.canvas.touch(region, key)
        self._bottom = region.y

    def choices(self, question: str, answers: Sequence[Choice]) -> None:
        """A question and its answers side by side, above the button; nothing without answers."""
        if not answers:
            return
        rows = parts.button_rows(self.canvas)
        top = self._bottom - rows - 1
        parts.moods(self.canvas, Region(self.region.x, top, self.region.width, rows), answers)
        face = TINY_5 if self._faces else None
        if face is not None and parts.fits(self.canvas, Region(0, 0, self.region.width, 3), question, face):
            self.canvas.letter_middle(self.region, top - 4, clean(question), face, palette.YELLOW)
            self._bottom = top - 4
            return
        lines = wrap_text(question, self.region.width, 2)
        for i, line in enumerate(lines):
            self.canvas.write_middle(self.region, top - len(lines) - 1 + i, line, measures.YELLOW_BOLD)
        self._bottom = top - len(lines) - 1

    def _free(self) -> int:
        # Counted as if the notice began at the top: where it begins must not change its sizes.
        return self._bottom - self.y + self._down

    def _face(self, text: str, faces: tuple[Face, ...]) -> Face | None:
        # Three rows for the sentence below, whatever the headline takes.
        free = self._free() - 3
        if not self.roomy:
            faces = (JERSEY_10, TINY_5)
        return lettering.largest_face(clean(text), self.region.width, free, faces, self.canvas.blocks)
