"""The MQTT line: the one home of paho.

The broker is a wire, never a store: `publish` promises nothing beyond "handed to the network".
Whoever must know that a message arrived waits for the other program's own answer.

paho's traps, each closed here and by a test: its callbacks run on its thread, and an exception
in one kills that thread while `is_connected()` goes on saying yes, so callbacks only enqueue;
it never sets TCP_NODELAY, which costs 40 to 80 ms a round trip; its queues die with the process,
so nothing is queued while the line is down.  MQTT 5 is asked for first, because there a refused
publish says so; a broker that speaks only 3.1.1, and says so or says nothing at all, gets 3.1.1.
"""

import asyncio
import logging
import socket
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from plumbing.tls import look_at_dates, trusting_file, trusting_only

log = logging.getLogger(__name__)

KEEPALIVE_S = 15
"""A dead link is noticed after one to two of these (measured: 30 s at 15)."""

RECONNECT_FIRST_S = 1
RECONNECT_LAST_S = 2
"""Waiting between attempts doubles from the first to the last: a broker that is back is found again
within two seconds (at 8, events were seen to wait that long after a hub was ready again), and one that
is away costs a packet each time."""

ANSWER_S = 5.0
"""A broker that has not answered an MQTT 5 CONNECT by then does not understand it: an old broker
may read it by the 3.1.1 layout and wait for ever for bytes that never come (seen with amqtt)."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and how to be let in."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str = ""
    password: str = ""
    ca_file: Path | None = None
    """The certificate authority to trust; with it the line is TLS."""
    authority: str = ""
    """Likewise, in PEM: the space's own, given when the kiosk was let in, and the only one trusted.  With it
    certificates' dates do not count while the clock is wrong."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say where it is, never the password."""
        return f"Broker({self.host}:{self.port}, {self.username!r})"


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says in our name when we vanish; retained, QoS 1."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Callbacks:
    """Where a line reports; all are called on the event loop that `start` was called on."""

    message: Callable[[str, bytes], None]
    """A message arrived: topic and payload."""
    connected: Callable[[], None]
    """The line is up and subscribed."""
    lost: Callable[[str], None]
    """The line went down, or could not come up: the reason in words."""


