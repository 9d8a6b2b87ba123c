"""The views and their snapshots, which lie beside the tests of the screens, and lettering to look for."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "screens"))

import drawing
import states

from kiosk.bootstrap import LOCALE
from kiosk.ui import lettering
from kiosk.ui.blocks import Blocks
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, TINY_5, lettered
from plumbing import words

__all__ = ["drawing", "lettered_dots", "lettered_ways", "states"]

FACES = (JERSEY_20, JERSEY_15, JERSEY_10, TINY_5)


def lettered_ways(*sentences: str, **values: str) -> list[str]:
    """What tells of headlines on a terminal's screen: in each language plainly, and a row of each face."""
    ways = []
    for catalogue in words.load("kiosk", LOCALE).values():
        for sentence in sentences:
            text = catalogue.gettext(sentence).format(**values)
            ways.append(text)
            for face in FACES:
                drawn = lettered(face, text, Blocks.SEXTANT)
                rows = ["".join(cell.glyph for cell in row).strip() for row in drawn]
                ways.append(max(rows, key=lambda row: len(set(row))))
    return ways


def lettered_dots(*sentences: str, **values: str) -> list[list[str]]:
    """The same headlines as dots, "#" and ".", the rows of each face without the empty ones around them."""
    ways = []
    for catalogue in words.load("kiosk", LOCALE).values():
        for sentence in sentences:
            for face in FACES:
                dots = lettering.dots(face, catalogue.gettext(sentence).format(**values))
                rows = ["".join("#" if dot else "." for dot in row) for row in dots]
                ways.append([row for row in rows if "#" in row])
    return ways
