"""A sheet of terminal cells to draw a view on: grounds, words, pixel lettering, discs, places to touch.

Pure drawing.  A canvas is made for one view at one size, drawn once, and turned
into strips; nothing on it moves.
"""

from dataclasses import dataclass

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from kiosk.core.pieces import Span
from kiosk.ui import lettering, palette, paragraphs
from kiosk.ui.blocks import Blocks, Cell
from kiosk.ui.lettering import Face
from kiosk.ui.paragraphs import Line
from kiosk.ui.styles import style_of
from kiosk.ui.text import clean, columns, cut
from kiosk.ui.themes import HOUSE, Theme


@dataclass(frozen=True, slots=True)
class Hand:
    """How plain words are written."""

    ink: str
    """A token of the palette, or "#rrggbb"."""
    bold: bool = False
    italic: bool = False
    shape: bool = False
    """Whether it draws shapes without words, which need no contrast of text."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A place that sends a key when it is touched or clicked."""

    region: Region
    key: str


@dataclass(frozen=True, slots=True)
class Written:
    """Words on a canvas, and where their first cell is."""

    text: str
    x: int
    y: int
    face: Face | None = None
    """The pixel font, with (x, y) the top left of its box; `None` for plain text."""
    cells: tuple[tuple[Cell, ...], ...] = ()
    """What was drawn there; a paragraph's first line has them for all its lines."""


