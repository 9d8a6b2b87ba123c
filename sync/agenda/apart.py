"""The calendar, fetched and read in a process of its own, which ends.

What comes from the net may be slow, huge, or written so that reading it never ends; the process is ended
then, and the hub goes on.  What it took of memory goes with it.  The address goes in by standard input: it is
often a secret, and arguments can be read by anybody on the machine.
"""

import asyncio
import contextlib
import os
import resource
import signal
import sys
from typing import IO
from zoneinfo import ZoneInfo

import msgspec

from sync.agenda.asked import Asked, Reading, Trouble

LONGEST_S = 120.0
"""Seconds a reading may take in all."""

MOST_MEMORY_BYTES = 600_000_000
"""Of addresses, not of memory: a calendar of 10 MB takes a fifth of it."""

NICER = 10
"""By how much it gives way: a tap comes before a calendar."""


async def read_apart(asked: Asked) -> Reading:
    """Read a calendar in a process of its own; it is ended when this is cancelled."""
    try:
        other = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "sync.agenda.apart"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return Reading(trouble=Trouble.GAVE_UP)
    said = b""
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_S):
                said, _ = await other.communicate(msgspec.json.encode(asked))
    finally:
        if other.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                other.kill()
            await other.wait()
    try:
        return msgspec.json.decode(said, type=Reading)
    except msgspec.DecodeError:
        return Reading(trouble=Trouble.GAVE_UP)


def read(asked: Asked) -> Reading:
    """Fetch a calendar and read it, in this process."""
    # only here: the hub itself needs neither, and they take memory
    from sync.agenda.blocks import is_calendar
    from sync.agenda.calendar import read as read_calendar
    from sync.agenda.fetch import FetchError, fetch

    try:
        fetched = fetch(asked)
    except FetchError as error:
        return Reading(trouble=error.trouble, detail=error.detail)
    if fetched.content is None:
        return Reading(unchanged=True, etag=fetched.etag, modified=fetched.modified)
    if not is_calendar(fetched.content):
        return Reading(trouble=Trouble.NO_CALENDAR)
    found = read_calendar(fetched.content, asked.first, asked.days, ZoneInfo(asked.timezone))
    return Reading(found.agendas, found.broken, found.private, etag=fetched.etag, modified=fetched.modified)


def serve(asked: IO[bytes], answer: IO[bytes]) -> None:
    """Be the other process: read one question, and answer it."""
    answer.write(msgspec.json.encode(read(msgspec.json.decode(asked.read(), type=Asked))))
    answer.flush()


def main() -> None:
    """Run as the other process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, ValueError):  # the service's rules may forbid it
        os.nice(NICER)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    with contextlib.suppress(BrokenPipeError):  # the hub was killed meanwhile
        serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
