"""Bring deliveries to their webhooks: each webhook has a lane of its own, so one that hangs delays no other.

A shell.  What is to be told stands in the database before anything is sent, and what came of a try after:
killed in between, the same bytes go out again under the same id.
"""

import asyncio
import logging
from typing import assert_never

from sqlalchemy import Connection

from community.badges import BadgeKey
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.store import deliveries, webhooks
from sync.store.deliveries import Delivery
from sync.store.outbox import State
from sync.store.webhooks import Webhook
from sync.webhooks import signing
from sync.webhooks.patience import next_due_us
from sync.webhooks.target import Answered, Sender, Silent, Trouble

log = logging.getLogger(__name__)

LOOK_S = 60.0
"""Seconds between two looks at most: the clock may have been set right."""

RETRY_S = 5.0
"""Seconds until the database is asked again after it did not answer."""

GONE = 410
"""The status of a target that wants nothing more."""

HEADERS = {"content-type": "application/cloudevents+json; charset=utf-8", "user-agent": "Foyer-Webhooks/1"}


class Courier:
    """One running part; call everything from the event loop, `run` as a task until cancelled."""

    def __init__(self, database: Database, clock: Clock, secret: BadgeKey, sender: Sender) -> None:
        self._database, self._clock, self._secret, self._sender = database, clock, secret, sender
        self._look = asyncio.Event()
        self._lanes: dict[str, asyncio.Task[None]] = {}

    def wake(self, *_: object) -> None:
        """Look at once: something happened, or somebody asked."""
        self._look.set()

    async def run(self) -> None:
        """Bring what is due, until cancelled."""
        try:
            async with asyncio.TaskGroup() as lanes:
                while True:
                    await self._wait(await self._begin(lanes))
        finally:
            self._sender.close()

    async def _begin(self, lanes: asyncio.TaskGroup) -> float:
        """Begin what is due; return the seconds until something else is."""
        self._look.clear()
        try:
            now_us, busy = self._clock.now_us(), tuple(self._lanes)
            for delivery in await self._database.read(lambda c: deliveries.due(c, now_us, busy)):
                lane = lanes.create_task(self._bring(delivery), name=f"webhook-{delivery.webhook}")
                self._lanes[delivery.webhook] = lane
            busy = tuple(self._lanes)
            due_us = await self._database.read(lambda c: deliveries.next_due_us(c, busy))
        except DatabaseError as error:
            log.warning("webhooks wait for the database: %s", error)
            return RETRY_S
        return (
            LOOK_S if due_us is None else min(LOOK_S, max(0.0, (due_us - self._clock.now_us()) / 1_000_000))
        )

    async def _wait(self, most_s: float) -> None:
        try:
            async with asyncio.timeout(most_s):
                await self._look.wait()
        except TimeoutError:
            pass

    async def _bring(self, delivery: Delivery) -> None:
        try:
            webhook = await self._database.read(lambda c: webhooks.find(c, delivery.webhook))
            if webhook is not None:
                await self._try(webhook, delivery)
        except DatabaseError as error:
            log.warning("what came of a webhook could not be kept, it is told again: %s", error)
            await asyncio.sleep(RETRY_S)
        finally:
            del self._lanes[delivery.webhook]
            self._look.set()

    async def _try(self, webhook: Webhook, delivery: Delivery) -> None:
        now_us = self._clock.now_us()
        signed = signing.headers(
            delivery.id, now_us // 1_000_000, delivery.body, keys_of(self._secret, webhook, now_us)
        )
        outcome = await self._sender.send(webhook.url, {**HEADERS, **signed}, delivery.body)
        after_us = self._clock.now_us()
        await self._database.write(lambda c: keep(c, delivery, outcome, after_us))
        log.info("webhook %s, %s: %s", webhook.id, delivery.kind, answer_of(outcome))


def keys_of(secret: BadgeKey, webhook: Webhook, now_us: int) -> tuple[bytes, ...]:
    """Return the keys that sign for a webhook now, the newest first."""
    versions = [webhook.key_version]
    if webhook.key_version > 1 and now_us < webhook.old_until_us:
        versions.append(webhook.key_version - 1)
    return tuple(signing.key_of(secret, webhook.id, version) for version in versions)


def keep(connection: Connection, delivery: Delivery, outcome: Answered | Silent, now_us: int) -> None:
    """Keep what came of a try, and decide when the next one is."""
    answer = answer_of(outcome)
    if isinstance(outcome, Answered) and outcome.taken:
        deliveries.tried(connection, delivery, State.DONE, answer, now_us, None)
        return
    first_us = now_us if delivery.first_us is None else delivery.first_us
    due_us = next_due_us(delivery.tries + 1, first_us, now_us)
    if isinstance(outcome, Answered) and outcome.status == GONE:
        webhooks.pause(connection, delivery.webhook, paused=True)
        due_us = None
    state = State.PARKED if due_us is None else State.WAITING
    deliveries.tried(connection, delivery, state, answer, now_us, due_us)


def answer_of(outcome: Answered | Silent) -> str:
    """Return what is kept of an answer: a status, or a word of `Trouble`."""
    match outcome:
        case Answered(status=status):
            return str(status)
        case Silent(trouble=Trouble() as trouble):
            return trouble.value
        case _ as never:
            assert_never(never)
