"""What the hub's text understanding says of a member's items, as it travels to kiosks.

Pure.  The hub turns each short item into a vector when a profile is saved; two vectors' product says how
alike the items are, and a calibrated curve how likely it is that one answers the other.
"""

import msgspec

from community.introductions.pairing import Share


class TextModel(msgspec.Struct, frozen=True):
    """How to read the vectors; `text` in the feed, keyed `text`."""

    name: str = ""
    """What made them; vectors of another name are not comparable and are left out."""
    size: int = 0
    """Numbers in one vector."""
    intercept: float = 0.0
    slope: float = 1.0
    """Of the logistic curve from likeness to the probability that a need is answered."""
    least: Share = 1.0
    """Probability below which nothing is given as a reason."""
    least_alike: float = 1.0
    """Likeness of two interests below which they are not called common ground."""


class ItemVectors(msgspec.Struct, frozen=True):
    """The vectors of one member's items; `words` in the feed, keyed by the member's id."""

    model: str
    vectors: dict[str, str] = {}
    """By `item_key`; each is base64 of what `community.introductions.vectors` packs."""
