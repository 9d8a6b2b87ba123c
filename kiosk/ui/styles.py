"""What Rich calls the colours of a cell: looked up in a theme once, and kept."""

from functools import lru_cache

from rich.color import Color
from rich.style import Style

from kiosk.ui.themes import Theme


def pair_of(theme: Theme, ink: str, ground: str, dimmed: float, *, shape: bool) -> tuple[str, str]:
    """The colours of ink and ground in a theme, darker by `dimmed` (0..1)."""
    if dimmed:
        return theme.dimmed(ink, ground, dimmed, shape=shape)
    return theme.pair(ink, ground, shape=shape)


@lru_cache(maxsize=4096)
def style_of(
    theme: Theme,
    ink: str,
    ground: str,
    dimmed: float,
    bold: bool,  # noqa: FBT001 - as above
    italic: bool,  # noqa: FBT001 - as above
    shape: bool,  # noqa: FBT001 - as above
) -> Style:
    """The style of cells in a theme."""
    above, below = pair_of(theme, ink, ground, dimmed, shape=shape)
    colours = Style.from_color(Color.parse(above), Color.parse(below))
    return colours + Style(bold=bold or None, italic=italic or None)
