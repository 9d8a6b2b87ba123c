"""How a badge shows that it is the one it says it is.

Pure.  These words travel in the feed and stand in logs: none is ever renamed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import assert_never


class Level(Enum):
    """What a badge must show at each tap; each is harder to copy than the one before it."""

    UID = "uid"
    """Its number alone, which anybody with a 20-euro reader can copy."""
    PIN = "pin"
    """Its number, and the member's PIN typed at the kiosk."""
    SUN = "sun"
    """A message that the chip (NTAG 424 DNA) makes anew at each read, with a key of its own and a counter."""
    MUTUAL = "mutual"
    """The chip and the kiosk prove to each other that they know the chip's key: nothing can be replayed."""


class ProofFault(Enum):
    """Why a badge did not show what its level asks for."""

    MISSING = "missing"
    """It gave its number and nothing else: so does a copy of it."""
    FORGED = "forged"
    """What it computed is wrong: it has not the key of the badge it says it is."""
    REPLAYED = "replayed"
    """It said something that was said before."""
    WRONG_KEY = "wrong_key"
    """It was programmed with a key this space does not use (any more)."""


_FROM_WEAK_TO_STRONG: Sequence[Level] = tuple(Level)
_WITH_A_KEY = (Level.SUN, Level.MUTUAL)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a badge showed with a key of its own."""

    key: int
    """The version of the space's secret its key was made from."""
    counter: int | None = None
    """How often its message was read; `None` where nothing can be replayed."""


def strongest(one: Level, other: Level) -> Level:
    """Return the level that is harder to copy."""
    return max(one, other, key=_FROM_WEAK_TO_STRONG.index)


def fault_of(asked: Level, key: int, shown: Shown | ProofFault | None) -> ProofFault | None:
    """Return why a badge did not show what is asked of it; `None` if it did, as far as a message itself says.

    Whether it was said before is known only where counters are kept.

    Args:
        asked: The level of the badge, or that of the space if it is stronger.
        key: The version the badge was programmed with.
        shown: What the reader made of it; `None` if it showed its number and nothing else.
    """
    if asked not in _WITH_A_KEY:
        return None
    match shown:
        case None:
            return ProofFault.MISSING
        case ProofFault():
            return shown
        case Shown() if shown.key != key:
            return ProofFault.WRONG_KEY
        case Shown(counter=counter):
            # a message is not enough where the chip itself is to be asked
            return ProofFault.MISSING if asked is Level.MUTUAL and counter is not None else None
        case _:
            assert_never(shown)
