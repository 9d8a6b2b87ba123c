"""What a token may do, and what the text of one looks like.

Pure but for the random bits of a new token.
"""

import hashlib
import secrets
from enum import Enum

PREFIX = "foyer_"
"""What every token begins with: whoever finds one in a file knows what it is."""


class Scope(Enum):
    """One thing a token may do; the words stand in the database and in `docs/openapi.yaml`."""

    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    BADGES_WRITE = "badges:write"
    PRESENCE_READ = "presence:read"
    INTRODUCTIONS_READ = "introductions:read"


def new_token() -> str:
    """Return 256 random bits as text."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what the database knows of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
