"""One introduction as it is shown: whom, what for, and why.  Pure."""

from dataclasses import dataclass

from community.ids import MemberId
from community.introductions.reasons import Reason
from community.introductions.slots import Slot


@dataclass(frozen=True, slots=True)
class Introduction:
    """One suggestion of whom to meet."""

    member_id: MemberId
    slot: Slot
    reason: Reason
    score: float
    """In 0..1; comparable within one slot only."""
    for_them: Reason | None = None
    """What it is good for on their side, as the visitor reads it; only where meeting costs time (partner and
    advice), and only if it is another reason."""
