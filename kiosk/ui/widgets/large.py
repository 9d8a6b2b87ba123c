"""A greeting and one's own card in large letters: one person to meet at a time, nothing small."""

from collections.abc import Sequence

from textual.geometry import Region

from kiosk.core.pieces import Card, Choice, Span
from kiosk.core.views import Greeting, OwnCard
from kiosk.ui import lettering, palette, paragraphs
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, TINY_5, Face
from kiosk.ui.text import clean, columns, wrap
from kiosk.ui.widgets import measures, parts
from kiosk.ui.widgets.paged import NEXT_KEY
from kiosk.ui.widgets.qr import code_beside

READING = (JERSEY_15, JERSEY_10, TINY_5)
"""Faces of sentences, the most wanted first."""

PAGER_COLUMNS = 14


def pages(view: Greeting | OwnCard) -> int:
    """A page for each person to meet, or for the kind line, and one for what to say and to choose."""
    if not view.large:
        return 1
    return max(1, len(view.cards)) + bool(view.question or view.moods or view.table or view.own_page)


def page(canvas: Canvas, body: Region, view: Greeting | OwnCard, number: int) -> None:
    """Draw one page below a headline."""
    count = pages(view)
    if count > 1:
        _pager(canvas, Region(body.right - PAGER_COLUMNS, body.y, PAGER_COLUMNS, 4), number, count)
    body = Region(body.x, body.y, body.width, body.height)
    if number < len(view.cards):
        _person(canvas, body, view.cards[number])
    elif number == 0:
        said = view.empty_line or view.subtitle
        sentence(canvas, Region(body.x, body.y + 5, body.width, body.height - 5), (Span(said),))
    else:
        _choosing(canvas, body, view)


def sentence(canvas: Canvas, region: Region, *ways: Sequence[Span], faces: Sequence[Face] = READING) -> int:
    """Write a sentence in the largest letters in which one of its ways of being said fits.

    Args:
        canvas: Where to.
        region: The room there is.
        ways: The sentence, then shorter ways of saying it.
        faces: Candidates; a face is given up only when no way fits in it.

    Returns:
        Rows used.
    """
    for face in faces:
        for spans in ways:
            lines = paragraphs.set_lines(spans, face, region.width, canvas.blocks)
            if lines and paragraphs.rows(lines, face, canvas.blocks) <= region.height:
                return canvas.letter_lines(region.x, region.y, lines, face, palette.CREAM, palette.YELLOW)
    wrapped = wrap(ways[-1], region.width, max(1, region.height))
    for i, line in enumerate(wrapped):
        canvas.write_spans(region.x, region.y + i, line, measures.CREAM_BOLD, measures.YELLOW_BOLD)
    return len(wrapped)


