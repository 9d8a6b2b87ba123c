"""A reader's bad days: taps on the virtual chip while the line fails and the plug is pulled, all counted.

One person after the other holds a card to the reader, each a little differently; meanwhile faults strike the
line every few seconds, and the cable is pulled at any moment and put back.  A tap counts as presented when
the card was held for the promised time to a reader that was plugged in and ready; somebody whose tap is cut
by an unplugging holds on until it is ready again, as people do who wait for the beep.  How soon a reader
tells depends on the machine: where that is not the question, everybody waits for the beep.
"""

import logging
import random
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from foyer.benchbadges import asking, programmed
from hardware.nfc_reader import NfcReader
from hardware.reader import Proven, ReaderReady, ReaderState, Tap, Technology
from hardware.virtual.cards import Card, Ntag213
from hardware.virtual.faults import Fault, Scheduled
from hardware.virtual.port import Timing, VirtualPn532

HELD_S = (0.3, 0.6)
"""Least and most seconds somebody holds a card to a reader that works."""

BETWEEN_S = (0.15, 0.4)
"""Seconds between one card and the next."""

FAULT_EVERY_S = (1.0, 3.0)
"""Seconds between two faults of the line."""

OUT_S = (0.05, 0.6)
"""Seconds the plug stays out."""

READY_S = 20.0
"""Longest a reader may take to be ready again before the soak gives up, seconds."""

FAULTS = (
    Fault.LOST_ACK,
    Fault.SHORT_FRAME,
    Fault.ONE_BYTE,
    Fault.GARBAGE,
    Fault.BAD_CHECKSUM,
    Fault.ERROR_FRAME,
    Fault.MUTE,
)
"""What strikes the line.  A chip that is slow for longer than a tap cannot see it: that one is left out."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of it."""

    presented: int
    seen: int
    """Taps the reader told of."""
    missed: int
    """Presented, and never told of."""
    doubled: int
    """Told of more than once."""
    unproven: int
    """Secure badges that were told of without their proof."""
    cut: int
    """Times a badge was said to have been lifted too soon; by the plug it is not."""
    faults: int
    unplugs: int
    unplugs_in_a_tap: int
    """Of these, while a card was held."""
    told_ms: float
    """From the card held to the reader until it was told of with its proof: median, bad moments too."""
    told_p95_ms: float
    reopened_ms: float
    """Plugged in until ready again, median."""
    reopened_worst_ms: float
    polls: int
    threads_more: int
    """Threads at the end more than at the beginning, the reader still running."""
    files_more: int
    """Open files, the same."""
    memory_more_kb: int
    """Resident memory, the same, measured after the first tenth."""
    took_s: float


def soak(
    *, seconds: float, unplugs: int, seed: int = 1, baud: int = 115200, patience_s: float = 0.0
) -> Counts:
    """Run for so long at least, and until the plug was pulled so often.

    Args:
        seconds: Above 0.
        unplugs: 0 or more.
        seed: The same makes the same people and the same faults; the moments differ with the machine.
        baud: Speed of the line.
        patience_s: How long people hold on beyond the promised time if there was no beep; 0: not at all,
            and a reader that is late has missed them.
    """
    polling = logging.getLogger("hardware.polling")
    level = polling.level
    polling.setLevel(logging.ERROR)  # what it would warn of is what we do to it
    chip = VirtualPn532(timing=Timing())
    chip.start()
    day = _Day(chip, random.Random(seed), baud, patience_s)  # noqa: S311 - chance of everyday life, nothing secret
    try:
        return day.run(seconds, unplugs)
    finally:
        day.end()
        chip.stop()
        polling.setLevel(level)


