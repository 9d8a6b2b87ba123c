"""A door with a running kiosk program and a hub, for tests that break something in between."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from foyer.members import import_members
from hardware.virtual.cards import Card, Ntag213
from hardware.virtual.port import VirtualPn532
from tests.fakes.members import many, write
from tests.fakes.programs import LIMIT_S, Count, Hub, KioskProgram, count, revision, wait_until

PEOPLE = 80
"""Members with a card: each of so many taps is another one's arrival, so every tap is an event."""


@dataclass
class Stage:
    """A kiosk program, its reader and its hub; nothing runs until it is started."""

    kiosk: KioskProgram
    virtual: VirtualPn532
    hub: Hub
    cards: Mapping[str, Ntag213]
    kills: int = 0
    _next: Iterator[Card] = field(init=False)

    def __post_init__(self) -> None:
        self._next = cycle(self.cards.values())

    def start_kiosk(self) -> None:
        """Start the kiosk until its reader looks for badges."""
        ready = self.kiosk.log_says("is ready")
        self.kiosk.start()
        wait_until(lambda: self.kiosk.log_says("is ready") > ready, "the reader to be ready")

    def tap(self, card: Card | None = None) -> dict[str, Any]:
        """Hold a card to the reader, by default the next member's, until the kiosk has said what it means."""
        before = len(self.kiosk.traces())
        self.virtual.present(card or next(self._next))
        wait_until(lambda: len(self.kiosk.traces()) > before, "the tap to lead to something")
        self.lift()
        return self.kiosk.traces()[before]

    def hold(self) -> None:
        """Hold the next member's card to the reader and leave it there."""
        self.virtual.present(next(self._next))

    def lift(self) -> None:
        """Take the card away until the reader has seen it go."""
        self.virtual.lift()
        assert self.virtual.wait_for_polls(3, LIMIT_S)

    def lift_blindly(self) -> None:
        """Take the card away, whether or not anybody looks."""
        self.virtual.lift()
        self.virtual.wait_for_polls(3, 0.3)

    def waits_for_members(self) -> None:
        """Wait until the directory has come over the feed."""
        wait_until(lambda: revision(self.kiosk.file) > 0, "the directory to be at the kiosk")
        assert self.virtual.wait_for_polls(3, LIMIT_S)  # a moment for the kiosk to take it in

    def settled(self) -> Count:
        """Wait until the hub has everything, and count."""

        def done() -> bool:
            counted = self.count()
            return counted.written > 0 and counted.lost == 0

        wait_until(done, f"the hub to have everything: {self.count()}")
        return self.count()

    def count(self) -> Count:
        """Count what has become of every event so far."""
        return count(self.kiosk.rows(), self.hub.rows, self.kills)

    def nothing_was_shown_that_is_not_so(self) -> None:
        """Check that every event a trace names is in the log, once, and of the kind that was shown."""
        log = {seq: json.loads(raw)["event"] for (_, seq), raw in self.kiosk.rows().items()}
        assert sorted(log) == list(range(1, len(log) + 1)), "the log has gaps"
        for trace in self.kiosk.traces():
            for seq in trace["seqs"]:
                assert log[seq].get("member") == trace["member"]


@contextmanager
def stage(
    folder: Path, virtual: VirtualPn532, broker_port: int, *, embedded: bool = False, database: str = ""
) -> Iterator[Stage]:
    """A stage with `PEOPLE` members at the hub; whatever runs at the end is ended."""
    text, cards = many(PEOPLE)
    hub = Hub(folder / "hub", broker_port, embedded, database)
    assert not import_members(hub.settings, write(hub.folder, text)).problems
    kiosk = KioskProgram(folder / "kiosk", f"pn532:{virtual.path}", broker_port, hub.badge_key)
    made = Stage(kiosk, virtual, hub, cards)
    try:
        yield made
    finally:
        kiosk.kill()
        hub.kill()
