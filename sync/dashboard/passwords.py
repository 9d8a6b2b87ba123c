"""Passwords as argon2id hashes; the one home of argon2.

Hashing takes tens of milliseconds and 64 MiB on purpose, so it runs on a thread, and one at a
time: many logins at once cannot fill a Pi's memory.
"""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

SHORTEST = 10
"""Characters: long enough to resist guessing at the pace the throttle allows."""

LONGEST = 256
"""Characters: nobody types more, and hashing stays bounded."""


class Passwords:
    """Makes and checks hashes.  Lives as long as the dashboard."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._nobody: str | None = None
        self._one_at_a_time = asyncio.Lock()

    async def hash(self, password: str) -> str:
        """Return the argon2id hash of a password, with its own salt."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Say whether `password` is the one behind `stored`.

        Args:
            stored: The hash, or `None` for an account that is not there: the answer is no, and
                takes as long as any other.
            password: As typed.
        """
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._verify, stored, password)

    def is_weak(self, stored: str) -> bool:
        """Say whether the hash was made with less effort than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str | None, password: str) -> bool:
        if self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_hex())
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None
