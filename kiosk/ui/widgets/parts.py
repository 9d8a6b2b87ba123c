"""Parts that several boards draw: headline, small panels, the first question, the moods."""

from collections.abc import Sequence

from textual.geometry import Region

from kiosk.core.keys import MOOD_KEYS, TABLE_KEY
from kiosk.core.pieces import Choice, Invitation, Span
from kiosk.ui import lettering, palette, paragraphs
from kiosk.ui.blocks import Blocks
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import Face
from kiosk.ui.text import clean, columns, wrap_text
from kiosk.ui.widgets.measures import CREAM_BOLD, GRAND_ROWS, MUTED, TALL_ROWS

LABEL_ROWS = 50
"""From here on there is a line above the moods that says what they are."""


def headline(
    canvas: Canvas, region: Region, text: str, faces: Sequence[Face], ink: str, ink_at_end: str | None = None
) -> int:
    """Write a headline in the largest face that fits, else in plain bold.

    Returns:
        Rows used, from the region's top.
    """
    text = clean(text)
    face = next((each for each in faces if fits(canvas, region, text, each)), None)
    if face is None:
        lines = wrap_text(text, region.width, 2)
        for i, line in enumerate(lines):
            canvas.write(region.x, region.y + i, line, Hand(ink, bold=True), region.width)
        return len(lines)
    # Rows kept for accents that this text has not are left out: what comes below has them.
    above, below = lettering.blank_rows(face, text, canvas.blocks)
    canvas.letter(region.x, region.y - above, text, face, ink, ink_at_end)
    return face.rows(canvas.blocks) - above - below


def fits(canvas: Canvas, region: Region, text: str, face: Face) -> bool:
    """Whether a line in this face fits, without the rows that it leaves empty."""
    text, blocks = clean(text), canvas.blocks
    return bool(text.strip()) and lettering.covers(face, text) and _has_room(region, text, face, blocks)


def _has_room(region: Region, text: str, face: Face, blocks: Blocks) -> bool:
    rows = face.rows(blocks) - sum(lettering.blank_rows(face, text, blocks))
    return rows <= region.height and lettering.width(face, text, blocks) <= region.width


def note(
    canvas: Canvas, region: Region, text: str, ground: str, hand: Hand, faces: Sequence[Face] = ()
) -> None:
    """A small panel with a line or two in its middle, in one of the faces if it fits so."""
    canvas.fill(region, ground)
    for face in faces if clean(text).strip() else ():
        lettered = paragraphs.set_lines((Span(text),), face, region.width - 4, canvas.blocks)
        rows = paragraphs.rows(lettered, face, canvas.blocks) if lettered else 0
        if lettered and rows <= region.height:
            top = region.y + (region.height - rows) // 2
            across = len(paragraphs.drawn(lettered, face, canvas.blocks)[0])
            x = region.x + (region.width - across) // 2
            canvas.letter_lines(x, top, lettered, face, hand.ink, hand.ink)
            return
    lines = wrap_text(text, region.width - 2, max(1, region.height - (region.height > 2)))  # noqa: PLR2004 - keep a rim
    top = region.y + (region.height - len(lines)) // 2
    for i, line in enumerate(lines):
        canvas.write_middle(region, top + i, line, hand)


def moods_at_foot(canvas: Canvas, region: Region, label: str, choices: Sequence[Choice]) -> Region:
    """The moods at the foot of a region.

    Returns:
        What is left of the region above them.
    """
    if not choices:
        return region
    rows = button_rows(canvas)
    gap = 2 if len(choices) <= len(MOOD_KEYS) else 1
    moods(canvas, Region(region.x, region.bottom - rows, region.width, rows), choices, gap)
    left = region.height - rows - 1
    if label and canvas.height >= LABEL_ROWS:
        canvas.write(region.x, region.y + left - 1, label, MUTED, region.width)
        left -= 2
    return Region(region.x, region.y, region.width, left)


