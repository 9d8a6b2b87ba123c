"""Wait for something to become true without sleeping: on events, with a time limit."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

LIMIT_S = 20.0
"""Far more than anything here takes, so that only a real fault reaches it."""


class Seen(Generic[Value]):
    """A list that can be waited on.  `add` it from the event loop, as a callback."""

    def __init__(self) -> None:
        self.all: list[Value] = []
        self._grew = asyncio.Event()

    def add(self, value: Value) -> None:
        """Note one value and wake whoever waits."""
        self.all.append(value)
        self._grew.set()

    async def until(self, true: Callable[[list[Value]], object], limit_s: float = LIMIT_S) -> list[Value]:
        """Return all values once there are any and `true` says so of them."""
        async with asyncio.timeout(limit_s):
            while not (self.all and true(self.all)):
                self._grew.clear()
                await self._grew.wait()
        return list(self.all)

    async def count(self, number: int, limit_s: float = LIMIT_S) -> list[Value]:
        """Return all values once there are at least `number`."""
        return await self.until(lambda seen: len(seen) >= number, limit_s)
