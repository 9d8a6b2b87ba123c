"""What devices' threads and timers hand to the event loop, and what happens when such a call fails."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)


def threadsafe(loop: asyncio.AbstractEventLoop, work: Callable[..., None], argument: object) -> None:
    """Hand something from a device's thread to the loop; late words after the end are dropped."""
    try:
        loop.call_soon_threadsafe(work, argument)
    except RuntimeError:
        log.debug("a device spoke after the kiosk had stopped")


def end_on_failed_callback(
    failed: asyncio.Future[None], loop: asyncio.AbstractEventLoop, context: dict[str, Any]
) -> None:
    """A timer or a device's word that fails ends the program, so that it is started again whole."""
    error = context.get("exception")
    if "handle" in context and isinstance(error, Exception) and not failed.done():
        failed.set_exception(error)
    else:
        loop.default_exception_handler(context)


async def failure(failed: asyncio.Future[None]) -> None:
    """Wait until a callback fails, and fail with it."""
    await failed
