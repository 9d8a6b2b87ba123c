"""Notices, sent in a process of its own, which ends; the one home of apprise.

apprise takes 40 MB, and whoever it speaks to may hang: both end with the process.  Addresses and words go in
by standard input, since arguments can be read by anybody on the machine, and what the library has to say of
them goes nowhere.  A line is written for each notice as soon as it is known what came of it, so that one
that hangs holds up no other.

Where a member gave the address, the process opens no line to a computer in this house, whatever name,
redirect or answer of a name server leads there: Python itself asks before each connection (an audit hook),
and a hook that was added cannot be taken away again.
"""

import asyncio
import contextlib
import logging
import os
import resource
import signal
import sys
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO

import msgspec

from sync.notices.addresses import is_inward, with_key
from sync.notices.asked import Batch, Message, Told
from sync.store.tries import Outcome

LONGEST_S = 45.0
"""Seconds a process may take in all."""

MOST_MEMORY_BYTES = 900_000_000
"""Of addresses, not of memory, of which it takes a twentieth."""

NICER = 10
"""By how much it gives way: a tap comes before a notice."""

_told = msgspec.json.Decoder(Told)


async def send_apart(batch: Batch) -> AsyncGenerator[Told, None]:
    """Send notices in a process of its own, which is ended when this is.

    Yields:
        What came of each as soon as it is known; nothing of those that took too long.
    """
    try:
        other = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "sync.notices.apart"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return
    try:
        async with contextlib.aclosing(_answers(other, batch)) as answers:
            async for told in answers:
                yield told
    except (TimeoutError, msgspec.DecodeError):
        return
    finally:
        if other.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                other.kill()
            await other.wait()


def refuse_inward(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse lines to computers in this house: an audit hook, told of every connection before it is made.

    Raises:
        InwardError: This one leads inward, or is no connection to a number at all.
    """
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        if not (isinstance(address, tuple) and address and not is_inward(str(address[0]))):
            _seen.get().inward = True
            raise InwardError


class InwardError(OSError):
    """A line to a computer in this house was refused."""


def send(message: Message) -> Outcome:
    """Send one notice, in this process."""
    import apprise

    seen = _Seen()
    _seen.set(seen)
    # one after the other, with nothing remembered on the disk, and only what the library brings itself
    asset = apprise.AppriseAsset(
        app_id="Foyer", app_desc="Foyer", async_mode=False, storage_mode=apprise.PersistentStoreMode.MEMORY
    )
    services = apprise.Apprise(asset=asset)
    if not services.add(with_key(message.address, message.key)):
        return Outcome.ADDRESS
    if services.notify(title=message.title, body=message.body, body_format=apprise.NotifyFormat.TEXT):
        return Outcome.SENT
    return Outcome.INWARD if seen.inward else Outcome.REFUSED


def serve(asked: IO[bytes], answer: IO[bytes]) -> None:
    """Be the other process: send what is asked, and answer line by line."""
    batch = msgspec.json.decode(asked.read(), type=Batch)
    if batch.outward:
        sys.addaudithook(refuse_inward)
    with ThreadPoolExecutor(len(batch.messages) or 1) as threads:
        sending = {threads.submit(send, message): message for message in batch.messages}
        for done in as_completed(sending):
            error = done.exception()
            outcome = Outcome.REFUSED if error is not None else done.result()
            answer.write(msgspec.json.encode(Told(sending[done].id, outcome)) + b"\n")
            answer.flush()


def main() -> None:
    """Run as the other process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.alarm(round(LONGEST_S) + 5)  # ends it also where the hub that would have ended it was killed
    logging.disable()  # what the library says holds addresses
    with contextlib.suppress(OSError, ValueError):  # the service's rules may forbid it
        os.nice(NICER)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    with contextlib.suppress(BrokenPipeError):  # the hub was killed meanwhile
        serve(sys.stdin.buffer, sys.stdout.buffer)


async def _answers(other: asyncio.subprocess.Process, batch: Batch) -> AsyncGenerator[Told, None]:
    if other.stdin is None or other.stdout is None:
        return
    until_s = asyncio.get_running_loop().time() + LONGEST_S
    # Around the reading alone: whoever takes the answers may be slow, and is not to be interrupted.
    async with asyncio.timeout_at(until_s):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            other.stdin.write(msgspec.json.encode(batch))
            await other.stdin.drain()
    other.stdin.close()
    while True:
        async with asyncio.timeout_at(until_s):
            line = await other.stdout.readline()
        if not line:
            return
        yield _told.decode(line)


@dataclass
class _Seen:
    """What was seen while one notice was sent."""

    inward: bool = False


_seen = ContextVar("_seen", default=_Seen())  # noqa: B039 - nobody reads the default
"""Of the notice that is being sent: apprise takes it along to threads of its own."""


if __name__ == "__main__":
    main()
