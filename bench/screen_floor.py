"""The least a screen can cost with Textual: one label, and one widget that draws the kiosk's own views.

    python bench/screen_floor.py DESCRIPTOR

Run by `foyer bench screen` beside the kiosk's screens, in a terminal of the same size.  Does what single
bytes on a socket say: "u" writes another text into the label, "g" draws a greeting, "l" a lobby, with the
kiosk's own pens.
"""

import asyncio
import gc
import socket
import sys
from itertools import count
from typing import Any

from textual.app import App, ComposeResult
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from foyer.benchviews import greeting, lobby
from kiosk.core.views import View
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.greeting import GreetingBoard
from kiosk.ui.widgets.lobby import LobbyBoard
from plumbing.memory import be_frugal


class Sheet(Widget):
    """Whatever was drawn last."""

    canvas: Canvas | None = None

    @override
    def render_line(self, y: int) -> Strip:
        return Strip.blank(self.size.width) if self.canvas is None else self.canvas.strip(y)


class Floor(App[None]):
    """A label over the sheet."""

    CSS = """
    Screen { layers: sheet label; overflow: hidden; }
    Sheet { layer: sheet; width: 100%; height: 100%; }
    Static { layer: label; dock: right; width: auto; height: auto; }
    """

    def __init__(self, line: socket.socket) -> None:
        super().__init__()
        self._line = line
        self._numbers = count(1)
        self._greeting, self._lobby = GreetingBoard(), LobbyBoard()

    @override
    def compose(self) -> ComposeResult:
        yield Sheet()
        yield Static("Entrée notée 0", id="label")

    def on_ready(self) -> None:
        """Listen."""
        self._sheet, self._label = self.query_one(Sheet), self.query_one("#label", Static)
        gc.collect()
        gc.freeze()
        asyncio.get_running_loop().add_reader(self._line.fileno(), self._heard)
        self._line.send(b"r")

    def _heard(self) -> None:
        match self._line.recv(1):
            case b"u":
                self.call_next(self._label.update, f"Entrée notée {next(self._numbers)}")
            case b"g":
                self.call_next(self._show, self._greeting, greeting(f"Entrée notée {next(self._numbers)}"))
            case b"l":
                minute = next(self._numbers)
                self.call_next(self._show, self._lobby, lobby(f"{minute // 60 % 24:02}:{minute % 60:02}"))
            case _:
                self.exit()

    def _show(self, board: Board[Any], view: View) -> None:
        drawn = Canvas(self.size.width, self.size.height, palette.INK)
        board.draw(view, drawn)
        self._sheet.canvas = drawn
        self._sheet.refresh()


if __name__ == "__main__":
    be_frugal()
    Floor(socket.socket(fileno=int(sys.argv[1]))).run()
