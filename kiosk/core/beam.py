"""How many bodies went through the beam, gathered into one number a quarter of an hour.

Pure.  Never one event a body: when exactly somebody went by is nobody's business.
"""

from dataclasses import dataclass

GATHER_S = 900.0
"""Seconds for which bodies are gathered before they are noted: a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Bodies that went through the beam."""

    count: int
    """1 or more."""
    over_s: int
    """Whole seconds since the first of them."""


@dataclass(slots=True)
class Beam:
    """Bodies not noted yet.  Lives as long as the kiosk's program."""

    count: int = 0
    _first_s: float = 0.0
    _due_s: float = 0.0

    def passed(self, now_s: float) -> None:
        """Note that somebody went through at `now_s` (monotonic seconds)."""
        if not self.count:
            self._first_s, self._due_s = now_s, now_s + GATHER_S
        self.count += 1

    def due_s(self, now_s: float) -> float | None:
        """Return in how many seconds they are to be written, 0 for now; `None` if there are none."""
        return max(0.0, self._due_s - now_s) if self.count else None

    def gathered(self, now_s: float) -> Gathered | None:
        """Return those that are to be written, again a quarter of an hour later if that fails."""
        if not self.count:
            return None
        self._due_s = now_s + GATHER_S
        return Gathered(self.count, max(0, round(now_s - self._first_s)))

    def noted(self, gathered: Gathered, now_s: float) -> None:
        """Forget those that were written; who came meanwhile stays."""
        self.count -= gathered.count
        self._first_s, self._due_s = now_s, now_s + GATHER_S
