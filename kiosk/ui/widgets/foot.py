"""The bar at the foot of the lobby: the week's meetings, whom to ask, and what is wrong."""

from textual.geometry import Region

from kiosk.core.views import Lobby
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.text import clean, columns
from kiosk.ui.widgets import measures, parts


def foot_bar(canvas: Canvas, view: Lobby, rows: int) -> Region:
    """The bar at the foot: the week's meetings and whom to ask; a trouble, quietly, in its own colour."""
    region = Region(0, canvas.height - rows, canvas.width, rows)
    canvas.fill(region, palette.PANEL)
    y = region.y + rows // 2
    side = x = 3 if canvas.width >= measures.WIDE_COLUMNS else 2
    edge = canvas.width - side
    trouble = columns(clean(view.trouble.line)) + 4 if view.trouble is not None else 0
    edge = _ways_in(canvas, region, view, max(columns(clean(view.help_line)), trouble) + x, edge)
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


def _ways_in(canvas: Canvas, foot: Region, view: Lobby, taken: int, edge: int) -> int:
    """Buttons at the right for who has no badge: words as far as there is room, members' before guests'.

    Returns:
        The column before which the rest of the foot must end; `edge` without a button.
    """
    ways = [choice for choice in (view.forgotten, view.guest) if choice is not None]
    labels = [f"{choice.key}  {clean(choice.label)}" for choice in ways]
    for i in reversed(range(len(ways))):
        # whom to ask, and the demo's own keys, go before words
        if taken + sum(columns(label) + 5 for label in labels) + 1 > canvas.width:
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
