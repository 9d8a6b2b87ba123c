"""Whom to meet: up to three cards side by side, or the kind line in their place."""

from collections.abc import Sequence

from textual.geometry import Region

from kiosk.core.pieces import Card, Span
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, TINY_5, Face
from kiosk.ui.text import clean, columns, cut, wrap, wrap_text
from kiosk.ui.widgets.measures import CREAM, CREAM_BOLD, MUTED, TALL_ROWS, YELLOW_BOLD

ROOMY_CARD_ROWS, ROOMY_CARD_COLUMNS = 17, 40
"""From here on (160x45) a card's disc and name grow."""


USUAL_CARD_ROWS, USUAL_CARD_COLUMNS = 11, 30
"""From here on trade and kind are beside the disc; below (80x25) the disc is small, they are under it."""


def people(canvas: Canvas, region: Region, subtitle: str, whom: Sequence[Card], empty_line: str) -> None:
    """A line, then the cards below it; or, when nobody fits, the kind line in their place."""
    y = region.y
    if subtitle:
        canvas.write(region.x, y, subtitle, CREAM_BOLD, region.width)
        y += 2 if canvas.height >= TALL_ROWS else 1
    else:
        y += 1
    rest = Region(region.x, y, region.width, region.bottom - y)
    if whom:
        cards(canvas, rest, whom)
    elif empty_line:
        _kindly(canvas, rest, empty_line)


def cards(canvas: Canvas, region: Region, people: Sequence[Card], gap: int = 2) -> None:
    """Up to three cards side by side."""
    if not people:
        return
    share = (region.width - gap * (len(people) - 1)) / len(people)
    for i, person in enumerate(people):
        left = region.x + round(i * (share + gap))
        right = region.x + round(i * (share + gap) + share)
        _card(canvas, Region(left, region.y, right - left, region.height), person)


def _kindly(canvas: Canvas, region: Region, line: str) -> None:
    rows = min(region.height, 13)
    panel = Region(region.x, region.y, region.width, rows)
    canvas.fill(panel, palette.PANEL)
    canvas.rule(panel.x, panel.y, panel.width, palette.YELLOW)
    room = panel.width - 6
    lines = wrap_text(line, room)
    for face in (JERSEY_10, TINY_5):
        set_lines = _set(line, face, room, canvas)
        high = face.rows(canvas.blocks)
        if set_lines is not None and len(set_lines) * high <= rows - 2:
            top = panel.y + 1 + (rows - 1 - len(set_lines) * high) // 2
            for i, each in enumerate(set_lines):
                canvas.letter(panel.x + 3, top + i * high, each, face, palette.CREAM)
            return
    top = panel.y + 1 + max(0, (rows - 1 - len(lines)) // 2)
    for i, each in enumerate(lines):
        canvas.write(panel.x + 3, top + i, each, CREAM_BOLD, room)


def _set(text: str, face: Face, room: int, canvas: Canvas) -> list[str] | None:
    """The text broken into lines of lettering, or `None` if the face lacks a letter or a word is too long."""
    if not lettering.covers(face, clean(text)):
        return None
    lines: list[str] = []
    for word in clean(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and lettering.width(face, longer, canvas.blocks) <= room:
            lines[-1] = longer
        elif lettering.width(face, word, canvas.blocks) <= room:
            lines.append(word)
        else:
            return None
    return lines


def _card(canvas: Canvas, region: Region, person: Card) -> None:
    tint = palette.tint(person.tint)
    canvas.fill(region, palette.PANEL)
    canvas.rule(region.x, region.y, region.width, tint)
    roomy = region.height >= ROOMY_CARD_ROWS and region.width >= ROOMY_CARD_COLUMNS
    beside_disc = region.height >= USUAL_CARD_ROWS and region.width >= USUAL_CARD_COLUMNS
    disc_rows = 6 if roomy else 5 if beside_disc else 3
    pad = 2 if region.width >= USUAL_CARD_COLUMNS else 1
    top = region.y + (2 if region.height > USUAL_CARD_ROWS and beside_disc else 1)
    left = region.x + pad
    canvas.disc(left, top, disc_rows, person.initial, tint)
    x = left + 2 * disc_rows + (2 if beside_disc else 1)
    foot = top + disc_rows
    below = _card_name(canvas, Region(x, top, region.right - 1 - x, disc_rows), person.name, large=roomy)
    room = region.width - 2 * pad
    if below < foot and beside_disc:
        # Name, trade and kind stand beside the disc.
        canvas.write(x, below, person.trade, Hand(tint, bold=True), region.right - 1 - x)
        if below + 1 < foot:
            canvas.write(x, below + 1, person.slot_label, MUTED, region.right - 1 - x)
    else:
        foot += 1 if roomy else 0
        used = canvas.write(left, foot, person.trade, Hand(tint, bold=True), room)
        used += 2 if used else 0
        if not used or used + columns(clean(person.slot_label)) <= room:
            canvas.write(left + used, foot, person.slot_label, MUTED, room - used)
        foot += 1
    _reason(canvas, Region(left, foot, room, region.bottom - foot), person)


def _card_name(canvas: Canvas, region: Region, name: str, *, large: bool) -> int:
    """The name beside the disc, as large as it fits.

    Returns:
        The first row below it.
    """
    faces = (JERSEY_10, TINY_5) if large else (TINY_5,)
    face = lettering.largest_face(clean(name), region.width, region.height, faces, canvas.blocks)
    if face is not None:
        canvas.letter(region.x, region.y, name, face, palette.CREAM)
        return region.y + face.rows(canvas.blocks)
    lines = wrap_text(name, region.width, 2)
    for i, line in enumerate(lines):
        canvas.write(region.x, region.y + 1 + i, line, CREAM_BOLD, region.width)
    return region.y + 1 + len(lines)


def _reason(canvas: Canvas, region: Region, person: Card) -> None:
    place_rows = 1 if person.place else 0
    lines = _fitting(person, region.width, region.height - place_rows)
    spare = region.height - len(lines) - place_rows
    y = region.y + (1 if spare >= 2 else 0)  # noqa: PLR2004 - a rim above and below
    for line in lines:
        canvas.write_spans(region.x, y, line, CREAM, YELLOW_BOLD)
        y += 1
    if person.place:
        # The place stands clear of the card's foot whenever there is a row to spare.
        foot = region.bottom - 1 - (1 if spare >= 1 else 0)
        canvas.write(region.x, foot, "◉", Hand(palette.tint(person.tint)))
        canvas.write(region.x + 2, foot, cut(person.place, region.width - 2), CREAM_BOLD, region.width - 2)


def _fitting(person: Card, room: int, rows: int) -> list[list[Span]]:
    """Break into lines as much of the reason as fits: all, or without the other's side, or the brief one."""
    whole = wrap(person.reason, room)
    ways = [whole, wrap(person.brief or person.reason, room)]
    if person.for_them:
        ways.insert(0, whole + wrap(person.for_them, room))
    for lines in ways:
        if len(lines) <= rows:
            return lines
    return wrap(person.brief or person.reason, room, rows)
