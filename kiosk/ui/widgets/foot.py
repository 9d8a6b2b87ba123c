"""The bar at the foot of the lobby: the week's meetings, whom to ask, and what is wrong."""

from collections.abc import Sequence

from textual.geometry import Offset, Region

from kiosk.core.pieces import Choice, Trouble
from kiosk.core.views import Lobby
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.text import clean, columns
from kiosk.ui.widgets import measures, parts


def foot_bar(canvas: Canvas, view: Lobby, rows: int) -> Region:
    """The bar at the foot: the week's meetings and whom to ask; a trouble, quietly, in its own colour.

    Where a trouble and the ways in do not fit beside each other, the trouble has a row of its own above them.
    """
    side = 3 if canvas.width >= measures.WIDE_COLUMNS else 2
    trouble = _room(view.trouble)
    stacked = rows == 1 and trouble > 0 and side + trouble + _width(_labels(view)) > canvas.width
    region = Region(0, canvas.height - rows - stacked, canvas.width, rows + stacked)
    canvas.fill(region, palette.PANEL)
    low = Region(0, canvas.height - rows, canvas.width, rows)
    taken = max(columns(clean(view.help_line)), 0 if stacked else trouble)
    edge = _ways_in(canvas, low, view, taken + side, canvas.width - side)
    if view.trouble is not None:
        end = canvas.width - side if stacked else edge
        _trouble(canvas, view.trouble, Offset(end, region.y + rows // 2), both=rows > 1)
        edge -= 0 if stacked else trouble
    x, y = side, low.y + rows // 2
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


def _room(trouble: Trouble | None) -> int:
    """Columns a trouble takes with its sign and a gap on either side; 0 without one."""
    return columns(clean(trouble.line)) + 4 if trouble is not None else 0


def _trouble(canvas: Canvas, trouble: Trouble, end: Offset, *, both: bool) -> None:
    """The trouble before `end`, and below it in the second language if `both` are wanted."""
    x = max(0, end.x - _room(trouble) + 2)
    canvas.write(x, end.y, "▲", Hand(palette.VERMILION))
    canvas.write(x + 2, end.y, trouble.line, Hand(palette.CREAM), end.x - x - 2)
    second = columns(clean(trouble.line_secondary))
    if both and second:
        canvas.write(end.x - second, end.y + 1, trouble.line_secondary, measures.MUTED, second)


def _ways(view: Lobby) -> list[Choice]:
    return [choice for choice in (view.forgotten, view.guest) if choice is not None]


def _labels(view: Lobby) -> list[str]:
    return [f"{choice.key}  {clean(choice.label)}" for choice in _ways(view)]


def _width(labels: Sequence[str]) -> int:
    """Columns of the buttons with these labels, and of the gaps before them."""
    return sum(columns(label) + 5 for label in labels) + 1


def _ways_in(canvas: Canvas, foot: Region, view: Lobby, taken: int, edge: int) -> int:
    """Buttons at the right for who has no badge: words as far as there is room, members' before guests'.

    Returns:
        The column before which the rest of the foot must end; `edge` without a button.
    """
    ways, labels = _ways(view), _labels(view)
    for i in reversed(range(len(ways))):
        # whom to ask, and the demo's own keys, go before words
        if taken + _width(labels) > canvas.width:
            labels[i] = f"{ways[i].key}  ?"
    right = canvas.width
    for choice, label in zip(ways, labels, strict=True):
        button = Region(right - columns(label) - 4, foot.y, columns(label) + 4, foot.height)
        parts.note(canvas, button, label, palette.PANEL_TOP, measures.CREAM_BOLD)
        # A finger wants more than the row that is drawn.
        finger = Region(button.x, min(button.y, foot.bottom - 4), button.width, max(4, button.height))
        canvas.touch(finger, choice.key, button)
        right, edge = button.x - 1, button.x - 2
    return edge
