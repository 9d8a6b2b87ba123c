"""One introduction as it is planned: a pair of people, what for, and how it came about.

Pure.  These travel: in a kiosk's log (`community.events.Paired`), and in the hub's feed as the plan of the
day and as what is known of the past.  Ids and numbers only.
"""

from datetime import date
from enum import Enum
from typing import Annotated

import msgspec

from community.ids import Count, MemberId
from community.introductions.slots import Slot

Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
"""A probability, or a score in 0..1."""

Pair = tuple[MemberId, MemberId]
"""Two ids in their one order; make it with `pair`."""


def pair(one: MemberId, other: MemberId) -> Pair:
    """Return the two ids in their one order, so that a pair is the same from both sides."""
    return (one, other) if one <= other else (other, one)


class Origin(Enum):
    """What made a pairing."""

    TAP = "tap"
    """At the tap of one of them: it was among the best both could hope for, or the hour of the plan had
    passed."""
    PLAN = "plan"
    """The matching of everybody present at the set hour, or after somebody left."""
    TABLE = "table"
    """They sit at one table (`community.introductions.tables`)."""


class Pairing(msgspec.Struct, frozen=True):
    """Two people who are to be shown each other today."""

    first: MemberId
    """The smaller id."""
    second: MemberId
    slot: Slot
    seeks: MemberId | None = None
    """Whose need or question it is; `None` where both gain alike."""
    score: Share = 0.0
    """The slot's own reciprocal score; comparable within one slot only."""
    chance: Share = 1.0
    """The probability with which the planner chose this pairing here; 1 without exploration."""
    origin: Origin = Origin.TAP

    @property
    def pair(self) -> Pair:
        """The two of them."""
        return (self.first, self.second)

    def other(self, one: MemberId) -> MemberId:
        """Return who stands on the other side of `one`."""
        return self.second if one == self.first else self.first


class DayPlan(msgspec.Struct, frozen=True):
    """The hub's plan of one day; `plan` in the feed, keyed by the ISO day."""

    day: date
    pairings: tuple[Pairing, ...] = ()


class PairPast(msgspec.Struct, frozen=True):
    """What is known between one person and another from the days before today."""

    other: MemberId
    met: date | None = None
    """The last day they met."""
    shown: date | None = None
    """The last day one of them was shown the other."""
    times: Count = 0
    """Days on which they were shown to each other without having met."""
    barred: bool = False
    """One of them would rather not; nobody is told which."""


class PersonPast(msgspec.Struct, frozen=True):
    """What the hub knows of one person from the days before today; `past` in the feed, keyed by id.

    A kiosk adds what its own log says of today.
    """

    member: MemberId
    weekdays: tuple[Count, ...] = (0, 0, 0, 0, 0, 0, 0)
    """Visits of the last eight weeks by weekday, Monday first."""
    days: Count = 0
    """Days they ever came."""
    ties: Count = 0
    """How many different people they met."""
    said_yes: Count = 0
    asked: Count = 0
    """Answers they gave about people they were shown, and how many of them were yes (or a meeting)."""
    wanted: Count = 0
    answered: Count = 0
    """Answers others gave about them, and how many of those were yes."""
    unanswered: Count = 0
    """Days in a row on which they were shown people and said nothing: from three on they are asked less."""
    pairs: tuple[PairPast, ...] = ()
    """Each pair stands with its smaller id only."""
