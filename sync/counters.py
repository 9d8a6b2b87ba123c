"""Let the feed say now and then how far secure badges have counted.

A shell: it waits and writes.  Doors that are on tell each other at once; the feed is for one that was
restored from an old copy, is new, or was off for long.  A revision a minute at most: were each tap one, every
kiosk would read its directory anew each time.
"""

import asyncio
import logging

from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.store import secure_badges

log = logging.getLogger(__name__)

SHARE_S = 60.0
"""Seconds between two looks."""


class Counters:
    """One space's counters; `run` as a task until cancelled.  The feed finds by itself what is written."""

    def __init__(self, database: Database, *, every_s: float = SHARE_S) -> None:
        self._database, self._every_s = database, every_s
        self._is_failing = False

    async def run(self) -> None:
        """Share, wait, and share again."""
        while True:
            await self._share()
            await asyncio.sleep(self._every_s)

    async def _share(self) -> None:
        try:
            if await self._database.read(secure_badges.is_behind):
                await self._database.write(secure_badges.share)
            self._is_failing = False
        except DatabaseError as error:
            level = logging.DEBUG if self._is_failing else logging.WARNING
            log.log(level, "counters of secure badges are not in the feed yet: %s", error)
            self._is_failing = True
