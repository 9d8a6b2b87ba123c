"""Themes, fall-backs, motion and sizes: what a space chooses, and what the terminal can do."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
import samples
from rich.cells import cell_len

from kiosk.bootstrap import look_of
from kiosk.settings import Glyphs, MotionName, ScreenSettings, ThemeName
from kiosk.ui import palette, picture
from kiosk.ui.app import KioskApp
from kiosk.ui.blocks import Blocks
from kiosk.ui.look import USUAL, Look, Motion
from kiosk.ui.screen import css
from kiosk.ui.themes import CONSOLE, CONTRAST, HOUSE, SIXTEEN, THEMES, contrast, true_colour
from kiosk.ui.widgets.board import STEP_S
from kiosk.ui.widgets.sky import TWINKLE_S

SIZE = (120, 33)
GRIDS = ((40, 12), (80, 25), (200, 60), (64, 20), (120, 33), (110, 30), (160, 45), (40, 12))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_theme_has_a_colour_for_every_token(theme):
    assert set(theme.inks) == set(palette.TOKENS)
    assert set(theme.grounds) <= set(palette.TOKENS)


def test_the_sixteen_theme_has_no_other_colours():
    for token in palette.TOKENS:
        assert re.fullmatch(r"color\(1?\d\)", SIXTEEN.ink(token))
        assert re.fullmatch(r"color\([0-7]\)", SIXTEEN.ground(token))
    assert SIXTEEN.ink("#f2a541") in {f"color({n})" for n in range(16)}
    assert SIXTEEN.between(palette.ORANGE, palette.SKY, 0.4) == palette.ORANGE
    assert SIXTEEN.between(palette.ORANGE, palette.SKY, 0.6) == palette.SKY
    assert css("color(14)") == "ansi_bright_cyan"
    assert true_colour("color(11)") == CONSOLE[11]


def test_what_cannot_be_read_on_a_ground_gives_way_among_sixteen_colours():
    assert SIXTEEN.pair(palette.MUTED, palette.PANEL_HIGH) == ("color(15)", "color(4)")
    assert SIXTEEN.pair(palette.CREAM, palette.CREAM) == ("color(0)", "color(7)")
    assert SIXTEEN.pair(palette.MUTED, palette.PANEL_HIGH, shape=True) == ("color(7)", "color(4)")


# Machado, Oliveira, Fernandes 2009: what somebody with one kind of cone missing sees, in linear light.
DEFICIENT = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(code):
    parts = [part / 255 for part in bytes.fromhex(code[1:])]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lab(rgb):
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(a * min(1, max(0, b)) for a, b in zip(row, rgb, strict=True)) for row in matrix]
    f = [
        (v / w) ** (1 / 3) if v / w > 0.008856 else 7.787 * v / w + 16 / 116
        for v, w in zip(xyz, (0.9505, 1.0, 1.089), strict=True)
    ]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def delta(first, second, kind=None):
    """The distance of two colours (CIE 1976), as a kind of colour vision sees them."""
    seen = []
    for code in (first, second):
        rgb = linear(code)
        if kind is not None:
            rgb = [sum(a * b for a, b in zip(row, rgb, strict=True)) for row in DEFICIENT[kind]]
        seen.append(lab(rgb))
    return sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5


@pytest.mark.parametrize("theme", [HOUSE, CONTRAST], ids=["house", "contrast"])
@pytest.mark.parametrize("kind", DEFICIENT)
def test_done_and_problem_stay_apart_for_every_kind_of_colour_vision(theme, kind):
    assert delta(theme.ink(palette.SKY), theme.ink(palette.VERMILION), kind) >= 40
    assert delta("#3fc6a0", "#ef7d57", "protan") < 30, "a usual pair would not"


def test_done_and_problem_differ_by_sign_and_words_and_never_by_colour_alone(stage):
    del stage
    from test_every_size import drawn

    for size in samples.SIZES:
        done = set(drawn(samples.FAREWELL["fr"], *size).words)
        met = set(drawn(samples.MET["fr"], *size).words)
        for view in (samples.UNKNOWN["fr"], samples.REFUSED["fr"], samples.TROUBLE["fr"]):
            problem = drawn(view, *size).words
            assert view.headline in problem
            assert not done & set(problem)
            assert not met & set(problem)
    noted = drawn(samples.GREETING["fr"], 80, 25)
    assert any("✓" in noted.plain_row(y) for y in range(25)), "what is done has a sign"
    troubled = drawn(samples.LOBBY["en"], 80, 25)
    assert any("▲" in troubled.plain_row(y) for y in range(25)), "what is wrong has another"


def test_settings_choose_the_look():
    assert look_of(ScreenSettings()) == USUAL
    chosen = ScreenSettings(Glyphs.OCTANT, ThemeName.CONTRAST, MotionName.FULL, 5)
    assert look_of(chosen) == Look(Blocks.OCTANT, CONTRAST, Motion.FULL, 5)
    assert [each.value for each in Glyphs] == [
        each.value for each in (Blocks.SEXTANT, Blocks.OCTANT, Blocks.HALF)
    ]
    assert {each.value for each in ThemeName} == set(THEMES)


def test_a_terminal_with_sixteen_colours_gets_the_rescue_look():
    assert USUAL.on("standard") == Look(Blocks.HALF, SIXTEEN)
    assert USUAL.on("truecolor") == USUAL.on("256") == USUAL.on(None) == USUAL
    chosen = Look(Blocks.SEXTANT, SIXTEEN)
    assert chosen.on("standard") == chosen


CHILD = """
import sys
sys.path.insert(0, {folder!r})
import samples
from kiosk.ui.app import KioskApp
app = KioskApp(on_key=lambda key: None, on_ready=lambda: app.show(samples.GREETING["fr"]))
app.run()
"""


def written_in(term, colorterm):
    """What the app writes to a terminal that says so, until a reason is on it."""
    code = CHILD.format(folder=str(Path(__file__).parent))
    environment = {**os.environ, "TERM": term, "COLORTERM": colorterm}
    terminal, inside = pty.openpty()
    termios.tcsetwinsize(inside, (33, 120))
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=inside, stdout=inside, stderr=inside, env=environment
    )
    os.close(inside)
    got = b""
    try:
        until = time.monotonic() + 60
        while b"tarifs de" not in got and time.monotonic() < until:
            if select.select([terminal], [], [], 0.5)[0]:
                got += os.read(terminal, 65536)
    finally:
        child.kill()
        child.wait()
        os.close(terminal)
    return got.decode(errors="replace")


def test_on_the_linux_console_only_the_sixteen_colours_are_written():
    few = written_in("linux", "")
    assert "38;2;" not in few
    assert "48;2;" not in few
    assert "38;5;" not in few
    assert not any("\U0001fb00" <= glyph <= "\U0001fb3b" for glyph in few)
    assert "▀" in few


def test_on_a_terminal_of_today_all_colours_are_written():
    many = written_in("foot", "truecolor")
    assert "38;2;" in many
    assert any("\U0001fb00" <= glyph <= "\U0001fb3b" for glyph in many)


async def shown(app, pilot, view):
    app.show(view)
    await pilot.pause()


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
async def test_every_widget_follows_the_theme(theme, tmp_path):
    app = KioskApp(on_key=lambda _key: None, look=Look(theme=theme))
    async with app.run_test(size=SIZE) as pilot:
        await shown(app, pilot, samples.GREETING["fr"])
        app.acknowledge("Entrée notée")
        app.hint_is("Enter: badge")
        await pilot.pause()
        colours = set()
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                for colour in (segment.style.color, segment.style.bgcolor):
                    if colour is not None and not colour.is_default:
                        colours.add(colour.is_system_defined)
        assert colours == {theme.sixteen}
        picture.save(picture.picture(app), tmp_path / "drawn.png")
        assert (tmp_path / "drawn.png").stat().st_size > 1000


async def test_a_look_can_change_while_a_view_is_shown():
    app = KioskApp(on_key=lambda _key: None)
    async with app.run_test(size=SIZE) as pilot:
        await shown(app, pilot, samples.GREETING["fr"])
        before = [strip.text for strip in app.screen._compositor.render_strips()]
        app.look_is(Look(Blocks.HALF, CONTRAST))
        await pilot.pause()
        after = [strip.text for strip in app.screen._compositor.render_strips()]
        assert before != after
        assert not any("\U0001fb00" <= glyph <= "\U0001fb3b" for row in after for glyph in row)


@pytest.mark.parametrize("name", ["full_lobby", "greeting", "large_greeting", "own_card", "asking_farewell"])
async def test_a_view_follows_every_resize(name):
    view = samples.EVERY_VIEW[name]["fr"]
    app = KioskApp(on_key=lambda _key: None)
    async with app.run_test(size=SIZE) as pilot:
        await shown(app, pilot, view)
        for size in GRIDS:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            rows = [strip.text for strip in app.screen._compositor.render_strips()]
            assert len(rows) == size[1]
            assert {cell_len(row) for row in rows} == {size[0]}
            first = view.present_line if name == "full_lobby" else view.headline
            assert first in " ".join(app.kiosk_screen.words())


async def test_in_full_motion_people_come_one_after_the_other_within_four_tenths():
    app = KioskApp(on_key=lambda _key: None, look=Look(motion=Motion.FULL))
    async with app.run_test(size=SIZE) as pilot:
        await shown(app, pilot, samples.GREETING["fr"])
        board = app.kiosk_screen.board
        whole = board.canvas().steps
        assert len(whole) == 3
        assert len(whole) * STEP_S <= 0.4
        board.rest()
        board._coming = list(whole)
        board.refresh()
        await pilot.pause()
        seen = []
        for _step in range(4):
            rows = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
            seen.append([words in rows for words in ("Traductrice", "Jeux vidéo", "Cuisinière")])
            board.next_step()
            await pilot.pause()
        assert seen == [[False] * 3, [True, False, False], [True, True, False], [True] * 3]
        assert board._entrance is None


@pytest.mark.parametrize("motion", [Motion.NONE, Motion.CALM])
async def test_otherwise_everything_is_there_at_once(motion):
    app = KioskApp(on_key=lambda _key: None, look=Look(motion=motion))
    async with app.run_test(size=SIZE) as pilot:
        await shown(app, pilot, samples.GREETING["fr"])
        rows = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "Cuisinière" in rows
        counting = app.kiosk_screen._countdown
        assert counting.display == (motion is Motion.CALM)
        await shown(app, pilot, samples.LOBBY["fr"])
        assert app.kiosk_screen.board._twinkling is None


async def test_in_full_motion_one_star_a_second_twinkles_and_nothing_else_changes():
    app = KioskApp(on_key=lambda _key: None, look=Look(motion=Motion.FULL))
    async with app.run_test(size=SIZE) as pilot:
        await shown(app, pilot, samples.LOBBY["fr"])
        board = app.kiosk_screen.board
        assert TWINKLE_S >= 1.0
        strips = app.screen._compositor.render_strips()
        board.twinkle()
        await pilot.pause()
        after = app.screen._compositor.render_strips()
        assert [strip.text for strip in strips] == [strip.text for strip in after]
        changed = [
            y for y, (old, new) in enumerate(zip(strips, after, strict=True)) if list(old) != list(new)
        ]
        assert 0 < len(changed) <= 3
        await shown(app, pilot, samples.GREETING["fr"])
        assert app.kiosk_screen._lobby._twinkling is None


def test_contrast_is_as_defined():
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert contrast("#777777", "#777777") == 1.0
