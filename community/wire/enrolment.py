"""How a kiosk is let in: the code a host reads out, and what is said over HTTPS.

Pure.  The code is `AA` + `BBBBBBBB` + `CCCCCCCCCCCCCCCC`: which code it is, the secret in it, and the
beginning of the fingerprint of the hub's certificate authority.  With the last part the very first
contact needs no trust in the network: whoever stands between has another authority.
"""

import msgspec

from community.ids import Count, KioskId, SpaceId
from community.wire.versions import WIRE

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U.  Source: Douglas Crockford, Base 32."""

MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
"""Letters that are read for digits."""

NAME_LENGTH, SECRET_LENGTH, PIN_LENGTH = 2, 8, 16
"""Letters of each part: 40 bits of secret, which five tries cannot guess, and 80 of the fingerprint, which
nobody can meet by making authorities until one fits."""

GROUP = 4
"""Letters between two dashes, as people read them out; the first group is half as long."""


class Code(msgspec.Struct, frozen=True):
    """What a host reads out, taken apart."""

    name: str
    """Which of the open codes it is; no secret."""
    secret: str
    pin: str
    """`pin_of` the authority's fingerprint; empty for a code that is typed into a page of the hub itself."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say which code it is, never the secret."""
        return f"Code({self.name})"

    @property
    def told(self) -> str:
        """As a host reads it out."""
        rest = self.secret + self.pin
        return "-".join([self.name, *(rest[i : i + GROUP] for i in range(0, len(rest), GROUP))])


def read_code(typed: str, *, pinned: bool) -> Code | None:
    """Read what was typed, small letters, spaces and dashes as they may be; `None` if it can be no code."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(MISREAD)
    length = NAME_LENGTH + SECRET_LENGTH + (PIN_LENGTH if pinned else 0)
    if len(plain) != length or not set(plain) <= set(ALPHABET):
        return None
    end = NAME_LENGTH + SECRET_LENGTH
    return Code(plain[:NAME_LENGTH], plain[NAME_LENGTH:end], plain[end:])


def pin_of(fingerprint: bytes) -> str:
    """Return the part of a code that stands for an authority.

    Args:
        fingerprint: SHA-256 of its certificate in DER.
    """
    number = int.from_bytes(fingerprint[: PIN_LENGTH * 5 // 8])
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(PIN_LENGTH)))


class Authority(msgspec.Struct, frozen=True):
    """`GET /authority`: the hub's certificate authority, which is no secret."""

    certificate: str
    """PEM."""
    v: int = WIRE


class Enrol(msgspec.Struct, frozen=True):
    """`POST /enrol`: a kiosk with a code and a key of its own asks to be let in."""

    name: str
    secret: str
    """The code's first two parts."""
    public_key: str
    """Ed25519, 64 hexadecimal digits; the private half never leaves the kiosk."""
    program: str = ""
    v: int = WIRE


class Enrolled(msgspec.Struct, frozen=True):
    """The answer: everything a kiosk needs.  It holds secrets."""

    space: SpaceId
    kiosk: KioskId
    broker_port: int
    username: str
    password: str
    credential: Count
    """Which of the kiosk's passwords this is: 1, 2, 3 …"""
    badge_key: str
    """The space's secret for badge numbers, in hexadecimal."""
    key_version: int
    broker_host: str = ""
    """Empty: where the hub was found."""
    v: int = WIRE

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say whom it lets in, never with what."""
        return f"Enrolled({self.space}, {self.kiosk}, {self.credential})"


class Ask(msgspec.Struct, frozen=True):
    """`POST /standing`: a kiosk that the broker refuses asks the hub why."""

    kiosk: KioskId
    credential: Count
    signature: str
    """Of `asking`, by the kiosk's key."""
    v: int = WIRE


class Standing(msgspec.Struct, frozen=True):
    """The answer to it."""

    revoked: bool
    v: int = WIRE


class Refused(msgspec.Struct, frozen=True):
    """Why a kiosk is not let in."""

    reason: str
    """One of `REASONS`; what else there may be one day is told as it is."""
    v: int = WIRE


REASONS = ("code", "over", "message", "slow")
"""The code is not known or wrong; it is used up, too old or was tried too often; the message cannot be read;
too many tries came from there."""


def asking(space: SpaceId, kiosk: KioskId, credential: int) -> bytes:
    """Return the bytes a kiosk signs to ask how it stands."""
    return f"foyer standing\n{space}\n{kiosk}\n{credential}".encode()
