"""Turn what a running app shows into a PNG, without a display.

Walks the strips that the compositor would send to the terminal.  Each cell's
ground is a rectangle; block, sextant and octant glyphs are drawn as rectangles, exactly
as a terminal with built-in block glyphs draws them; every other character is
written with the first monospaced font of `MONO_FONTS` that is installed.
"""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.cells import get_character_cell_size
from rich.color import ColorType
from rich.style import Style
from textual.app import App

from kiosk.ui import palette
from kiosk.ui.blocks import dots_of
from kiosk.ui.themes import CONSOLE, HOUSE

CELL_WIDTH, CELL_HEIGHT = 16, 32
"""Pixels of one cell: 120x33 cells make a picture of 1920x1056."""

MONO_FONTS = (
    "JetBrainsMono-{}.ttf",
    "DejaVuSansMono-{}.ttf",
    "LiberationMono-{}.ttf",
)
"""Monospaced fonts, the most wanted first; looked for by name as Pillow finds installed fonts."""

FACES = {
    (False, False): ("Regular", ""),
    (True, False): ("Bold",),
    (False, True): ("Italic", "Oblique"),
    (True, True): ("BoldItalic", "BoldOblique"),
}
"""What the fonts call their faces, by (bold, italic)."""


def picture(app: App[object] | App[None]) -> Image.Image:
    """The screen as it is now, as an RGB image."""
    # Textual has no public way to the strips of a whole screen; this is the only place that reaches for them.
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - see above
    height = len(strips)
    width = app.size.width
    image = Image.new("RGB", (width * CELL_WIDTH, height * CELL_HEIGHT), HOUSE.ground(palette.INK))
    draw = ImageDraw.Draw(image)
    for y, strip in enumerate(strips):
        x = 0
        for text, style, _control in strip:
            for character in text:
                size = get_character_cell_size(character)
                # A mark without a width belongs to the letter before it.
                column = x - 1 if size == 0 else x
                _draw_cell(draw, column, y, character, size, style or Style.null())
                x += size
    return image


def save(app: App[object] | App[None], path: Path) -> None:
    """Write the screen as it is now to a PNG file."""
    picture(app).save(path, optimize=True)


def _draw_cell(draw: ImageDraw.ImageDraw, column: int, row: int, glyph: str, size: int, style: Style) -> None:
    left, top = column * CELL_WIDTH, row * CELL_HEIGHT
    ink, ground = _colour(style, ground=False), _colour(style, ground=True)
    if style.reverse:
        ink, ground = ground, ink
    if size:
        draw.rectangle((left, top, left + size * CELL_WIDTH - 1, top + CELL_HEIGHT - 1), fill=ground)
    if not glyph.strip():
        return
    dots = dots_of(glyph)
    if dots is None:
        font = _font(bold=bool(style.bold), italic=bool(style.italic))
        draw.text((left, top + round(CELL_HEIGHT * 0.76)), glyph, fill=ink, font=font, anchor="ls")
        return
    bits, across, down = dots
    for k in range(across * down):
        if bits >> k & 1:
            i, j = k % across, k // across
            draw.rectangle(
                (
                    left + i * CELL_WIDTH // across,
                    top + j * CELL_HEIGHT // down,
                    left + (i + 1) * CELL_WIDTH // across - 1,
                    top + (j + 1) * CELL_HEIGHT // down - 1,
                ),
                fill=ink,
            )


def _colour(style: Style, *, ground: bool) -> tuple[int, int, int]:
    colour = style.bgcolor if ground else style.color
    if colour is None or colour.is_default:
        code = HOUSE.ground(palette.INK) if ground else HOUSE.ink(palette.CREAM)
    elif colour.type is ColorType.STANDARD and colour.number is not None:
        code = CONSOLE[colour.number]
    else:
        return colour.get_truecolor()
    red, green, blue = bytes.fromhex(code[1:])
    return red, green, blue


@lru_cache(maxsize=4)
def _font(*, bold: bool, italic: bool) -> ImageFont.FreeTypeFont:
    for family in MONO_FONTS:
        for face in FACES[bold, italic]:
            try:
                # 0.6 em is what one cell of these fonts is wide.
                name = family.format(face).replace("-.", ".")
                return ImageFont.truetype(name, CELL_WIDTH / 0.602)
            except OSError:
                continue
    raise FileNotFoundError(f"no monospaced font is installed; looked for {', '.join(MONO_FONTS)}")
