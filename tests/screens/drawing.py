"""Views as the terminal would get them, standing still: cells, text that a diff can show, pictures."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from rich.style import Style
from textual.pilot import Pilot
from textual.strip import Strip

from kiosk.core.aside import Aside
from kiosk.core.views import View
from kiosk.ui import palette, picture
from kiosk.ui.app import KioskApp
from kiosk.ui.picture import Press

SNAPSHOTS = Path(__file__).parent / "snapshots"
PICTURES = Path(__file__).parents[2] / "docs/pictures"
FONTS = Path(__file__).parent / "fonts"

OUR_FONTS = (f"{FONTS}/JetBrainsMono-{{}}.ttf", f"{FONTS}/DejaVuSansMono-Signs.ttf")
"""The same on every machine, so that a picture is the same too."""

DRAWN = "Drawn"
"""Under this name a picture carries the digest of the cells it shows."""

PRINTED = "1"
"""Part of that digest: another number wherever the same cells are printed in another way than before."""

COLOUR_NAMES = {
    value: name.lower().replace("_", " ")
    for name, value in vars(palette).items()
    if name.isupper() and isinstance(value, str) and value.startswith("#")
}
"""What snapshots call the house's colours; another one stands there as it is."""


class Stand:
    """A running app without a terminal, on which views stand still: nothing counts down and nothing moves."""

    def __init__(self, app: KioskApp, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    async def show(self, view: View, aside: Aside | None = None) -> list[Strip]:
        """Show a view; return the rows of the screen."""
        self.app.show(view)
        if aside is not None:
            self.app.aside_is(aside)
        for node in (self.app, self.app.screen, *self.app.screen.walk_children()):
            for timer in node._timers:
                timer.pause()
        await self._pilot.pause()
        return picture.strips(self.app)


@asynccontextmanager
async def standing(size: tuple[int, int]) -> AsyncIterator[Stand]:
    """Open an app of some columns and rows."""
    app = KioskApp(on_key=lambda _key: None)
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        yield Stand(app, pilot)


def snapshot(rows: list[Strip]) -> str:
    """Return rows as text: what is written, then in which colours, run by run, then what the colours are."""
    codes: dict[str, str] = {}
    styled = []
    for strip in rows:
        runs = []
        for style, cells in groupby(_cells(strip), key=lambda cell: cell[1]):
            code = codes.setdefault(style, _code(len(codes)))
            runs.append(f"{code}{sum(size for size, _ in cells)}")
        styled.append(" ".join(runs))
    legend = [f"{code} {style}" for style, code in codes.items()]
    return "\n".join([*(strip.text.rstrip() for strip in rows), "-----", *styled, "-----", *legend, ""])


def digest(text: str) -> str:
    """Return what stands for a snapshot inside its picture."""
    return sha256(f"{PRINTED}\n{text}".encode()).hexdigest()[:32]


def save(rows: list[Strip], width: int, path: Path, cell: tuple[int, int], about: Mapping[str, str]) -> None:
    """Print rows of cells as a PNG, with the fonts that are the same everywhere."""
    image = picture.printed(rows, width, Press(*cell, OUR_FONTS))
    picture.save(image, path, about)


def _cells(strip: Strip) -> list[tuple[int, str]]:
    return [(segment.cell_length, _named(segment.style or Style.null())) for segment in strip if segment.text]


def _named(style: Style) -> str:
    ink, ground = ("#" + bytes(colour).hex() for colour in picture.colours(style))
    marks = "".join(f" {mark}" for mark in ("bold", "italic", "underline", "dim") if getattr(style, mark))
    return f"{COLOUR_NAMES.get(ink, ink)} on {COLOUR_NAMES.get(ground, ground)}{marks}"


def _code(number: int) -> str:
    """Return a, b, ... z, ba, bb, ... as short names of styles."""
    code = ""
    while True:
        number, letter = divmod(number, 26)
        code = chr(ord("a") + letter) + code
        if not number:
            return code
