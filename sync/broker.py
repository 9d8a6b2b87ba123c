"""A broker inside the hub, for the demo and the tests; the one home of amqtt.

It speaks MQTT 3.1.1, keeps nothing, lets everybody in, and therefore listens on this machine
only.  The listening socket is ours: amqtt is handed each connection, so the port it really has
is known, and nothing is left open when it stops.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Any

from amqtt.adapters import StreamWriterAdapter
from amqtt.broker import Broker as AmqttBroker

from plumbing.places import is_loopback
from plumbing.words import Sentence, why
from sync.errors import BrokerError

log = logging.getLogger(__name__)

LISTENER = "default"
"""amqtt's name for the listener whose connections we hand it."""

STOP_S = 5.0
"""Seconds a connection may take to end before it is cut."""

HELLO_S = 10.0
"""Seconds a client may take to say who it is."""

CONNECT = 0x10
"""First byte of a CONNECT packet."""

LONGEST_HEADER = 5
"""Bytes of the longest fixed header: the kind and up to four of length."""

PROTOCOL = b"\x00\x04MQTT"
"""The protocol's name in a CONNECT packet, its length first."""

SPEAKS = 4
"""The protocol level of MQTT 3.1.1.  Source: MQTT 3.1.1, section 3.1.2.2."""

WRONG_VERSION = b"\x20\x02\x00\x01"
"""CONNACK "unacceptable protocol version".  Source: MQTT 3.1.1, table 3.1."""


class EmbeddedBroker:
    """An anonymous broker on loopback.  Start once, stop once, in the same event loop."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Prepare a broker.

        Args:
            host: A loopback address.
            port: 0 takes a free one; `port` says which once started.

        Raises:
            BrokerError: Other machines could reach `host`: this broker asks for no password.
        """
        if not is_loopback(host):
            raise BrokerError(
                Sentence(
                    "the embedded broker listens on this machine only, not on {host}: "
                    "use 127.0.0.1, or install Mosquitto for a network",
                    host=host,
                )
            )
        self.host = host
        self.port = port
        self._broker: Any = None
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._strangers: set[asyncio.Task[None]] = set()
        """Connections that have not said yet who they are."""

    async def start(self) -> None:
        """Listen.

        Raises:
            BrokerError: The port is taken or not allowed.
        """
        broker = AmqttBroker(
            {
                "listeners": {LISTENER: {"type": "external"}},
                "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
            }
        )
        await broker.start()
        self._broker = broker
        try:
            self._server = await asyncio.start_server(self._connected, self.host, self.port)
        except OSError as error:
            await self.stop()
            raise BrokerError(
                Sentence(
                    "the embedded broker cannot listen on {host}:{port} ({why}): "
                    "is another broker running? choose another `port` in [broker]",
                    host=self.host,
                    port=self.port,
                    why=why(error),
                )
            ) from error
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close every connection and the port."""
        if self._server is not None:
            self._server.close()
        broker, self._broker = self._broker, None
        if broker is not None:
            await broker.shutdown()
        waiting = set(self._connections)
        for task in self._strangers:
            task.cancel()
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=STOP_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer), name="broker-connection")
        for tasks in (self._connections, self._strangers):
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            hello = await _read_hello(reader)
            self._strangers -= {task for task in self._strangers if task is asyncio.current_task()}
            if hello.level > SPEAKS:
                # amqtt would read an MQTT 5 CONNECT by the wrong layout and wait for bytes that never come
                writer.write(WRONG_VERSION)
            elif self._broker is not None:
                await self._broker.external_connected(
                    _Reader(hello.taken, reader), StreamWriterAdapter(writer), LISTENER
                )
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            log.debug("somebody connected who speaks no MQTT: %s", type(error).__name__)
        except Exception:  # one client's connection failed inside amqtt; the client comes back by itself
            log.exception("a connection to the embedded broker failed")
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


@dataclass(frozen=True, slots=True)
class _Hello:
    """The front of a CONNECT packet."""

    taken: bytes
    """Every byte read so far."""
    level: int
    """The version the client wants to speak: 4 is 3.1.1, 5 is 5."""


async def _read_hello(reader: asyncio.StreamReader) -> _Hello:
    """Read as far as the protocol level of a CONNECT packet, MQTT 3.1.1 section 3.1."""
    async with asyncio.timeout(HELLO_S):
        taken = await reader.readexactly(2)
        while taken[-1] & 0x80 and len(taken) < LONGEST_HEADER:
            taken += await reader.readexactly(1)
        name = await reader.readexactly(len(PROTOCOL))
        level = await reader.readexactly(1)
    if taken[0] != CONNECT or name != PROTOCOL:
        raise ValueError("the first packet is no CONNECT")
    return _Hello(taken + name + level, level[0])


class _Reader:
    """What amqtt reads from: the bytes already taken, then the connection."""

    def __init__(self, taken: bytes, reader: asyncio.StreamReader) -> None:
        self._taken = taken
        self._reader = reader

    async def read(self, n: int = -1) -> bytes:
        """Return `n` bytes, or what there is if `n` is negative."""
        if n < 0:
            taken, self._taken = self._taken, b""
            return taken or await self._reader.read(n)
        taken, self._taken = self._taken[:n], self._taken[n:]
        return taken + await self._reader.readexactly(n - len(taken)) if len(taken) < n else taken

    def feed_eof(self) -> None:
        """End the stream, so that a waiting read returns."""
        self._reader.feed_eof()
