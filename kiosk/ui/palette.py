"""The house colours: a dark ink ground, quiet panels, one saturated block, seven personal tints.

All pairs used for reading keep a contrast of 4.5 or more.  Vermilion (a problem)
and sky (done) stay apart for every kind of colour vision, and are never the
only sign of either.
"""

INK = "#0e1320"
"""The ground of the screen, and letters on a bright panel."""
PANEL = "#182035"
PANEL_HIGH = "#222c47"
PANEL_TOP = "#2d3a5c"
"""For what is pressed or half-way: lighter than a panel, still quiet."""
LEAVING = "#3b5478"
"""The part of the leaving panel whose time is still to come."""
CREAM = "#f7f1e5"
MUTED = "#9aa7c7"
ORANGE = "#f2a541"
SKY = "#66c2ef"
GREEN = "#3fc6a0"
YELLOW = "#f4e06d"
PINK = "#e69ac6"
LAVENDER = "#b3a4f2"
VERMILION = "#ef7d57"
PROBLEM_GROUND = "#2a1712"
PROBLEM_PANEL = "#3d221a"
NIGHT = "#000000"
"""Where colours go that are dimmed."""
DONE_GROUND = "#0f2438"
DONE_PANEL = "#1a3550"

PERSON = (ORANGE, SKY, GREEN, YELLOW, PINK, LAVENDER, VERMILION)
"""One tint a person, by the index in a view."""


def tint(index: int) -> str:
    """The colour of a personal tint; an index out of range wraps rather than failing at the door."""
    return PERSON[index % len(PERSON)]


def between(first: str, second: str, share: float) -> str:
    """The colour `share` (0..1) of the way from one "#rrggbb" to another."""
    start = bytes.fromhex(first[1:])
    end = bytes.fromhex(second[1:])
    mixed = bytes(round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return f"#{mixed.hex()}"