def button_rows(canvas: Canvas) -> int:
    """Rows of a button: 20 mm or more on every screen of `docs/screens.md`, five rows where there is room."""
    if canvas.height >= GRAND_ROWS:
        return 5
    return 3 if canvas.height >= TALL_ROWS else 4


def question_at_foot(canvas: Canvas, region: Region, label: str, text: str) -> Region:
    """The first question at the foot of a region.

    Returns:
        What is left of the region above it.
    """
    if not text:
        return region
    if canvas.height < TALL_ROWS:
        # It stands where otherwise a free row keeps cards and buttons apart.
        lines = wrap_text(text, region.width, 2)
        y = region.bottom + 1 - len(lines)
        for i, line in enumerate(lines):
            canvas.write_middle(region, y + i, line, Hand(palette.YELLOW, bold=True, italic=True))
        return Region(region.x, region.y, region.width, region.height + 1 - len(lines))
    question(canvas, Region(region.x, region.bottom - 3, region.width, 3), label, text)
    return Region(region.x, region.y, region.width, region.height - 4)


def table_at_foot(canvas: Canvas, region: Region, offered: Invitation | None) -> Region:
    """A seat at a table, at the foot of a region.

    Returns:
        What is left of the region above it.
    """
    if offered is None:
        return region
    rows = 3
    table(canvas, Region(region.x, region.bottom - rows, region.width, rows), offered)
    return Region(region.x, region.y, region.width, region.height - rows - 1)


def table(canvas: Canvas, region: Region, offered: Invitation) -> None:
    """A seat at a table: what and with whom, and beside it the place to say yes."""
    canvas.fill(region, palette.DONE_PANEL)
    label = clean(offered.label)
    button_columns = min(columns(label) + 9, region.width // 3)
    button = Region(region.right - button_columns, region.y, button_columns, region.height)
    canvas.fill(button, palette.PANEL_TOP if offered.accepted else palette.SKY)
    # Where rows are few, a finger has the free one above it too.
    spare = 0 if canvas.height >= TALL_ROWS else 1
    canvas.touch(button.grow((spare, 0, 0, 0)), TABLE_KEY, button)
    ink = palette.CREAM if offered.accepted else palette.INK
    lines = wrap_text(label, button.width - 7, region.height)
    for i, line in enumerate(lines):
        y = button.y + (button.height - len(lines)) // 2 + i
        if i == 0:
            canvas.write(button.x + 2, y, TABLE_KEY, Hand(ink, bold=True))
        canvas.write(button.x + 5, y, line, Hand(ink, bold=True), button.width - 6)
    left, room = region.x + 2, region.width - button.width - 4
    sign = "✓ " if offered.accepted else ""
    said = wrap_text(sign + offered.line, room, region.height)
    how = clean(offered.how) if len(said) < region.height else ""
    block = len(said) + bool(how)
    y = region.y + (region.height - block) // 2
    for i, line in enumerate(said):
        canvas.write(left, y + i, line, CREAM_BOLD, room)
    if how:
        canvas.write(left, y + len(said), how, MUTED, room)


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
        sign = "✓" if choice.chosen else choice.sign or choice.key
        across = columns(sign)
        label = clean(choice.label)
        gap_after_sign = 2 if columns(label) + across + 6 <= button.width else 1
        room = button.width - 2 - across - gap_after_sign
        lines = wrap_text(label, room, max(1, button.height - 1))
        block = across + gap_after_sign + max((columns(line) for line in lines), default=0)
        x = button.x + max(1, (button.width - block) // 2)
        y = button.y + (button.height - len(lines)) // 2
        canvas.write(x, y, sign, Hand(palette.INK if choice.chosen else palette.MUTED, bold=True))
        for j, line in enumerate(lines):
            canvas.write(x + across + gap_after_sign, y + j, line, Hand(ink, bold=True), room)
