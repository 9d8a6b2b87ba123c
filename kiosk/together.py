"""Running parts that belong together: one task each, and what fails in a callback fails all of them.

And the way in for devices' threads.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from typing import Any

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def together(**parts: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run parts, each as a task with its name, until all have ended, one fails, or this is cancelled.

    A timer or a device's word that fails ends the program too, so that it is started again whole.
    """
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[None] = loop.create_future()
    loop.set_exception_handler(partial(_end_on_failed_callback, failed))
    async with asyncio.TaskGroup() as group:
        for name, part in parts.items():
            group.create_task(part, name=name)
        group.create_task(_failure(failed), name="callbacks")
        yield


def _end_on_failed_callback(
    failed: asyncio.Future[None], loop: asyncio.AbstractEventLoop, context: dict[str, Any]
) -> None:
    error = context.get("exception")
    if "handle" in context and isinstance(error, Exception) and not failed.done():
        failed.set_exception(error)
    else:
        loop.default_exception_handler(context)


async def _failure(failed: asyncio.Future[None]) -> None:
    """Wait until a callback fails, and fail with it."""
    await failed


def threadsafe(loop: asyncio.AbstractEventLoop, work: Callable[..., None], argument: object) -> None:
    """Hand something from a device's thread to the loop; late words after the end are dropped."""
    try:
        loop.call_soon_threadsafe(work, argument)
    except RuntimeError:
        log.debug("a device spoke after the kiosk had stopped")
