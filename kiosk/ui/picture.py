"""Turn what a running app shows into a PNG, without a display.

Walks the strips that the compositor would send to the terminal.  Each cell's
ground is a rectangle; block, sextant and octant glyphs are drawn as rectangles, exactly
as a terminal with built-in block glyphs draws them; every other character is
written with the first monospaced font that has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin
from rich.cells import get_character_cell_size
from rich.color import ColorType
from rich.style import Style
from textual.app import App
from textual.strip import Strip

from kiosk.ui import palette
from kiosk.ui.blocks import dots_of
from kiosk.ui.themes import CONSOLE, HOUSE

MONO_FONTS = (
    "JetBrainsMono-{}.ttf",
    "DejaVuSansMono-{}.ttf",
    "LiberationMono-{}.ttf",
)
"""Monospaced fonts, the most wanted first; looked for by name as Pillow finds installed fonts."""

FACES = {
    (False, False): ("Regular", ""),
    (True, False): ("Bold", "Regular"),
    (False, True): ("Italic", "Oblique", "Regular"),
    (True, True): ("BoldItalic", "BoldOblique", "Bold"),
}
"""What the fonts call their faces, by (bold, italic), the most wanted first."""

EM = 0.6
"""What one cell of these fonts is wide, in font sizes; terminals take the whole number of pixels below."""

SHADES = 4
"""Steps from ground to ink at the edge of a letter: few enough that a whole picture keeps to a palette."""

NO_CHARACTER = "\uffff"
"""Whatever a font draws for this, it draws for every character that it lacks."""

PALETTE_AT_MOST = 256


@dataclass(frozen=True, slots=True)
class Press:
    """How cells become pixels."""

    width: int = 16
    height: int = 32
    """Pixels of one cell: 120x33 cells make a picture of 1920x1056."""
    fonts: tuple[str, ...] = MONO_FONTS
    """File names or paths, with {} for the face; the first font that has a character writes it."""


def strips(app: App[object] | App[None]) -> list[Strip]:
    """The rows of the screen as the terminal would get them now, the first on top."""
    # Textual has no public way to the strips of a whole screen; this is the only place that reaches for them.
    return app.screen._compositor.render_strips()  # noqa: SLF001 - see above


def picture(app: App[object] | App[None], press: Press = Press()) -> Image.Image:
    """The screen as it is now, as an RGB image."""
    return printed(strips(app), app.size.width, press)


def printed(rows: list[Strip], width: int, press: Press = Press()) -> Image.Image:
    """Rows of `width` cells, as an RGB image.

    Raises:
        FileNotFoundError: None of the fonts is there.
    """
    image = Image.new("RGB", (width * press.width, len(rows) * press.height), HOUSE.ground(palette.INK))
    draw = ImageDraw.Draw(image)
    for y, strip in enumerate(rows):
        x = 0
        for text, style, _control in strip:
            for character in text:
                size = get_character_cell_size(character)
                # A mark without a width belongs to the letter before it.
                column = x - 1 if size == 0 else x
                _draw_cell(draw, press, (column, y), character, size, style or Style.null())
                x += size
    return image


def save(image: Image.Image, path: Path, about: Mapping[str, str] = {}) -> None:
    """Write a PNG file as small as its colours allow, with lines of text about it inside."""
    facts = PngImagePlugin.PngInfo()
    for name, text in about.items():
        facts.add_text(name, text)
    if image.getcolors(PALETTE_AT_MOST) is not None:
        image = image.quantize(PALETTE_AT_MOST, dither=Image.Dither.NONE)
    image.save(path, optimize=True, pnginfo=facts)


def _draw_cell(
    draw: ImageDraw.ImageDraw, press: Press, place: tuple[int, int], glyph: str, size: int, style: Style
) -> None:
    left, top = place[0] * press.width, place[1] * press.height
    ink, ground = colours(style)
    if size:
        draw.rectangle((left, top, left + size * press.width - 1, top + press.height - 1), fill=ground)
    if not glyph.strip():
        return
    dots = dots_of(glyph)
    if dots is None:
        mask = _written(glyph, press, bold=bool(style.bold), italic=bool(style.italic))
        draw.bitmap((left - press.width, top), mask, fill=ink)
        return
    bits, across, down = dots
    for k in range(across * down):
        if bits >> k & 1:
            i, j = k % across, k // across
            draw.rectangle(
                (
                    left + i * press.width // across,
                    top + j * press.height // down,
                    left + (i + 1) * press.width // across - 1,
                    top + (j + 1) * press.height // down - 1,
                ),
                fill=ink,
            )


def colours(style: Style) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """The colours of a cell in red, green and blue: its ink, then its ground."""
    ink, ground = _colour(style, ground=False), _colour(style, ground=True)
    return (ground, ink) if style.reverse else (ink, ground)


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


@lru_cache(maxsize=1024)
def _written(glyph: str, press: Press, *, bold: bool, italic: bool) -> Image.Image:
    """A character as a mask of 0 to 255: four cells wide, its own the second, for what leans out of it."""
    mask = Image.new("L", (4 * press.width, press.height))
    font = _font_with(glyph, press, bold=bold, italic=italic)
    # Letters stand as deep as the font is high: so foot sets them where lines leave no room to spare.
    baseline = min(_fonts(press, bold=bold, italic=italic)[0].getmetrics()[0], press.height)
    ImageDraw.Draw(mask).text((press.width, baseline), glyph, fill=255, font=font, anchor="ls")
    return mask.point([round(round(value / 255 * SHADES) / SHADES * 255) for value in range(256)])


def _font_with(glyph: str, press: Press, *, bold: bool, italic: bool) -> ImageFont.FreeTypeFont:
    """The first font that has a character; the first of all if none has."""
    fonts = _fonts(press, bold=bold, italic=italic)
    return next((font for font in fonts if _has(font, glyph)), fonts[0])


def _fonts(press: Press, *, bold: bool, italic: bool) -> list[ImageFont.FreeTypeFont]:
    fonts = [font for family in press.fonts if (font := _font(family, press.width, bold=bold, italic=italic))]
    if not fonts:
        raise FileNotFoundError(f"no monospaced font is installed; looked for {', '.join(press.fonts)}")
    return fonts


def _has(font: ImageFont.FreeTypeFont, glyph: str) -> bool:
    return bytes(font.getmask(glyph)) != bytes(font.getmask(NO_CHARACTER))


@lru_cache(maxsize=64)
def _font(family: str, cell_width: int, *, bold: bool, italic: bool) -> ImageFont.FreeTypeFont | None:
    for face in FACES[bold, italic]:
        try:
            return ImageFont.truetype(family.format(face).replace("-.", "."), int(cell_width / EM))
        except OSError:
            continue
    return None