def _pager(canvas: Canvas, region: Region, number: int, count: int) -> None:
    """Which page this is, and the place to touch for the next."""
    canvas.fill(region, palette.PANEL_HIGH)
    text = f"{number + 1}/{count}"
    face = lettering.largest_face(text, region.width - 6, 3, (TINY_5,), canvas.blocks)
    if face is None:
        canvas.write(region.x + 2, region.y + 1, text, measures.CREAM_BOLD)
    else:
        canvas.letter(region.x + 2, region.y, text, face, palette.CREAM)
    canvas.write(region.right - 3, region.y + region.height // 2, "▶", measures.YELLOW_BOLD)
    canvas.touch(region, NEXT_KEY)


def _person(canvas: Canvas, body: Region, card: Card) -> None:
    tall = canvas.height >= measures.TALL_ROWS
    tint = palette.tint(card.tint)
    disc_rows = 8 if canvas.height >= measures.GRAND_ROWS else 5 if tall else 4
    canvas.disc(body.x, body.y, disc_rows, card.initial, tint)
    x = body.x + 2 * disc_rows + 2
    room = body.right - PAGER_COLUMNS - 2 - x
    faces = (JERSEY_20, JERSEY_15, JERSEY_10, TINY_5)[0 if canvas.height >= measures.GRAND_ROWS else 2 :]
    name = Region(x, body.y, room, disc_rows)
    used = parts.headline(canvas, name, card.name, faces, palette.CREAM)
    face = next((each for each in faces if parts.fits(canvas, name, card.name, each)), None)
    beside = 0 if face is None else lettering.width(face, clean(card.name), canvas.blocks) + 3
    y = _trade(canvas, Region(x, body.y, room, used), beside, card, body)
    foot = body.bottom
    if card.place:
        foot -= 3 if tall else 1
        face = lettering.largest_face(clean(card.place), body.width - 4, 3, (TINY_5,), canvas.blocks)
        if tall and face is not None:
            canvas.write(body.x, foot + 1, "◉", Hand(tint, bold=True))
            canvas.letter(body.x + 3, foot, card.place, face, palette.CREAM)
        else:
            canvas.write(body.x, foot, "◉", Hand(tint, bold=True))
            canvas.write(body.x + 2, foot, card.place, measures.CREAM_BOLD, body.width - 2)
    sentence(canvas, Region(body.x, y, body.width, foot - y), card.reason, card.brief or card.reason)


def _trade(canvas: Canvas, name: Region, beside: int, card: Card, body: Region) -> int:
    """What they do: on the name's base line where there is room, else below.

    Returns:
        The row below the head.
    """
    below = max(body.y + name.height, body.y + (5 if canvas.height >= measures.TALL_ROWS else 4))
    if canvas.height >= measures.GRAND_ROWS:
        below = max(below, body.y + 8)
    hand = Hand(palette.tint(card.tint), bold=True)
    trade = clean(card.trade)
    face = lettering.largest_face(trade, name.width - beside, 3, (TINY_5,), canvas.blocks) if beside else None
    if face is not None:
        canvas.letter(name.x + beside, name.bottom - 3, trade, face, hand.ink)
        return below
    canvas.write(body.x, below, trade, hand, body.width)
    return below + (1 if trade else 0)


def _choosing(canvas: Canvas, body: Region, view: Greeting | OwnCard) -> None:
    body = parts.table_at_foot(canvas, body, view.table)
    below = Region(body.x, body.y + 5, body.width, body.height - 5)
    below = code_beside(canvas, below, view.own_page, view.own_page_line, ())
    body = Region(body.x, body.y, below.width, body.height)
    body = _moods(canvas, body, view.moods)
    if view.question:
        top = 5
        sentence(
            canvas,
            Region(body.x, body.y + top, body.width, body.height - top),
            (Span(view.question, strong=True),),
        )


def _moods(canvas: Canvas, body: Region, choices: Sequence[Choice]) -> Region:
    """The moods, two by two, in letters."""
    if not choices:
        return body
    rows = 5 if canvas.height >= measures.TALL_ROWS else 4
    lines = -(-len(choices) // 2)
    width = (body.width - 2) // 2
    top = body.bottom - lines * (rows + 1) + 1
    for i, choice in enumerate(choices):
        x = body.x + i % 2 * (width + 2)
        button = Region(x, top + i // 2 * (rows + 1), width, rows)
        canvas.fill(button, palette.ORANGE if choice.chosen else palette.PANEL_HIGH)
        canvas.touch(button, choice.key)
        ink = palette.INK if choice.chosen else palette.CREAM
        text = f"{'✓' if choice.chosen else choice.sign or choice.key} {clean(choice.label)}"
        face = lettering.largest_face(
            clean(choice.label), width - 8, rows - 1, (JERSEY_10, TINY_5), canvas.blocks
        )
        sign = "✓" if choice.chosen else choice.sign or choice.key
        if face is None:
            canvas.write_middle(button, button.y + rows // 2, text, Hand(ink, bold=True))
            continue
        canvas.write(button.x + 2, button.y + rows // 2, sign, Hand(ink, bold=True))
        x = button.x + 4 + columns(sign)
        canvas.letter(x, button.y + (rows - face.rows(canvas.blocks)) // 2, choice.label, face, ink)
    return Region(body.x, body.y, body.width, max(0, top - 1 - body.y))
