"""A device that makes and shows passkeys: packed by hand as Web Authentication, level 3, says."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """One passkey on one device."""

    origin: str
    domain: str = "localhost"
    uses: int = 0
    counts: bool = True
    flags: int = PRESENT | VERIFIED
    id: bytes = field(default_factory=lambda: os.urandom(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, question: dict) -> str:
        """Answer `navigator.credentials.create`."""
        client = self._client("webauthn.create", question["challenge"])
        numbers = self.key.public_key().public_numbers()
        # COSE: kty EC2, alg ES256, crv P-256, x, y (RFC 9053)
        cose = bytes.fromhex("a5010203262001") + _bytes(-2, numbers.x) + _bytes(-3, numbers.y)
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        data = self._data(ATTESTED) + attested
        statement = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData" + _head(0x40, len(data)) + data
        return self._answer(client, attestationObject=b64(statement))

    def show(self, question: dict) -> str:
        """Answer `navigator.credentials.get`."""
        client = self._client("webauthn.get", question["challenge"])
        self.uses += self.counts
        data = self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(client, authenticatorData=b64(data), signature=b64(signature))

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, more: int) -> bytes:
        return hashlib.sha256(self.domain.encode()).digest() + struct.pack(
            ">BI", self.flags | more, self.uses
        )

    def _answer(self, client: bytes, **response: str) -> str:
        told = {"clientDataJSON": b64(client), **response}
        return json.dumps(
            {
                "id": b64(self.id),
                "rawId": b64(self.id),
                "type": "public-key",
                "response": told,
                "clientExtensionResults": {},
            }
        )


def _bytes(key: int, number: int) -> bytes:
    """A CBOR pair: a negative key and 32 bytes."""
    return bytes([0x20 - 1 - key]) + b"\x58\x20" + number.to_bytes(32, "big")


def _head(major: int, length: int) -> bytes:
    return bytes([major | 24, length]) if length < 256 else bytes([major | 25]) + struct.pack(">H", length)
