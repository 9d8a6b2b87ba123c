"""Dots to block glyphs: sextants (2 x 3 dots a cell), octants (2 x 4), or half blocks for rescue.

Pure.  A cell shows exactly two colours, so a picture of dots is first cut into
cells, and a cell with three colours keeps two.
"""

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, partial

Dots = tuple[bytes, ...]
"""Rows of dots, top first, all of one width; 0 is nothing, other values index a list of inks from 1."""


class Blocks(Enum):
    """Which glyphs draw dots."""

    SEXTANT = "sextant"
    OCTANT = "octant"
    HALF = "half"

    @property
    def across(self) -> int:
        """Dots side by side in a cell."""
        return 1 if self is Blocks.HALF else 2

    @property
    def down(self) -> int:
        """Dots above one another in a cell."""
        return _DOWN[self]

    @property
    def glyphs(self) -> str:
        """The character for each pattern of dots: bit k of its place is dot k, row by row from the top left.

        Source: Unicode 13, Symbols for Legacy Computing, of which the four sextant
        patterns that are older block characters are left out of U+1FB00..1FB3B; for
        octants Unicode 16, its Supplement, likewise without the 26 older ones.
        """
        return _GLYPHS[self]


@dataclass(frozen=True, slots=True)
class Cell:
    """One drawn cell: `glyph` in ink number `ink` on ink number `ground` (0: what is there already)."""

    glyph: str
    ink: int
    ground: int


def dots_of(glyph: str) -> tuple[int, int, int] | None:
    """The reverse of `Blocks.glyphs`, for whoever turns glyphs into pixels.

    Returns:
        Bits, dots across, dots down; `None` if the character is no block glyph of ours.
    """
    return _DOTS_OF.get(glyph)


def cells(dots: Dots, blocks: Blocks) -> tuple[tuple[Cell, ...], ...]:
    """Cut dots into cells, padding the right and the bottom with nothing."""
    if not dots or not dots[0]:
        return ()
    across, down = blocks.across, blocks.down
    width = -(-len(dots[0]) // across) * across
    height = -(-len(dots) // down) * down
    padded = [row.ljust(width, b"\0") for row in dots] + [bytes(width)] * (height - len(dots))
    cell = partial(_cell, blocks.glyphs)
    return tuple(
        tuple(map(cell, *(row[x::across] for row in padded[y : y + down] for x in range(across))))
        for y in range(0, height, down)
    )


_OLDER = {0: " ", 21: "▌", 42: "▐", 63: "█"}
"""Sextant patterns that had a character before Unicode 13."""

_OLDER_OCTANTS = {
    ord(pattern): glyph
    for pattern, glyph in zip(
        "\x00\xff\x0f\xf0\x55\xaa\x05\x0a\x50\xa0\x5f\xaf\xf5\xfa\xa5\x5a\xc0\xfc"
        "\x03\x3f\x01\x02\x40\x80\x14\x28",
        " █▀▄▌▐▘▝▖▗▛▜▙▟▚▞▂▆\U0001fb82\U0001fb85\U0001cea8\U0001ceab\U0001cea3\U0001cea0\U0001fbe6\U0001fbe7",
        strict=True,
    )
}
"""Octant patterns that have a character of their own, outside the run of octants."""


def _run(patterns: int, first: int, older: dict[int, str]) -> str:
    """A character for each pattern: its older one, else the next of the run that begins at `first`."""
    return "".join(
        older.get(bits, chr(first + bits - sum(each < bits for each in older))) for bits in range(patterns)
    )


_SEXTANTS = _run(64, 0x1FB00, _OLDER)
_OCTANTS = _run(256, 0x1CD00, _OLDER_OCTANTS)
_GLYPHS = {Blocks.SEXTANT: _SEXTANTS, Blocks.OCTANT: _OCTANTS, Blocks.HALF: " ▀▄█"}
_DOWN = {Blocks.SEXTANT: 3, Blocks.OCTANT: 4, Blocks.HALF: 2}


@lru_cache(maxsize=4096)
def _cell(glyphs: str, *values: int) -> Cell:
    """Return the cell for its dots, row by row; a screen shows the same few patterns again and again."""
    kinds = set(values)
    if len(kinds) == 1:
        value = values[0]
        return Cell(" ", 0, 0) if value == 0 else Cell("█", value, value)
    if 0 in kinds:
        # At an edge only the first ink shows: an outline stays whole, and a letter that reaches it gives way.
        ground, ink = 0, min(kinds - {0})
    else:
        # The ground of a letter on a disc is the letter: so the disc's own colour is always an ink, and a
        # terminal that has fewer grounds than inks draws it in one colour.
        ink, ground = sorted(value for value, _count in Counter(values).most_common(2))
    bits = sum(1 << k for k, value in enumerate(values) if value == ink)
    return Cell(glyphs[bits], ink, ground)


_DOTS_OF: dict[str, tuple[int, int, int]] = {
    **{_OCTANTS[bits]: (bits, 2, 4) for bits in range(1, 256)},
    **{_SEXTANTS[bits]: (bits, 2, 3) for bits in range(1, 64)},
    "▀": (0b01, 1, 2),
    "▄": (0b10, 1, 2),
    "█": (1, 1, 1),
    "▌": (0b01, 2, 1),
    "▐": (0b10, 2, 1),
    "▂": (0b1000, 1, 4),
    "▔": (0b00000001, 1, 8),
    "▁": (0b10000000, 1, 8),
}
