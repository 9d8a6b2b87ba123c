"""How fast one token, or one address without a token, may ask: a bucket that fills again.

Pure: the caller says what time it is.
"""

from dataclasses import dataclass, field

MOST_KEYS = 10_000
"""Tokens and addresses remembered; the oldest go first."""


@dataclass(slots=True)
class Pace:
    """Buckets by key.  Lives as long as the API."""

    burst: float
    """Requests at once, at most."""
    a_second: float
    """How many come back each second."""
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait_s(self, key: str, now_s: float) -> float:
        """Take one request out of a bucket.

        Returns:
            0 if there was one; else the seconds until there is, and nothing was taken.
        """
        left, at_s = self._left.pop(key, (self.burst, now_s))
        left = min(self.burst, left + max(0.0, now_s - at_s) * self.a_second)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now_s)
        while len(self._left) > MOST_KEYS:
            del self._left[next(iter(self._left))]
        return 0.0 if allowed else (1 - left) / self.a_second
