"""Short texts with a signature, fit for an address or a QR code: `body.signature`, both in base64url.

Pure.  There is one way to write each: a text that differs in one bit is another text, or none.

Source: Ed25519, RFC 8032; base64url without padding, RFC 4648 section 5.
"""

import base64
import binascii
from dataclasses import dataclass

from plumbing.signing import SigningKey, is_signed

SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text taken apart; nothing of it is believed yet."""

    body: bytes
    signature: bytes

    def is_of(self, public_key: str, purpose: bytes) -> bool:
        """Say whether the holder of a key (64 hexadecimal digits) signed this, and for this purpose."""
        return is_signed(public_key, self.signature.hex(), purpose + self.body)


def seal(key: SigningKey, purpose: bytes, body: bytes) -> str:
    """Return a body and its signature as text.

    Args:
        key: Signs.
        purpose: What the text is for, so that it is good for nothing else; it does not travel.
        body: What is said.
    """
    return f"{_written(body)}.{_written(bytes.fromhex(key.sign(purpose + body)))}"


def length_of(body: bytes) -> int:
    """Return how many characters `seal` makes of a body."""
    return len(_written(body)) + 1 + len(_written(bytes(SIGNATURE_BYTES)))


def unseal(text: str) -> Sealed | None:
    """Take a text apart; `None` if it is none of this kind."""
    body, _, signature = text.partition(".")
    found = _read(body), _read(signature)
    if found[0] is None or found[1] is None or len(found[1]) != SIGNATURE_BYTES:
        return None
    return Sealed(found[0], found[1])


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _read(text: str) -> bytes | None:
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if _written(content) == text else None
