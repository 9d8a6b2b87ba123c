"""Tell a person's key from a machine's.

A USB badge reader that pretends to be a keyboard types a number and Enter in a
few milliseconds.  Its digits must not choose somebody's mood, so a key counts
only if the keyboard was quiet before it and stays quiet after it.

Pure: the caller supplies the time.
"""

from dataclasses import dataclass

QUIET_S = 0.06
"""Seconds without another key that make a key a person's: readers leave 1 to 30 ms, fingers 80."""


@dataclass(slots=True)
class KeyGuard:
    """Holds one key back until it is known to stand alone.  Lives as long as the app."""

    quiet_s: float = QUIET_S
    _held: str | None = None
    _last_s: float | None = None

    def receive(self, key: str, now_s: float) -> None:
        """Take a key pressed at `now_s` (monotonic seconds)."""
        in_burst = self._last_s is not None and now_s - self._last_s < self.quiet_s
        self._held = None if in_burst else key
        self._last_s = now_s

    def tick(self, now_s: float) -> str | None:
        """The key that is now known to be a person's, once; `None` if there is none (yet)."""
        if self._held is None or self._last_s is None or now_s - self._last_s < self.quiet_s:
            return None
        key, self._held = self._held, None
        return key
