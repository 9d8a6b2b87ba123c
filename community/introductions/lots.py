"""Chance that can be told again: drawn from a hash of words, not from a die.  Pure."""

import math
from hashlib import blake2b

BITS = 56
"""What a float holds without rounding up to 1."""


def lot(*words: str) -> float:
    """Return a number in [0, 1) that these words always give."""
    digest = blake2b("\n".join(words).encode(), digest_size=BITS // 8).digest()
    return math.ldexp(int.from_bytes(digest, "big"), -BITS)
