"""A bad line: a TCP proxy before a broker, which cuts, swallows, holds and delays what passes.

It runs in a thread and event loop of its own, so that a test which blocks cannot stop it.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from tests.fakes.brokers import START_S

CHUNK = 65_536
"""Bytes passed on at once, at most."""


class _Pair:
    """One connection through the proxy: two streams, each copied into the other."""

    def __init__(self, *writers: asyncio.StreamWriter) -> None:
        self.writers = writers
        self.dead = False
        """Whether what it carries is swallowed: neither side hears of the other again."""

    def cut(self) -> None:
        """Reset both sides."""
        for writer in self.writers:
            sock = writer.get_extra_info("socket")
            if sock is not None and sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class BadLine:
    """A proxy from a port of its own to another one on loopback; its methods are for another thread."""

    def __init__(self, port: int) -> None:
        self.port = 0
        """Where to connect; set once it listens."""
        self.taken = 0
        """Connections taken so far."""
        self._to = port
        self._pairs: set[_Pair] = set()
        self._delay_s = 0.0
        self._loop = asyncio.new_event_loop()
        self._open = asyncio.Event()
        self._stopping = asyncio.Event()

    def cut(self) -> None:
        """Reset every connection; new ones are taken."""

        def reset() -> None:
            for pair in self._pairs:
                pair.cut()

        self._do(reset)

    def black_hole(self) -> None:
        """Let nothing through in either direction, nor any new connection be answered, until `heal`."""
        self._do(self._open.clear)

    def half_open(self) -> None:
        """Swallow for ever what present connections carry, as if one end had forgotten them."""

        def forget() -> None:
            for pair in self._pairs:
                pair.dead = True

        self._do(forget)

    def delay(self, seconds: float) -> None:
        """Pass everything on so much later, in order, until `heal`."""
        self._do(lambda: setattr(self, "_delay_s", seconds))

    def heal(self) -> None:
        """Let everything through at once again; what a black hole held back arrives."""
        self.delay(0.0)
        self._do(self._open.set)

    def run(self, listening: threading.Event) -> None:
        """Serve until stopped: the thread's work."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(listening))

    def stop(self) -> None:
        """Cut everything and end the thread's work."""
        self._do(self._stopping.set)

    def _do(self, work: Callable[[], object]) -> None:
        done = threading.Event()

        def do() -> None:
            work()
            done.set()

        self._loop.call_soon_threadsafe(do)
        assert done.wait(START_S), "the bad line does not answer"

    async def _serve(self, listening: threading.Event) -> None:
        self._open.set()
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        listening.set()
        await self._stopping.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        try:
            await self._open.wait()
            with suppress(OSError):
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
                await self._carry(_Pair(writer, far_writer), reader, far_reader)
        except asyncio.CancelledError:
            pass  # the end: a cancelled task of a server's would be complained about
        finally:
            writer.transport.abort()

    async def _carry(self, pair: _Pair, near: asyncio.StreamReader, far: asyncio.StreamReader) -> None:
        self._pairs.add(pair)
        close, far_close = pair.writers
        ways: list[Awaitable[None]] = [self._copy(pair, near, far_close), self._copy(pair, far, close)]
        try:
            await asyncio.gather(*ways)
        finally:
            self._pairs.discard(pair)
            pair.cut()

    async def _copy(self, pair: _Pair, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            await self._open.wait()
            if self._delay_s:
                await asyncio.sleep(self._delay_s)
            if not pair.dead:
                writer.write(data)
                await writer.drain()
        if not pair.dead:
            writer.close()


@contextmanager
def bad_line(port: int) -> Iterator[BadLine]:
    """A line to a port of loopback for the length of a block; a good one until told otherwise."""
    line, listening = BadLine(port), threading.Event()
    thread = threading.Thread(target=line.run, args=(listening,), name="bad-line")
    thread.start()
    try:
        assert listening.wait(START_S), "the bad line does not listen"
        yield line
    finally:
        line.stop()
        thread.join(START_S)
        assert not thread.is_alive(), "the bad line did not stop"
