"""How a command runs and ends: in good order when told to, with one sentence when something is wrong."""

import asyncio
import contextlib
import logging
import os
import select
import signal
import sys
from collections.abc import Coroutine, Iterator
from typing import Any

from foyer.errors import FoyerError
from foyer.language import tell
from plumbing import logs
from plumbing.errors import PlumbingError
from plumbing.words import Sentence

log = logging.getLogger(__name__)

NOBODY_READS = 128 + signal.SIGPIPE
"""The exit status of a program whose reader went away (`foyer doctor | head`)."""


@contextlib.contextmanager
def a_sentence() -> Iterator[None]:
    """Turn what an operator can mend into one sentence on standard error, and exit status 2."""
    try:
        with _reader_may_leave():
            yield
    except BaseExceptionGroup as group:
        known = group.subgroup(_is_ours)
        if known is None:
            logs.keep_failure(group)
            raise
        _fail(_first(known))
    except Exception as error:
        if not _is_ours(error):
            logs.keep_failure(error)
            raise
        _fail(error)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a program; Ctrl-C and a service's stop end it in good order."""
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner() as runner:
        return runner.run(_until_told(work))
    return None


async def _until_told(work: Coroutine[Any, Any, Any]) -> Any:
    task = asyncio.current_task()
    if task is not None:
        for ending in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(ending, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        return await work
    return None


@contextlib.contextmanager
def _reader_may_leave() -> Iterator[None]:
    """End quietly if whoever reads our standard output has gone."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        if not _reader_has_left():
            raise
        _leave_too()


def _reader_has_left() -> bool:
    """Say whether it is our standard output that is broken, and not another pipe or line."""
    asked = select.poll()
    asked.register(sys.stdout, 0)
    return any(event & select.POLLERR for _, event in asked.poll(0))


def _leave_too() -> None:
    """Exit; the interpreter's own last flush goes nowhere, and says nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(NOBODY_READS)


def _is_ours(error: BaseException) -> bool:
    """Say whether an error's message is a sentence for the operator."""
    from hardware.errors import HardwareError
    from kiosk.errors import KioskError
    from sync.errors import SyncError

    return isinstance(error, FoyerError | PlumbingError | HardwareError | KioskError | SyncError)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _fail(error: BaseException) -> None:
    if logs.kept():
        log.critical("%s", error)
    tell(Sentence("foyer: {what}", what=error), stream=sys.stderr)
    sys.exit(error.status if isinstance(error, FoyerError) else 2)
