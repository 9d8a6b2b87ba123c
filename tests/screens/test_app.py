"""Keys, touches, switching, and what the app promises its owner."""

import asyncio
from dataclasses import replace

import pytest
import samples
import states
from rich.cells import cell_len
from textual import events
from textual.geometry import Offset, Region

from kiosk.core.keys import TOUCH_KEY, UNDO_KEY
from kiosk.core.views import Greeting, Lobby
from kiosk.ui.app import KioskApp
from kiosk.ui.blocks import Blocks
from kiosk.ui.look import Look
from kiosk.ui.widgets.board import Board

SIZE = (120, 33)


async def settled(on, count):
    """Wait until so many keys have come up, or give up after two seconds."""
    for _ in range(200):
        if len(on.keys) >= count:
            return
        await asyncio.sleep(0.01)


async def test_a_pressed_key_arrives_as_a_string(stage):
    async with stage(SIZE) as on:
        await on.show(samples.GREETING["fr"])
        for i, key in enumerate(("1", "4", "u", "l"), start=1):
            await on.pilot.press(key)
            await settled(on, i)
        assert on.keys == ["1", "4", "u", "l"]


async def test_a_reader_that_types_a_number_presses_nothing(stage):
    async with stage(SIZE) as on:
        await on.show(samples.GREETING["fr"])
        before = on.rows()[:-1]  # the last row is the countdown
        for character in "04A1B2C3D4E5F6":
            on.app.post_message(events.Key(character.lower(), character))
        on.app.post_message(events.Key("enter", "\r"))
        await on.pilot.pause()
        await asyncio.sleep(3 * on.app._guard.quiet_s)
        assert on.keys == []
        assert on.rows()[:-1] == before
        assert on.app.view is samples.GREETING["fr"]
        # The keyboard is not deaf afterwards.
        await on.pilot.press("2")
        await settled(on, 1)
        assert on.keys == ["2"]


async def test_nothing_can_take_the_focus(stage):
    async with stage(SIZE) as on:
        for versions in samples.EVERY_VIEW.values():
            await on.show(versions["fr"])
            await on.pilot.press("tab")
            assert on.app.focused is None
        assert not any(widget.focusable for widget in on.app.screen.walk_children())


async def test_a_touch_on_a_mood_sends_its_key(stage):
    async with stage(SIZE) as on:
        await on.show(samples.GREETING["fr"])
        board = on.app.kiosk_screen.board
        for touch in board.canvas().touches:
            await on.pilot.click(board, offset=touch.region.offset + Offset(1, 1))
        await settled(on, 4)
        assert on.keys == ["1", "2", "3", "4"]


async def test_a_touch_on_undo_sends_undo(stage):
    for view in (samples.FAREWELL["fr"], samples.MET["fr"]):
        async with stage(SIZE) as on:
            await on.show(view)
            board = on.app.kiosk_screen.board
            await on.pilot.click(board, offset=board.canvas().touches[-1].region.offset + Offset(2, 2))
            assert on.keys == [UNDO_KEY]


