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
class TheyAsk:
    """What the visitor knows touches what they need: `TheyKnow`, seen from the other side."""

    need: str
    """The other's own words."""
    knows: str
    """The visitor's own words."""


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


@dataclass(frozen=True, slots=True)
class KnowsThePlace:
    """They have been here for a good while: somebody new can ask them where things are."""

    joined: date


@dataclass(frozen=True, slots=True)
class OpenToChat:
    """They said today that they are open to a chat."""


@dataclass(frozen=True, slots=True)
class SharedLanguage:
    """A language both speak and most here do not."""

    language: str
    """Its two-letter code."""


@dataclass(frozen=True, slots=True)
class CatchUp:
    """They met a good while ago: time to hear what came of it."""

    met: date


@dataclass(frozen=True, slots=True)
class HostSays:
    """A host put the two together, or they sit at one table; nothing else need be said."""


Reason = (
    TheyOffer
    | TheyNeed
    | TheyKnow
    | TheyAsk
    | BothLike
    | NewHere
    | KnowsThePlace
    | OpenToChat
    | SharedLanguage
    | CatchUp
    | HostSays
)
