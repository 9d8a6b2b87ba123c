"""PINs as argon2id hashes: made at the hub, checked at the door; argon2's other home.

Hashing takes a while on purpose, so callers run it beside their event loop.  The library is loaded with the
first PIN: a kiosk where nobody has one never pays for it.
"""

import secrets
from functools import lru_cache

from community.badges import BadgeKey
from community.ids import MemberId
from community.pins import MemberPin, keyed

ROUNDS, MEMORY_KIB, LANES = 2, 19_456, 1
"""19 MiB and two rounds on one lane, the least that OWASP's Password Storage Cheat Sheet asks for: a Pi is
expected to check one in under 0.3 s (decision 0016), and has the memory beside everything else."""


def hashed(key: BadgeKey, member_id: MemberId, pin: str) -> MemberPin:
    """Return what kiosks need to check a new PIN.

    Args:
        key: The space's.
        member_id: Whose PIN it is.
        pin: Its digits; `community.pins.fault_of` has found no fault with them.
    """
    return MemberPin(member_id, _hash(keyed(key, member_id, pin)), key.version)


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
    return _matches(wanted.hash, keyed(key, wanted.member, pin)) and stored is not None


@lru_cache(maxsize=1)
def _nobody() -> MemberPin:
    return MemberPin(MemberId("nobody"), _hash(secrets.token_hex()))


def _hash(what: str) -> str:
    from argon2 import PasswordHasher
    from argon2.low_level import Type

    return PasswordHasher(ROUNDS, MEMORY_KIB, LANES, hash_len=32, type=Type.ID).hash(what)


def _matches(stored: str, what: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    try:
        PasswordHasher().verify(stored, what)  # the effort is the stored hash's own
    except (VerificationError, ValueError):  # no hash, or letters that cannot stand in one
        return False
    return True
