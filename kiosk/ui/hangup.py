"""Notices that the terminal has gone: its window was closed, the line to it was cut.

Textual goes on then: it reads an end of file as fast as it can, and waits for ever to write.
"""

import logging
import os
import select
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

STANDARD = (0, 1, 2)
"""File descriptors of standard input, output and error."""


class HangupWatch:
    """Waits in a thread of its own until the terminal has gone.

    Args:
        gone: Called once, in that thread.  What is written to the terminal goes nowhere by then.
    """

    def __init__(self, gone: Callable[[], object]) -> None:
        self._gone = gone
        self._wake = -1
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Watch standard input, if it is a terminal."""
        if not os.isatty(STANDARD[0]):
            return
        woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._watch, args=(woken,), name="hangup", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        if self._thread is not None:
            os.close(self._wake)
            self._thread.join()
            self._thread = None

    def _watch(self, woken: int) -> None:
        waiting = select.poll()
        waiting.register(STANDARD[0], 0)  # a hang-up is always told
        waiting.register(woken, 0)  # and so is that the other end was closed
        ready = {file for file, _ in waiting.poll()}
        os.close(woken)
        if STANDARD[0] not in ready:
            return
        nowhere = os.open(os.devnull, os.O_RDWR)
        for file in STANDARD:
            if _is_of_a_terminal(file):
                os.dup2(nowhere, file)
        os.close(nowhere)
        log.warning("the terminal has gone")
        self._gone()


def _is_of_a_terminal(file: int) -> bool:
    """Say whether it is one, be it gone or not: `isatty` says no of one that has gone."""
    waiting = select.poll()
    waiting.register(file, 0)
    return os.isatty(file) or any(said & select.POLLHUP for _, said in waiting.poll(0))
