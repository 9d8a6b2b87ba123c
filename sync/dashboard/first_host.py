"""The one-time code that lets the first host in: printed where only the operator can read it.

There is no default password.  The code exists only while there is no host, works once, and
five wrong tries make a new one.
"""

import hmac
import secrets
from collections.abc import Callable

from community.badges import CODE_ALPHABET

LENGTH = 8
"""30^8 codes: five tries at one are hopeless."""

WRONG_TRIES = 5
"""Wrong tries at one code."""


class FirstHostCode:
    """The present code, if there is one.  Lives as long as the dashboard."""

    def __init__(self, on_code: Callable[[str], None]) -> None:
        """Prepare; there is no code yet.

        Args:
            on_code: Shows a new code to the operator, on the console and nowhere else; gets an empty one
                once it was used.
        """
        self._on_code = on_code
        self._code: str | None = None
        self._wrong = 0

    def make(self) -> None:
        """Make a new code and show it; an older one no longer works."""
        self._code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(LENGTH))
        self._wrong = 0
        self._on_code(f"{self._code[:4]}-{self._code[4:]}")

    def is_right(self, typed: str) -> bool:
        """Say whether this is the code; small letters, spaces and dashes do not matter."""
        if self._code is None:
            return False
        plain = "".join(c for c in typed.upper() if c.isalnum())
        if hmac.compare_digest(plain.encode(), self._code.encode()):
            return True
        self._wrong += 1
        if self._wrong >= WRONG_TRIES:
            self.make()
        return False

    def used(self) -> None:
        """End the code: there is a host now."""
        self._code = None
        self._on_code("")
