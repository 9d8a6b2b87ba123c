"""Drawing without an app: any size a terminal can have, any number of people, and nothing breaks."""

from dataclasses import replace

import pytest
import samples
from rich.cells import cell_len

from kiosk.core.pieces import Chip
from kiosk.core.views import (
    Farewell,
    Greeting,
    GuestNotice,
    HoldStill,
    HostPage,
    Lobby,
    MetNotice,
    OwnCard,
    RandomBadge,
    RefusedBadge,
    TroubleScreen,
    Typing,
    UnknownBadge,
    View,
)
from kiosk.ui import palette
from kiosk.ui.blocks import Blocks
from kiosk.ui.canvas import Canvas, Hand
from kiosk.ui.look import Look
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.greeting import GreetingBoard
from kiosk.ui.widgets.host_page import HostPageBoard
from kiosk.ui.widgets.keyboard import KeyboardBoard
from kiosk.ui.widgets.lobby import LobbyBoard
from kiosk.ui.widgets.notices import (
    FarewellBoard,
    GuestNoticeBoard,
    HoldStillBoard,
    MetBoard,
    RandomBadgeBoard,
    RefusedBadgeBoard,
    TroubleBoard,
    UnknownBadgeBoard,
)
from kiosk.ui.widgets.own_card import OwnCardBoard

BOARDS: dict[type, type[Board]] = {
    Lobby: LobbyBoard,
    Greeting: GreetingBoard,
    OwnCard: OwnCardBoard,
    Farewell: FarewellBoard,
    MetNotice: MetBoard,
    UnknownBadge: UnknownBadgeBoard,
    RandomBadge: RandomBadgeBoard,
    RefusedBadge: RefusedBadgeBoard,
    GuestNotice: GuestNoticeBoard,
    HoldStill: HoldStillBoard,
    Typing: KeyboardBoard,
    HostPage: HostPageBoard,
    TroubleScreen: TroubleBoard,
}
WIDTHS = (1, 2, 5, 20, 39, 63, 64, 79, 109, 110, 200)
HEIGHTS = (1, 2, 3, 8, 12, 19, 20, 24, 29, 30, 39, 40, 60)


def drawn(view: View, columns: int, rows: int, blocks: Blocks = Blocks.SEXTANT) -> Canvas:
    return drawn_as(view, columns, rows, Look(blocks))


def drawn_as(view: View, columns: int, rows: int, look: Look) -> Canvas:
    board = BOARDS[type(view)]()
    board.look = look
    canvas = Canvas(columns, rows, board.ground(view), look.blocks, look.theme)
    board.draw(view, canvas)
    return canvas


@pytest.mark.parametrize("name", samples.EVERY_VIEW)
@pytest.mark.parametrize("blocks", Blocks)
def test_a_view_can_be_drawn_at_any_size(name, blocks):
    step = 1 if blocks is Blocks.SEXTANT else 3
    for view in samples.EVERY_VIEW[name].values():
        for columns in WIDTHS[::step]:
            for rows in HEIGHTS[::step]:
                canvas = drawn(view, columns, rows, blocks)
                for y in range(rows):
                    strip = canvas.strip(y)
                    assert cell_len(strip.text) == strip.cell_length == columns


@pytest.mark.parametrize("size", samples.SIZES[1:], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("wanted", range(6))
def test_every_name_is_shown_or_counted(size, wanted):
    for count in range(40):
        names = tuple(Chip(f"P{i}q", "P", i % 7) for i in range(count))
        view = replace(samples.LOBBY["fr"], names=names, looking_for=("une traduction",) * wanted)
        words = drawn(view, *size).words
        shown = sum(chip.name in words for chip in names)
        assert shown == count or f"+{count - shown}" in words
        assert view.others_line in words


@pytest.mark.parametrize("size", samples.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", samples.EVERY_VIEW)
def test_nothing_legible_is_drawn_over_or_outside(name, size):
    for view in samples.EVERY_VIEW[name].values():
        canvas = drawn(view, *size)
        for word in canvas.written:
            if word.face is None:
                assert canvas.plain_row(word.y)[word.x : word.x + len(word.text)] == word.text
                continue
            for j, row in enumerate(word.cells):
                for i, cell in enumerate(row):
                    if cell.ink:
                        assert canvas.plain_row(word.y + j)[word.x + i] == cell.glyph, word


def test_a_wide_character_that_is_half_written_over_leaves_a_space():
    canvas = Canvas(6, 1, palette.INK)
    canvas.write(0, 0, "欧阳", Hand(palette.CREAM))
    canvas.write(1, 0, "x", Hand(palette.CREAM))
    assert canvas.plain_row(0) == " x阳  "
    assert canvas.strip(0).cell_length == 6


@pytest.mark.parametrize("initial", ["欧", "ف"])
def test_an_initial_of_another_script_is_written_in_its_disc(initial):
    canvas = Canvas(20, 5, palette.INK)
    canvas.disc(0, 0, 5, initial, palette.GREEN)
    assert initial in canvas.plain_row(2)
    assert [canvas.strip(y).cell_length for y in range(5)] == [20] * 5


def test_an_empty_house_shows_the_sky_where_names_would_be():
    view = replace(samples.LOBBY["fr"], names=(), others_line="", looking_for=(), looking_for_title="")
    right = [row[60:] for row in map(drawn(view, 120, 33).plain_row, range(10, 27))]
    assert any(row.strip() for row in right)
