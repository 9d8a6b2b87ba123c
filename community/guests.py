"""What a guest typed at the door: whom they come to see, and perhaps who they are.

Pure.  These words are personal and soon of no use, so they are no part of any log: the event that a guest
came only holds their seal, and they travel beside it, once, to be forgotten when the day is over (decision
0026).  A seal cannot be turned back without the salt, which is forgotten with them; with it, nobody can put
other words in their place, for the event is signed.
"""

import hashlib
from typing import Annotated

import msgspec

from community.ids import Number

LONGEST_WORDS = 60
"""Characters of a name: as long as a name may be."""

SEAL_DIGITS = 32

Seal = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]*$", max_length=64)]
"""A salted hash of what a guest typed: nobody's text, and nobody can turn it back."""

Typed = Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS)]


class GuestWords(msgspec.Struct, frozen=True, gc=False):
    """What one guest typed; on the wire beside their event."""

    seq: Number
    """The event's number."""
    asked: Typed
    """Whom they come to see, as they typed it."""
    name: Typed = ""
    """Who they are; empty if they did not say."""
    salt: Annotated[str, msgspec.Meta(max_length=64)] = ""
    """Random; without it the seal would give the words away to whoever guesses them."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say of which event, never the words."""
        return f"GuestWords(seq={self.seq})"


def seal_of(words: GuestWords) -> str:
    """Return what the event holds of a guest's words: the number is not part of it, it may change."""
    sealed = f"{words.salt}\0{words.asked}\0{words.name}"
    return hashlib.sha256(sealed.encode()).hexdigest()[:SEAL_DIGITS]
