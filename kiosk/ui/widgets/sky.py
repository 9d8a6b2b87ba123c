"""The constellation of the lobby: members as stars, meetings as lines, no names.

The same community always gives the same sky: places come from a star's number
alone, so a new member adds a star and moves nobody.
"""

from functools import lru_cache

from PIL import Image, ImageDraw

from kiosk.core.views import Constellation
from kiosk.ui import palette
from kiosk.ui.blocks import Blocks, Cell, cells

LEAST_ROWS = 4
"""Below this there is no sky, only clutter."""

STARS_AT_MOST = 60
"""More than this in a corner of the screen is noise; the first ones are shown."""

LINE_INK = 1
"""Ink 1 is the lines; ink 2 and up are the personal tints."""


@lru_cache(maxsize=8)
def drawn(community: Constellation, columns: int, rows: int, blocks: Blocks) -> tuple[tuple[Cell, ...], ...]:
    """The sky as cells: ink 1 for lines, ink 2 + tint for stars."""
    across, down = columns * blocks.across, rows * blocks.down
    image = Image.new("L", (across, down))
    draw = ImageDraw.Draw(image)
    stars = community.stars[:STARS_AT_MOST]
    places = [_place(i, across, down) for i in range(len(stars))]
    for first, second in community.links:
        if max(first, second) < len(places):
            draw.line((places[first], places[second]), fill=LINE_INK)
    for i, (tint, (x, y)) in enumerate(zip(stars, places, strict=True)):
        ink = LINE_INK + 1 + tint % len(palette.PERSON)
        reach = (1, 2, 1, 1, 2)[i % 5]
        # A star covers whole cells' worth of dots, so that no cell needs three colours.
        draw.rectangle((x - reach, y - 1, x + reach - 1, y + 1), fill=ink)
        if reach > 1:
            draw.rectangle((x - 1, y - 2, x, y + 2), fill=ink)
    data = image.tobytes()
    return cells(tuple(data[y * across : (y + 1) * across] for y in range(down)), blocks)


def _place(index: int, across: int, down: int) -> tuple[int, int]:
    # The plastic number's sequence spreads any count of points evenly without drawing lots.
    # Source: Martin Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018.
    x = (0.5 + (index + 1) * 0.7548776662466927) % 1
    y = (0.5 + (index + 1) * 0.5698402909980532) % 1
    return 3 + round(x * (across - 7)), 3 + round(y * (down - 7))
