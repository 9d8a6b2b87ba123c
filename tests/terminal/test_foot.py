"""foot, the kiosk's terminal, in a compositor without a display: photographed, typed into and touched."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from kiosk.ui.picture import Press, printed
from tests.fakes.programs import wait_until
from tests.terminal.views import drawing, lettered_dots, states

HERE = Path(__file__).parent

CELLS_AWAY = 16.0
"""How far a cell of a photograph may be from ours, in the mean over its pixels of the farthest colour, of
255: letters are smoothed otherwise, and nothing else differs."""

AGAIN_S = 15.0
"""Seconds until the same badge is held to the demo's reader once more."""

AWAY = 1.0
"""The same over the whole screen."""


def one_view(name: str, language: str, keys: Path) -> list[str]:
    """The command that shows a state."""
    return [sys.executable, str(HERE / "one_view.py"), name, language, str(keys)]


def cells_away(one: Image.Image, other: Image.Image, cell: tuple[int, int]) -> list[float]:
    """How far each cell of two pictures is from the other's, the farthest first."""
    difference = ImageChops.difference(one, other)
    width, height = cell
    boxes = [
        (x, y, x + width, y + height)
        for y in range(0, one.height, height)
        for x in range(0, one.width, width)
    ]
    return sorted((max(ImageStat.Stat(difference.crop(box)).mean) for box in boxes), reverse=True)


@pytest.mark.timeout(480)
@pytest.mark.parametrize(("grid", "cell"), states.GRIDS.items(), ids=lambda pair: f"{pair[0]}x{pair[1]}")
@pytest.mark.parametrize(
    ("name", "language"), [("greeting", "fr"), ("lobby", "en"), ("met", "fr"), ("typed_pin", "en")]
)
async def test_foot_draws_what_the_pictures_show(desk, tmp_path, name, language, grid, cell):
    async with drawing.standing(grid) as stand:
        rows = await stand.show(states.EVERY_STATE[name][language])
    wanted = printed(rows, grid[0], Press(*cell, drawing.OUR_FONTS))
    desk.resize(*wanted.size)

    def looks_so() -> bool:
        photograph = desk.photograph()
        return (
            photograph.size == wanted.size
            and max(ImageStat.Stat(ImageChops.difference(photograph, wanted)).mean) < AWAY
        )

    with desk.foot(cell, *one_view(name, language, tmp_path / "keys")):
        wait_until(looks_so, "foot to show the view as the picture has it")
        away = cells_away(desk.photograph(), wanted, cell)
    assert away[0] < CELLS_AWAY, away[:20]


@pytest.mark.timeout(480)
async def test_a_key_and_a_touch_on_the_screen_arrive(desk, tmp_path):
    grid, cell, keys = (120, 33), (16, 32), tmp_path / "keys"
    async with drawing.standing(grid) as stand:
        rows = await stand.show(states.EVERY_STATE["greeting"]["fr"])
        touches = {touch.key: touch.region for touch in stand.app.kiosk_screen.board.canvas().touches}
    wanted = printed(rows, grid[0], Press(*cell, drawing.OUR_FONTS))
    desk.resize(*wanted.size)

    def pressed() -> list[str]:
        return keys.read_text().split() if keys.exists() else []

    with desk.foot(cell, *one_view("greeting", "fr", keys)):
        wait_until(lambda: max(cells_away(desk.photograph(), wanted, cell)) < CELLS_AWAY, "the greeting")
        # A plug that foot has not seen yet is a key that nobody heard: pressed until it is.
        wait_until(lambda: desk.type("2") or "2" in pressed(), "the key to arrive")
        with desk.pointer() as pointer:
            middle = touches["4"].center
            place = int(middle[0] * cell[0]), int(middle[1] * cell[1])
            wait_until(lambda: pointer.click(*place, wanted.size) or "4" in pressed(), "the touch to arrive")
    assert set(pressed()) == {"2", "4"}


def dots_of(photograph: Image.Image, cell: tuple[int, int]) -> list[str]:
    """The dots of every row of a photograph, two across and three down a cell: dark or light."""
    width, height = cell
    columns, rows = photograph.width // width, photograph.height // height
    small = photograph.convert("L").resize((columns * 2, rows * 3), Image.Resampling.BOX)
    pixels = small.tobytes()
    across = columns * 2
    return [
        "".join("#" if pixel > 90 else "." for pixel in pixels[y * across : (y + 1) * across])
        for y in range(rows * 3)
    ]


def is_lettered(photograph: Image.Image, cell: tuple[int, int], ways: Sequence[Sequence[str]]) -> bool:
    """Whether one of some letterings can be read on a photograph, dot by dot."""
    dots = dots_of(photograph, cell)
    for way in ways:
        for y in range(len(dots) - len(way) + 1):
            x = dots[y].find(way[0])
            while x >= 0:
                if all(dots[y + j].startswith(row, x) for j, row in enumerate(way)):
                    return True
                x = dots[y].find(way[0], x + 1)
    return False


@pytest.mark.timeout(600)
def test_the_demo_greets_who_taps_in_pixels_that_can_be_read(desk, tmp_path):
    run = Path(desk.environment["XDG_RUNTIME_DIR"])
    cell = (16, 32)
    desk.resize(1920, 1056)
    more = {"TMPDIR": str(tmp_path)}
    ways = lettered_dots("Hello {name}", "Hello again {name}", "See you soon, {name}", name="Raphaël")
    command = [sys.executable, "-m", "foyer", "demo", "--port", "0"]
    tap = [sys.executable, "-m", "foyer", "tap", "Raphaël"]
    with desk.foot(cell, *command, **more):
        wait_until((run / "foyer/demo.sock").exists, "the doorbell", 120)
        tapped_s = [0.0]

        def greeted() -> bool:
            # Tapped again now and then: a badge before a reader that is not ready yet is seen by nobody.
            if time.monotonic() - tapped_s[0] > AGAIN_S:
                tapped_s[0] = time.monotonic()
                subprocess.run(tap, env={**desk.environment, **more}, timeout=60, check=True)
            return is_lettered(desk.photograph(), cell, ways)

        wait_until(greeted, "Raphaël's name in the photograph", 150)
        # Ctrl-Q, until it is heard
        wait_until(
            lambda: desk.type("-M", "ctrl", "q", "-m", "ctrl") or not (run / "foyer/demo.sock").exists(),
            "the demo to end",
        )
        wait_until(lambda: not list(tmp_path.glob("foyer-demo-*")), "the demo to leave nothing")