class _Day:
    """One soak: the person, the faults and the reader.  Lives once."""

    def __init__(self, chip: VirtualPn532, chance: random.Random, baud: int, patience_s: float) -> None:
        self._chip = chip
        self._chance = chance
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self._told: Counter[bytes] = Counter()
        self._is_ready = False
        self._times_ready = 0
        self._reopened_ms: list[float] = []
        self._presented_s = 0.0
        self._told_ms: list[float] = []
        self._faults = self._in_a_tap = 0
        self._unproven = self._cut = 0
        self._reader = NfcReader(
            chip.path,
            baud=baud,
            on_tap=self._on_tap,
            on_state=self._on_state,
            prove=asking(mutual=False),
            on_cut=self._on_cut,
        )

    def run(self, seconds: float, unplugs: int) -> Counts:
        self._reader.start()
        self._wait_until_ready(0)
        began_s = fault_s = time.monotonic()
        threads, files, memory = threading.active_count(), _open_files(), 0
        presented: list[bytes] = []
        # Spread over the time there is; if there is little, one a tap.
        every_s = seconds / (unplugs + 1)
        while (now_s := time.monotonic()) - began_s < seconds or len(self._reopened_ms) < unplugs:
            if now_s >= fault_s:
                fault_s = now_s + self._chance.uniform(*FAULT_EVERY_S)
                self._chip.schedule(Scheduled(self._chance.choice(FAULTS), skip=self._chance.randrange(6)))
                self._faults += 1
            is_due = len(self._reopened_ms) < min(unplugs, (now_s - began_s) / every_s)
            uid = bytes([4]) + len(presented).to_bytes(6, "big")
            self._one_tap(uid, unplug=is_due)
            presented.append(uid)
            if not memory and now_s - began_s > seconds / 10:
                memory = _memory_kb()
        seen = [uid for uid in presented if self._told[uid]]
        return Counts(
            presented=len(presented),
            seen=sum(self._told.values()),
            missed=len(presented) - len(seen),
            doubled=sum(self._told[uid] > 1 for uid in seen),
            unproven=self._unproven,
            cut=self._cut,
            faults=self._faults,
            unplugs=len(self._reopened_ms),
            unplugs_in_a_tap=self._in_a_tap,
            told_ms=round(statistics.median(self._told_ms or [0]), 1),
            told_p95_ms=round(sorted(self._told_ms or [0])[int(len(self._told_ms) * 0.95)], 1),
            reopened_ms=round(statistics.median(self._reopened_ms or [0]), 1),
            reopened_worst_ms=round(max(self._reopened_ms, default=0), 1),
            polls=self._chip.polls,
            threads_more=threading.active_count() - threads,
            files_more=_open_files() - files,
            memory_more_kb=_memory_kb() - memory if memory else 0,
            took_s=round(time.monotonic() - began_s, 1),
        )

    def end(self) -> None:
        self._reader.stop()

    def _one_tap(self, uid: bytes, *, unplug: bool) -> None:
        """Hold a card, and pull the plug before, while or after, if it is due."""
        # Half of them a plain badge, half one that proves itself.
        card: Card = Ntag213(uid) if self._chance.getrandbits(1) else programmed(uid)
        held_s = self._chance.uniform(*HELD_S)
        moment = self._chance.choice(("before", "while", "after")) if unplug else ""
        if moment == "before":
            self._pull()
        with self._changed:
            self._presented_s = time.monotonic()
        self._chip.present(card)
        if moment == "while":
            self._in_a_tap += 1
            self._pass(self._chance.uniform(0, held_s))
            self._pull()
        self._pass(held_s)
        with self._changed:
            self._changed.wait_for(lambda: self._told[uid], self._patience_s)
        self._chip.lift()
        if moment == "after":
            self._pull()
        self._pass(self._chance.uniform(*BETWEEN_S))

    def _pull(self) -> None:
        """Pull the plug, put it back, and wait until the reader is ready."""
        with self._changed:
            before = self._times_ready
        self._chip.unplug()
        self._pass(self._chance.uniform(*OUT_S))
        plugged_s = time.monotonic()
        self._chip.plug()
        self._wait_until_ready(before)
        self._reopened_ms.append((time.monotonic() - plugged_s) * 1_000)

    def _wait_until_ready(self, before: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_ready and self._times_ready > before, READY_S):
                raise TimeoutError("the reader did not come back")

    def _pass(self, seconds: float) -> None:
        """Let time pass; nobody ends it early."""
        threading.Event().wait(seconds)

    def _on_tap(self, tap: Tap) -> None:
        with self._changed:
            self._told[tap.uid.value] += 1
            self._changed.notify_all()
            self._told_ms.append((time.monotonic() - self._presented_s) * 1_000)
            self._unproven += tap.technology is Technology.ISO_DEP and not isinstance(tap.proof, Proven)

    def _on_cut(self) -> None:
        with self._changed:
            self._cut += 1

    def _on_state(self, state: ReaderState) -> None:
        with self._changed:
            self._is_ready = isinstance(state, ReaderReady)
            self._times_ready += self._is_ready
            self._changed.notify_all()


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _memory_kb() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4
