"""How a badge shows that it is the one it says it is.

Pure.  These words travel in the feed and stand in logs: none is ever renamed.
"""

from enum import Enum


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
