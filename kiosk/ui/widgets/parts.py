"""Parts that several boards draw: headline, panels, cards, moods, and the plain list for tiny screens."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Region

from kiosk.core.views import Card, Choice, Span
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, TINY_5, Face
from kiosk.ui.text import clean, columns, cut, wrap, wrap_text

SMALL_COLUMNS, SMALL_ROWS = 64, 20
"""Below this there is no room for lettering: everything is plain text, in order of importance."""

WIDE_COLUMNS = 110
"""From here on the margins are three columns."""

TALL_ROWS = 30
"""From here on there is an empty row at the top and around panels (120x33)."""

GRAND_ROWS = 40
"""From here on (160x45) headlines and names take the larger faces."""

ROOMY_CARD_ROWS, ROOMY_CARD_COLUMNS = 17, 40
"""From here on (160x45) a card's disc and name grow."""

USUAL_CARD_ROWS, USUAL_CARD_COLUMNS = 11, 30
"""From here on trade and kind are beside the disc; below (80x25) the disc is small, they are under it."""

CREAM = Hand(palette.CREAM)
CREAM_BOLD = Hand(palette.CREAM, bold=True)
MUTED = Hand(palette.MUTED)
YELLOW_BOLD = Hand(palette.YELLOW, bold=True)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence on a tiny screen; the highest `rank` is left out first."""

    spans: tuple[Span, ...]
    rank: int
    hand: Hand = CREAM
    rows: int = 2
    """At most this many rows."""
    key: str = ""
    """What a touch on it sends; empty for nothing of its own."""


def is_small(canvas: Canvas) -> bool:
    """Whether the canvas has room for plain text only."""
    return canvas.width < SMALL_COLUMNS or canvas.height < SMALL_ROWS


def frame(canvas: Canvas) -> Region:
    """The part of the canvas to draw in: within the margins, above the countdown's row."""
    side = 3 if canvas.width >= WIDE_COLUMNS else 2
    top, foot = (1, 2) if canvas.height >= TALL_ROWS else (0, 1)
    return Region(side, top, canvas.width - 2 * side, canvas.height - top - foot)


def faces_for(canvas: Canvas) -> tuple[Face, ...]:
    """Headline faces for this size, the largest first."""
    if canvas.height >= GRAND_ROWS:
        return (JERSEY_20, JERSEY_15, JERSEY_10, TINY_5)
    return (JERSEY_10, TINY_5)


def headline_rows(canvas: Canvas) -> int:
    """Rows a headline may take at this size."""
    return faces_for(canvas)[0].rows(canvas.blocks)


def plain_list(canvas: Canvas, paragraphs: Sequence[Paragraph], *, stays: bool = False) -> None:
    """Write paragraphs down a tiny screen, leaving out the least important until the rest fits.

    Args:
        canvas: An empty canvas.
        paragraphs: In the order of reading.
        stays: Whether the view stays; else the last row is left to the countdown.
    """
    room, height = canvas.width - 2, canvas.height - (not stays)
    wrapped = [(each, wrap(each.spans, room, each.rows)) for each in paragraphs if _text(each.spans).strip()]
    while sum(len(lines) for _each, lines in wrapped) > height and len(wrapped) > 1:
        longest = max((each.rank, len(lines), i) for i, (each, lines) in enumerate(wrapped))
        i = longest[2]
        paragraph, lines = wrapped[i]
        if len(lines) > 1:
            wrapped[i] = (paragraph, wrap(paragraph.spans, room, len(lines) - 1))
        else:
            del wrapped[i]
    y = 0
    for paragraph, lines in wrapped:
        if paragraph.key:
            canvas.touch(Region(0, y, canvas.width, len(lines)), paragraph.key)
        for line in lines:
            canvas.write_spans(1, y, line, paragraph.hand, YELLOW_BOLD)
            y += 1


def headline(
    canvas: Canvas, region: Region, text: str, faces: Sequence[Face], ink: str, ink_at_end: str | None = None
) -> int:
    """Write a headline in the largest face that fits, else in plain bold.

    Returns:
        Rows used, from the region's top.
    """
    text = clean(text)
    face = lettering.largest_face(text, region.width, region.height, faces, canvas.blocks)
    if face is None:
        lines = wrap_text(text, region.width, 2)
        for i, line in enumerate(lines):
            canvas.write(region.x, region.y + i, line, Hand(ink, bold=True), region.width)
        return len(lines)
    canvas.letter(region.x, region.y, text, face, ink, ink_at_end)
    return face.rows(canvas.blocks)


def note(canvas: Canvas, region: Region, text: str, ground: str, hand: Hand) -> None:
    """A small panel with a line or two in its middle."""
    canvas.fill(region, ground)
    lines = wrap_text(text, region.width - 2, max(1, region.height - (region.height > 2)))  # noqa: PLR2004 - keep a rim
    top = region.y + (region.height - len(lines)) // 2
    for i, line in enumerate(lines):
        canvas.write_middle(region, top + i, line, hand)


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


def moods_at_foot(canvas: Canvas, region: Region, label: str, choices: Sequence[Choice]) -> Region:
    """The moods at the foot of a region.

    Returns:
        What is left of the region above them.
    """
    if not choices:
        return region
    rows = 5 if canvas.height >= GRAND_ROWS else 3
    moods(canvas, Region(region.x, region.bottom - rows, region.width, rows), choices)
    left = region.height - rows - 1
    if label and canvas.height >= GRAND_ROWS:
        canvas.write(region.x, region.y + left - 1, label, MUTED, region.width)
        left -= 2
    return Region(region.x, region.y, region.width, left)