class Canvas:
    """Cells being drawn.  Whatever falls outside is left out; nothing here raises for a size."""

    def __init__(
        self, width: int, height: int, ground: str, blocks: Blocks = Blocks.SEXTANT, theme: Theme = HOUSE
    ) -> None:
        self.width, self.height = width, height
        self.blocks, self.theme = blocks, theme
        self.touches: list[Touch] = []
        """Places to touch, the later ones on top."""
        self.written: list[Written] = []
        """Everything legible that was drawn, in drawing order, as it was drawn (cut where it was cut)."""
        plain = self._empty = Hand(palette.CREAM)
        self._ground = ground
        self._glyphs = [[" "] * width for _ in range(height)]
        self._hands = [[plain] * width for _ in range(height)]
        self._grounds = [[ground] * width for _ in range(height)]
        self._dimmed = 0.0
        self.stars: list[Region] = []
        """What may twinkle, one at a time."""
        self.steps: list[Region] = []
        """What may come one after the other when the view is new, in this order."""

    @property
    def words(self) -> list[str]:
        """The texts of `written`."""
        return [each.text for each in self.written]

    def fill(self, region: Region, ground: str) -> None:
        """Give a region another ground; what was written there goes."""
        region = region.intersection(Region(0, 0, self.width, self.height))
        for y in range(region.y, region.bottom):
            self._grounds[y][region.x : region.right] = [ground] * region.width
            self._glyphs[y][region.x : region.right] = [" "] * region.width

    def shade(self, region: Region, ground: str) -> None:
        """Give a region another ground under what is written there."""
        region = region.intersection(Region(0, 0, self.width, self.height))
        for y in range(region.y, region.bottom):
            self._grounds[y][region.x : region.right] = [ground] * region.width

    def dim(self, share: float) -> None:
        """Draw everything darker, by `share` (0..1) of the way to black; words stay legible."""
        self._dimmed = share

    def rule(self, x: int, y: int, length: int, ink: str, glyph: str = "▀") -> None:
        """A level line of one glyph."""
        hand = Hand(ink, shape=True)
        for column in range(x, x + length):
            self._put(column, y, glyph, hand)

    def write(self, x: int, y: int, text: str, hand: Hand, room: int | None = None) -> int:
        """Write plain text, cut to `room` cells (default: to the edge).

        Returns:
            Cells used.
        """
        shown = cut(text, min(self.width - x, self.width if room is None else room))
        if shown:
            self.written.append(Written(shown, x, y))
        return self._write(x, y, shown, hand)

    def write_spans(self, x: int, y: int, line: list[Span], plain: Hand, strong: Hand) -> int:
        """Write one line of a sentence, in two hands.

        Returns:
            Cells used.
        """
        self.written.append(Written("".join(clean(span.text) for span in line), x, y))
        used = 0
        for span in line:
            used += self._write(x + used, y, clean(span.text), strong if span.strong else plain)
        return used

    def write_middle(self, region: Region, y: int, text: str, hand: Hand) -> None:
        """Write plain text in the middle of a region's columns, on row `y` of the canvas."""
        shown = cut(text, region.width)
        self.write(region.x + (region.width - columns(shown)) // 2, y, shown, hand, region.width)

    def letter(self, x: int, y: int, text: str, face: Face, ink: str, ink_at_end: str | None = None) -> int:
        """Draw pixel lettering, its box's top left corner at (x, y).

        Args:
            x: Column.
            y: Row of the top of the box; a capital without accent begins lower (`Face.above`).
            text: A line that the face covers.
            face: The pixel font.
            ink: Colour of the letters.
            ink_at_end: If given, the colour runs from `ink` to this one, a cell at a time.

        Returns:
            Cells used.
        """
        text = clean(text)
        drawn = lettering.lettered(face, text, self.blocks)
        self.written.append(Written(text, x, y, face, drawn))
        across = len(drawn[0]) if drawn else 0
        hands = [
            Hand(ink if ink_at_end is None else self.theme.between(ink, ink_at_end, i / max(1, across - 1)))
            for i in range(across)
        ]
        for j, row in enumerate(drawn):
            for i, cell in enumerate(row):
                if cell.ink:
                    self._put(x + i, y + j, cell.glyph, hands[i])
        return across

    def letter_lines(
        self, x: int, y: int, lines: tuple[Line, ...], face: Face, plain: str, strong: str
    ) -> int:
        """Draw a paragraph of pixel lettering, the top of its ink at row `y`.

        Returns:
            Rows used.
        """
        drawn = paragraphs.drawn(lines, face, self.blocks)
        for i, line in enumerate(lines):
            text = "".join(clean(span.text) for span in line)
            self.written.append(Written(text, x, y, face, () if i else drawn))
        hands = (Hand(plain), Hand(strong))
        for j, row in enumerate(drawn):
            for i, cell in enumerate(row):
                if cell.ink:
                    self._put(x + i, y + j, cell.glyph, hands[cell.ink - 1])
        return len(drawn)

    def letter_middle(self, region: Region, y: int, text: str, face: Face, ink: str) -> None:
        """Draw pixel lettering in the middle of a region's columns."""
        across = lettering.width(face, clean(text), self.blocks)
        self.letter(region.x + (region.width - across) // 2, y, text, face, ink)

    def disc(self, x: int, y: int, rows: int, initial: str, ink: str, letter: str = palette.INK) -> None:
        """Draw a round disc, `rows` high and twice as many columns wide, with a letter in it."""
        initial = clean(initial)
        self.stamp(x, y, lettering.disc(2 * rows, rows, initial, self.blocks), (ink, letter))
        if initial and not lettering.has_face(initial):
            # A script that no pixel font has: the letter is written plainly in the disc's middle.
            size = columns(initial)
            middle = Region(x + rows - (size + 1) // 2, y + rows // 2, size, 1)
            self.shade(middle, ink)
            self._write(middle.x, middle.y, initial, Hand(letter, bold=True))

    def stamp(self, x: int, y: int, drawn: tuple[tuple[Cell, ...], ...], inks: tuple[str, ...]) -> None:
        """Put cells on the canvas; ink number n is `inks[n - 1]`, 0 is what lies there already."""
        for j, row in enumerate(drawn):
            for i, cell in enumerate(row):
                if not cell.ink:
                    continue
                if cell.ground and 0 <= y + j < self.height and 0 <= x + i < self.width:
                    self._grounds[y + j][x + i] = inks[cell.ground - 1]
                # Two inks in one cell are a letter on its disc: that is to be read.
                shape = cell.ground in {0, cell.ink}
                self._put(x + i, y + j, cell.glyph, Hand(inks[cell.ink - 1], shape=shape))

    def touch(self, region: Region, key: str, button: Region | None = None) -> None:
        """Let a region send a key when touched; `button` is what is drawn there, if that is less."""
        self.touches.append(Touch(region, key))
        button = region if button is None else button
        if self.theme.rims:
            rim = Hand(palette.CREAM, shape=True)
            for y in range(button.y, button.bottom):
                self._put(button.x, y, "▌", rim)
                self._put(button.right - 1, y, "▐", rim)

    def tinge(self, region: Region, ink: str) -> dict[tuple[int, int], Hand]:
        """Draw the shapes in a region in another ink.

        Returns:
            What they were drawn with, for `restore`.
        """
        before: dict[tuple[int, int], Hand] = {}
        region = region.intersection(Region(0, 0, self.width, self.height))
        for y in range(region.y, region.bottom):
            for x in range(region.x, region.right):
                if self._hands[y][x].shape and self._glyphs[y][x] != " ":
                    before[x, y] = self._hands[y][x]
        self.restore(dict.fromkeys(before, Hand(ink, shape=True)))
        return before

    def restore(self, hands: dict[tuple[int, int], Hand]) -> None:
        """Draw cells in the hands they had."""
        for (x, y), hand in hands.items():
            self._hands[y][x] = hand

    def key_at(self, x: int, y: int) -> str | None:
        """The key that a touch at (x, y) sends, or `None`."""
        for place in reversed(self.touches):
            if place.region.contains(x, y):
                return place.key
        return None

    def strip(self, y: int) -> Strip:
        """Row `y` as Textual draws it; exactly `width` cells."""
        segments: list[Segment] = []
        glyphs, hands, grounds = self._glyphs[y], self._hands[y], self._grounds[y]
        start, hand, ground = 0, (hands or [self._empty])[0], (grounds or [self._ground])[0]
        for x in range(1, self.width):
            # most share the very hand of the one before: that is asked quickly
            if grounds[x] != ground or (hands[x] is not hand and hands[x] != hand):
                segments.append(Segment("".join(glyphs[start:x]), self._style(hand, ground)))
                start, hand, ground = x, hands[x], grounds[x]
        segments.append(Segment("".join(glyphs[start:]), self._style(hand, ground)))
        return Strip(segments, self.width)

    def without(self, strip: Strip, region: Region) -> Strip:
        """A row of this canvas with nothing in the columns of a region."""
        blank = Strip([Segment(" " * region.width, self._style(self._empty, self._ground))])
        return Strip.join([strip.crop(0, region.x), blank, strip.crop(region.right, self.width)])

    def plain_row(self, y: int) -> str:
        """Row `y` as characters."""
        return "".join(self._glyphs[y])

    def _style(self, hand: Hand, ground: str) -> Style:
        return style_of(self.theme, hand.ink, ground, self._dimmed, hand.bold, hand.italic, hand.shape)

    def _write(self, x: int, y: int, text: str, hand: Hand) -> int:
        used = 0
        for character in text:
            size = get_character_cell_size(character)
            if size == 0:
                # A combining mark lives in the cell of its letter.
                if used and 0 <= y < self.height and 0 <= x + used - 1 < self.width:
                    self._glyphs[y][x + used - 1] += character
                continue
            if x + used + size > self.width:
                break
            self._put(x + used, y, character, hand)
            if size > 1:
                self._put(x + used + 1, y, "", hand)
            used += size
        return used

    def _put(self, x: int, y: int, glyph: str, hand: Hand) -> None:
        if not (0 <= y < self.height and 0 <= x < self.width):
            return
        row = self._glyphs[y]
        if glyph and not row[x] and x:
            row[x - 1] = " "  # the other half of a wide character that is written over
        if glyph and x + 1 < self.width and not row[x + 1] and row[x]:
            row[x + 1] = " "
        row[x] = glyph
        self._hands[y][x] = hand
