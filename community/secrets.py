"""What secure badges are checked with at the door, as it travels in the feed.

Pure.  Of a badge only its own keys, never what they were made from: with a stolen kiosk nobody makes keys for
badges it did not know (decision 0015).  None of it ever stands in a log: a `repr` says
which key it is.
"""

from typing import Annotated

import msgspec

from community.badges import BadgeHash
from community.ids import Count, Number

AesKey = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
"""AES-128; base64 in JSON."""


class BadgeSecret(msgspec.Struct, frozen=True):
    """The keys of one badge."""

    hash: BadgeHash
    version: Number
    """Of the space's secret they were made from."""
    sun: AesKey
    """With which it signs its messages."""
    mutual: AesKey
    """Which it and the kiosk prove to each other that they know."""
    hides: bool = False
    """Whether it shows a random number at each tap."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say whose keys they are, never the keys."""
        return f"BadgeSecret({self.hash}, version={self.version})"


class MetaKey(msgspec.Struct, frozen=True):
    """With what all badges of one version encrypt who they are; it proves nothing."""

    version: Number
    secret: AesKey

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say which key it is, never the key."""
        return f"MetaKey(version={self.version})"


class BadgeCounter(msgspec.Struct, frozen=True):
    """How far a badge had counted when the hub last heard of it: nothing up to here is a proof."""

    badge: BadgeHash
    upto: Count
