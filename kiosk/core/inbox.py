"""What comes to the taps besides taps, and what is told of each: plain values.

Pure.
"""

from dataclasses import dataclass
from datetime import date

from community.ids import MemberId
from community.introductions.pairing import Pairing
from community.wire.messages import FeedItem
from kiosk.core.elsewhere import Heard


@dataclass(frozen=True, slots=True)
class Key:
    """A key, or a touch that means one."""

    key: str
    now_s: float


@dataclass(frozen=True, slots=True)
class NewDirectory:
    """A directory that came from the hub: taken in its turn, between two taps."""

    items: tuple[FeedItem, ...]


@dataclass(frozen=True, slots=True)
class HeardElsewhere:
    """What happened at other doors: taken in its turn, between two taps."""

    new: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """The day's plan was completed here, the hub being away."""

    day: date
    pairings: tuple[Pairing, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """What one tap or key led to: ids and numbers only."""

    outcome: str
    member: MemberId | None
    """Whose tap it was, where a member's."""
    seqs: tuple[int, ...]
    """Numbers of the events committed before it was shown; empty if nothing was to be recorded."""
    introduced: int
    """How many introductions were shown."""
    committed_ms: float
    """From the badge having been read to the commit; 0 if nothing was committed."""
    shown_ms: float
    """From the badge having been read to the view having been handed to the screen."""
    read_s: float
    """When the badge had been read, or the key was pressed: monotonic seconds."""
