"""A kiosk program at a door, and the reader that stands there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hardware.virtual.port import BRISK, VirtualPn532
from tests.fakes.members import AMINA, CARDS, LEA
from tests.fakes.programs import (
    LIMIT_S,
    KioskProgram,
    of_other_doors,
    revision,
    wait_until,
    whose_words,
)


@dataclass
class Door:
    """A kiosk program with its reader."""

    kiosk: KioskProgram
    virtual: VirtualPn532

    def start(self) -> None:
        """Start it until its reader looks for badges."""
        ready = self.kiosk.log_says("is ready")
        self.kiosk.start()
        wait_until(lambda: self.kiosk.log_says("is ready") > ready, "the reader to be ready")

    def knows_members(self) -> None:
        """Wait until the directory has come, with the words of those who may be introduced."""
        wait_until(lambda: revision(self.kiosk.file) > 0, "the directory to come")
        wait_until(lambda: whose_words(self.kiosk.file) >= {LEA, AMINA}, "what members wrote to come")
        assert self.virtual.wait_for_polls(3, LIMIT_S)  # a moment for the kiosk to take it in

    def tap(self, member: str) -> dict[str, Any]:
        """Hold a card to the reader until the kiosk has said what it means, and lift it."""
        before = len(self.kiosk.traces())
        self.virtual.present(CARDS[member])
        wait_until(lambda: len(self.kiosk.traces()) > before, "the tap to lead to something")
        self.virtual.lift()
        assert self.virtual.wait_for_polls(3, LIMIT_S)
        return self.kiosk.traces()[before]

    def means(self, member: str, *wanted: str) -> dict[str, Any]:
        """Tap once and say what it means; it must be one of `wanted`."""
        trace = self.tap(member)
        assert trace["outcome"] in wanted, trace
        return trace

    def has_heard(self, *events: tuple[str, str]) -> None:
        """Wait until it holds these events of other doors: kind and member."""
        wait_until(lambda: set(events) <= set(self.held()), f"{events} to be heard; held: {self.held()}")

    def held(self) -> list[tuple[str, str]]:
        """What it holds of other doors, from the disk."""
        return [(event["kind"], event.get("member", "")) for event in of_other_doors(self.kiosk.file)]

    def leaves(self, member: str) -> None:
        """Tap until the member has left: their own card first, then the tap it asks for."""
        while (trace := self.tap(member))["outcome"] != "Left":
            assert trace["outcome"] in {"OwnCard", "SameTap"}, trace


@contextmanager
def reader() -> Iterator[VirtualPn532]:
    """A plugged-in virtual reader."""
    chip = VirtualPn532(timing=BRISK)
    chip.start()
    try:
        yield chip
    finally:
        chip.stop()
