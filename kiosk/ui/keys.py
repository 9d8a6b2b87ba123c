"""Tell a person's key from a machine's.

A USB badge reader that pretends to be a keyboard types a number and Enter in a
few milliseconds.  Its digits must not choose somebody's mood, so a key counts
only if the keyboard was quiet before it and stays quiet after it.

Who types a name or a PIN is fast, and two fingers may come down together: there a key counts unless it is
one of a run that no hand types.

Pure: the caller supplies the time.
"""

from dataclasses import dataclass, field

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


BURST_S = 0.035
"""Seconds between two keys below which a hand is not likely to have typed both."""

BURST_KEYS = 4
"""Keys so close together that are a machine's: a badge's number has eight digits or more, and two hands that
roll over the keys bring two or three."""

REPEATS = "backspace"
"""A key that is held down repeats itself as fast as a machine types, and may."""


@dataclass(slots=True)
class TypingGuard:
    """Holds keys back until they are known not to be a reader's.  Lives as long as the app."""

    quiet_s: float = QUIET_S
    _run: list[tuple[str, float]] = field(default_factory=list)
    """Keys less than `quiet_s` apart, with their times."""
    _ready: list[str] = field(default_factory=list)

    def receive(self, key: str, now_s: float) -> None:
        """Take a key pressed at `now_s` (monotonic seconds)."""
        if self._run and now_s - self._run[-1][1] >= self.quiet_s:
            self._end_run()
        self._run.append((key, now_s))

    def tick(self, now_s: float) -> tuple[str, ...]:
        """The keys that are now known to be a person's, in order, once each; empty if none is (yet)."""
        if self._run and now_s - self._run[-1][1] >= self.quiet_s:
            self._end_run()
        ready, self._ready = tuple(self._ready), []
        return ready

    def drop(self) -> None:
        """Forget what is held back: another view is shown."""
        self._run.clear()
        self._ready.clear()

    def _end_run(self) -> None:
        close = 1
        for (_key, before_s), (key, after_s) in zip(self._run, self._run[1:], strict=False):
            close = close + 1 if after_s - before_s < BURST_S and key != REPEATS else 1
            if close >= BURST_KEYS:
                break
        else:
            self._ready += [key for key, _at_s in self._run]
        self._run.clear()
