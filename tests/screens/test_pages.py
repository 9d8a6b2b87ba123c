"""Large letters a page at a time, and the code of one's own page."""

from dataclasses import replace

import pytest
import samples
import zxingcpp
from test_every_size import drawn, drawn_as

from kiosk.core.keys import TOUCH_KEY
from kiosk.ui import picture
from kiosk.ui.app import KioskApp
from kiosk.ui.blocks import Blocks
from kiosk.ui.lettering import JERSEY_10
from kiosk.ui.look import Look
from kiosk.ui.themes import THEMES
from kiosk.ui.widgets import large, qr

SIZE = (120, 33)


async def test_one_person_at_a_time_in_letters_of_ten_dots_or_more(stage):
    for view in (samples.LARGE_GREETING["fr"], samples.LARGE_GREETING["en"], samples.LARGE_OWN_CARD["fr"]):
        async with stage(SIZE) as on:
            await on.show(view)
            board = on.app.kiosk_screen.board
            assert board.pages(view) == 4
            for number, card in enumerate(view.cards):
                assert board.page == number
                others = {each.name for each in view.cards} - {card.name}
                assert card.name in on.words()
                assert not others & set(on.app.kiosk_screen.words())
                reason = "".join(span.text for span in card.reason)
                brief = "".join(span.text for span in card.brief)
                assert " ".join(reason.split()) in on.words() or " ".join(brief.split()) in on.words()
                for word in board.canvas().written:
                    if word.face is not None and word.text in f"{reason} {brief}":
                        assert word.face.cap >= JERSEY_10.cap
                assert board.turn()
                await on.pilot.pause()
            assert " ".join(view.question.split()) in on.words()
            assert all(choice.label in on.words() for choice in view.moods)
            board.turn()
            assert board.page == 0


async def test_pages_are_turned_by_key_and_by_touch_and_moods_still_chosen(stage):
    async with stage(SIZE) as on:
        await on.show(samples.LARGE_GREETING["fr"])
        board = on.app.kiosk_screen.board
        await on.pilot.press("right")
        await on.pilot.pause(0.2)
        assert (board.page, on.keys) == (1, [TOUCH_KEY])
        await on.pilot.click(board, offset=(60, 20))
        assert (board.page, on.keys) == (2, [TOUCH_KEY] * 2)
        pager = board.canvas().touches[0].region
        await on.pilot.click(board, offset=(pager.x + 1, pager.y + 1))
        assert (board.page, on.keys) == (3, [TOUCH_KEY] * 3)
        mood = next(touch for touch in board.canvas().touches if touch.key == "1").region
        await on.pilot.click(board, offset=(mood.x + 1, mood.y + 1))
        assert (board.page, on.keys[-1]) == (3, "1")
        # choosing shows the same page again, with the choice marked; another view begins at the first
        await on.show(samples.GREETING["fr"])
        await on.show(samples.LARGE_GREETING["fr"])
        assert board.page == 0


async def test_what_has_one_page_leaves_the_key_to_its_owner(stage):
    async with stage(SIZE) as on:
        await on.show(samples.GREETING["fr"])
        assert not on.app.kiosk_screen.board.turn()
        await on.pilot.press("right")
        await on.pilot.pause(0.2)
        assert on.keys == ["right"]


async def test_pages_turn_by_themselves_and_stop_with_the_view(stage):
    async with stage(SIZE) as on:
        await on.show(samples.LARGE_GREETING["fr"])
        board = on.app.kiosk_screen.board
        assert board._turning is not None
        await on.show(samples.LOBBY["fr"])
        assert board._turning is None


def test_pages_are_as_many_as_there_is_to_say():
    view = samples.LARGE_GREETING["fr"]
    bare = replace(view, cards=(), question="", moods=(), own_page="", empty_line="Personne pour l'instant.")
    assert large.pages(bare) == 1
    assert "Personne pour l'instant." in " ".join(drawn(bare, *SIZE).words)
    assert large.pages(replace(bare, cards=view.cards[:1], moods=view.moods)) == 2
    assert large.pages(replace(view, large=False)) == 1


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("blocks", [Blocks.SEXTANT, Blocks.OCTANT])
@pytest.mark.parametrize("size", [(120, 33), (160, 45), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_camera_reads_the_code_of_ones_own_page(theme, blocks, size):
    view = samples.CELEBRATING_GREETING["fr"]
    app = KioskApp(on_key=lambda _key: None, look=Look(blocks, theme))
    async with app.run_test(size=size) as pilot:
        app.show(view)
        await pilot.pause()
        read = zxingcpp.read_barcodes(picture.picture(app))
        assert [each.text for each in read] == [samples.PAGE]
        assert "Ta page," in " ".join(app.kiosk_screen.words())


def test_a_code_has_its_quiet_zone_and_is_left_out_where_it_has_no_room():
    dots = qr.modules(samples.PAGE)
    assert {len(row) for row in dots} == {len(dots)}
    for edge in (*dots[: qr.QUIET], *dots[-qr.QUIET :]):
        assert set(edge) == {qr.LIGHT}
    assert all(set(row[: qr.QUIET]) == {qr.LIGHT} for row in dots)
    view = samples.CELEBRATING_GREETING["fr"]
    assert view.own_page_line not in " ".join(drawn(view, 80, 25).words)
    half = drawn_as(view, 120, 33, Look(Blocks.HALF))
    assert view.own_page_line not in " ".join(half.words)
    assert all(card.name in half.words for card in view.cards)
