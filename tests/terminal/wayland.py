"""A pointer for a compositor without devices: the few words of Wayland that move it and press its button.

Spoken over the compositor's socket itself, because no packaged tool does it.
Source: the Wayland wire format, and wlr-virtual-pointer-unstable-v1.
"""

import os
import socket
import struct
import time
from pathlib import Path
from typing import Self

DISPLAY, REGISTRY, MANAGER, POINTER = 1, 2, 3, 4
"""The objects of our conversation; from 5 on come the ones by which we wait."""

MANAGER_NAME = "zwlr_virtual_pointer_manager_v1"
LEFT_BUTTON = 0x110
ANSWER_S = 20.0


class VirtualPointer:
    """A mouse or a finger, plugged in for as long as it is open."""

    def __init__(self, socket_path: Path) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.settimeout(ANSWER_S)
        self._line.connect(str(socket_path))
        self._heard = b""
        self._next = POINTER + 1
        self._say(DISPLAY, 1, struct.pack("=I", REGISTRY))  # get_registry
        number = self._number_of(MANAGER_NAME)
        bind = struct.pack("=I", number) + _text(MANAGER_NAME) + struct.pack("=II", 1, MANAGER)
        self._say(REGISTRY, 0, bind)
        self._say(MANAGER, 0, struct.pack("=II", 0, POINTER))  # for the compositor's own seat
        self._settle()

    def click(self, x: int, y: int, extent: tuple[int, int]) -> None:
        """Move to a place, in pixels of an output of this extent, press and let go."""
        self._say(POINTER, 1, struct.pack("=5I", _now_ms(), x, y, *extent))
        self._say(POINTER, 4, b"")
        self._settle()
        for down in (1, 0):
            self._say(POINTER, 2, struct.pack("=3I", _now_ms(), LEFT_BUTTON, down))
            self._say(POINTER, 4, b"")
            self._settle()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._line.close()

    def _say(self, thing: int, word: int, rest: bytes) -> None:
        self._line.sendall(struct.pack("=II", thing, (8 + len(rest)) << 16 | word) + rest)

    def _hear(self) -> tuple[int, int, bytes]:
        """The next event: its object, its number and the rest."""
        while len(self._heard) < 8 or len(self._heard) < self._size():
            part = self._line.recv(65536)
            assert part, "the compositor has hung up"
            self._heard += part
        size = self._size()
        event, self._heard = self._heard[:size], self._heard[size:]
        thing, word = struct.unpack("=II", event[:8])
        assert (thing, word & 0xFFFF) != (DISPLAY, 0), f"the compositor complains: {event!r}"
        return thing, word & 0xFFFF, event[8:]

    def _size(self) -> int:
        return struct.unpack("=I", self._heard[4:8])[0] >> 16

    def _number_of(self, name: str) -> int:
        """The registry's number of an interface."""
        while True:
            thing, word, rest = self._hear()
            if (thing, word) == (REGISTRY, 0) and name.encode() in rest:
                return int(struct.unpack("=I", rest[:4])[0])

    def _settle(self) -> None:
        """Wait until the compositor has done all that was said."""
        callback, self._next = self._next, self._next + 1
        self._say(DISPLAY, 0, struct.pack("=I", callback))
        while self._hear()[:2] != (callback, 0):
            pass


def socket_of(environment: dict[str, str]) -> Path:
    """Where the compositor of an environment listens."""
    return Path(environment["XDG_RUNTIME_DIR"]) / environment["WAYLAND_DISPLAY"]


def _text(text: str) -> bytes:
    raw = text.encode() + b"\0"
    return struct.pack("=I", len(raw)) + raw + bytes(-len(raw) % 4)


def _now_ms() -> int:
    return int(time.monotonic() * 1_000) & 0xFFFFFFFF


def is_root() -> bool:
    """Whether programs that refuse to run as root need somebody else to run as."""
    return os.geteuid() == 0
