"""What comes to the taps besides taps, and what is told of each: plain values.

Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from community.events import PinRefused, Record
from community.ids import MemberId
from community.introductions.pairing import Pairing
from community.wire.messages import FeedItem
from kiosk.core.elsewhere import Heard
from kiosk.core.entry import Entry


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
class PinChecked:
    """A PIN was looked at."""

    entry: Entry
    """What it was typed for."""
    member_id: MemberId | None
    """Whose it would be; `None` for a name that is nobody's."""
    who: str
    """Under which its tries are counted."""
    right: bool
    waits_next: bool
    """Whether another one has to wait, this one being wrong."""

    def refused(self) -> tuple[PinRefused, ...]:
        """Return what is to be written of it: a member's wrong PIN; nothing of a name that is nobody's."""
        if self.right or self.member_id is None:
            return ()
        return (PinRefused(self.member_id, waits=self.waits_next),)


Written = tuple[Record, ...] | None
"""What was written, in order; `None` if it could not be."""

Sent = Key | NewDirectory | HeardElsewhere | Planned | PinChecked
"""Whatever waits in the queue beside taps."""


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


def trace_of(
    word: str,
    member: MemberId | None,
    records: Sequence[Record],
    introduced: int,
    read_s: float,
    committed_s: float,
    shown_s: float,
) -> Trace:
    """Return what is told of a tap or key; the times are monotonic seconds, the rest as in `Trace`."""
    return Trace(
        outcome=word,
        member=member,
        seqs=tuple(record.seq for record in records),
        introduced=introduced,
        committed_ms=(committed_s - read_s) * 1_000,
        shown_ms=(shown_s - read_s) * 1_000,
        read_s=read_s,
    )
