"""Sign what is sent, so that whoever gets it knows that it is from here, and not an old one sent again.

Pure.  Keys are drawn from the space's secret and stand in no database: a backup alone signs nothing.

Source: Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks), symmetric signatures.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from community.badges import BadgeKey

PREFIX = "whsec_"
"""What a key begins with as people copy it."""

PURPOSE = b"webhook\0"
"""What is drawn with the space's secret, so that the result is good for nothing else."""


def key_of(secret: BadgeKey, webhook: str, version: int) -> bytes:
    """Return a webhook's key: 32 bytes, always the same for the same version."""
    return hmac.new(secret.secret, PURPOSE + f"{webhook}\0{version}".encode(), hashlib.sha256).digest()


def told(key: bytes) -> str:
    """Return a key as it is given to whoever runs the target."""
    return PREFIX + base64.b64encode(key).decode()


def headers(message: str, at_s: int, body: bytes, keys: Sequence[bytes]) -> Mapping[str, str]:
    """Return what is sent beside a body.

    Args:
        message: The id of the delivery; the same for every try.
        at_s: When this try is made, seconds since 1970 UTC: an old one is no good any more.
        body: Byte for byte as it is sent.
        keys: The newest first; each signs by itself.
    """
    content = f"{message}.{at_s}.".encode() + body
    signed = (hmac.new(key, content, hashlib.sha256).digest() for key in keys)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in signed),
    }
