"""The hub's own log: what hosts put right here stands in it as what happens at a door stands in a kiosk's.

A shell.  Doors are passed it like the log of any other door that is off; nothing that stands in a log is ever
changed.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Connection, func, select

from community.events import Event, Record, VisitCorrected
from community.ids import HUB, Epoch
from community.wire.codec import encode
from plumbing.clock import Clock
from plumbing.database import Database
from sync.corrections import Refusal
from sync.store import deeds
from sync.store import log as event_log
from sync.store.deeds import Deed
from sync.store.log import Arrived, Stored
from sync.store.schema import events

log = logging.getLogger(__name__)

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

EPOCH_BYTES = 8
"""64 random bits: a hub restored from a copy never gives a number a second time in the same epoch."""


class HubLog:
    """One start of the hub's.  On the event loop."""

    def __init__(self, database: Database, clock: Clock, took_in: Callable[[Sequence[Stored]], None]) -> None:
        """`took_in` is told of what was written, as of what kiosks send."""
        self._database, self._clock, self._took_in = database, clock, took_in
        self._epoch = Epoch(secrets.token_hex(EPOCH_BYTES))
        self._one_at_a_time = asyncio.Lock()

    async def write(
        self,
        decide: Callable[[], VisitCorrected | Refusal],
        deed: Deed,
        login: str,
        subject: str,
        *,
        noted: Collection[Refusal] = (),
    ) -> VisitCorrected | Refusal:
        """Write what a host put right, and who it was, in one transaction; tell of it before the next may.

        Args:
            decide: Says what, or why not; asked when everything written before has been told.
            deed: Under which word it stands in the record.
            login: The host's.
            subject: An opaque id.
            noted: For which of these the deed stands in the record although nothing was put right.

        Returns:
            What was decided.

        Raises:
            DatabaseError: Nothing was written.
        """
        async with self._one_at_a_time:
            decided = decide()
            if isinstance(decided, VisitCorrected):
                self._took_in(await self._write(decided, deed, login, subject))
                log.info("a host put something right by hand")
            elif decided in noted:
                at_us = self._clock.now_us()
                await self._database.write(lambda c: deeds.note(c, at_us, deed, login, subject))
        return decided

    async def _write(self, event: Event, deed: Deed, login: str, subject: str) -> Sequence[Stored]:
        at_us = (self._clock.at() - _BEGINNING) // timedelta(microseconds=1)
        stamp = msgspec.structs.replace(self._clock.stamp(), wall_us=at_us)

        def work(connection: Connection) -> Sequence[Stored]:
            here = (events.c.kiosk == HUB) & (events.c.epoch == self._epoch)
            last = connection.execute(select(func.max(events.c.seq)).where(here)).scalar_one()
            record = Record((last or 0) + 1, stamp, event)
            arrived = Arrived(HUB, self._epoch, record, encode(record))
            deeds.note(connection, at_us, deed, login, subject)
            return event_log.append(connection, [arrived], (), at_us).new

        return await self._database.write(work)
