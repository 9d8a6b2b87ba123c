"""Slow down whoever guesses: each wrong try makes the next one wait longer.

Pure: the caller says what time it is.
"""

from dataclasses import dataclass, field

FREE_TRIES_ACCOUNT = 3
"""Wrong tries at one account before any wait: people mistype."""

FREE_TRIES_ADDRESS = 20
"""Wrong tries from one address before any wait: a whole space may come from one address."""

LONGEST_WAIT_S = 300.0
"""Seconds a try can be put off at most: a host who was attacked gets in again by coffee."""

FORGET_S = 3600.0
"""Seconds after the last wrong try at which it is forgotten."""

MOST_KEYS = 10_000
"""Accounts and addresses remembered; the oldest go first."""


@dataclass(slots=True)
class _Tries:
    wrong: int
    last_s: float


@dataclass(slots=True)
class Throttle:
    """Wrong tries by key: an account or an address.  Lives as long as the dashboard."""

    free_tries: int
    _tries: dict[str, _Tries] = field(default_factory=dict)

    def wait_s(self, key: str, now_s: float) -> float:
        """Return the seconds until a try under this key is allowed; 0 if it is now."""
        tries = self._tries.get(key)
        if tries is None or tries.wrong < self.free_tries:
            return 0.0
        wait_s = min(2.0 ** min(tries.wrong - self.free_tries, 20), LONGEST_WAIT_S)
        return max(0.0, tries.last_s + wait_s - now_s)

    def failed(self, key: str, now_s: float) -> None:
        """Note a wrong try, whether or not there is such an account."""
        tries = self._tries.pop(key, None)
        wrong = 1 if tries is None or now_s - tries.last_s >= FORGET_S else tries.wrong + 1
        self._tries[key] = _Tries(wrong, now_s)
        while len(self._tries) > MOST_KEYS:
            del self._tries[next(iter(self._tries))]

    def forgiven(self, key: str) -> None:
        """Take one try back that was counted as wrong and was right; the others stay."""
        tries = self._tries.get(key)
        if tries is not None:
            tries.wrong -= 1

    def succeeded(self, key: str) -> None:
        """Forget the wrong tries under this key."""
        self._tries.pop(key, None)
