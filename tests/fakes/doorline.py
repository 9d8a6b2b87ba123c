"""Both halves of the door's conversation on one simulated line, with a clock that jumps.

The board's half is the firmware's own `talk`, run by this Python; the same file runs under MicroPython in
`tests/firmware_bridge/test_bridge.py`.
"""

import heapq
import importlib
import itertools
import random
import sys
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace

from firmware_bridge.heard import Heard
from firmware_bridge.link import Link
from firmware_bridge.virtual.board import FIRMWARE

PURE = ("protocol", "frames", "talk", "ld2410", "senses", "looks")
"""The firmware's modules that need no board."""

ABOUT = "fw=1.0.0 board=test proto=1.0 boot={boot} reset=power caps=presence.ld2410,ring:16 passed={passed}"

WIRE_S = 0.001
"""How long bytes take on a line in good health, seconds."""

TICK_S = 0.01
"""How often the firmware looks at the time."""

Line = Callable[[bytes, random.Random], list[tuple[float, bytes]]]
"""What becomes of bytes put on a line: pieces in order, each so many seconds late."""


@cache
def firmware() -> SimpleNamespace:
    """Return the board's pure modules, loaded as the board loads them: by plain names, side by side."""
    sys.path.insert(0, str(FIRMWARE))
    try:
        return SimpleNamespace(**{name: importlib.import_module(name) for name in PURE})
    finally:
        sys.path.remove(str(FIRMWARE))
        for name in PURE:
            sys.modules.pop(name, None)


def perfect(data: bytes, _chance: random.Random) -> list[tuple[float, bytes]]:
    """Everything arrives, at once."""
    return [(WIRE_S, data)]


def byte_by_byte(data: bytes, _chance: random.Random) -> list[tuple[float, bytes]]:
    """Everything arrives, in the smallest pieces."""
    return [(WIRE_S * (1 + at / 4), bytes((byte,))) for at, byte in enumerate(data)]


def lossy(data: bytes, chance: random.Random) -> list[tuple[float, bytes]]:
    """One byte in two hundred is lost, one in two hundred is changed."""
    out = bytearray()
    for byte in data:
        fate = chance.random()
        if fate >= 0.005:
            out.append(chance.randrange(256) if fate < 0.01 else byte)
    return [(WIRE_S, bytes(out))]


def doubled(data: bytes, _chance: random.Random) -> list[tuple[float, bytes]]:
    """Everything arrives twice."""
    return [(WIRE_S, data), (WIRE_S, data)]


def delayed(data: bytes, chance: random.Random) -> list[tuple[float, bytes]]:
    """Everything arrives in order, up to 0.4 s late: later than what it answers is said again."""
    return [(chance.random() * 0.4, data)]


TRACEBACK = b'Traceback (most recent call last):\r\n  File "main.py", line 1, in <module>\r\n>>> \x03\x03\x04'


def noisy(data: bytes, chance: random.Random) -> list[tuple[float, bytes]]:
    """Junk before everything: random bytes, tracebacks, half a frame; ended by a zero."""
    junk = chance.choice((chance.randbytes(chance.randrange(1, 300)), TRACEBACK, data[: len(data) // 2]))
    return [(WIRE_S, junk + b"\x00" + data)]


LINES = {
    "perfect": perfect,
    "byte-by-byte": byte_by_byte,
    "lossy": lossy,
    "doubled": doubled,
    "delayed": delayed,
    "noisy": noisy,
}


class World:
    """A host and a board with a line between them, and a board that does nothing but talk.

    Args:
        line: What becomes of the bytes, both ways.
        seed: For whatever on the line is left to chance.
        host: Major and minor that the host speaks.
        board: Those that the board speaks.
    """

    def __init__(
        self,
        line: Line = perfect,
        seed: int = 1,
        host: tuple[int, int] = (1, 0),
        board: tuple[int, int] = (1, 0),
    ) -> None:
        self.line = line
        self.chance = random.Random(seed)  # noqa: S311 - for tests
        self.now_s = 100.0
        self.heard: list[Heard] = []
        self.done: list[tuple[int, ...]] = []
        """What the board was asked to do, in order."""
        self.starts = 0
        self.passed = 0
        self._board_version = board
        self._arrivals: list[tuple[float, int, bool, bytes]] = []
        self._free_s = {True: 0.0, False: 0.0}
        self._count = itertools.count()
        self._next_tick_s = self.now_s
        self.boot()
        self.link = Link(seed, host)
        self.link.connected(self.now_s)
        self._carry()

    @property
    def now_ms(self) -> int:
        """The board's own clock."""
        return int(self.now_s * 1000)

    def boot(self) -> None:
        """Start the board, anew if it was started before."""
        self.starts += 1
        self.passed = 0
        boot = f"{self.starts:08x}"
        self.talk = firmware().talk.Talk(
            lambda: ABOUT.format(boot=boot, passed=self.passed), self._board_version
        )

    def plug_again(self, link: Link | None = None) -> None:
        """Open the line again, whatever was on it is lost; with another link if the host started anew too."""
        self._arrivals = []
        self.link = link or self.link
        self.link.connected(self.now_s)
        self._carry()

    def run(self, seconds: float) -> list[Heard]:
        """Let time pass; return what the host heard meanwhile."""
        before = len(self.heard)
        end_s = self.now_s + seconds
        while True:
            arrival_s = self._arrivals[0][0] if self._arrivals else float("inf")
            tick_s = self._next_tick_s if self.talk._flying or self.talk._waiting else float("inf")
            next_s = min(arrival_s, tick_s, self.link.next_deadline_s())
            if next_s > end_s:
                self.now_s = end_s
                return self.heard[before:]
            self.now_s = max(self.now_s, next_s)
            if arrival_s <= self.now_s:
                self._arrive()
            if tick_s <= self.now_s:
                self._next_tick_s = self.now_s + TICK_S
                self.talk.tick(self.now_ms)
            self.heard += self.link.tick(self.now_s)
            self._carry()

    def tell(self, kind: int, *payload: int) -> None:
        """Let the board tell of something."""
        self.talk.tell(kind, bytes(payload), self.now_ms)
        self._carry()

    def _arrive(self) -> None:
        _, _, is_to_host, data = heapq.heappop(self._arrivals)
        if is_to_host:
            self.heard += self.link.receive_data(data, self.now_s)
        else:
            self.done += self.talk.receive_data(data, self.now_ms)

    def _carry(self) -> None:
        for is_to_host, data in ((False, self.link.data_to_send()), (True, self.talk.data_to_send())):
            if data:
                # A line never reorders: a piece waits for the one before it.
                for after_s, piece in self.line(data, self.chance):
                    self._free_s[is_to_host] = max(self._free_s[is_to_host], self.now_s + after_s)
                    heapq.heappush(
                        self._arrivals, (self._free_s[is_to_host], next(self._count), is_to_host, piece)
                    )
