"""The lobby: the time, who is here, what they look for, and one bright place for the badge."""

from collections.abc import Sequence

from textual.geometry import Region
from textual.timer import Timer
from typing_extensions import override

from kiosk.core.pieces import Attention, Constellation, Span
from kiosk.core.views import Lobby
from kiosk.ui import lettering, palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.lettering import JERSEY_10, JERSEY_15, JERSEY_20, JERSEY_25, TINY_5
from kiosk.ui.look import Motion
from kiosk.ui.text import clean, columns
from kiosk.ui.widgets import invitation, measures, parts, plainly, sky
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.calm import calm
from kiosk.ui.widgets.far import far
from kiosk.ui.widgets.foot import foot_bar
from kiosk.ui.widgets.moments import moments
from kiosk.ui.widgets.names import NamesPlan, draw_names
from kiosk.ui.widgets.plainly import Paragraph
from kiosk.ui.widgets.wishes import Wishes, counts, draw_wishes, height, wishes_of

DIMMED = 0.55
"""How far a lobby that nobody looks at is on its way to black: still to be read from near by."""

LEFT, LEFT_AWAKE = 0.42, 0.56
"""What the left part takes of the width: on wide screens more once somebody is near, for the invitation."""

WISHES_LEAST = 2
"""Lines of wishes that stay, however many names there are, unless a table is announced."""


class LobbyBoard(Board[Lobby]):
    """Draws a `Lobby`; in full motion, one star after another is lit."""

    def __init__(self) -> None:
        super().__init__()
        self._twinkling: Timer | None = None
        self._turn = 0
        self._lit: tuple[Region, dict[tuple[int, int], Hand]] | None = None

    @override
    def enter(self) -> None:
        super().enter()
        view = self.view
        if self.look.motion is Motion.FULL and view is not None and view.attention is not Attention.ASLEEP:
            self._twinkling = self.set_interval(sky.TWINKLE_S, self.twinkle)

    @override
    def rest(self) -> None:
        super().rest()
        self._lit = None
        if self._twinkling is not None:
            self._twinkling.stop()
            self._twinkling = None

    def twinkle(self) -> None:
        """Light the next star, and let the one before be as it was."""
        canvas = self.canvas()
        if canvas is None or not canvas.stars:
            return
        changed = []
        if self._lit is not None:
            region, hands = self._lit
            canvas.restore(hands)
            changed.append(region)
        # Not the nearest one next: 5 has no factor in common with most counts.
        self._turn = (self._turn + 5) % len(canvas.stars)
        star = canvas.stars[self._turn]
        self._lit = star, canvas.tinge(star, palette.CREAM)
        for region in (*changed, star):
            self.redraw(region)

    @override
    def draw(self, view: Lobby, canvas: Canvas) -> None:
        self._draw(view, canvas, self.look.distance_m)
        if view.attention is Attention.ASLEEP:
            canvas.dim(DIMMED)

    @staticmethod
    def _draw(view: Lobby, canvas: Canvas, distance_m: int) -> None:
        if measures.is_small(canvas):
            plainly.plain_list(canvas, _plainly(view), stays=True)
            return
        tall = canvas.height >= measures.TALL_ROWS
        awake = view.attention is Attention.AWAKE  # who is near reads what is near
        if distance_m > 1 and tall and canvas.width >= measures.WIDE_COLUMNS and not awake:
            frame = measures.frame(canvas)
            foot = foot_bar(canvas, view, 1)
            far(canvas, Region(frame.x, frame.y, frame.width, foot.y - 1 - frame.y), view, distance_m)
            return
        side = 3 if canvas.width >= measures.WIDE_COLUMNS else 2
        foot = foot_bar(canvas, view, 3 if tall else 1)
        bottom = foot.y - 1
        gap = 4 if tall else 2
        wide = canvas.width >= measures.WIDE_COLUMNS and awake
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
    y = _clock(canvas, Region(region.x, region.y + 1, region.width, _clock_rows(canvas)), view)
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
    left = moments(canvas, middle, view)
    if left.height < middle.height:
        middle = Region(left.x, left.y + 1, left.width, left.height - 1)
    if not _nobody(view):
        _sky(canvas, middle, view.constellation)


