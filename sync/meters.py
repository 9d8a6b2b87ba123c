"""What the running hub counts of itself, for whoever watches over it: numbers, never people.

Belongs to the event loop: written and read only there.  Counters begin at 0 with the program.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from community.ids import KioskId
from sync.store.log import Stored

MOST_KIOSKS = 1_000
"""Kiosks remembered: names come from topics, and anybody on the broker could make some up."""

US = 1_000_000


@dataclass(slots=True)
class Meters:
    """The hub's counters.  Lives as long as the hub."""

    line_up: bool = False
    """Whether the broker answers."""
    stored: int = 0
    """Events taken in."""
    repeated: int = 0
    """Events that came again, and changed nothing."""
    lag_sum_s: float = 0.0
    """Seconds from tap to commit, over all of `lag_count`: events whose kiosk knew what time it was."""
    lag_count: int = 0
    lag_last_s: dict[KioskId, float] = field(default_factory=dict)
    """The same of the newest event of each kiosk; below 0, the clocks of kiosk and hub disagree."""

    def took_in(self, stored: Sequence[Stored]) -> None:
        """Count events that are safe on disk."""
        self.stored += len(stored)
        newest: dict[KioskId, int] = {}
        for item in stored:
            if item.record.at.synced:
                lag_s = (item.received_us - item.record.at.wall_us) / US
                self.lag_sum_s += max(0.0, lag_s)
                self.lag_count += 1
                if item.record.seq >= newest.get(item.kiosk, 0):
                    newest[item.kiosk] = item.record.seq
                    if item.kiosk in self.lag_last_s or len(self.lag_last_s) < MOST_KIOSKS:
                        self.lag_last_s[item.kiosk] = lag_s
