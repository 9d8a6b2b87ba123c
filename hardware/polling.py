"""Poll a badge reader for as long as it takes, and open it again whenever it fails.

A shell: it waits, retries and reports.  What a poll means is decided in
`presence`; how the chip is spoken to is the business of whoever opens it.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from hardware.errors import CardLifted, ReaderFault, ReaderGone
from hardware.presence import Presence
from hardware.reader import OnCut, OnState, OnTap, Proof, Prove, ReaderLost, ReaderReady, Tap, Technology
from hardware.uid import Uid

log = logging.getLogger(__name__)

PAUSE_S = 0.04
"""Rest between two polls, seconds: polls take 25 to 50 ms at 115200, so a tap is seen within 0.1 s."""

FAULT_PAUSE_S = 0.01
"""Rest after a poll that failed, seconds: somebody may be holding a badge."""

FAULTS_ALLOWED = 3
"""Polls in a row that may fail before the port is opened again; a burst of noise costs one or two."""

SLOW_POLL_S = 0.5
"""A poll longer than this is slow, seconds; a healthy one takes under 0.1 (nfcpy issue 62: up to 20)."""

SLOW_POLLS_ALLOWED = 3
"""Slow polls in a row before the port is opened again; a busy Pi may cause one."""

DEAF_POLLS_ALLOWED = 3
"""Polls in a row that may find a card which takes no command; then it is a tap without a proof."""

OUTAGE_S = 3.0
"""A badge found again after so many seconds without a poll is a new tap; a loose plug is back sooner."""

BACK_OFF_S = (0.1, 0.2, 0.3)
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


@runtime_checkable
class CommandReader(OpenReader, Protocol):
    """One through which cards take commands: every one but a reader that types."""

    def activate(self) -> bool:
        """Have the ISO-DEP card that the last poll found take commands; False if it does not answer.

        Raises:
            ReaderGone: The line failed.
        """

    def transmit(self, command: bytes) -> bytes:
        """Send one command APDU to the card that was activated; its answer, status word last.

        Raises:
            CardLifted: It does not answer any more.
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
        prove: Asks a card that takes commands for its proof; `None` asks nobody.
        on_cut: Called when a card was taken away before it had said everything.
        pause_s: Rest between two polls, seconds, 0 or more.
    """

    def __init__(
        self,
        port: str,
        open_it: OpenIt,
        on_tap: OnTap,
        on_state: OnState,
        *,
        prove: Prove | None = None,
        on_cut: OnCut | None = None,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._port = port
        self._open_it = open_it
        self._on_tap = on_tap
        self._on_state = on_state
        self._prove = prove
        self._on_cut = on_cut
        self._pause_s = pause_s
        self._stopping = threading.Event()
        # A daemon, so that a program that dies without `stop` is not kept half alive but started again.
        self._thread = threading.Thread(target=self._run, name=f"badge-reader {port}", daemon=True)
        self._failures = 0
        self._lost: ReaderFault | None = None
        self._presence = Presence()
        self._seen_s = -math.inf
        self._deaf_polls = 0

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
        self._deaf_polls = 0
        is_ready, is_first = False, True
        faults = slow_polls = 0
        while not self._stopping.is_set():
            started_s = time.monotonic()
            read_s = started_s
            try:
                card = reader.poll()
                read_s = time.monotonic()
                if not (is_ready or read_s - started_s > SLOW_POLL_S):
                    # Only now: a chip that opens but cannot poll would be ready and lost in turns.
                    is_ready = True
                    self._report_ready(reader.ready)
                if is_first:
                    self._presence, is_first = self._remembered(card, read_s), False
                self._seen_s = read_s
                self._polled(reader, card, read_s)
            except ReaderGone as gone:
                faults += 1
                if gone.kind is ReaderFault.UNPLUGGED or faults >= FAULTS_ALLOWED:
                    raise
                log.debug("poll failed, %d of %d: %r", faults, FAULTS_ALLOWED, gone.__cause__)
            else:
                faults = 0
                slow_polls = slow_polls + 1 if read_s - started_s > SLOW_POLL_S else 0
                if slow_polls >= SLOW_POLLS_ALLOWED:
                    raise ReaderGone(ReaderFault.SLOW, self._port)
            self._stopping.wait(min(self._pause_s, FAULT_PAUSE_S) if faults else self._pause_s)

    def _remembered(self, card: FoundCard | None, now_s: float) -> Presence:
        """Who is on a reader that has just been opened: a badge held through a short outage is one tap."""
        if now_s - self._seen_s > OUTAGE_S:
            return Presence()
        return self._presence.reopened(card.uid if card else None)

    def _polled(self, reader: OpenReader, card: FoundCard | None, read_s: float) -> None:
        """Tell of a card that has come, once it has said everything.

        Raises:
            ReaderGone: The line failed meanwhile; the card is asked again.
        """
        presence, is_new = self._presence.after(card.uid if card else None)
        if card is None or not is_new:
            self._presence = presence
            return
        proof: Proof | None = None
        is_iso_dep = card.technology is Technology.ISO_DEP
        if self._prove is not None and is_iso_dep and isinstance(reader, CommandReader):
            try:
                proof = self._proof_of(reader, card.uid, self._prove)
            except CardLifted:
                # Not noted as present: if it is held again, or still, it is asked from the beginning.
                self._presence, _ = self._presence.after(None)
                if self._on_cut is not None:
                    self._on_cut()
                return
            read_s = time.monotonic()
        self._on_tap(Tap(card.uid, read_s, card.technology, proof))
        self._presence = presence

    def _proof_of(self, reader: CommandReader, uid: Uid, prove: Prove) -> Proof | None:
        """Ask a card for its proof; `None` also for one that answers to its number and to nothing else.

        Raises:
            CardLifted: It went away meanwhile, or did not hear.
            ReaderGone: The line failed.
        """
        if reader.activate():
            self._deaf_polls = 0
            return prove(uid, reader.transmit)
        self._deaf_polls += 1
        if self._deaf_polls < DEAF_POLLS_ALLOWED:
            raise CardLifted
        self._deaf_polls = 0
        return None

    def _report_ready(self, ready: ReaderReady) -> None:
        self._lost, self._failures = None, 0
        speed = f", {ready.baud} baud" if ready.baud else ""
        log.info("badge reader at %s is ready: %s%s", ready.port, ready.firmware, speed)
        self._on_state(ready)

    def _report_lost(self, gone: ReaderGone) -> None:
        """Tell of a new reason; a device file that is missing because the cable was pulled is not one."""
        repeats = gone.kind is self._lost or (
            gone.kind in {ReaderFault.NO_SUCH_PORT, ReaderFault.NO_SUCH_READER}
            and self._lost is ReaderFault.UNPLUGGED
        )
        if repeats or self._stopping.is_set():
            log.debug("%s (%r)", gone.sentence, gone.__cause__)
            return
        self._lost = gone.kind
        log.warning("%s (%r)", gone.sentence, gone.__cause__)
        self._on_state(ReaderLost(gone.kind, gone.sentence))
