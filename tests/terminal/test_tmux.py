"""tmux is a terminal of its own: what it holds after all the sequences is what the snapshots say."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.ansi import AnsiDecoder
from rich.console import Console
from rich.style import Style
from textual.strip import Strip

from kiosk.ui.picture import colours
from tests.fakes.programs import wait_until
from tests.terminal.views import drawing, lettered_ways, states

HERE = Path(__file__).parent

AGAIN_S = 15.0
"""Seconds until the same badge is held to the demo's reader once more."""


def rows_of(styled: str, columns: int) -> list[Strip]:
    """Rows of cells from what `capture-pane -e` says."""
    console = Console(width=columns)
    decoder = AnsiDecoder()  # a colour goes on from one row to the next until another is named
    lines = styled.removesuffix("\n").split("\n")
    return [Strip(decoder.decode_line(line).render(console, end="")) for line in lines]


@pytest.mark.timeout(480)
@pytest.mark.parametrize("size", states.GRIDS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("name", "language"), [("greeting", "fr"), ("lobby", "en"), ("asking_farewell", "en")]
)
async def test_tmux_holds_every_cell_in_its_colours(tmux, tmp_path, name, language, size):
    async with drawing.standing(size) as stand:
        wanted = await stand.show(states.EVERY_STATE[name][language])
    keys = tmp_path / "keys"
    tmux.start(size, sys.executable, str(HERE / "one_view.py"), name, language, str(keys))
    text = "\n".join(strip.text.rstrip() for strip in wanted)
    wait_until(lambda: plain(tmux.text()) == text, "the view to stand in tmux")
    assert cells(rows_of(tmux.text(styled=True), size[0])) == cells(wanted)
    tmux.type("2")
    wait_until(keys.exists, "the key to arrive")
    assert keys.read_text() == "2\n"


def plain(text: str) -> str:
    """Rows without the blanks at their ends."""
    return "\n".join(line.rstrip() for line in text.removesuffix("\n").split("\n"))


def cells(rows: list[Strip]) -> list[list[tuple[object, ...]]]:
    """Each character with its ground, and with its ink and face if there is anything to see of them."""
    return [
        [
            (glyph, ground, *((ink, bool(style.bold), bool(style.italic)) if glyph.strip() else ()))
            for text, style in ((segment.text, segment.style or Style.null()) for segment in strip)
            for ink, ground in [colours(style)]
            for glyph in text
        ]
        for strip in rows
    ]


@pytest.mark.timeout(600)
def test_the_demo_is_driven_from_its_first_lobby_to_its_end(tmux, tmp_path):
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    more = {"TMPDIR": str(tmp_path), "XDG_RUNTIME_DIR": str(run)}
    tmux.environment = {**tmux.environment, **more}
    tmux.start((120, 33), sys.executable, "-m", "foyer", "demo", "--port", "0")
    wait_until(lambda: "Ctrl-Q" in tmux.text(), "the lobby", 120)

    def tap_until(who: str, *ways: str) -> None:
        tapped_s = 0.0

        def shown() -> bool:
            # Tapped again now and then: somebody of the village may have been at the reader.
            nonlocal tapped_s
            if time.monotonic() - tapped_s > AGAIN_S:
                tapped_s = time.monotonic()
                tap = [sys.executable, "-m", "foyer", "tap", who]
                subprocess.run(tap, env=tmux.environment, check=True, timeout=60)
            text = tmux.text()
            return any(way in text for way in ways)

        wait_until(shown, f"{ways[0]!r} on the screen", 150)

    tap_until(
        "Raphaël",
        *lettered_ways("Hello {name}", "Hello again {name}", "See you soon, {name}", name="Raphaël"),
    )
    tap_until("unknown", *lettered_ways("This badge is new here"))
    tap_until("phone", *lettered_ways("This card changes its number"))
    tmux.type("C-q")
    wait_until(lambda: "nothing was left on this machine" in tmux.text(), "the demo to end", 60)
    assert "Traceback" not in tmux.text()
    wait_until(lambda: [left.name for left in tmp_path.iterdir()] == ["run"], "the demo to leave nothing")
