"""Pixel lettering: words drawn dot by dot, large enough to be read from across the room.

The fonts are grid-true: at the sizes below every dot of the design is one dot
of ours, so nothing is smoothed and nothing blurs.  Fonts are read once, at the
first word drawn with them, and drawn words are kept.

Source: sizes measured from the fonts' units per em (1400/75, 1350/50, 1292/38,
1230/30, 1024/128); heights from the tallest accented capital and the deepest cedilla.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kiosk.ui.blocks import Blocks, Cell, Dots, cells

FONTS = Path(__file__).parent / "fonts"
"""Where the fonts lie; their origin and licences are in `VENDOR.toml` there."""

MISSING = "\uffff"
"""A code point no font has: what it draws is the font's sign for a missing letter."""


MOST_OF_A_DISC = 0.85
"""How far a letter's corners may reach from a disc's middle, squared, where 1 is its edge."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One pixel font at its true size; heights in dots.  There is one of each: compared by identity."""

    file: str
    size: float
    cap: int
    """Height of a capital without an accent."""
    above: int
    """From the base line to the top of the tallest accented capital."""
    below: int
    """From the base line to the foot of the deepest letter."""
    pitch: int
    """From one base line to the next of a paragraph."""

    def rows(self, blocks: Blocks = Blocks.SEXTANT) -> int:
        """Rows of cells that a word in this face takes, whatever its letters: base lines never jump."""
        return -(-(self.above + self.below) // blocks.down)

    def cap_rows(self, blocks: Blocks = Blocks.SEXTANT) -> int:
        """Rows of cells from the base line up to the top of a capital."""
        return -(-self.cap // blocks.down)


JERSEY_25 = Face("jersey-25.ttf", 1230 / 30, cap=25, above=33, below=8, pitch=36)
JERSEY_20 = Face("jersey-20.ttf", 1292 / 38, cap=20, above=27, below=6, pitch=29)
JERSEY_15 = Face("jersey-15.ttf", 1350 / 50, cap=15, above=21, below=6, pitch=22)
JERSEY_10 = Face("jersey-10.ttf", 1400 / 75, cap=10, above=14, below=4, pitch=15)
TINY_5 = Face("tiny5.ttf", 1024 / 128, cap=5, above=8, below=1, pitch=9)

FACES = (JERSEY_25, JERSEY_20, JERSEY_15, JERSEY_10, TINY_5)
"""Every face, the largest first."""


COMMON_LETTERS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ’'«»“”…!?:;,.-+"
)
"""What is looked up before the first person comes."""


def warm_up(blocks: Blocks = Blocks.SEXTANT) -> None:
    """Read the fonts and look up common letters, so that the first greeting is as quick as the next ones."""
    for face in FACES:
        covers(face, COMMON_LETTERS)
        lettered(face, COMMON_LETTERS, blocks)


def covers(face: Face, text: str) -> bool:
    """Whether the face has every letter of the text.  A missing letter would otherwise be a box."""
    return all(_has(face, character) for character in _drawable(text))


def width(face: Face, text: str, blocks: Blocks = Blocks.SEXTANT) -> int:
    """Cells across that the text takes in this face."""
    return -(-width_dots(face, text) // blocks.across)


def largest_face(
    text: str, columns: int, rows: int, faces: Sequence[Face] = FACES, blocks: Blocks = Blocks.SEXTANT
) -> Face | None:
    """The first of the faces in which the whole text fits.

    Args:
        text: One line.
        columns: Cells across that there are.
        rows: Cells down that there are.
        faces: The candidates, the most wanted first.
        blocks: The kind of glyph that will draw it.

    Returns:
        `None` if it fits in none, or no face has its letters: then it is plain text.
    """
    if not text.strip():
        return None
    for face in faces:
        if face.rows(blocks) <= rows and covers(face, text) and width(face, text, blocks) <= columns:
            return face
    return None


@lru_cache(maxsize=512)
def dots(face: Face, text: str) -> Dots:
    """The text as dots, `face.above + face.below` rows high, as wide as it needs; dots are 0 or 1."""
    text = _drawable(text)
    across = max(1, width_dots(face, text))
    rows = [0] * (face.above + face.below)
    x = 0
    for character in text:
        glyph = _glyph(face, character)
        beyond = across - (x + glyph.right)
        for y, inked in glyph.inked:
            rows[y] |= inked << beyond if beyond >= 0 else inked >> -beyond
        x += glyph.advance
    seen = (1 << across) - 1  # an accent may reach out at the left
    return tuple(f"{row & seen:0{across}b}".encode().translate(_DOTS) for row in rows)


@lru_cache(maxsize=512)
def lettered(face: Face, text: str, blocks: Blocks) -> tuple[tuple[Cell, ...], ...]:
    """The text as cells, always `face.rows(blocks)` rows."""
    return cells(dots(face, text), blocks)


def blank_rows(face: Face, text: str, blocks: Blocks) -> tuple[int, int]:
    """Rows of the text's box that stay empty at its top (no accents) and at its foot (no descenders)."""
    inked = [any(cell.ink for cell in row) for row in lettered(face, text, blocks)]
    if not any(inked):
        return 0, 0
    return inked.index(True), inked[::-1].index(True)


def has_face(letter: str) -> bool:
    """Whether some face has the letter at all."""
    return bool(letter.strip()) and any(covers(face, letter) for face in FACES)


@lru_cache(maxsize=256)
def disc(columns: int, rows: int, initial: str, blocks: Blocks) -> tuple[tuple[Cell, ...], ...]:
    """A filled disc with a letter in it: ink 1 is the disc, ink 2 the letter.

    Args:
        columns: Cells across; twice the rows looks round in a terminal's cells.
        rows: Cells down, 1 or more.
        initial: One letter; left out if no face has it at a size that fits.
        blocks: The kind of glyph; half blocks are too coarse for a letter in a small disc.
    """
    # A dot stays free at the right and at the foot, so that discs in neighbouring cells do not grow together.
    across, down = columns * blocks.across - 1, rows * blocks.down - 1
    image = Image.new("L", (across, down))
    middle_x, middle_y = (across - 1) / 2, (down - 1) / 2
    pixels = bytearray(across * down)
    for y in range(down):
        for x in range(across):
            if ((x - middle_x) / (across / 2)) ** 2 + ((y - middle_y) / (down / 2)) ** 2 <= 1:
                pixels[y * across + x] = 1
    image.frombytes(bytes(pixels))
    # An accent may be what does not fit: an E in the disc of an Élodie is better than no letter.
    for letter in (initial, unicodedata.normalize("NFD", initial)[:1]):
        face = _face_in_disc(letter, across, down)
        if face is not None:
            _put_initial(image, face, letter)
            break
    data = image.tobytes()
    return cells(tuple(data[y * across : (y + 1) * across] for y in range(down)), blocks)


def _face_in_disc(initial: str, across: int, down: int) -> Face | None:
    for face in FACES:
        if not initial.strip() or not covers(face, initial):
            continue
        left, top, right, bottom = _ink_box(face, initial)
        # As if it were at least an M: letters in discs of one size are of one size.
        wide = _ink_box(face, "M")
        left, top, right, bottom = (
            min(left, wide[0]),
            min(top, wide[1]),
            max(right, wide[2]),
            max(bottom, wide[3]),
        )
        if ((right - left) / across) ** 2 + ((bottom - top) / down) ** 2 <= MOST_OF_A_DISC:
            return face
    return None


def _put_initial(image: Image.Image, face: Face, initial: str) -> None:
    left, top, right, bottom = _ink_box(face, initial)
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    x = round((image.width - (right - left)) / 2) - left
    y = round((image.height - (bottom - top)) / 2) - top
    draw.text((x, y), initial, fill=2, font=_font(face), anchor="ls")


def _ink_box(face: Face, text: str) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the inked dots around the base line's start; right and bottom excluded."""
    room = 2 * face.above
    image = Image.new("L", (2 * room, 2 * room))
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    draw.text((room, room), _drawable(text), fill=1, font=_font(face), anchor="ls")
    box = image.getbbox() or (room, room, room, room)
    return box[0] - room, box[1] - room, box[2] - room, box[3] - room


@lru_cache(maxsize=1024)
def _drawable(text: str) -> str:
    # The narrow no-break space of French typography is in none of the fonts.
    return unicodedata.normalize("NFC", text).replace("\u202f", "\u00a0")


@lru_cache(maxsize=8)
def _font(face: Face) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / face.file, face.size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _has(face: Face, character: str) -> bool:
    if character in {" ", "\u00a0"}:
        return True
    font = _font(face)
    mask, missing = font.getmask(character, "1"), font.getmask(MISSING, "1")
    return mask.size != missing.size or bytes(mask) != bytes(missing)


@dataclass(frozen=True, slots=True)
class _Glyph:
    """One letter's dots: no face has kerning, so a word is its letters side by side."""

    advance: int
    """Dots from this letter's start to the next one's."""
    right: int
    """Dots from this letter's start to the end of its rows: an accent may be wider than its letter."""
    inked: tuple[tuple[int, int], ...]
    """Rows that have ink, counted from the top of the box, and their dots as bits, the leftmost highest."""


@lru_cache(maxsize=4096)
def _glyph(face: Face, character: str) -> _Glyph:
    room = 4 * face.above  # more than any letter takes, on either side
    image = Image.new("L", (2 * room, face.above + face.below))
    # Not "1", whose bytes are packed bits: a byte a dot is what follows.  `fontmode` keeps it sharp.
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    draw.text((room, face.above), character, fill=1, font=_font(face), anchor="ls")
    data = image.tobytes()
    rows = (data[y * image.width : (y + 1) * image.width] for y in range(image.height))
    inked = ((y, int(row.translate(_DIGITS), 2)) for y, row in enumerate(rows) if any(row))
    return _Glyph(round(_font(face).getlength(character, "1")), room, tuple(inked))


_DIGITS = bytes.maketrans(b"\0\1", b"01")
_DOTS = bytes.maketrans(b"01", b"\0\1")


def width_dots(face: Face, text: str) -> int:
    """Dots across that the text takes in this face."""
    return sum(_glyph(face, character).advance for character in _drawable(text))
