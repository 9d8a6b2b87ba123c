"""The names of the house's colours, and mixing.

A name ("muted") is a token: which colour it is, as ink and as ground, is said by the theme
(`kiosk.ui.themes`) when a canvas becomes strips.  A "#rrggbb" is drawn as it is: only light that is really
there (a door's ring) is given so.
"""

INK = "ink"
"""The ground of the screen, and letters on a bright panel."""
PANEL = "panel"
PANEL_HIGH = "panel high"
"""Buttons, and panels that stand before panels."""
PANEL_TOP = "panel top"
"""For what is pressed or half-way: lighter than a panel, still quiet."""
LEAVING = "leaving"
"""The part of the leaving panel whose time is still to come."""
CREAM = "cream"
MUTED = "muted"
ORANGE = "orange"
SKY = "sky"
GREEN = "green"
YELLOW = "yellow"
PINK = "pink"
LAVENDER = "lavender"
VERMILION = "vermilion"
PROBLEM_GROUND = "problem ground"
PROBLEM_PANEL = "problem panel"
DONE_GROUND = "done ground"
DONE_PANEL = "done panel"
PAPER = "paper"
"""White in every theme: a QR code is dark on it, or cameras do not read it."""
PRINT = "print"
"""Black in every theme."""

NIGHT = "#000000"
"""Where colours go that are dimmed."""

PERSON = (ORANGE, SKY, GREEN, YELLOW, PINK, LAVENDER, VERMILION)
"""One tint a person, by the index in a view."""

TOKENS = (
    *(INK, PANEL, PANEL_HIGH, PANEL_TOP, LEAVING, CREAM, MUTED),
    *PERSON,
    *(PROBLEM_GROUND, PROBLEM_PANEL, DONE_GROUND, DONE_PANEL, PAPER, PRINT),
)
"""Every token: a theme has a colour for each."""


def tint(index: int) -> str:
    """The colour of a personal tint; an index out of range wraps rather than failing at the door."""
    return PERSON[index % len(PERSON)]


def between(first: str, second: str, share: float) -> str:
    """The colour `share` (0..1) of the way from one "#rrggbb" to another."""
    start = bytes.fromhex(first[1:])
    end = bytes.fromhex(second[1:])
    mixed = bytes(round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return f"#{mixed.hex()}"
