"""Tell every open dashboard that something changed, without waiting for any of them.

A subscriber does not get what changed, only that something did: it then reads the latest
state.  So its queue is bounded at one, a burst collapses into one update, and a slow browser
falls behind to nothing worse than a snapshot.  No task, timer or thread is kept here.
"""

import asyncio
from enum import Enum
from types import TracebackType
from typing import Self


class Woken(Enum):
    """Why a wait came to its end."""

    CHANGED = "changed"
    QUIET = "quiet"
    """Nothing changed for the time given."""
    ENDED = "ended"
    """The login behind the subscription ended, or the hub stops."""


class Live:
    """The bell between what changes the hub's state and whoever shows it.

    Lives as long as the hub.  Belongs to one event loop: call it only there.
    """

    def __init__(self) -> None:
        self.version = 0
        """How many changes there have been since the hub started."""
        self._closed = False
        self._subscriptions: set[Subscription] = set()

    @property
    def watching(self) -> int:
        """How many subscriptions are open."""
        return len(self._subscriptions)

    def changed(self) -> None:
        """Say that presence, a badge, a kiosk or a member changed; returns at once."""
        self.version += 1
        for subscription in self._subscriptions:
            subscription.wake()

    def subscribe(self, owner: str = "") -> "Subscription":
        """Open a subscription; use it in a `with` block, which ends it.

        Args:
            owner: Whose it is, for `end`; the hash of a session.
        """
        return Subscription(self, owner)

    def end(self, owners: frozenset[str]) -> None:
        """End the subscriptions of these owners: they logged out."""
        for subscription in self._subscriptions:
            if subscription.owner in owners:
                subscription.end()

    def close(self) -> None:
        """End every subscription, and each one to come: the hub stops."""
        self._closed = True
        for subscription in self._subscriptions:
            subscription.end()

    def _add(self, subscription: "Subscription") -> None:
        self._subscriptions.add(subscription)
        if self._closed:
            subscription.end()

    def _remove(self, subscription: "Subscription") -> None:
        self._subscriptions.discard(subscription)


class Subscription:
    """One browser's ear.  Lives as long as its `with` block."""

    def __init__(self, live: Live, owner: str) -> None:
        self.owner = owner
        self._live = live
        self._seen = live.version
        self._ended = False
        self._bell = asyncio.Event()

    def __enter__(self) -> Self:
        self._live._add(self)  # noqa: SLF001 - the two classes are one mechanism
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live._remove(self)  # noqa: SLF001 - the two classes are one mechanism

    def wake(self) -> None:
        """Look again: something changed."""
        self._bell.set()

    def end(self) -> None:
        """Let the next wait say that it is over."""
        self._ended = True
        self._bell.set()

    async def wait(self, timeout_s: float) -> Woken:
        """Wait for a change after the last one this method told of.

        Args:
            timeout_s: Seconds, 0 or more; then the answer is `QUIET`.
        """
        if not self._ended and self._seen == self._live.version:
            self._bell.clear()
            try:
                async with asyncio.timeout(timeout_s):
                    await self._bell.wait()
            except TimeoutError:
                return Woken.QUIET
        if self._ended:
            return Woken.ENDED
        self._seen = self._live.version
        return Woken.CHANGED