def question_at_foot(canvas: Canvas, region: Region, label: str, text: str) -> Region:
    """The first question at the foot of a region.

    Returns:
        What is left of the region above it.
    """
    if not text:
        return region
    tall = canvas.height >= TALL_ROWS
    rows = 3 if tall else min(2, len(wrap_text(text, region.width - 4)))
    question(canvas, Region(region.x, region.bottom - rows, region.width, rows), label, text)
    return Region(region.x, region.y, region.width, region.height - rows - 1)


def cards(canvas: Canvas, region: Region, people: Sequence[Card], gap: int = 2) -> None:
    """Up to three cards side by side."""
    if not people:
        return
    share = (region.width - gap * (len(people) - 1)) / len(people)
    for i, person in enumerate(people):
        left = region.x + round(i * (share + gap))
        right = region.x + round(i * (share + gap) + share)
        _card(canvas, Region(left, region.y, right - left, region.height), person)


def question(canvas: Canvas, region: Region, label: str, text: str) -> None:
    """The first question to ask, in its panel."""
    canvas.fill(region, palette.PANEL_HIGH)
    hand = Hand(palette.YELLOW, bold=True, italic=True)
    left, room = region.x + 2, region.width - 4
    label_columns = columns(clean(label)) + 2
    if label_columns + columns(clean(text)) <= room:
        y = region.y + region.height // 2
        used = canvas.write(left, y, label, MUTED, room)
        canvas.write(left + used + 2, y, text, hand, room - used - 2)
        return
    # The question goes before its label where there is no room for both.
    lines = wrap_text(text, room, region.height)
    y = region.y
    if len(lines) < region.height:
        canvas.write(left, y, label, MUTED, room)
        y += 1
    for i, line in enumerate(lines):
        canvas.write(left, y + i, line, hand, room)


def moods(canvas: Canvas, region: Region, choices: Sequence[Choice], gap: int = 2) -> None:
    """The moods of the day, to touch or to press by their number."""
    share = (region.width - gap * (len(choices) - 1)) / max(1, len(choices))
    for i, choice in enumerate(choices):
        left = region.x + round(i * (share + gap))
        right = region.x + round(i * (share + gap) + share)
        button = Region(left, region.y, right - left, region.height)
        ground = palette.ORANGE if choice.chosen else palette.PANEL_HIGH
        canvas.fill(button, ground)
        canvas.touch(button, choice.key)
        ink = palette.INK if choice.chosen else palette.CREAM
        sign = "✓" if choice.chosen else choice.key
        label = clean(choice.label)
        gap_after_sign = 2 if columns(label) + 7 <= button.width else 1
        room = button.width - 3 - gap_after_sign
        lines = wrap_text(label, room, max(1, button.height - 1))
        block = 1 + gap_after_sign + max((columns(line) for line in lines), default=0)
        x = button.x + max(1, (button.width - block) // 2)
        y = button.y + (button.height - len(lines)) // 2
        canvas.write(x, y, sign, Hand(palette.INK if choice.chosen else palette.MUTED, bold=True))
        for j, line in enumerate(lines):
            canvas.write(x + 1 + gap_after_sign, y + j, line, Hand(ink, bold=True), room)


def plain_cards(whom: Sequence[Card]) -> list[Paragraph]:
    """Cards as sentences for a tiny screen: the names last of all to go."""
    listed: list[Paragraph] = []
    for person in whom:
        about = f"● {person.name}" + (f", {person.trade}" if person.trade else "")
        listed.append(Paragraph((Span(about),), 1, Hand(palette.tint(person.tint), bold=True), rows=1))
        listed.append(Paragraph(person.reason, 4, rows=2))
        listed.append(Paragraph((Span(f"◉ {person.place}" if person.place else ""),), 6, MUTED, rows=1))
    return listed


def plain_moods(choices: Sequence[Choice]) -> list[Paragraph]:
    """Moods as lines to touch on a tiny screen."""
    return [
        Paragraph(
            (Span(f"{'✓' if each.chosen else each.key} {each.label}", strong=each.chosen),),
            7,
            MUTED,
            rows=1,
            key=each.key,
        )
        for each in choices
    ]


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
    lines = wrap(person.reason, region.width)
    spare = region.height - len(lines) - place_rows
    lines = lines if spare >= 0 else wrap(person.reason, region.width, region.height - place_rows)
    y = region.y + (1 if spare >= 2 else 0)  # noqa: PLR2004 - a rim above and below
    for line in lines:
        canvas.write_spans(region.x, y, line, CREAM, YELLOW_BOLD)
        y += 1
    if person.place:
        # The place stands clear of the card's foot whenever there is a row to spare.
        foot = region.bottom - 1 - (1 if spare >= 1 else 0)
        canvas.write(region.x, foot, "◉", Hand(palette.tint(person.tint)))
        canvas.write(region.x + 2, foot, cut(person.place, region.width - 2), CREAM_BOLD, region.width - 2)


def _text(spans: Sequence[Span]) -> str:
    return "".join(span.text for span in spans)
