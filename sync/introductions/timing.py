"""How soon introductions follow what happened, and what waits to be done."""

from dataclasses import dataclass
from datetime import date

from sync.patience import FIRST_S

JOIN_S = 0.5
"""Seconds after a kiosk's word before the plan is joined: a tap is several events."""

SETTLE_S = 20.0
"""Seconds after somebody left or went heads-down before the plan is completed again: a slip is taken back
within eight, and people leave together."""

LOOK_S = 30.0
"""Seconds after which the clocks are looked at again, whatever is due: a wall clock may jump."""


@dataclass(slots=True)
class Due:
    """What waits to be done: monotonic seconds, `None` for nothing."""

    join_s: float | None = None
    """The plan is to be joined with what kiosks did alone."""
    complete_s: float | None = None
    """And everybody with room left is to be matched."""


@dataclass(slots=True)
class Timing:
    """Seconds; other than the product's in tests only."""

    join_s: float = JOIN_S
    settle_s: float = SETTLE_S
    look_s: float = LOOK_S
    retry_first_s: float = FIRST_S


@dataclass(slots=True)
class Day:
    """How far today is."""

    day: date | None = None
    completed: bool = False
    """Whether the plan was completed after its hour."""
