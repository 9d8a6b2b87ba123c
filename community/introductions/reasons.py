"""Why two people are introduced, as data.  The kiosk turns it into a sentence.

Pure.  A reason quotes only what its owner made visible, in the owner's own words, and there
is no reason that says anything about how many people somebody knows.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class TheyOffer:
    """They offer what the visitor needs."""

    need: str
    """The visitor's own words."""
    offer: str
    """The other's own words."""


@dataclass(frozen=True, slots=True)
class TheyNeed:
    """They need what the visitor offers."""

    need: str
    offer: str


@dataclass(frozen=True, slots=True)
class TheyKnow:
    """Their trade or interest touches what the visitor needs."""

    need: str
    knows: str


@dataclass(frozen=True, slots=True)
class BothLike:
    """An interest in common."""

    interest: str
    """The visitor's words for it."""
    their_words: str


@dataclass(frozen=True, slots=True)
class NewHere:
    """They joined lately: somebody to welcome."""

    joined: date


Reason = TheyOffer | TheyNeed | TheyKnow | BothLike | NewHere
