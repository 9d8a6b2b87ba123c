"""Files that hosts have sent and not yet taken in: in memory only, for half an hour, one for each login.

They hold names and perhaps badge numbers, so they are written nowhere, and go by themselves.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from plumbing.clock import Clock
from sync.exports import Guess
from sync.tables import Table

KEPT = timedelta(minutes=30)
"""Long enough to look at every line over a coffee."""

MOST = 8
"""Files kept at once; the oldest goes for a new one.  A file takes a few times its size, at most 5 MB."""


@dataclass(slots=True)
class Upload:
    """One file, and what its host has chosen so far."""

    table: Table
    guess: Guess
    """What its columns most likely are."""
    until_s: float
    """When it goes, monotonic seconds."""
    fields: tuple[str, ...] = field(default=())
    """What the host chose for each column; empty before."""


class Uploads:
    """Holds them.  Lives as long as the dashboard, on its event loop; `close` it at the end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[str, Upload] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def put(self, owner: str, table: Table, guess: Guess) -> Upload:
        """Keep a file for a login, instead of any it had."""
        self.drop(owner)
        while len(self._held) >= MOST:
            self.drop(next(iter(self._held)))
        upload = self._held[owner] = Upload(table, guess, self._clock.now_s() + KEPT.total_seconds())
        loop = asyncio.get_running_loop()
        self._timers[owner] = loop.call_later(KEPT.total_seconds(), self.drop, owner)
        return upload

    def get(self, owner: str) -> Upload | None:
        """Return a login's file, or `None` if it has none or its time is over."""
        upload = self._held.get(owner)
        if upload is not None and upload.until_s <= self._clock.now_s():
            self.drop(owner)
            return None
        return upload

    def drop(self, owner: str) -> None:
        """Forget a login's file; twice changes nothing."""
        self._held.pop(owner, None)
        timer = self._timers.pop(owner, None)
        if timer is not None:
            timer.cancel()

    def close(self) -> None:
        """Forget everything."""
        for owner in tuple(self._held):
            self.drop(owner)
