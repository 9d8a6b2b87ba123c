"""A page for the door: what a badge does here, and what is kept of it."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import kiosk
from foyer.errors import UsageError
from plumbing.words import Say, Sentence

DPI = 200
SIZE = (1654, 2339)
"""A4 in dots."""

MARGIN, GAP = 150, 26
"""Dots: what printers may not reach and more; between two lines."""

FACE = Path(kiosk.__file__).parent / "ui/fonts/jersey-20.ttf"
"""The house face (OFL)."""

TITLE, BIG, SMALL, LEADING = 170, 96, 64, 1.08
"""Sizes in dots of the title, of what to do and of what is kept; from one line to the next, in sizes."""

SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})
"""The face has no narrow spaces."""


def lines(name: str, contact: str, days: int, say: Say) -> tuple[str, list[str], list[str]]:
    """Return what stands on the page: its title, what to do, and what is kept."""
    steps = [
        say("Lay your badge on the reader: you are in."),
        say("The screen names up to three people here whom you could meet, and says why."),
        say("Choose your mood of the day. “Heads-down” means: nobody is sent to you."),
        say("Once more later: your own card. And again within eight seconds: you leave."),
    ]
    kept = [
        say("Kept: when you come and go, and what you choose on the screen. No photograph, no location."),
        say("You decide who may read your name. Whoever hides is counted, never named."),
        say("Comings and goings are kept for {days} days.").format(days=days),
        say("The code on the screen opens your own page: read, change, take away."),
        say("No badge, or none wanted? Ask a host, or come in with your name and a PIN."),
    ]
    if contact:
        kept.append(say("Questions: {contact}").format(contact=contact))
    return say("Welcome to {name}").format(name=name), steps, kept


def drawn(name: str, contact: str, days: int, say: Say) -> Image.Image:
    """Return the page, black on white, its letters as large as there is room for."""
    texts = lines(name, contact, days, say)
    for percent in range(120, 30, -4):
        page = Image.new("L", SIZE, 255)
        if _written(ImageDraw.Draw(page), texts, percent / 100) <= SIZE[1] - MARGIN:
            return page
    raise UsageError(Sentence("that is too much for one page: choose a shorter name"))


def _written(pen: ImageDraw.ImageDraw, texts: tuple[str, list[str], list[str]], scale: float) -> int:
    """Write everything; return how far down it comes."""
    title, steps, kept = texts
    big, small = round(BIG * scale), round(SMALL * scale)
    top = _write(pen, MARGIN, title, round(TITLE * scale)) + 2 * GAP
    for number, step in enumerate(steps, 1):
        top = _write(pen, top, f"{number}\u00a0 {step}", big) + GAP
    pen.line((MARGIN, top + GAP, SIZE[0] - MARGIN, top + GAP), fill=0, width=6)
    top += 3 * GAP
    for line in kept:
        top = _write(pen, top, line, small) + GAP // 2
    return top


def _write(pen: ImageDraw.ImageDraw, top: int, text: str, size: int) -> int:
    """Write one text, broken into lines; return where the next one goes."""
    font = ImageFont.truetype(FACE, size)
    line = ""
    for word in (*text.split(" "), None):
        longer = line if word is None else f"{line} {word}".strip()
        if word is not None and font.getlength(longer.translate(SPACES)) <= SIZE[0] - 2 * MARGIN:
            line = longer
            continue
        pen.text((MARGIN, top), line.translate(SPACES), font=font, fill=0)
        top += round(size * LEADING)
        line = word or ""
    return top
