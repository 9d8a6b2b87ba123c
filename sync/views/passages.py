"""More people than badges: what the beams at the doors counted today, beside who tapped there.

Pure.  A beam sees bodies, not people and not directions, so this is an estimate, told as one (decision 0019):
never a person, never a moment, and nothing below `FEWEST`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from community.events import BeamCounted, CheckedIn
from sync.presence import Happened

A_PERSON = 3
"""Passages a person makes in a day: in and out, and about every other one goes out and comes back at noon."""

FEWEST = 3
"""More people than badges below which nothing is said: it could be one person, or one trolley."""


@dataclass(frozen=True, slots=True)
class Passages:
    """One day of the doors that have a beam."""

    counted: int
    """Bodies that went through, either way; 1 or more."""
    badges: int
    """Members who arrived there with their badge."""

    @property
    def more(self) -> int:
        """About how many more people than badges came; 0 for none, or too few to be told."""
        more = round(self.counted / A_PERSON) - self.badges
        return more if more >= FEWEST else 0


def passages(happened: Iterable[Happened]) -> Passages | None:
    """Return what the beams counted; `None` where there is none, or nobody has passed yet.

    Args:
        happened: What happened today, in any order.  Taps at a door without a beam do not count.
    """
    today = tuple(happened)
    counted = [item for item in today if isinstance(item.event, BeamCounted)]
    if not counted:
        return None
    doors = {item.kiosk for item in counted}
    badges = {
        item.event.member for item in today if isinstance(item.event, CheckedIn) and item.kiosk in doors
    }
    total = sum(item.event.count for item in counted if isinstance(item.event, BeamCounted))
    return Passages(total, len(badges))
