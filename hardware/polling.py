"""Poll a badge reader for as long as it takes, and open it again whenever it fails.

A shell: it waits, retries and reports.  What a poll means is decided in
`presence`; how the chip is spoken to is the business of whoever opens it.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from hardware.errors import ReaderFault, ReaderGone
from hardware.presence import Presence
from hardware.reader import OnState, OnTap, ReaderLost, ReaderReady, Tap, Technology
from hardware.uid import Uid

log = logging.getLogger(__name__)

PAUSE_S = 0.04
"""Rest between two polls, seconds: polls take 25 to 50 ms at 115200, so a tap is seen within 0.1 s."""

FAULTS_ALLOWED = 3
"""Polls in a row that may fail before the port is opened again; a burst of noise costs one or two."""

SLOW_POLL_S = 0.5
"""A poll longer than this is slow, seconds; a healthy one takes under 0.1 (nfcpy issue 62: up to 20)."""

SLOW_POLLS_ALLOWED = 3
"""Slow polls in a row before the port is opened again; a busy Pi may cause one."""

BACK_OFF_S = (0.1, 0.2, 0.4)
"""Waits before opening again, seconds; the last repeats.  With the probing, under 1 s until it is back."""


@dataclass(frozen=True, slots=True)
class FoundCard:
    """What one poll read."""

    uid: Uid
    technology: Technology


class OpenReader(Protocol):
    """A reader whose port is open and whose chip has answered."""

    @property
    def ready(self) -> ReaderReady:
        """What it is."""

    def poll(self) -> FoundCard | None:
        """Look for a card once; `None` for an empty field.

        Raises:
            ReaderGone: The line failed.
        """


OpenIt: TypeAlias = Callable[[threading.Event], AbstractContextManager[OpenReader]]
"""Opens the reader and closes it in the end; gives up with `ReaderGone` if the event is set meanwhile."""


class Poller:
    """The thread of one reader; it lives once, from `start` to `stop`.

    Args:
        port: Path of the device file, for the log.
        open_it: Opens the reader, each time it is needed.
        on_tap: Called once per presentation of a card.
        on_state: Called when the reader becomes ready, or is lost for a new reason.
        pause_s: Rest between two polls, seconds, 0 or more.
    """

    def __init__(
        self, port: str, open_it: OpenIt, on_tap: OnTap, on_state: OnState, *, pause_s: float = PAUSE_S
    ) -> None:
        self._port = port
        self._open_it = open_it
        self._on_tap = on_tap
        self._on_state = on_state
        self._pause_s = pause_s
        self._stopping = threading.Event()
        # A daemon, so that a program that dies without `stop` is not kept half alive but started again.
        self._thread = threading.Thread(target=self._run, name=f"badge-reader {port}", daemon=True)
        self._failures = 0
        self._lost: ReaderFault | None = None

    def start(self) -> None:
        """Begin; returns at once.

        Raises:
            RuntimeError: It was started before.
        """
        self._thread.start()

    def stop(self) -> None:
        """End it; on return the thread is gone.  May be called twice, and before `start`."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._open_it(self._stopping) as reader:
                    self._serve(reader)
            except ReaderGone as gone:
                self._report_lost(gone)
            except Exception:  # a failed reader is restarted, whatever failed: the kiosk must go on
                level = logging.DEBUG if self._failures else logging.ERROR
                log.log(level, "the badge reader at %s failed and is opened again", self._port, exc_info=True)
                self._report_lost(ReaderGone(ReaderFault.GARBLED, self._port))
            self._stopping.wait(BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)])
            self._failures += 1

    def _serve(self, reader: OpenReader) -> None:
        """Poll until stopped.

        Raises:
            ReaderGone: The line hung up, or failed too often in a row.
        """
        # Forgotten with each opening: a badge seen twice is harmless, a tap not seen is not.
        presence = Presence()
        is_ready = False
        faults = slow_polls = 0
        while not self._stopping.is_set():
            started_s = time.monotonic()
            try:
                card = reader.poll()
            except ReaderGone as gone:
                faults += 1
                if gone.kind is ReaderFault.UNPLUGGED or faults >= FAULTS_ALLOWED:
                    raise
                log.debug("poll failed, %d of %d: %r", faults, FAULTS_ALLOWED, gone.__cause__)
            else:
                read_s = time.monotonic()
                faults = 0
                slow_polls = slow_polls + 1 if read_s - started_s > SLOW_POLL_S else 0
                if not (is_ready or slow_polls):
                    # Only now: a chip that opens but cannot poll would be ready and lost in turns.
                    is_ready = True
                    self._report_ready(reader.ready)
                presence, is_new = presence.after(card.uid if card else None)
                if card and is_new:
                    self._on_tap(Tap(card.uid, read_s, card.technology))
                if slow_polls >= SLOW_POLLS_ALLOWED:
                    raise ReaderGone(ReaderFault.SLOW, self._port)
            self._stopping.wait(self._pause_s)

    def _report_ready(self, ready: ReaderReady) -> None:
        self._lost, self._failures = None, 0
        log.info("badge reader at %s is ready: %s, %d baud", ready.port, ready.firmware, ready.baud)
        self._on_state(ready)

    def _report_lost(self, gone: ReaderGone) -> None:
        """Tell of a new reason; a device file that is missing because the cable was pulled is not one."""
        repeats = gone.kind is self._lost or (
            gone.kind is ReaderFault.NO_SUCH_PORT and self._lost is ReaderFault.UNPLUGGED
        )
        if repeats or self._stopping.is_set():
            log.debug("%s (%r)", gone.sentence, gone.__cause__)
            return
        self._lost = gone.kind
        log.warning("%s (%r)", gone.sentence, gone.__cause__)
        self._on_state(ReaderLost(gone.kind, gone.sentence))
