"""The lobby: the time, who is here, what they look for, and one bright place for the badge."""

from textual.geometry import Region
from typing_extensions import override

from kiosk.core.pieces import Attention, Constellation, Span
from kiosk.core.views import Lobby
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, TINY_5
from kiosk.ui.text import clean, columns, wrap_text
from kiosk.ui.widgets import invitation, measures, parts, plainly, sky
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.calm import calm
from kiosk.ui.widgets.names import NamesPlan, draw_names
from kiosk.ui.widgets.plainly import Paragraph

DIMMED = 0.55
"""How far a lobby that nobody looks at is on its way to black: still to be read from near by."""

LEFT, LEFT_AWAKE = 0.42, 0.56
"""What the left part takes of the width: on wide screens more once somebody is near, for the invitation."""

LOOKING_LEAST = 2
"""Lines of what is looked for that stay, however many names there are, unless a table is announced."""


class LobbyBoard(Board[Lobby]):
    """Draws a `Lobby`."""

    @override
    def draw(self, view: Lobby, canvas: Canvas) -> None:
        self._draw(view, canvas)
        if view.attention is Attention.ASLEEP:
            canvas.dim(DIMMED)

    @staticmethod
    def _draw(view: Lobby, canvas: Canvas) -> None:
        if measures.is_small(canvas):
            plainly.plain_list(canvas, _plainly(view), stays=True)
            return
        tall = canvas.height >= measures.TALL_ROWS
        side = 3 if canvas.width >= measures.WIDE_COLUMNS else 2
        foot = _foot(canvas, view, 3 if tall else 1)
        bottom = foot.y - 1
        gap = 4 if tall else 2
        wide = canvas.width >= measures.WIDE_COLUMNS and view.attention is Attention.AWAKE
        share = LEFT_AWAKE if wide else LEFT
        left_width = round((canvas.width - 2 * side - gap) * share)
        top = 1 if tall else 0
        left = Region(side, top, left_width, bottom - top)
        right_x = left.right + gap
        right = Region(right_x, top, canvas.width - side - right_x, bottom - top)
        _left(canvas, left, view)
        _right(canvas, right, view)


def _left(canvas: Canvas, region: Region, view: Lobby) -> None:
    tall = canvas.height >= measures.TALL_ROWS
    name = " ".join(clean(view.space_name).upper()) if tall else clean(view.space_name)
    if columns(name) > region.width:
        name = clean(view.space_name)
    canvas.write(region.x, region.y, name, Hand(palette.ORANGE, bold=True), region.width)
    y = _clock(canvas, Region(region.x, region.y + 1, region.width, 8 if tall else 5), view)
    y += 1 if tall else 0
    used = canvas.write(region.x, y, view.date, measures.CREAM_BOLD, region.width)
    if used + 2 + columns(clean(view.date_secondary)) <= region.width:
        canvas.write(region.x + used + 2, y, view.date_secondary, measures.MUTED)
    if view.clock_uncertain:
        y += 1
        canvas.write(region.x, y, view.clock_uncertain, Hand(palette.VERMILION), region.width)
    if view.attention is Attention.AWAKE:
        invitation.large(canvas, Region(region.x, y + 2, region.width, region.bottom - y - 2), view)
        return
    panel = invitation.quiet(canvas, region, view)
    middle = Region(region.x, y + 2, region.width, panel.y - y - 3)
    if not _nobody(view):
        _sky(canvas, middle, view.constellation)


