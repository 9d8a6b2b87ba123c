"""How the made-up members come and go by themselves while the demo runs.

Pure but for the chance that is handed in: it says what happens next, the demo makes it happen.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from community.ids import MemberId
from foyer.village.people import Villager


class Act(Enum):
    """Something somebody does at the door."""

    ARRIVE = "arrive"
    LEAVE = "leave"
    LOOK = "look"
    """Look at one's own card."""
    MEET = "meet"
    UNKNOWN = "unknown"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Move:
    """One act, and who does it."""

    act: Act
    people: tuple[MemberId, ...] = ()
    """One for most acts, two for a meeting, none for a badge that is nobody's."""


class Life:
    """The village's day.  Lives as long as a demo."""

    def __init__(self, people: Sequence[Villager], chance: random.Random, *, crowd: int = 18) -> None:
        """`crowd` is how many people the room tends to hold."""
        self._people = [person.id for person in people if person.badge]
        self._chance = chance
        self._crowd = crowd

    def pause_s(self) -> float:
        """Return how long nothing happens, in seconds."""
        return self._chance.uniform(12.0, 28.0)

    def next(self, present: Collection[MemberId]) -> Move:
        """Return what happens next, given who is in."""
        inside = [member for member in self._people if member in present]
        outside = [member for member in self._people if member not in present]
        arrive = 6.0 if len(inside) < self._crowd else 2.0
        leave = 1.0 if len(inside) < self._crowd else 4.0
        weights = {
            Act.ARRIVE: arrive if outside else 0.0,
            Act.LEAVE: leave if inside else 0.0,
            Act.LOOK: 1.0 if inside else 0.0,
            Act.MEET: 1.0 if len(inside) > 1 else 0.0,
            Act.UNKNOWN: 0.3,
            Act.PHONE: 0.2,
        }
        act = self._chance.choices(list(weights), list(weights.values()))[0]
        match act:
            case Act.ARRIVE:
                return Move(act, (self._chance.choice(outside),))
            case Act.LEAVE | Act.LOOK:
                return Move(act, (self._chance.choice(inside),))
            case Act.MEET:
                first, second = self._chance.sample(inside, 2)
                return Move(act, (first, second))
            case Act.UNKNOWN | Act.PHONE:
                return Move(act)
