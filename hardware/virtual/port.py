"""A badge reader on a pseudo-terminal: the virtual chip with a cable.

To the program it is a serial device at `VirtualPn532.path`, with a real
speed: bytes sent at another speed than the chip's are lost, as on a wire.
Unplugging hangs the line up and takes the device file and the chip's power
away, as with a USB adapter.
"""

import logging
import tempfile
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from hardware.virtual.cable import Cable, CablePulled
from hardware.virtual.cards import Card
from hardware.virtual.chip import IN_LIST_PASSIVE_TARGET, Answer, Chip, Work
from hardware.virtual.faults import SLOW_S, Fault, Scheduled, damage, next_fault
from hardware.virtual.frames import ACK, SYNTAX_ERROR, FrameReader, Information, Signal, encode

log = logging.getLogger(__name__)

BITS_PER_BYTE = 10
"""On the wire: start, 8 data, stop."""

REMEMBERED = 512
"""Commands whose traffic is kept, for whoever counts."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One command and its answer, as they went over the wire."""

    command: int
    """Its code, such as 0x4A."""
    to_chip: int
    """Bytes, frame and all."""
    from_chip: int
    """Bytes of the ACK and the answer."""
    answered_s: float
    """When the answer had gone out: monotonic seconds."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the chip takes; seconds, 0 or more.  Assumed, not measured on silicon."""

    command_s: float = 0.0005
    hit_s: float = 0.005
    miss_s: float = 0.010
    wire: bool = True
    """Whether bytes take the time they need at the line's speed."""

    def of(self, answer: Answer) -> float:
        """Seconds of chip time for one answer; a card waited for in vain costs what the host has set."""
        if answer.wait_s is not None and self.wire:
            return answer.wait_s
        match answer.work:
            case Work.COMMAND:
                return self.command_s
            case Work.HIT:
                return self.hit_s
            case Work.MISS:
                return self.miss_s


BRISK = Timing(command_s=0, hit_s=0.001, miss_s=0.002, wire=False)
"""For tests with many taps: fast, but an empty poll still takes a moment."""


