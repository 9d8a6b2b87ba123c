"""Badges: how a UID becomes a key nobody can turn back, and a code people can say aloud.

Pure.  A UID is only 4 to 10 bytes: a plain hash of all 4-byte UIDs takes less than an
hour on one core, so the hash is keyed with the space's secret (EDPB Guidelines 01/2025 on
pseudonymisation).  A UID is no proof of identity: it can be copied.
"""

import hashlib
import hmac
from enum import Enum
from typing import NewType

import msgspec

from community.ids import Count, MemberId
from community.proofs import Level

BadgeHash = NewType("BadgeHash", str)
"""`k<key version>:<32 hex digits>`: what stands for a UID everywhere but in the reader."""

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L and no U: what is read from a screen at three metres must be typed right."""

CODE_LENGTH = 4
"""30^4 = 810,000 codes: with the few unknown badges of one week a clash is one in thousands,
and the dashboard shows the time beside the code."""


LABEL_DIGITS = 12
"""10^12 numbers: two of a space's badges never share one, and the smallest QR code holds it."""

FIRST_KEY_VERSION = 1
"""The key a space begins with, on the hub and on every kiosk alike."""


class BadgeKey(msgspec.Struct, frozen=True):
    """The space's secret for hashing UIDs."""

    version: int
    secret: bytes
    """32 random bytes, kept in a file only the programs may read."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say which key it is, never the secret: a `repr` ends up in logs."""
        return f"BadgeKey(version={self.version})"

    def hash(self, uid: bytes) -> BadgeHash:
        """Return what stands for `uid` under this key."""
        digest = hmac.new(self.secret, uid, hashlib.sha256).hexdigest()
        return BadgeHash(f"k{self.version}:{digest[:32]}")


class BadgeStatus(Enum):
    """Whether a badge opens its member's card."""

    ACTIVE = "active"
    REVOKED = "revoked"
    LOST = "lost"


class Badge(msgspec.Struct, frozen=True):
    """One badge of one member."""

    hash: BadgeHash
    member_id: MemberId
    status: BadgeStatus = BadgeStatus.ACTIVE
    level: Level = Level.UID
    """What it must show at each tap; the space may ask for more."""
    key: Count = 0
    """The version of the space's badge secret that its chip was programmed with; 0 for a plain badge."""


def short_code(badge: BadgeHash) -> str:
    """Return the code shown for an unknown badge, the same at the door and on the dashboard.

    Args:
        badge: The keyed hash; the code is drawn from it, so both sides agree without talking.

    Returns:
        `CODE_LENGTH` characters of `CODE_ALPHABET`.
    """
    number = int(badge.rpartition(":")[2], 16)
    letters = []
    for _ in range(CODE_LENGTH):
        number, index = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[index])
    return "".join(letters)


def label_number(badge: BadgeHash) -> str:
    """Return the number on a badge's printed label: always the same, and nothing to anybody without the hub.

    Returns:
        `LABEL_DIGITS` digits, drawn from the keyed hash by another hash.
    """
    digest = hashlib.sha256(b"label\0" + badge.encode()).digest()
    return f"{int.from_bytes(digest[:16], 'big') % 10**LABEL_DIGITS:0{LABEL_DIGITS}}"