class Line:
    """One connection to a broker that comes back by itself.  Start once, stop once."""

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        *,
        filters: Sequence[str],
        will: Will,
        callbacks: Callbacks,
        answer_s: float = ANSWER_S,
        clock_is_right: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare a line.

        Args:
            broker: Where it leads.
            client_id: Under which the broker knows it.
            filters: What it hears.
            will: What is said when it breaks.
            callbacks: Where it reports.
            answer_s: Seconds a broker has to answer an MQTT 5 CONNECT.
            clock_is_right: Whether certificates' dates can be judged; asked in paho's thread before each
                connection, and only where `broker.authority` is the one trusted.
        """
        self.broker = broker
        self.up = False
        """Whether the line is connected and subscribed; changes on the event loop only."""
        self._client_id = client_id
        self._clock_is_right = clock_is_right
        self._tls: ssl.SSLContext | None = None
        self._filters = tuple(filters)
        self._will = will
        self._callbacks = callbacks
        self._protocol = MQTTProtocolVersion.MQTTv5
        self._client: paho.Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._switching: asyncio.Task[None] | None = None
        self._arrived: deque[tuple[paho.Client, paho.MQTTMessage]] = deque()
        """What paho's thread has read and the loop has not: waking the loop costs more than a message."""
        self._answer_s = answer_s
        self._unanswered: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to connect, and keep connected, in paho's own thread.

        Raises:
            LineError: The certificate authority cannot be read.
        """
        self._tls = tls_of(self.broker)
        self._loop = asyncio.get_running_loop()
        self._connect()

    async def stop(self) -> None:
        """Leave in good order (the will is not said) and wait for the thread to end."""
        if self._switching is not None:
            await self._switching
        client, self._client = self._client, None
        self.up = False
        self._answered()
        if client is not None:
            await asyncio.to_thread(_end, client)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Hand one message to the network, QoS 1; `False` if the line is down and it was not."""
        if self._client is None or not self.up:
            return False
        return self._client.publish(topic, payload, qos=1, retain=retain).rc is paho.MQTT_ERR_SUCCESS

    def _connect(self) -> None:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._client_id,
            protocol=self._protocol,
            reconnect_on_failure=True,
            clean_session=None if self._protocol is MQTTProtocolVersion.MQTTv5 else True,
        )
        client.reconnect_delay_set(RECONNECT_FIRST_S, RECONNECT_LAST_S)
        client.will_set(self._will.topic, self._will.payload, qos=1, retain=True)
        if self.broker.username:
            client.username_pw_set(self.broker.username, self.broker.password)
        if self._tls is not None:
            client.tls_set_context(self._tls)
        client.on_pre_connect = self._on_pre_connect
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        if self._protocol is MQTTProtocolVersion.MQTTv5:
            client.connect_async(self.broker.host, self.broker.port, KEEPALIVE_S, clean_start=True)
        else:
            client.connect_async(self.broker.host, self.broker.port, KEEPALIVE_S)
        self._client = client
        client.loop_start()

    # The callbacks below run on paho's thread: they enqueue, and never wait.

    def _on_pre_connect(self, _client: paho.Client, _data: Any) -> None:
        if self._tls is not None and self.broker.authority:
            look_at_dates(self._tls, dates_count=self._clock_is_right())

    def _on_socket_open(self, client: paho.Client, _data: Any, sock: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._enqueue(self._await_answer, client)

    def _on_connect(
        self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        self._enqueue(self._answered)
        if not reason.is_failure:
            client.subscribe([(name, 1) for name in self._filters])
        elif self._protocol is MQTTProtocolVersion.MQTTv5 and "protocol" in str(reason).lower():
            client.disconnect()  # else paho sleeps a second before it notices that it is over
            self._enqueue(self._fall_back, client)
        else:
            self._enqueue(self._down, client, f"the broker refused: {reason}")

    def _on_subscribe(
        self, client: paho.Client, _data: Any, _mid: Any, reasons: Any, _properties: Any
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._enqueue(self._down, client, f"the broker refused a subscription: {refused[0]}")
        else:
            self._enqueue(self._is_up, client)

    def _on_connect_fail(self, client: paho.Client, _data: Any) -> None:
        self._enqueue(self._down, client, "nobody answers at the broker's address")

    def _on_disconnect(
        self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        self._enqueue(self._down, client, f"disconnected: {reason}")

    def _on_message(self, client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        asleep = not self._arrived
        self._arrived.append((client, message))
        if asleep:
            self._enqueue(self._deliver_all)

    def _enqueue(self, work: Callable[..., None], *arguments: object) -> None:
        if self._loop is None:
            return
        try:
            self._loop.call_soon_threadsafe(work, *arguments)
        except RuntimeError:
            log.debug("a message came after the event loop had ended")

    # From here on, on the event loop.

    def _deliver_all(self) -> None:
        """Deliver what has come; what comes meanwhile waits its turn behind whatever else the loop has."""
        try:
            for _ in range(len(self._arrived)):
                self._deliver(*self._arrived.popleft())
        finally:
            if self._arrived and self._loop is not None:
                self._loop.call_soon(self._deliver_all)

    def _deliver(self, client: paho.Client, message: paho.MQTTMessage) -> None:
        if client is not self._client:
            return
        try:
            topic = message.topic
        except UnicodeDecodeError:
            log.warning("a message on a topic that is not text was left alone")
            return
        self._callbacks.message(topic, bytes(message.payload))

    def _is_up(self, client: paho.Client) -> None:
        if client is self._client and not self.up:
            self.up = True
            self._callbacks.connected()

    def _down(self, client: paho.Client, reason: str) -> None:
        if client is self._client:
            self._answered()
            self.up = False
            self._callbacks.lost(reason)

    def _await_answer(self, client: paho.Client) -> None:
        if client is self._client and self._loop is not None and self._protocol is MQTTProtocolVersion.MQTTv5:
            self._answered()
            self._unanswered = self._loop.call_later(self._answer_s, self._fall_back, client)

    def _answered(self) -> None:
        if self._unanswered is not None:
            self._unanswered.cancel()
            self._unanswered = None

    def _fall_back(self, client: paho.Client) -> None:
        if client is not self._client or self._loop is None:
            return
        log.info("the broker does not speak MQTT 5: using 3.1.1")
        self._protocol = MQTTProtocolVersion.MQTTv311
        self._client = None  # what the old one still says, that it is disconnected above all, is no news
        self._answered()
        self._switching = self._loop.create_task(self._switch(client), name="mqtt-fall-back")

    async def _switch(self, client: paho.Client) -> None:
        await asyncio.to_thread(_end, client)
        self._connect()


def _end(client: paho.Client) -> None:
    client.disconnect()
    client.loop_stop()
    # Closes its socket, which paho's thread leaves open if it was stopped just while it connected, and the
    # pair that wakes the thread.  Left to the collector, Python may come upon them first and warn.
    client.__del__()


def tls_of(broker: Broker) -> ssl.SSLContext | None:
    """Return what an encrypted line to a broker trusts; `None` for a line without encryption.

    Raises:
        LineError: The certificate authority cannot be read.
    """
    if broker.authority:
        return trusting_only(broker.authority)
    return None if broker.ca_file is None else trusting_file(broker.ca_file)
