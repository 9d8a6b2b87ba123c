"""Where the hub's broker is; and it is the broker meanwhile, if the settings say so."""

import contextlib
from collections.abc import AsyncIterator

from plumbing.mqtt import Broker
from sync.broker import EmbeddedBroker
from sync.settings import HubBrokerSettings


@contextlib.asynccontextmanager
async def reached(settings: HubBrokerSettings) -> AsyncIterator[Broker]:
    """Say where the broker is, and run it until the end of the block if it is ours.

    Raises:
        BrokerError: Ours does not start.
    """
    if not settings.embedded:
        yield settings.line()
        return
    embedded = EmbeddedBroker(settings.host, settings.port)
    await embedded.start()
    try:
        yield settings.line(embedded.port)
    finally:
        await embedded.stop()
