"""Send one message to one address, and hear its status: no redirect is followed, nothing else is read.

The name is looked up once, what it says is checked, and exactly what was checked is connected to: a name
that answers otherwise a moment later changes nothing.  The one home of h11 in Foyer.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum

import h11

from sync.webhooks.addresses import Network, Place, may_reach, place_of

WHOLE_S = 15.0
"""Seconds for everything, however steadily an answer drips."""

CHUNK_BYTES = 4096

MOST_HEAD_BYTES = 16_384
"""Bytes of a status and headers; what is longer is no answer of ours."""

LOOKERS = 4
"""Threads that look up names: one that hangs keeps no other part of the hub waiting."""


class Trouble(Enum):
    """Why there is no status."""

    REFUSED = "refused"
    """The address may not be reached from here: it leads inward, or is none."""
    NO_SUCH_HOST = "no-such-host"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    """Its certificate is not good for this name, or it does not speak TLS."""
    SLOW = "slow"
    NOT_HTTP = "not-http"


@dataclass(frozen=True, slots=True)
class Answered:
    """The target said something."""

    status: int

    @property
    def taken(self) -> bool:
        """Whether that is a yes."""
        return 200 <= self.status < 300  # noqa: PLR2004 - as HTTP has it


@dataclass(frozen=True, slots=True)
class Silent:
    """It did not."""

    trouble: Trouble


class Sender:
    """Sends messages; any number at a time.  Lives as long as the hub; `close` it."""

    def __init__(self, allowed: Iterable[Network], tls: ssl.SSLContext | None = None) -> None:
        self._allowed = tuple(allowed)
        self._tls = tls or ssl.create_default_context()
        self._lookers = ThreadPoolExecutor(LOOKERS, thread_name_prefix="webhook-names")

    def close(self) -> None:
        """Let go of the threads."""
        self._lookers.shutdown(wait=False, cancel_futures=True)

    async def send(
        self, url: str, headers: Mapping[str, str], body: bytes, whole_s: float = WHOLE_S
    ) -> Answered | Silent:
        """Post a message.

        Args:
            url: Where; checked again, whatever was checked when it was kept.
            headers: Beside those that HTTP needs.
            body: What.
            whole_s: Seconds for all of it.
        """
        place = place_of(url, self._allowed)
        if place is None:
            return Silent(Trouble.REFUSED)
        try:
            async with asyncio.timeout(whole_s):
                addresses = await self._look_up(place)
                if not addresses or not all(may_reach(each, self._allowed) for each in addresses):
                    return Silent(Trouble.REFUSED)
                return await self._ask(place, addresses, headers, body)
        except TimeoutError:
            return Silent(Trouble.SLOW)
        except socket.gaierror:
            return Silent(Trouble.NO_SUCH_HOST)
        except ssl.SSLError:
            return Silent(Trouble.TLS)
        except h11.RemoteProtocolError:
            return Silent(Trouble.NOT_HTTP)
        except (OSError, ValueError, h11.LocalProtocolError):
            return Silent(Trouble.UNREACHABLE)

    async def _look_up(self, place: Place) -> list[str]:
        """Return the numerical addresses of a name, in the system's order."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._lookers, lambda: socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(each[4][0]) for each in found))

    async def _connect(
        self, place: Place, addresses: Sequence[str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the first of these that answers; all were checked."""
        for address in addresses[:-1]:
            try:
                return await self._open(place, address)
            except OSError:
                continue
        return await self._open(place, addresses[-1])

    async def _open(self, place: Place, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(
            address,
            place.port,
            ssl=self._tls if place.tls else None,
            server_hostname=place.host if place.tls else None,
        )

    async def _ask(
        self, place: Place, addresses: Sequence[str], headers: Mapping[str, str], body: bytes
    ) -> Answered | Silent:
        line = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD_BYTES)
        head = {
            "host": place.authority,
            "content-length": str(len(body)),
            "connection": "close",
            **headers,
        }
        request = h11.Request(method="POST", target=place.target, headers=list(head.items()))
        sent = (line.send(request) or b"") + (line.send(h11.Data(body)) or b"")
        sent += line.send(h11.EndOfMessage()) or b""
        reader, writer = await self._connect(place, addresses)
        try:
            writer.write(sent)
            await writer.drain()
            return await _status(line, reader)
        finally:
            writer.transport.abort()  # whatever else it says is not waited for


async def _status(line: h11.Connection, reader: asyncio.StreamReader) -> Answered | Silent:
    """Read up to the status, past those that only promise one."""
    while True:
        event = line.next_event()
        if event is h11.NEED_DATA:
            line.receive_data(await reader.read(CHUNK_BYTES))
        elif isinstance(event, h11.Response):
            return Answered(event.status_code)
        elif not isinstance(event, h11.InformationalResponse):
            return Silent(Trouble.NOT_HTTP)
