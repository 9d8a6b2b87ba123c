"""Which life of the log an event belongs to, and where two lives part.

Pure.  A place is an event's position in the kiosk's file; its number is counted within its epoch.
A file that was restored from an old copy gives numbers a second time.  The hub's cursor tells on it:
it lies beyond the log, or the event at it has other content.  A search by halves, one question to the
hub each, then finds the last event both have; what comes after it gets a new epoch.
"""

import hashlib
from dataclasses import dataclass

from community.ids import Epoch

EPOCH_CHARACTERS = 16
"""Hexadecimal digits of an epoch: 64 bits, as those drawn by lot have."""


@dataclass(frozen=True, slots=True)
class Span:
    """One epoch's part of the file."""

    epoch: Epoch
    after: int
    """The place before its first event."""
    upto: int
    """The place of its last event; `after` if it has none."""

    def number(self, place: int) -> int:
        """Return the number of the event at a place."""
        return place - self.after

    def place(self, number: int) -> int:
        """Return where the event of a number stands, the nearest place where it would be outside."""
        return self.after + min(max(number, 0), self.upto - self.after)


@dataclass(frozen=True, slots=True)
class Search:
    """The last event both have is one of `low` … `high`; numbers of the present epoch."""

    low: int
    high: int
    whole: bool = True
    """Whether `high` is still the log's end: then it is what is asked about first."""

    @property
    def asks(self) -> int:
        """The number whose content to ask for."""
        return self.high if self.whole else (self.low + self.high + 1) // 2

    @property
    def found(self) -> int | None:
        """The last number both have, once it is known."""
        return self.low if self.low >= self.high else None

    def told(self, *, same: bool) -> "Search":
        """Return what is left to search once the event asked for is known to be the same, or not."""
        if same:
            return Search(self.asks, self.high, whole=False)
        return Search(self.low, self.asks - 1, whole=False)


def epoch_after(epoch: Epoch, fork: int, content: str) -> Epoch:
    """Name the epoch of events that were written under `epoch` after number `fork`.

    Always the same name for the same events: a copy of the file that is restored again gives them the
    ids they already have at the hub, so nothing is doubled.

    Args:
        epoch: As they were first written.
        fork: The last number that was not theirs.
        content: `content_hash` of the first of them, or anything random if there are none.
    """
    said = f"{epoch}\n{fork}\n{content}".encode()
    return Epoch(hashlib.sha256(said).hexdigest()[:EPOCH_CHARACTERS])
