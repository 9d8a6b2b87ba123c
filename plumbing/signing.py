"""Signatures: Ed25519, through `cryptography`.

Keys travel and are kept as hexadecimal, 64 digits for either half; a signature has 128.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALGORITHM = "ed25519"
"""The word for it in messages.  Source of the algorithm: RFC 8032."""


class SigningKey:
    """A private key."""

    def __init__(self, secret: str) -> None:
        """Take a key that was made before.

        Raises:
            ValueError: It is none.
        """
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))

    @classmethod
    def make(cls) -> "SigningKey":
        """Return a new key."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw().hex())

    @property
    def secret(self) -> str:
        """The private half."""
        return self._key.private_bytes_raw().hex()

    @property
    def public(self) -> str:
        """The public half."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, message: bytes) -> str:
        """Return the signature of a message."""
        return self._key.sign(message).hex()


def is_public_key(text: str) -> bool:
    """Say whether this is the public half of a key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        return False
    return True


def is_signed(public_key: str, signature: str, message: bytes) -> bool:
    """Say whether the holder of a key has signed a message; what is no signature is a no."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(
            bytes.fromhex(signature), message
        )
    except (InvalidSignature, ValueError):
        return False
    return True
