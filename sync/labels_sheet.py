"""Draw sheets of labels, for a printer: PDF or PNG at 300 dots an inch; the hub's home of segno and Pillow.

Black and white only: a laser printer and a scanner want nothing else, and a sheet is a few kilobytes.
"""

import io
import re
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from sync.labels import A4_21, Label, Sheet, sheets

DPI = 300

QR_MM = 29.0
"""The code with its quiet zone: a module of about a millimetre, which an old camera reads from 30 cm."""

QUIET_MODULES = 4
"""Empty modules around a QR code.  Source: ISO/IEC 18004."""

RIM_MM = 3.0
"""What printers may not reach, and what a label that lies a little askew loses."""

FONT = Path(__file__).parent / "fonts" / "jersey-20.ttf"
"""The kiosk's own face (OFL); it has every letter of European languages in Latin script."""

OTHER_FONTS = ("NotoSansCJK-Bold.ttc", "NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf")
"""Asked for names in other scripts, if the machine has them; else the label has its code alone."""

NAME_SIZES = (108, 96, 84, 72, 64, 56, 48, 40, 34)
"""Dots; the largest at which a name fits."""

MOST_LINES = 2

CODE_SIZE = 56

BLACK, WHITE = 0, 255


def as_pdf(labels: tuple[Label, ...]) -> bytes:
    """Return all sheets as one PDF; one empty sheet if there is no label."""
    pages = [image.convert("1", dither=Image.Dither.NONE) for image in drawn(labels)]
    written = io.BytesIO()
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, title="Foyer")
    return written.getvalue()


def as_pngs(labels: tuple[Label, ...]) -> tuple[bytes, ...]:
    """Return each sheet as a PNG; one empty sheet if there is no label."""
    files = []
    for page in drawn(labels):
        written = io.BytesIO()
        page.convert("1", dither=Image.Dither.NONE).save(written, "PNG", dpi=(DPI, DPI))
        files.append(written.getvalue())
    return tuple(files)


def drawn(labels: tuple[Label, ...], sheet: Sheet = A4_21) -> tuple[Image.Image, ...]:
    """Return each sheet as a picture in grey."""
    return tuple(_page(page, sheet) for page in sheets(labels, sheet) or ((),))


def _page(labels: tuple[Label, ...], sheet: Sheet) -> Image.Image:
    image = Image.new("L", (_dots(sheet.width), _dots(sheet.height)), WHITE)
    draw = ImageDraw.Draw(image)
    for line in sheet.cuts():
        draw.line([_dots(each) for each in line], fill=BLACK, width=2)
    for place, label in enumerate(labels):
        x, y = sheet.at(place)
        _label(image, draw, (_dots(x), _dots(y)), label, sheet)
    return image


def _label(
    image: Image.Image, draw: ImageDraw.ImageDraw, corner: tuple[int, int], label: Label, sheet: Sheet
) -> None:
    rim, height = _dots(RIM_MM), _dots(sheet.label_height)
    code = _qr(label.number)
    left, top = corner
    image.paste(code, (left + rim, top + (height - code.height) // 2))
    x = left + rim + code.width + rim // 2
    room = left + _dots(sheet.label_width) - rim - x
    font = ImageFont.truetype(FONT, CODE_SIZE)
    lines, name_font = _name(label.name, room)
    line_height = round(name_font.size * 1.05)
    block = len(lines) * line_height + CODE_SIZE + rim // 2
    y = top + (height - block) // 2
    for line in lines:
        draw.text((x, y), line, font=name_font, fill=BLACK)
        y += line_height
    draw.text((x, y + rim // 2), label.code, font=font, fill=BLACK)


def _qr(number: str) -> Image.Image:
    """Return the code with its quiet zone, drawn in whole dots."""
    matrix = segno.make(number, error="m", micro=False).matrix
    modules = len(matrix) + 2 * QUIET_MODULES
    scale = max(1, _dots(QR_MM) // modules)
    small = Image.new("L", (modules, modules), WHITE)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                small.putpixel((x + QUIET_MODULES, y + QUIET_MODULES), BLACK)
    return small.resize((modules * scale, modules * scale), Image.Resampling.NEAREST)


def _name(name: str, room: int) -> tuple[tuple[str, ...], ImageFont.FreeTypeFont]:
    """Return a name in one or two lines, and the face in which it fits.

    No line if no face has its letters.
    """
    face = next((path for path in (str(FONT), *OTHER_FONTS) if _has(path, name)), None)
    if face is None:
        return (), ImageFont.truetype(FONT, CODE_SIZE)
    for size in NAME_SIZES:
        font = ImageFont.truetype(face, size)
        lines = _wrapped(name, font)
        if len(_wrapped(name, font, room)) <= MOST_LINES and max(map(font.getlength, lines)) <= room:
            return _wrapped(name, font, room), font
    font = ImageFont.truetype(face, NAME_SIZES[-1])
    shown = list(_wrapped(name, font, room)[:MOST_LINES])
    return tuple(_cut(line, font, room) for line in shown), font


def _wrapped(name: str, font: ImageFont.FreeTypeFont, room: int = 0) -> tuple[str, ...]:
    """Return a name broken at its spaces and after its hyphens, into as few lines as have room."""
    lines: list[str] = []
    for piece in re.findall(r"[^\s-]*-|[^\s-]+|\s+", name.strip()):
        if lines and font.getlength((lines[-1] + piece).strip()) <= room:
            lines[-1] += piece
        elif piece.strip():
            lines.append(piece)
    return tuple(line.strip() for line in lines)


def _cut(line: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    if font.getlength(line) <= room:
        return line
    while line and font.getlength(f"{line}…") > room:
        line = line[:-1]
    return f"{line}…"


def _has(face: str, name: str) -> bool:
    """Say whether a face has every letter of a name: one it lacks is drawn as a box."""
    try:
        font = ImageFont.truetype(face, 24)
    except OSError:
        return False
    box = bytes(font.getmask("\uffff"))
    return all(bytes(font.getmask(letter)) != box for letter in name if not letter.isspace())


def _dots(millimetres: float) -> int:
    return round(millimetres * DPI / 25.4)
