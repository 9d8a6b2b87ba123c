"""What a browser holds: opaque random tokens, and the form tokens made from them.

The database knows a token only by its SHA-256: whoever reads a backup cannot log in with it.
"""

import hashlib
import hmac
import secrets

FORM_PURPOSE = b"foyer form"
"""What is signed with a token, so that the result is good for forms only."""


def new_token() -> str:
    """Return 256 random bits, as text fit for a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what the database knows of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """Return what a form must send back to prove that our page made it."""
    return hmac.new(token.encode(), FORM_PURPOSE, hashlib.sha256).hexdigest()


def form_token_is_right(token: str, sent: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(form_token(token).encode(), sent.encode())
