"""A bad serial line between a real bridge and a real board: what `doorline` does, on pseudo-terminals."""

import os
import random
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from tests.fakes.doorline import Line

MOST_BYTES = 4096


class BadLine:
    """A second pseudo-terminal before a board's own, with a thread that carries bytes between them, badly.

    Args:
        board: The board's device file.
        link: Where the bad line's own device file appears.
        line: What becomes of bytes, both ways; delays are not kept.
        seed: For whatever is left to chance.
    """

    def __init__(self, board: Path, link: Path, line: Line, seed: int = 1) -> None:
        self.line = line
        self.chance = random.Random(seed)  # noqa: S311 - for tests
        self.carried = 0
        self._board = os.open(board, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._board)
        self._host, self._keeper = os.openpty()
        tty.setraw(self._keeper)
        self._woken, self._waker = os.pipe()
        link.symlink_to(os.ttyname(self._keeper))
        self._link = link
        self._thread = threading.Thread(target=self._run, name="bad-line", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it; the bridge sees the line hang up."""
        os.write(self._waker, b"\x00")
        self._thread.join()
        self._link.unlink()
        for end in (self._board, self._host, self._keeper, self._woken, self._waker):
            os.close(end)

    def _run(self) -> None:
        other = {self._board: self._host, self._host: self._board}
        while True:
            ready, _, _ = select.select([self._board, self._host, self._woken], [], [])
            if self._woken in ready:
                return
            for end in ready:
                data = os.read(end, MOST_BYTES)
                self.carried += len(data)
                for _, piece in self.line(data, self.chance):
                    if piece:
                        os.write(other[end], piece)


class TalkingBoard:
    """A board without a firmware: a pseudo-terminal that says what a test wants, whoever listens.

    Args:
        link: Where its device file appears.
        answer: What it says to each piece that comes.
    """

    def __init__(self, link: Path, answer: Callable[[bytes], bytes]) -> None:
        self._master, self._keeper = os.openpty()
        tty.setraw(self._keeper)
        self._woken, self._waker = os.pipe()
        self._answer = answer
        link.symlink_to(os.ttyname(self._keeper))
        self._link = link
        self._thread = threading.Thread(target=self._run, name="talking-board", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Unplug it.  May be called twice."""
        if self._thread.is_alive():
            os.write(self._waker, b"\x00")
            self._thread.join()
            self._link.unlink()
            for end in (self._master, self._keeper, self._woken, self._waker):
                os.close(end)

    def _run(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._woken], [], [])
            if self._woken in ready:
                return
            said = self._answer(os.read(self._master, MOST_BYTES))
            if said:
                os.write(self._master, said)
