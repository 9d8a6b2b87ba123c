"""The constellation of the lobby: members as stars, meetings as lines, no names.

The same community always gives the same sky.  A star stands near the first star
it is linked to, so a new member adds a star and moves nobody, and a meeting may
bring two stars together.
"""

from functools import lru_cache

from PIL import Image, ImageDraw
from textual.geometry import Region

from kiosk.core.pieces import Constellation
from kiosk.ui import palette
from kiosk.ui.blocks import Blocks, Cell, cells

LEAST_ROWS = 6
"""Below this there is no sky, only clutter."""

STARS_AT_MOST = 60
"""More than this in a corner of the screen is noise; the first ones are shown."""

TWINKLE_S = 1.0
"""Seconds from one star that is lit to the next: slower than anything that catches an eye."""

LINE_INK = 1
"""Ink 1 is the lines; ink 2 and up are the personal tints."""


STEP_ACROSS, STEP_DOWN = 9, 5
"""Dots from one possible place of a star to the next: two stars never touch."""

SHAPES = (
    (" ## ", "####", "####", " ## "),
    (" # ", "###", " # "),
    ("##", "##"),
    (" # ", "###", " # "),
    ("###", "###"),
)
"""What stars look like, in turn; dots are a third wider than high on a sextant grid."""


@lru_cache(maxsize=8)
def drawn(community: Constellation, columns: int, rows: int, blocks: Blocks) -> tuple[tuple[Cell, ...], ...]:
    """The sky as cells: ink 1 for lines, ink 2 + tint for stars."""
    across, down = columns * blocks.across, rows * blocks.down
    places = _places(community, across, down)
    image = Image.new("L", (across, down))
    draw = ImageDraw.Draw(image)
    for first, second in community.links:
        if first < len(places) and second < len(places):
            draw.line((places[first], places[second]), fill=LINE_INK)
    for i, (x, y) in enumerate(places):
        # Lines end a cell before a star: a cell has two colours, and the star's is one of them.
        shape = SHAPES[i % len(SHAPES)]
        box = _box(x, y, shape, blocks)
        draw.rectangle((box.x, box.y, box.right - 1, box.bottom - 1), fill=0)
        _star(image, x, y, shape, LINE_INK + 1 + community.stars[i] % len(palette.PERSON))
    data = image.tobytes()
    return cells(tuple(data[y * across : (y + 1) * across] for y in range(down)), blocks)


def stars(community: Constellation, columns: int, rows: int, blocks: Blocks) -> list[Region]:
    """The cells of each star that `drawn` draws, in the community's order."""
    places = _places(community, columns * blocks.across, rows * blocks.down)
    boxes = [_box(x, y, SHAPES[i % len(SHAPES)], blocks) for i, (x, y) in enumerate(places)]
    return [
        Region(
            box.x // blocks.across,
            box.y // blocks.down,
            box.width // blocks.across,
            box.height // blocks.down,
        )
        for box in boxes
    ]


def _box(x: int, y: int, shape: tuple[str, ...], blocks: Blocks) -> Region:
    """The dots of the cells that a star lies in."""
    left = (x - len(shape[0]) // 2) // blocks.across * blocks.across
    top = (y - len(shape) // 2) // blocks.down * blocks.down
    right = -(-(x + len(shape[0]) - len(shape[0]) // 2) // blocks.across) * blocks.across
    foot = -(-(y + len(shape) - len(shape) // 2) // blocks.down) * blocks.down
    return Region.from_corners(left, top, right, foot)


def _star(image: Image.Image, x: int, y: int, shape: tuple[str, ...], ink: int) -> None:
    for j, line in enumerate(shape):
        for i, dot in enumerate(line):
            if dot == "#":
                place = (x - len(line) // 2 + i, y - len(shape) // 2 + j)
                if 0 <= place[0] < image.width and 0 <= place[1] < image.height:
                    image.putpixel(place, ink)


def _places(community: Constellation, across: int, down: int) -> list[tuple[int, int]]:
    """Where each star stands, in dots: near the first star it is linked to, else spread out."""
    free = [
        (3 + x * STEP_ACROSS + (y % 2) * STEP_ACROSS // 2, 3 + y * STEP_DOWN)
        for y in range(max(1, (down - 2) // STEP_DOWN))
        for x in range(max(1, (across - 4) // STEP_ACROSS))
    ]
    friend: dict[int, int] = {}
    for first, second in community.links:
        friend.setdefault(max(first, second), min(first, second))
    places: list[tuple[int, int]] = []
    for i in range(min(len(community.stars), STARS_AT_MOST, len(free) * 3 // 4)):
        near = friend.get(i, i)
        wanted = _spread(i, across, down)
        if near < i:
            # Two steps away from the other star, so that the line between them is seen.
            x, y = places[near]
            wanted = (x + (2 if i % 2 else -2) * STEP_ACROSS, y + (i % 3 - 1) * STEP_DOWN)
        place = min(
            free, key=lambda each: ((each[0] - wanted[0]) ** 2 + (each[1] - wanted[1]) ** 2 * 2, each)
        )
        free.remove(place)
        # A dot or two off the grid, so that it looks like a sky and not like a table.
        places.append((place[0] + i % 3 - 1, place[1] + i % 2))
    return places


def _spread(index: int, across: int, down: int) -> tuple[int, int]:
    # The plastic number's sequence spreads any count of points evenly without drawing lots.
    # Source: Martin Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018.
    x = (0.5 + (index + 1) * 0.7548776662466927) % 1
    y = (0.5 + (index + 1) * 0.5698402909980532) % 1
    return round(x * across), round(y * down)
