"""Sentences in pixel lettering: several lines, close together, the words that matter in another ink."""

from collections.abc import Sequence
from functools import lru_cache

from kiosk.core.pieces import Span
from kiosk.ui import lettering
from kiosk.ui.blocks import Blocks, Cell, cells
from kiosk.ui.lettering import Face
from kiosk.ui.text import clean

Line = tuple[Span, ...]

PLAIN, STRONG = 1, 2
"""Numbers of the two inks of a paragraph."""

SMALL_ACCENT = 2
"""Dots by which an accent on a small letter is higher than a capital, in every face."""

_STRONGER = bytes.maketrans(bytes((PLAIN,)), bytes((STRONG,)))


def set_lines(spans: Sequence[Span], face: Face, room: int, blocks: Blocks) -> tuple[Line, ...] | None:
    """Break a sentence into lines of lettering.

    Args:
        spans: The sentence.
        face: The pixel font.
        room: Cells across, 1 or more.
        blocks: The kind of glyph that will draw it.

    Returns:
        `None` if the face lacks a letter, or a word is wider than the room.
    """
    if not lettering.covers(face, clean(_text(spans))):
        return None
    lines: list[Line] = []
    line: Line = ()
    for word in _words(spans):
        longer = (*line, *word)
        if lettering.width(face, clean(_text(longer)).rstrip(" "), blocks) <= room:
            line = longer
        elif not line or lettering.width(face, clean(_text(word)).rstrip(" "), blocks) > room:
            return None
        else:
            lines.append(_joined(line))
            line = word
    if line:
        lines.append(_joined(line))
    return tuple(lines)


def rows(lines: tuple[Line, ...], face: Face, blocks: Blocks) -> int:
    """Rows of cells that the lines take together."""
    return len(drawn(lines, face, blocks))


@lru_cache(maxsize=64)
def drawn(lines: tuple[Line, ...], face: Face, blocks: Blocks) -> tuple[tuple[Cell, ...], ...]:
    """The lines as cells, without empty rows above and below: ink 1 is plain, ink 2 strong."""
    inked = [_inked(face, line) for line in lines]
    across = max((len(row) for line in inked for row in line), default=0)
    if not across:
        return ()
    high = face.above + face.below + (len(lines) - 1) * face.pitch
    dots = [bytes(across)] * high
    for i, line in enumerate(inked):
        for j, row in enumerate(line):
            y = i * face.pitch + j
            wide = row.ljust(across, b"\0")
            dots[y] = bytes(map(max, dots[y], wide)) if any(dots[y]) else wide
    # Most lines reach as high as an accent on a small letter: so paragraphs side by side are level.
    spare = next((y for y, row in enumerate(dots) if any(row)), 0)
    del dots[: min(spare, face.above - face.cap - SMALL_ACCENT)]
    while dots and not any(dots[-1]):
        del dots[-1]
    return cells(tuple(dots), blocks)


def _inked(face: Face, line: Line) -> tuple[bytes, ...]:
    """A line as rows of dots, with the strong words' dots in the second ink."""
    whole = lettering.dots(face, clean(_text(line)))
    said, at = "", 0
    parts: list[tuple[int, int, bool]] = []
    for span in line:
        said += clean(span.text)
        end = lettering.width_dots(face, said)
        parts.append((at, end, span.strong))
        at = end
    return tuple(
        b"".join(row[a:b].translate(_STRONGER) if strong else row[a:b] for a, b, strong in parts)
        for row in whole
    )


def _words(line: Sequence[Span]) -> list[Line]:
    """A line's words, each with the spaces that follow it; a word may change emphasis inside."""
    words: list[list[Span]] = [[]]
    for span in line:
        for k, piece in enumerate(clean(span.text).split(" ")):
            if k:
                words[-1].append(Span(" ", span.strong))
                words.append([])
            if piece:
                words[-1].append(Span(piece, span.strong))
    return [tuple(word) for word in words if word]


def _joined(line: Line) -> Line:
    """The line without spaces at its end, neighbours of one emphasis together."""
    joined: list[Span] = []
    for span in line:
        if joined and joined[-1].strong == span.strong:
            joined[-1] = Span(joined[-1].text + span.text, span.strong)
        else:
            joined.append(span)
    while joined and not joined[-1].text.rstrip(" "):
        joined.pop()
    if joined:
        joined[-1] = Span(joined[-1].text.rstrip(" "), joined[-1].strong)
    return tuple(joined)


def _text(spans: Sequence[Span]) -> str:
    return "".join(span.text for span in spans)