def _clock_rows(canvas: Canvas) -> int:
    if canvas.height >= measures.GRAND_ROWS:
        return 10
    return 8 if canvas.height >= measures.TALL_ROWS else 5


def _clock(canvas: Canvas, region: Region, view: Lobby) -> int:
    """The time, as large as it fits; digits have no accents, so the rows kept for those are left out.

    Returns:
        The first row below it.
    """
    grand = (JERSEY_25, JERSEY_20, JERSEY_15, JERSEY_10)
    faces = grand if region.height > JERSEY_10.rows() else (JERSEY_10, TINY_5)
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
    top = Region(region.x, region.y, region.width, most)
    rows = parts.headline(canvas, top, view.present_line, faces, palette.CREAM)
    line = clean(view.present_line)
    face = next((each for each in faces if parts.fits(canvas, top, line, each)), None)
    across = lettering.width(face, line, blocks) if face else columns(line)
    # The second language stands on the base line, where there is room beside the first.
    above = lettering.blank_rows(face, line, blocks)[0] if face else 0
    base = region.y + ((face.above - 1) // blocks.down if face else 0) - above
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
    wanted = wishes_of(view)
    shown = _shown(canvas, rest.height, named.rows_tight, wanted, least=0 if view.tables else WISHES_LEAST)
    rows = height(canvas, shown)
    draw_names(
        canvas,
        Region(rest.x, rest.y, rest.width, rest.height - rows - (1 if rows else 0)),
        view.names,
        view.others_line,
        named,
    )
    if rows:
        draw_wishes(canvas, Region(rest.x, rest.bottom - rows, rest.width, rows), wanted, shown)


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
        _pair(canvas, panel, y, (table.line, measures.YELLOW_BOLD), table.line_secondary)
        _pair(canvas, panel, y + 1, (table.who, measures.CREAM_BOLD), table.who_secondary)
    return Region(region.x, region.y, region.width, region.height - rows - 1)


def _pair(canvas: Canvas, panel: Region, y: int, said: tuple[str, Hand], second: str) -> None:
    """A line in the first language, and in the second where there is room beside it."""
    text, hand = said
    room = panel.width - 4
    used = canvas.write(panel.x + 2, y, text, hand, room)
    if second != text and used + 2 + columns(clean(second)) <= room:
        canvas.write(panel.x + 2 + used + 2, y, second, measures.MUTED)


def _shown(
    canvas: Canvas, rows: int, names_rows: int, wishes: Sequence[Wishes], least: int
) -> tuple[int, ...]:
    """Lines of each kind of wish: they give up lines, down to `least`, before names lose their discs."""
    shown = counts(canvas, wishes, rows - names_rows - 1)
    if not least or (all(shown) and sum(shown) >= min(least, sum(len(each.lines) for each in wishes))):
        return shown
    # Names will be plain text, with half of the room.
    return counts(canvas, wishes, max(rows // 2, rows - 1 - names_rows))


def _nobody(view: Lobby) -> bool:
    """Whether the right half has nobody and nothing to show: then the sky takes it."""
    return not (view.names or view.others_line or wishes_of(view))


def _sky(canvas: Canvas, region: Region, community: Constellation | None) -> None:
    if community is None or region.height < sky.LEAST_ROWS:
        return
    dots = sky.drawn(community, region.width, region.height, canvas.blocks)
    inks = (palette.PANEL_TOP, *palette.PERSON)
    canvas.stamp(region.x, region.y, dots, inks)
    stars = sky.stars(community, region.width, region.height, canvas.blocks)
    canvas.stars += [star.translate(region.offset) for star in stars]


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
        Paragraph((Span(view.offering_title),), 6, measures.YELLOW_BOLD, rows=1),
        *[Paragraph((Span(f"– {line}"),), 6, rows=1) for line in view.offering],
        *[Paragraph((Span(f"{each.at} {each.title}"),), 4, rows=1) for each in view.moments],
        Paragraph((Span(view.date),), 6, measures.MUTED, rows=1),
        Paragraph((Span(view.met_week_line),), 7, measures.MUTED, rows=1),
        Paragraph((Span(view.calm_line),), 5),
        Paragraph((Span(view.help_line),), 4, measures.MUTED),
        *plainly.plain_moods(tuple(way for way in (view.forgotten, view.guest) if way is not None)),
    ]