def _clock(canvas: Canvas, region: Region, view: Lobby) -> int:
    """The time, as large as it fits; digits have no accents, so the rows kept for those are left out.

    Returns:
        The first row below it.
    """
    faces = (JERSEY_20, JERSEY_15, JERSEY_10) if region.height > JERSEY_10.rows() else (JERSEY_10, TINY_5)
    blocks = canvas.blocks
    for face in faces:
        spare = (face.above - face.cap) // blocks.down
        rows = -(-face.above // blocks.down) - spare
        if rows <= region.height and lettering.width(face, clean(view.clock), blocks) <= region.width:
            canvas.letter(region.x, region.y - spare, view.clock, face, palette.CREAM)
            return region.y + rows
    canvas.write(region.x, region.y, view.clock, measures.CREAM_BOLD, region.width)
    return region.y + 1


def _right(canvas: Canvas, region: Region, view: Lobby) -> None:
    faces = (JERSEY_15, JERSEY_10, TINY_5) if canvas.height >= measures.GRAND_ROWS else (JERSEY_10, TINY_5)
    blocks = canvas.blocks
    most = faces[0].rows(blocks)
    rows = parts.headline(
        canvas, Region(region.x, region.y, region.width, most), view.present_line, faces, palette.CREAM
    )
    line = clean(view.present_line)
    face = lettering.largest_face(line, region.width, most, faces, blocks)
    across = lettering.width(face, line, blocks) if face else columns(line)
    # The second language stands on the base line, where there is room beside the first.
    base = region.y + ((face.above - 1) // blocks.down if face else 0)
    if across + 2 + columns(clean(view.present_line_secondary)) <= region.width:
        canvas.write(region.x + across + 2, base, view.present_line_secondary, measures.MUTED)
    y = region.y + rows + (1 if canvas.height >= measures.GRAND_ROWS else 0)
    rest = Region(region.x, y, region.width, region.bottom - y)
    rest = _tables(canvas, rest, view)
    if _nobody(view):
        rest = calm(canvas, rest, view)
        _sky(canvas, Region(rest.x, rest.y + 1, rest.width, rest.height - 1), view.constellation)
        return
    named = NamesPlan.of(canvas, rest.width, view.names, view.others_line)
    least = 0 if view.tables else LOOKING_LEAST
    wanted = _looking_lines(canvas, rest.height, named.rows_tight, len(view.looking_for), least)
    draw_names(
        canvas, Region(rest.x, rest.y, rest.width, rest.height - wanted), view.names, view.others_line, named
    )
    if wanted:
        _looking_for(canvas, Region(rest.x, rest.bottom - wanted, rest.width, wanted), view)


def _tables(canvas: Canvas, region: Region, view: Lobby) -> Region:
    """Today's next tables at the foot of a region, two rows each.

    Returns:
        What is left of the region above them.
    """
    tall = canvas.height >= measures.TALL_ROWS
    tables = view.tables if tall else view.tables[:1]
    if not tables:
        return region
    rows = len(tables) * 3 + 1 if tall else 2
    panel = Region(region.x, region.bottom - rows, region.width, rows)
    canvas.fill(panel, palette.DONE_PANEL)
    for i, table in enumerate(tables):
        y = panel.y + (1 if tall else 0) + 3 * i
        _pair(canvas, panel, y, (table.line, Hand(palette.SKY, bold=True)), table.line_secondary)
        _pair(canvas, panel, y + 1, (table.who, measures.CREAM_BOLD), table.who_secondary)
    return Region(region.x, region.y, region.width, region.height - rows - 1)


def _pair(canvas: Canvas, panel: Region, y: int, said: tuple[str, Hand], second: str) -> None:
    """A line in the first language, and in the second where there is room beside it."""
    text, hand = said
    room = panel.width - 4
    used = canvas.write(panel.x + 2, y, text, hand, room)
    if second != text and used + 2 + columns(clean(second)) <= room:
        canvas.write(panel.x + 2 + used + 2, y, second, measures.MUTED)


def _looking_lines(canvas: Canvas, height: int, names_rows: int, lines: int, least: int) -> int:
    """Rows for what is looked for: it gives up lines, down to `least`, before the names lose their discs."""
    for count in range(lines, min(lines, least) - 1, -1):
        if not count and names_rows <= height:
            return 0
        if count and names_rows + _looking_rows(canvas, count) <= height:
            return _looking_rows(canvas, count)
    # Names will be plain text, with half of the room.
    for count in range(lines, 0, -1):
        if _looking_rows(canvas, count) <= height // 2:
            return _looking_rows(canvas, count)
    return 0


def _looking_rows(canvas: Canvas, lines: int) -> int:
    """Rows of the block of what is looked for, with so many lines."""
    tall = canvas.height >= measures.TALL_ROWS
    return (3 + 2 + 3 * lines) if tall else (1 + lines)


def _looking_for(canvas: Canvas, region: Region, view: Lobby) -> None:
    title, second = clean(view.looking_for_title), clean(view.looking_for_title_secondary)
    tall = canvas.height >= measures.TALL_ROWS
    face = lettering.largest_face(title, region.width, 3, (TINY_5,), canvas.blocks) if tall else None
    rows = 3 if tall else 1
    base = region.y + rows // 2 + (1 if face else 0)
    if face is None:
        across = canvas.write(region.x, base, title, measures.CREAM_BOLD, region.width)
    else:
        across = canvas.letter(region.x, region.y, title, face, palette.CREAM)
    if across + 2 + columns(second) <= region.width:
        canvas.write(region.x + across + 2, base, second, measures.MUTED)
    panel = Region(region.x, region.y + rows, region.width, region.height - rows)
    canvas.fill(panel, palette.PANEL)
    each, rim = (3, 1) if tall else (1, 0)
    lines = (panel.height - 2 * rim) // each
    for i, line in enumerate(view.looking_for[:lines]):
        y = panel.y + rim + i * each
        ink = palette.PERSON[i % len(palette.PERSON)]
        room = panel.width - 6
        face = lettering.largest_face(clean(line), room, each, (TINY_5,), canvas.blocks)
        if face is not None:
            canvas.letter(panel.x + 2, y, "–", face, ink)
            canvas.letter(panel.x + 5, y, line, face, palette.CREAM)
            continue
        wrapped = wrap_text(line, room, min(each, 2))
        canvas.write(panel.x + 2, y + each // 2, "–", Hand(ink, bold=True))
        for j, part in enumerate(wrapped):
            canvas.write(panel.x + 5, y + each // 2 + j, part, measures.CREAM_BOLD, room)


def _foot(canvas: Canvas, view: Lobby, rows: int) -> Region:
    """The bar at the foot: the week's meetings and whom to ask; a trouble, quietly, in its own colour."""
    region = Region(0, canvas.height - rows, canvas.width, rows)
    canvas.fill(region, palette.PANEL)
    y = region.y + rows // 2
    side = x = 3 if canvas.width >= measures.WIDE_COLUMNS else 2
    edge = canvas.width - side
    if view.forgotten is not None:
        label = f"{view.forgotten.key}  {clean(view.forgotten.label)}"
        if x + columns(clean(view.help_line)) + columns(label) + 6 > canvas.width:
            label = f"{view.forgotten.key}  ?"  # whom to ask, and the demo's own keys, go before words
        button = Region(canvas.width - columns(label) - 4, region.y, columns(label) + 4, rows)
        parts.note(canvas, button, label, palette.PANEL_TOP, measures.CREAM_BOLD)
        canvas.touch(button, view.forgotten.key)
        edge = button.x - 2
    if view.trouble is not None:
        words = view.trouble.line
        room = columns(clean(words)) + 2
        canvas.write(edge - room, y, "▲", Hand(palette.VERMILION))
        canvas.write(edge - room + 2, y, words, Hand(palette.CREAM), room)
        second = columns(clean(view.trouble.line_secondary))
        if rows > 1 and second:
            canvas.write(edge - second, y + 1, view.trouble.line_secondary, measures.MUTED, second)
        edge -= room + 2
    week = (view.met_week_line, Hand(palette.YELLOW, bold=True), 0)
    week_secondary = (view.met_week_line_secondary, measures.MUTED, 1)
    help_line = (view.help_line, measures.CREAM_BOLD, 4)
    # Whom to ask goes before the second language, and that before nothing at all.
    for wanted in ((week, week_secondary, help_line), (week, help_line), (help_line,), (week,)):
        said = [each for each in wanted if each[0]]
        if sum(columns(clean(text)) + gap for text, _hand, gap in said) <= edge - x:
            for i, (text, hand, gap) in enumerate(said):
                x += gap if i else 0
                x += canvas.write(x, y, text, hand)
            break
    return region


def _nobody(view: Lobby) -> bool:
    """Whether the right half has nobody and nothing to show: then the sky takes it."""
    return not (view.names or view.others_line or view.looking_for)


def _sky(canvas: Canvas, region: Region, community: Constellation | None) -> None:
    if community is None or region.height < sky.LEAST_ROWS:
        return
    dots = sky.drawn(community, region.width, region.height, canvas.blocks)
    inks = (palette.PANEL_TOP, *palette.PERSON)
    canvas.stamp(region.x, region.y, dots, inks)


def _plainly(view: Lobby) -> list[Paragraph]:
    trouble = view.trouble.line if view.trouble else ""
    return [
        Paragraph((Span(f"{view.clock}  {view.space_name}"),), 1, Hand(palette.CREAM, bold=True), rows=1),
        Paragraph((Span(f"{view.tap_title} "), Span(view.tap_line)), 0, Hand(palette.ORANGE, bold=True)),
        Paragraph((Span(view.tap_line_secondary),), 2, measures.MUTED),
        Paragraph((Span(view.present_line),), 0, Hand(palette.CREAM, bold=True), rows=1),
        Paragraph((Span(", ".join(chip.name for chip in view.names)),), 3),
        Paragraph((Span(view.others_line),), 4, measures.MUTED, rows=1),
        Paragraph((Span(trouble),), 1, Hand(palette.VERMILION)),
        *[Paragraph((Span(f"{table.line}. {table.who}."),), 4, Hand(palette.SKY)) for table in view.tables],
        Paragraph((Span(view.looking_for_title),), 5, measures.YELLOW_BOLD, rows=1),
        *[Paragraph((Span(f"– {line}"),), 5, rows=1) for line in view.looking_for],
        Paragraph((Span(view.date),), 6, measures.MUTED, rows=1),
        Paragraph((Span(view.met_week_line),), 7, measures.MUTED, rows=1),
        Paragraph((Span(view.calm_line),), 5),
        Paragraph((Span(view.help_line),), 4, measures.MUTED),
        *plainly.plain_moods((view.forgotten,) if view.forgotten is not None else ()),
    ]