@pytest.mark.parametrize("size", [(80, 25), SIZE], ids=["80x25", "120x33"])
async def test_every_place_to_touch_on_every_view_sends_its_key(stage, size):
    async with stage(size) as on:
        for name, versions in states.EVERY_STATE.items():
            await on.show(versions["fr"])
            board = on.app.kiosk_screen.board
            touches = board.canvas().touches
            on.keys.clear()
            for touch in touches:
                await on.pilot.click(board, offset=touch.region.offset + Offset(1, touch.region.height // 2))
            # the next page is turned on the screen itself: whoever asked for it is still reading
            said = ["touch" if touch.key == "right" else touch.key for touch in touches]
            assert on.keys == said, name


async def test_every_key_that_a_view_names_arrives_while_it_is_shown(stage):
    async with stage(SIZE) as on:
        for name, versions in states.EVERY_STATE.items():
            await on.show(versions["en"])
            keys = [touch.key for touch in on.app.kiosk_screen.board.canvas().touches if len(touch.key) == 1]
            for key in dict.fromkeys(keys[:2]):
                on.keys.clear()
                await on.pilot.press(key)
                await settled(on, 1)
                assert on.keys == [key], name


async def test_a_touch_elsewhere_says_somebody_is_there(stage):
    async with stage(SIZE) as on:
        await on.show(samples.LOBBY["fr"])
        await on.pilot.click(on.app.kiosk_screen.board, offset=(60, 1))
        assert on.keys == [TOUCH_KEY]


async def test_moods_can_be_touched_with_a_finger(stage):
    # 20 mm on a 24 inch screen of 120x33 cells is 5 columns and 2.2 rows.
    async with stage(SIZE) as on:
        await on.show(samples.GREETING["fr"])
        for touch in on.app.kiosk_screen.board.canvas().touches:
            assert touch.region.width >= 5
            assert touch.region.height >= 3


async def test_three_hundred_views_do_not_add_a_widget(stage):
    every = [view for versions in samples.EVERY_VIEW.values() for view in versions.values()]
    async with stage((80, 25)) as on:
        await on.show(every[0])
        widgets, timers = len(list(on.app.screen.walk_children())), None
        for i in range(300):
            on.app.show(every[i % len(every)])
            if i % 20 == 0:
                await on.pilot.pause()
            if i == 21:
                timers = living_timers(on.app)
        await on.pilot.pause()
        on.app.show(every[0])
        await on.pilot.pause()
        assert len(list(on.app.screen.walk_children())) == widgets
        assert living_timers(on.app) <= timers


def living_timers(app):
    nodes = [app, app.screen, *app.screen.walk_children()]
    return sum(
        len([timer for timer in node._timers if timer._task and not timer._task.done()]) for node in nodes
    )


async def test_only_one_board_is_displayed(stage):
    async with stage(SIZE) as on:
        for versions in samples.EVERY_VIEW.values():
            await on.show(versions["en"])
            boards = [each for each in on.app.screen.children if isinstance(each, Board) and each.display]
            assert boards == [on.app.kiosk_screen.board]


async def test_the_owner_hears_when_a_view_is_painted(stage):
    async with stage(SIZE) as on:
        await on.show(samples.LOBBY["fr"])
        await on.show(samples.GREETING["fr"])
        assert on.painted == [samples.LOBBY["fr"], samples.GREETING["fr"]]


async def test_the_owner_is_told_when_views_may_be_shown():
    ready = []
    app = KioskApp(on_key=lambda _key: None, on_ready=lambda: ready.append(True))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert ready == [True]


async def test_what_was_noted_is_said_at_once_and_goes_with_the_next_view(stage):
    async with stage(SIZE) as on:
        await on.show(samples.LOBBY["fr"])
        on.app.acknowledge("Entrée notée")
        await on.pilot.pause()
        assert any("Entrée notée" in row for row in on.rows())
        await on.show(samples.FAREWELL["fr"])
        assert not any("Entrée notée" in row for row in on.rows())


async def test_ctrl_c_ends_nothing_and_is_handed_up_like_any_key(stage):
    async with stage(SIZE) as on:
        await on.show(samples.LOBBY["fr"])
        before = on.rows()
        await on.pilot.press("ctrl+c")
        assert on.app.is_running
        assert on.rows() == before
        assert on.keys == ["ctrl+c"]


async def test_a_hint_stands_over_every_view_but_the_lobby_where_there_is_room(stage):
    for size, room in ((SIZE, True), ((80, 24), False)):
        async with stage(size) as on:
            on.app.hint_is("Enter: badge")
            await on.show(samples.LOBBY["fr"])
            assert not any("Enter: badge" in row for row in on.rows())
            for name, versions in samples.EVERY_VIEW.items():
                await on.show(versions["fr"])
                shown = room and not isinstance(on.app.view, Lobby)
                assert ("Enter: badge" in on.rows()[0]) == shown, name
            await on.show(samples.LOBBY["fr"])
            assert not any("Enter: badge" in row for row in on.rows())


async def test_ctrl_q_quits():
    app = KioskApp(on_key=lambda _key: None)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert not app.is_running


async def test_ctrl_p_opens_no_palette(stage):
    async with stage(SIZE) as on:
        await on.show(samples.LOBBY["fr"])
        await on.pilot.press("ctrl+p")
        assert on.app.screen is on.app.kiosk_screen


async def test_the_lobby_at_rest_has_no_timer_running(stage):
    async with stage(SIZE) as on:
        await on.show(samples.GREETING["fr"])
        await on.show(samples.OWN_CARD["fr"])
        await on.show(samples.LOBBY["fr"])
        assert [
            timer.name
            for node in (on.app, *on.app.screen.children)
            for timer in node._timers
            if timer._task and not timer._task.done()
        ] == []


async def test_the_leaving_panel_empties_and_then_says_so(stage):
    view = replace(samples.OWN_CARD["fr"], leave_within_s=0.5)
    async with stage(SIZE) as on:
        await on.show(view)
        board = on.app.kiosk_screen.board
        whole = board._left(view)
        board._step()
        assert board._left(view).width < whole.width
        board._step()
        await on.pilot.pause()
        assert view.leave_line not in on.words()
        assert view.leave_closed_line in on.words()


async def test_the_countdown_gets_shorter(stage):
    async with stage((40, 12)) as on:
        await on.show(samples.GREETING["fr"])
        full = on.rows()[-1].count("▁")
        countdown = on.app.kiosk_screen._countdown
        countdown._step(12.5)
        await on.pilot.pause()
        assert full == 40
        assert on.rows()[-1].count("▁") == 20


async def test_the_countdown_covers_nothing_legible(stage):
    async with stage((40, 12)) as on:
        await on.show(samples.GREETING["fr"])
        canvas = on.app.kiosk_screen.board.canvas()
        assert canvas.plain_row(11).strip() == ""


@pytest.mark.parametrize("size", samples.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_touch_places_stay_on_the_screen(stage, size):
    async with stage(size) as on:
        for versions in samples.EVERY_VIEW.values():
            await on.show(versions["fr"])
            for touch in on.app.kiosk_screen.board.canvas().touches:
                assert Region(0, 0, *size).contains_region(touch.region)


async def test_a_view_shown_before_the_first_size_is_drawn_later():
    app = KioskApp(on_key=lambda _key: None)
    async with app.run_test(size=SIZE) as pilot:
        app.show(Greeting(headline="Bonjour", noted="noté", subtitle="", language="fr"))
        await pilot.pause()
        assert "Bonjour" in app.kiosk_screen.words()


@pytest.mark.parametrize("size", samples.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_half_blocks_draw_every_view_too(size):
    app = KioskApp(on_key=lambda _key: None, look=Look(Blocks.HALF))
    async with app.run_test(size=size) as pilot:
        for versions in samples.EVERY_VIEW.values():
            app.show(versions["fr"])
            await pilot.pause()
            rows = [strip.text for strip in app.screen._compositor.render_strips()]
            assert {cell_len(row) for row in rows} == {size[0]}
            assert not any("\U0001fb00" <= glyph <= "\U0001fb3b" for row in rows for glyph in row)


async def test_whom_to_ask_is_said_before_the_second_language(stage):
    view = samples.LOBBY["fr"]
    async with stage((80, 25)) as on:
        await on.show(view)
        assert "Camille est à l'accueil" in on.words()
        assert view.met_week_line_secondary not in on.words()


async def test_a_pin_is_typed_as_fast_as_fingers_go_and_a_reader_types_nothing(stage):
    async with stage((80, 25)) as on:
        await on.show(samples.TYPED_PIN["fr"])
        for key in "7394":
            await on.pilot.press(key)
            await on.pilot.pause(0.05)
        await on.pilot.press("enter")
        await settled(on, 5)
        assert on.keys == ["7", "3", "9", "4", "enter"]
        await on.pilot.pause(0.1)
        for key in "0412345678":
            on.app.post_message(events.Key(key, key))
        await on.pilot.pause(0.2)
        await on.pilot.press("1")
        await settled(on, 6)
        assert on.keys[5:] == ["1"]


async def test_every_key_on_the_screen_can_be_touched(stage):
    async with stage((120, 33)) as on:
        view = samples.TYPED_NAME["fr"]
        await on.show(view)
        touches = on.app.kiosk_screen.board.canvas().touches
        for touch in touches:
            await on.pilot.click(offset=(touch.region.x + 1, touch.region.y))
        assert on.keys == [choice.key for row in view.rows for choice in row]


async def test_the_way_in_without_a_badge_can_be_touched(stage):
    async with stage((120, 33)) as on:
        for view in (samples.FORGOTTEN_LOBBY["fr"], samples.FORGOTTEN_RANDOM["fr"]):
            await on.show(view)
            (touch,) = on.app.kiosk_screen.board.canvas().touches
            await on.pilot.click(offset=(touch.region.x + 1, touch.region.y))
        assert on.keys == ["0", "0"]
