"""The code by which a member opens their own page: made at the door after a tap, good once, for two minutes.

Pure.  It is shown as a QR code and read by a phone: letters and digits only, those that such codes pack
closest, so that an address of 40 characters and a signature fit into a version 7.  In bytes:

    means    1   what the proof is (`Means`)
    issued   4   seconds since 1970 UTC, big-endian
    nonce    4   of chance: two codes of one second differ
    kiosk    4   the beginning of SHA-256 of the kiosk's id
    member   8   likewise of the member's
    proof   64   signed by the kiosk's own key, or 16 with the space's secret

No id of a member and no name stands in it; the proof is of the whole id all the same.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from enum import Enum

from community.ids import KioskId, MemberId, SpaceId

GOOD_FOR_S = 120
"""Seconds for which a code is good: time to find the phone, no time to pass a photograph on."""

SKEW_S = 30
"""Seconds by which the clocks of kiosk and hub may differ: both are set by the network."""

NONCE_BYTES, KIOSK_BYTES, MEMBER_BYTES = 4, 4, 8
CLAIM_BYTES = 1 + 4 + NONCE_BYTES + KIOSK_BYTES + MEMBER_BYTES

PURPOSE = "foyer own page"
"""Begins what is proved, so that a proof of it is good for nothing else."""


class Means(Enum):
    """What the proof is."""

    SIGNED = 1
    """Ed25519 by the key of a kiosk that the hub let in."""
    KEYED = 2
    """HMAC-SHA-256 with the space's badge secret, cut to 16 bytes: by a kiosk without papers."""

    @property
    def proof_bytes(self) -> int:
        """How long the proof is."""
        return 64 if self is Means.SIGNED else 16


@dataclass(frozen=True, slots=True)
class Pass:
    """A code taken apart; whether it is good only its proof says."""

    means: Means
    issued_s: int
    """Seconds since 1970 UTC, by the kiosk's clock."""
    claim: bytes = field(repr=False)
    """Everything but the proof."""
    proof: bytes = field(repr=False)

    @property
    def kiosk(self) -> bytes:
        """Stands for the kiosk; see `kiosk_mark`."""
        return self.claim[-MEMBER_BYTES - KIOSK_BYTES : -MEMBER_BYTES]

    @property
    def member(self) -> bytes:
        """Stands for the member; see `member_mark`."""
        return self.claim[-MEMBER_BYTES:]

    def is_fresh(self, now_s: int) -> bool:
        """Say whether it may still be used at `now_s`, seconds since 1970 UTC by the hub's clock."""
        return -SKEW_S <= now_s - self.issued_s <= GOOD_FOR_S + SKEW_S


def kiosk_mark(kiosk: KioskId) -> bytes:
    """Return what stands for a kiosk in a code."""
    return hashlib.sha256(kiosk.encode()).digest()[:KIOSK_BYTES]


def member_mark(member: MemberId) -> bytes:
    """Return what stands for a member in a code."""
    return hashlib.sha256(member.encode()).digest()[:MEMBER_BYTES]


def claim_of(means: Means, issued_s: int, nonce: bytes, kiosk: KioskId, member: MemberId) -> bytes:
    """Return the part of a code that is proved.

    Args:
        means: What the proof will be.
        issued_s: Seconds since 1970 UTC.
        nonce: `NONCE_BYTES` bytes of chance.
        kiosk: Whose code it is.
        member: Whose page it opens.
    """
    marks = kiosk_mark(kiosk) + member_mark(member)
    return bytes([means.value]) + issued_s.to_bytes(4) + nonce + marks


def what_is_proved(space: SpaceId, member: MemberId, claim: bytes) -> bytes:
    """Return the bytes a code's proof is of."""
    return f"{PURPOSE}\n{space}\n{member}\n".encode() + claim


def keyed_proof(secret: bytes, message: bytes) -> bytes:
    """Return the proof of a kiosk that has nothing but the space's badge secret."""
    key = hmac.new(secret, PURPOSE.encode(), hashlib.sha256).digest()
    return hmac.new(key, message, hashlib.sha256).digest()[: Means.KEYED.proof_bytes]


def written(claim: bytes, proof: bytes) -> str:
    """Return the code as it stands in an address: capital letters and the digits 2 to 7."""
    return base64.b32encode(claim + proof).decode().rstrip("=")


def read_pass(text: str) -> Pass | None:
    """Take a code apart; `None` if it can be none.  Only one text is read as one code."""
    padded = text + "=" * (-len(text) % 8)
    try:
        whole = base64.b32decode(padded)
        means = Means(whole[0])
    except (binascii.Error, ValueError, IndexError):
        return None
    if len(whole) != CLAIM_BYTES + means.proof_bytes or written(whole, b"") != text:
        return None
    claim, proof = whole[:CLAIM_BYTES], whole[CLAIM_BYTES:]
    return Pass(means, int.from_bytes(claim[1:5]), claim, proof)
