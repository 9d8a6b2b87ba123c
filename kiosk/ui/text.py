"""Plain text that fits its cells, whatever script a name is written in.

Pure.  Terminals disagree about joined emoji, flags and control characters, so
those are left out; what remains has a width everybody agrees on.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.cells import get_character_cell_size

from kiosk.core.pieces import Span

MARKS_AT_MOST = 2
"""Combining marks kept on one letter: enough for every living spelling, too few to climb over other lines."""

ELLIPSIS = "…"

_JOINERS = (
    range(0xFE00, 0xFE10),  # variation selectors
    range(0x1F1E6, 0x1F200),  # halves of flags
    range(0x1F3FB, 0x1F400),  # skin tones
    range(0x20E3, 0x20E4),  # keycap
)
"""Code points that join with their neighbours into signs of disputed width."""


_RUNS = re.compile(r" +|[^ ]+")
"""Spaces, or everything between two of them."""


@lru_cache(maxsize=2048)
def clean(text: str) -> str:
    """The text with accents composed, and without anything terminals measure differently."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        if character.isspace():
            # No-break spaces keep their meaning; line ends and tabs become a space.
            kept.append(character if character in "\u00a0\u202f" else " ")
            marks = 0
        elif _unsafe(character):
            continue
        elif get_character_cell_size(character) == 0:
            marks += 1
            if kept and marks <= MARKS_AT_MOST:
                kept.append(character)
        else:
            marks = 0
            kept.append(character)
    return "".join(kept)


def columns(text: str) -> int:
    """Cells across that a cleaned text takes."""
    if text.isascii():
        return len(text)
    return sum(get_character_cell_size(character) for character in text)


def cut(text: str, room: int) -> str:
    """The text, cleaned, in at most `room` cells; an ellipsis says that something is missing."""
    text = clean(text)
    if columns(text) <= room:
        return text
    if room <= 0:
        return ""
    kept, used = "", 0
    for character in text:
        size = get_character_cell_size(character)
        if used + size > room - 1:
            break
        kept, used = kept + character, used + size
    return kept.rstrip() + ELLIPSIS


def wrap(spans: Iterable[Span], room: int, rows: int | None = None) -> list[list[Span]]:
    """Break a sentence into lines at its spaces.

    Args:
        spans: The sentence, in pieces that keep their emphasis.
        room: Cells across, 1 or more.  A longer word is broken where the line ends.
        rows: At most this many lines, or `None` for as many as it takes; the last
            one ends in an ellipsis if something is left over.
    """
    lines: list[list[Span]] = []
    line: list[Span] = []
    used = 0
    for word in _words(spans, room):
        size = sum(columns(piece.text) for piece in word)
        blank = sum(columns(piece.text.rstrip(" ")) for piece in word)
        if line and used + blank > room:
            lines.append(line)
            line, used = [], 0
        line.extend(word)
        used += size
    if line:
        lines.append(line)
    if rows is not None and len(lines) > rows:
        lines = lines[: max(rows, 0)]
        if lines:
            lines[-1] = _shortened(lines[-1], room)
    return [_trimmed(each) for each in lines]


def wrap_text(text: str, room: int, rows: int | None = None) -> list[str]:
    """`wrap` for a sentence without emphasis."""
    return ["".join(span.text for span in line) for line in wrap((Span(text),), room, rows)]


@lru_cache(maxsize=1024)
def _unsafe(character: str) -> bool:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return True
    return any(ord(character) in points for points in _JOINERS)


def _words(spans: Iterable[Span], room: int) -> Iterator[list[Span]]:
    """Words with the spaces that follow them; a word may change emphasis inside ("traduction,")."""
    word: list[Span] = []
    size = 0
    for span in spans:
        for run in _RUNS.findall(clean(span.text)):
            blank = run[0] == " "
            for piece in (run,) if blank or size + columns(run) <= room else run:
                wide = columns(piece)
                ended = bool(word) and word[-1].text.endswith(" ") and not blank
                if ended or (size + wide > room and not blank):
                    yield word
                    word, size = [], 0
                if word and word[-1].strong == span.strong:
                    word[-1] = Span(word[-1].text + piece, span.strong)
                else:
                    word.append(Span(piece, span.strong))
                size += wide
    if word:
        yield word


def _shortened(line: list[Span], room: int) -> list[Span]:
    line = _trimmed(line)
    while line and sum(columns(span.text) for span in line) > room - 1:
        last = line.pop()
        if len(last.text) > 1:
            line.append(Span(last.text[:-1], last.strong))
    last = line.pop() if line else Span("")
    return [*line, Span(last.text.rstrip(" .,;:") + ELLIPSIS, last.strong)]


def _trimmed(line: list[Span]) -> list[Span]:
    trimmed = list(line)
    while trimmed and not trimmed[-1].text.rstrip(" "):
        trimmed.pop()
    if trimmed:
        trimmed[-1] = Span(trimmed[-1].text.rstrip(" "), trimmed[-1].strong)
    return trimmed