class VirtualPn532:
    """A PN532 reader that needs no hardware; plugged in from `start` to `stop`, unless unplugged.

    One thread serves the line and sleeps until a byte comes.  All methods may
    be called from any thread.

    Args:
        path: Where the device file appears (a symbolic link, as udev makes);
            by default a new name in a new temporary folder.
        timing: How long the chip takes.
    """

    def __init__(self, path: Path | None = None, timing: Timing | None = None) -> None:
        self._folder = (
            None if path else tempfile.TemporaryDirectory(prefix="foyer-", ignore_cleanup_errors=True)
        )
        self.path = path or Path(self._folder.name if self._folder else "") / "badge_reader"
        """The device file to open; it exists while the reader is plugged in."""
        self._timing = timing or Timing()
        self._plugging = threading.Lock()
        self._changed = threading.Condition()
        self._chip = Chip()
        self._frames = FrameReader()
        self._card: Card | None = None
        self._faults: tuple[Scheduled, ...] = ()
        self._polls = 0
        self._commands = 0
        self._traffic: deque[Exchanged] = deque(maxlen=REMEMBERED)
        self._last_sent = b""
        self._cable: Cable | None = None

    def start(self) -> None:
        """Plug it in for the first time."""
        self.plug()

    def stop(self) -> None:
        """Unplug it for good; on return its thread and file descriptors are gone.  May be called twice."""
        self.unplug()
        if self._folder is not None:
            self._folder.cleanup()

    def plug(self) -> None:
        """Plug it in: the device file appears, the chip starts afresh, asleep, at 115200.  No-op if in."""
        with self._plugging:
            if self.is_plugged:
                return
            self._pull()
            with self._changed:
                self._chip = Chip()
                self._chip.put(self._card)
                self._frames = FrameReader()
            self._cable = Cable(self.path, self._serve)

    def unplug(self) -> None:
        """Pull the cable: the line hangs up, the device file and the chip's power go.  No-op if it is out."""
        with self._plugging:
            self._pull()

    @property
    def is_plugged(self) -> bool:
        """Whether it is plugged in now; a scheduled fault may have pulled it."""
        cable = self._cable
        return cable is not None and cable.is_plugged

    @property
    def baud(self) -> int:
        """The speed the chip listens at now, bits per second."""
        with self._changed:
            return self._chip.baud

    def present(self, card: Card) -> None:
        """Hold a card to the reader, in place of what was there."""
        self._put(card)

    def lift(self) -> None:
        """Take the card away."""
        self._put(None)

    def tap(self, card: Card, hold_s: float) -> None:
        """Present a card, hold it `hold_s` seconds and lift it, unless another took its place.

        Blocks the caller meanwhile.
        """
        self.present(card)
        with self._changed:
            if not self._changed.wait_for(lambda: self._card is not card, hold_s):
                self._put(None)

    def schedule(self, *faults: Scheduled) -> None:
        """Add faults to come, behind those already waiting."""
        with self._changed:
            self._faults += faults

    def clear_faults(self) -> None:
        """Forget every fault still to come."""
        with self._changed:
            self._faults = ()

    @property
    def polls(self) -> int:
        """How often the program has looked for a card."""
        with self._changed:
            return self._polls

    @property
    def commands(self) -> int:
        """How many commands were answered."""
        with self._changed:
            return self._commands

    def traffic(self) -> tuple[Exchanged, ...]:
        """The last commands and their answers, oldest first, at most `REMEMBERED`."""
        with self._changed:
            return tuple(self._traffic)

    def wait_for_polls(self, count: int, timeout_s: float) -> bool:
        """Block until the program has looked for a card `count` more times; False if that took too long."""
        with self._changed:
            goal = self._polls + count
            return self._changed.wait_for(lambda: self._polls >= goal, timeout_s)

    def _pull(self) -> None:
        cable, self._cable = self._cable, None
        if cable is not None:
            cable.pull()

    def _put(self, card: Card | None) -> None:
        with self._changed:
            self._card = card
            self._chip.put(card)
            self._changed.notify_all()

    def _serve(self, cable: Cable, data: bytes) -> None:
        """Take what the program sent; runs in the cable's thread."""
        baud = cable.host_baud()
        with self._changed:
            if baud == self._chip.next_baud:
                # The ACK that asks for the new speed may be lost when the program reopens the port at it.
                self._chip.switch_baud()
            if baud != self._chip.baud:
                log.debug(
                    "%d bytes lost: sent at %d, the chip listens at %d", len(data), baud, self._chip.baud
                )
                return
            heard = self._chip.hear(data)
        for frame in self._frames.receive_data(heard):
            match frame:
                case Information(command):
                    self._answer(cable, command)
                case Signal.ACK:
                    with self._changed:
                        self._chip.switch_baud()
                case Signal.NACK:
                    self._send(cable, self._last_sent)
                case _:
                    log.debug("a broken frame came in")

    def _answer(self, cable: Cable, command: bytes) -> None:
        """Acknowledge and run one command, and send its answer, with whatever fault is due."""
        code = command[1] if len(command) > 1 else -1
        with self._changed:
            self._faults, fault = next_fault(self._faults, code)
            answer = self._chip.execute(command)
        if fault is Fault.MUTE:
            return
        cable.wait(self._wire_s(len(encode(command))))
        if fault is not Fault.LOST_ACK:
            self._send(cable, ACK)
        if fault is Fault.UNPLUG:
            raise CablePulled
        if fault is Fault.SLOW and (heard := cable.wait_or_hear(SLOW_S)):
            # An ACK while it works has the chip give the command up, as the manual says.
            self._serve(cable, heard)
            return
        cable.wait(self._timing.of(answer))
        good = SYNTAX_ERROR if answer.data is None or fault is Fault.ERROR_FRAME else encode(answer.data)
        cable.wait(self._wire_s(len(ACK) + len(good)))
        self._last_sent = good
        told = Exchanged(code, len(encode(command)), len(ACK) + len(good), time.monotonic())
        with self._changed:
            # Noted before it is sent: whoever acts on the answer finds it here.
            self._traffic.append(told)
            self._commands += 1
        self._send(cable, damage(fault, good))
        if code == IN_LIST_PASSIVE_TARGET:
            with self._changed:
                self._polls += 1
                self._changed.notify_all()

    def _send(self, cable: Cable, data: bytes) -> None:
        """Put an answer on the wire; it is lost if the program listens at another speed."""
        if cable.host_baud() == self.baud:
            cable.send(data)

    def _wire_s(self, size_bytes: int) -> float:
        """Seconds that so many bytes take at the line's speed."""
        return size_bytes * BITS_PER_BYTE / self.baud if self._timing.wire else 0
