"""Pass on to a kiosk what it lacks of the other doors' day.

The doors tell each other what happens as it happens; the hub is asked for what nobody on the line knows: of
a door that is off now, or of an earlier life of the kiosk that asks.  A shell: it waits and answers.  What
is lost is asked for again.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from community.ids import HUB, KioskId, SpaceId
from community.wire.codec import Unreadable, decode, encode
from community.wire.messages import DoorsHeard
from community.wire.topics import Word, kiosk_topic
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.store.relay import lacking

log = logging.getLogger(__name__)

MOST_ASKING = 1_000
"""Kiosks whose question waits; a space has a handful, and a name costs nothing to invent."""

Publish = Callable[[str, bytes], bool]
"""Hand a message to the line; `False` if the line is down."""


class Relay:
    """One space's.  `asked` from the line's callback, `run` as a task until cancelled."""

    def __init__(self, space: SpaceId, database: Database, clock: Clock, publish: Publish) -> None:
        self._space = space
        self._database = database
        self._clock = clock
        self._publish = publish
        self._asking: dict[KioskId, DoorsHeard] = {}
        self._last: dict[KioskId, DoorsHeard] = {}
        """What each kiosk said last."""
        self._by_hand = False
        self._bell = asyncio.Event()

    def asked(self, kiosk: KioskId, payload: bytes) -> None:
        """A kiosk said what it has of the day."""
        said = decode(payload, DoorsHeard)
        if isinstance(said, Unreadable):
            log.debug("kiosk %s: what it has of other doors cannot be read: %s", kiosk, said.reason)
        elif kiosk in self._asking or len(self._asking) < MOST_ASKING:
            self._asking[kiosk] = said
            if kiosk in self._last or len(self._last) < MOST_ASKING:
                self._last[kiosk] = said
            self._bell.set()

    def put_right(self) -> None:
        """A host put something right at the hub: every kiosk that ever asked is told at once."""
        self._by_hand = True
        self._bell.set()

    async def run(self) -> None:
        """Answer, until cancelled."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            asking, self._asking = self._asking, {}
            by_hand, self._by_hand = self._by_hand, False
            for kiosk, said in asking.items():
                await self._answer(kiosk, said)
            for kiosk in self._last.keys() - asking.keys() if by_hand else ():
                await self._answer(kiosk, self._last[kiosk], only=HUB)

    async def _answer(self, kiosk: KioskId, said: DoorsHeard, only: KioskId | None = None) -> None:
        try:
            answer = await self._database.read(partial(_encoded, said=said, clock=self._clock, only=only))
        except DatabaseError as error:
            log.warning("kiosk %s is not told what it lacks, and will ask again: %s", kiosk, error)
            return
        topic = kiosk_topic(self._space, kiosk, Word.PASSED)
        for payload in answer:
            self._publish(topic, payload)


def _encoded(
    connection: Connection, said: DoorsHeard, clock: Clock, only: KioskId | None
) -> tuple[bytes, ...]:
    return tuple(encode(telling) for telling in lacking(connection, said, clock.stamp(), only))
