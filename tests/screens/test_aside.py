"""The picture of the door's microcontroller: beside the kiosk where there is room, and never in its way."""

from dataclasses import replace

import pytest
import samples
from rich.cells import cell_len

from kiosk.core.aside import Aside
from kiosk.core.pieces import Attention
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas
from kiosk.ui.widgets.aside import COLUMNS, LEAST_COLUMNS, LEAST_ROWS, AsideBoard

GREEN = "#00ff66"
DOOR = Aside(
    title="La porte",
    ring=(GREEN,) * 12 + (palette.NIGHT,) * 4,
    sound="880 Hz",
    distance_line="quelqu’un à 80 cm",
    distance_cm=80,
    farthest_cm=300,
    near_cm=120,
    down=(False, True, False),
    keys=("↑ ↓ approcher, reculer", "F5 F6 F7 boutons"),
)
DARK = replace(DOOR, ring=(), sound="", distance_cm=None, keys=())


@pytest.mark.parametrize("view", [DOOR, DARK])
def test_it_can_be_drawn_at_any_size(view):
    for columns in (1, 5, 20, COLUMNS, 60):
        for rows in (1, 3, 12, 20, 24, 33, 45):
            canvas = Canvas(columns, rows, palette.PANEL)
            AsideBoard().draw(view, canvas)
            for y in range(rows):
                assert cell_len(canvas.strip(y).text) == columns


def test_lights_the_distance_and_the_buttons_are_there():
    canvas = Canvas(COLUMNS, 33, palette.PANEL)
    AsideBoard().draw(DOOR, canvas)
    assert {"La porte", "880 Hz", "quelqu’un à 80 cm", "[1]", "[2]", "[3]"} <= set(canvas.words)
    lit = sum(ground == GREEN for row in canvas._grounds for ground in row)
    assert lit == 2 * 12, "a light is two cells"


async def test_the_kiosk_gives_it_room_and_stays_whole(stage):
    async with stage((150, 33)) as on:
        await on.show(samples.LOBBY["fr"])
        on.app.aside_is(DOOR)
        await on.pilot.pause()
        board = on.app.kiosk_screen.board
        assert board.size.width == 150 - COLUMNS
        assert "F5 F6 F7 boutons" in "\n".join(on.rows())
        await on.show(samples.GREETING["fr"])
        assert "Bonjour" in on.words()


@pytest.mark.parametrize("size", [(LEAST_COLUMNS - 1, 33), (150, LEAST_ROWS - 1)])
async def test_where_there_is_no_room_nothing_is_taken_from_the_kiosk(stage, size):
    async with stage(size) as on:
        await on.show(samples.LOBBY["fr"])
        on.app.aside_is(DOOR)
        await on.pilot.pause()
        assert on.app.kiosk_screen.board.size.width == size[0]
        assert "F5 F6 F7" not in "\n".join(on.rows())


async def test_waking_changes_only_the_lobby_s_look_never_its_words(stage):
    async with stage((120, 33)) as on:
        for attention in Attention:
            await on.show(replace(samples.LOBBY["fr"], attention=attention))
            assert "Badgez et rencontrez trois personnes" in " ".join(on.words().split())
            assert "12 présents" in on.words()
