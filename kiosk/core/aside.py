"""A small picture of a door's microcontroller beside the screen: for the demo, and for trying a door out.

Pure: plain values with finished strings.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What the microcontroller shows and feels now."""

    title: str
    ring: tuple[str, ...]
    """The colour of each light as "#rrggbb", the first at the top, then clockwise; empty for no ring."""
    sound: str = ""
    """What the buzzer sounds now, in words; empty for silence."""
    distance_line: str
    """How far somebody stands, in words."""
    distance_cm: int | None = None
    """The same in centimetres; `None` for nobody."""
    farthest_cm: int
    """The far end of the scale, above 0."""
    near_cm: int
    """From where on somebody counts as near, above 0 and below `farthest_cm`."""
    down: tuple[bool, bool, bool] = (False, False, False)
    """Which buttons are held, from the left."""
    keys: tuple[str, ...] = ()
    """Which key of the keyboard does what, a line each."""
