"""PINs as argon2id hashes: made at the hub, checked at the door; argon2's other home.

Hashing takes a while on purpose, so callers run it beside their event loop.
"""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from community.badges import BadgeKey
from community.ids import MemberId
from community.pins import MemberPin, keyed

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, type=Type.ID)
"""19 MiB and two rounds on one lane, the least that OWASP's Password Storage Cheat Sheet asks for: a Pi
checks one in under 0.3 s (docs/security.md), and has the memory beside everything else."""


def hashed(key: BadgeKey, member_id: MemberId, pin: str) -> MemberPin:
    """Return what kiosks need to check a new PIN.

    Args:
        key: The space's.
        member_id: Whose PIN it is.
        pin: Its digits; `community.pins.fault_of` has found no fault with them.
    """
    return MemberPin(member_id, _HASHER.hash(keyed(key, member_id, pin)), key.version)


def is_right(key: BadgeKey, stored: MemberPin | None, pin: str) -> bool:
    """Say whether a PIN is the stored one.

    Args:
        key: The space's.
        stored: The member's; `None` for nobody, or somebody without a PIN: the answer is no, and takes as
            long as any other.
        pin: As typed.
    """
    if stored is None or stored.key != key.version:
        stored = None
    wanted = stored or _nobody()
    try:
        _HASHER.verify(wanted.hash, keyed(key, wanted.member, pin))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@lru_cache(maxsize=1)
def _nobody() -> MemberPin:
    return MemberPin(MemberId("nobody"), _HASHER.hash(secrets.token_hex()))
