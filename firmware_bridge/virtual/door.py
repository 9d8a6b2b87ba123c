"""The door of the demo and the tests: what stands before it, and what it shows.

To the program it is a serial device at `VirtualDoor.path`.  What is virtual is only what `mcu/hal_unix.py`
replaces: every byte on the line is the firmware's own.
"""

import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from firmware_bridge.virtual.board import Board, interpreter

FITTED = ("presence.ld2410", "ring:16", "buzzer", "buttons:3")
"""What a door has unless told otherwise, as its HELLO says it."""

Colour: TypeAlias = tuple[int, int, int]
"""Red, green, blue; 0 to 255."""


def report(distance_cm: int | None) -> bytes:
    """Return one report of an LD2410 that feels somebody moving at so many centimetres, or nobody."""
    state = 0 if distance_cm is None else 1
    centimetres = (distance_cm or 0).to_bytes(2, "little")
    energy = b"\x40" if state else b"\x00"
    body = b"\x02\xaa" + bytes((state,)) + centimetres + energy + bytes(3) + centimetres + b"\x55\x00"
    return b"\xf4\xf3\xf2\xf1" + len(body).to_bytes(2, "little") + body + b"\xf8\xf7\xf6\xf5"


class VirtualDoor:
    """A microcontroller that needs no hardware; plugged in from `start` to `stop`, unless unplugged.

    One thread plays radar and looks at the lights.  All methods may be called from any thread.

    Args:
        path: Where the device file appears (a symbolic link, as udev makes); by default a new name in a
            new temporary folder.
        fitted: What the board has, as its HELLO says it.
        on_change: Called **from the door's thread** when light or sound change.

    Raises:
        InterpreterMissingError: No MicroPython is here to run the firmware.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        fitted: Iterable[str] = FITTED,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._interpreter = interpreter()
        self._folder = (
            None if path else tempfile.TemporaryDirectory(prefix="foyer-", ignore_cleanup_errors=True)
        )
        self.path = path or Path(self._folder.name if self._folder else "") / "door"
        """The device file to open; it exists while the board is plugged in."""
        self._fitted = ",".join(fitted)
        self._on_change = on_change
        self._changed = threading.Condition()
        self._distance_cm: int | None = None
        self._is_radar_dead = False
        self._ring: tuple[Colour, ...] = ()
        self._hertz: list[int] = []
        self._fed = 0
        self._starts = 0
        self._board: Board | None = None

    def start(self) -> None:
        """Plug it in for the first time."""
        self.plug()

    def stop(self) -> None:
        """Unplug it for good: on return nothing of it is left.  May be called twice."""
        self.unplug()
        if self._folder is not None:
            self._folder.cleanup()

    def plug(self) -> None:
        """Plug it in: the device file appears and the firmware starts.  No-op if it is in."""
        if self._board is None:
            self._board = Board(
                self._interpreter,
                self.path,
                self._fitted,
                on_start=self._started,
                on_shown=self._shown,
                radar=self._report,
            )

    def unplug(self) -> None:
        """Pull the cable: the line hangs up and the firmware dies.  No-op if it is out."""
        board, self._board = self._board, None
        if board is not None:
            board.pull()

    def reset(self) -> None:
        """Let the firmware die and start anew while the line stays, as a board on UART pins does."""
        if self._board is not None:
            self._board.kill()

    @property
    def ring(self) -> tuple[Colour, ...]:
        """The ring's colours now, the first at the top, then clockwise; empty before the first."""
        return self._ring

    @property
    def hertz(self) -> int:
        """What the buzzer sounds now; 0 is silence."""
        return self._hertz[-1] if self._hertz else 0

    @property
    def sounded(self) -> tuple[int, ...]:
        """Every tone since the door was made, in order, 0 for each silence."""
        return tuple(self._hertz)

    @property
    def starts(self) -> int:
        """How often the firmware has started."""
        return self._starts

    @property
    def distance_cm(self) -> int | None:
        """Where somebody stands, as `stand` put them."""
        return self._distance_cm

    def stand(self, distance_cm: int | None) -> None:
        """Put somebody before the radar, centimetres above 0; `None` for nobody.  Felt at the next report."""
        self._distance_cm = distance_cm

    def silence_radar(self, *, is_dead: bool) -> None:
        """Cut the radar's wire, or mend it."""
        self._is_radar_dead = is_dead

    def hold(self, button: int, *, is_down: bool) -> None:
        """Hold a button, 1 to 3 from the left, or let it go."""
        self._pin(f"b{button}", is_high=is_down)

    def press(self, button: int) -> None:
        """Press a button and let it go again; the board gives every change of a pin the time it needs."""
        self.hold(button, is_down=True)
        self.hold(button, is_down=False)

    def break_beam(self, *, is_broken: bool) -> None:
        """Stand in the light barrier, or leave it."""
        self._pin("x", is_high=is_broken)

    def feel(self, *, is_there: bool) -> None:
        """Let the PIR sensor feel somebody, or nobody."""
        self._pin("p", is_high=is_there)

    def wait_until(self, true: Callable[["VirtualDoor"], bool], timeout_s: float) -> bool:
        """Block until `true` says so of this door's light and sound; False if that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: true(self), timeout_s)

    def _pin(self, name: str, *, is_high: bool) -> None:
        if self._board is not None:
            self._board.pin(f"{name} {int(is_high)}\n".encode())

    def _started(self) -> None:
        with self._changed:
            self._starts += 1
            self._changed.notify_all()

    def _shown(self, line: str) -> None:
        """Take one line of what the firmware shows; in the board's thread."""
        word, _, value = line.partition(" ")
        with self._changed:
            if word == "ring":
                raw = bytes.fromhex(value)
                self._ring = tuple((raw[at], raw[at + 1], raw[at + 2]) for at in range(0, len(raw), 3))
            elif word == "buzz":
                self._hertz.append(int(value))
            else:
                self._fed += 1
            self._changed.notify_all()
        if word != "fed":
            self._on_change()

    def _report(self) -> bytes:
        """Return what the radar says now; nothing if its wire is cut."""
        return b"" if self._is_radar_dead else report(self._distance_cm)
