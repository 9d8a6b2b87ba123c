"""A small line of how something went, month by month, as an SVG path.

Pure.  The line breaks where nothing can be said; a month that stands alone is a dot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 120, 32
"""Of the picture, in its own units."""

EDGE = 4
"""Free on every side, so that a dot is whole."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """What is drawn."""

    path: str
    """Of the SVG's `d`; empty if there is no line."""
    dots: tuple[tuple[float, float], ...]
    """Months that are said with nothing beside them, and the last one that is said."""


def sparkline(values: Sequence[int | None], most: int | None = None) -> Sparkline:
    """Draw values from left to right, from 0 at the bottom.

    Args:
        values: The oldest first; `None` where nothing can be said.
        most: What stands at the top; the largest value if `None`.
    """
    top = max(most or max((value or 0 for value in values), default=0), 1)
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    begin = EDGE if len(values) > 1 else WIDTH / 2
    points = [
        None
        if value is None
        else (round(begin + place * step, 1), round(HEIGHT - EDGE - value / top * (HEIGHT - 2 * EDGE), 1))
        for place, value in enumerate(values)
    ]
    padded = [None, *points, None]
    path, dots = [], []
    for before, point, after in zip(padded, points, padded[2:], strict=False):
        if point is not None:
            if before is None and after is None:
                dots.append(point)
            else:
                path.append(f"{'M' if before is None else 'L'}{point[0]:g} {point[1]:g}")
    said = [point for point in points if point is not None]
    if said and said[-1] not in dots:
        dots.append(said[-1])
    return Sparkline("".join(path), tuple(dots))
