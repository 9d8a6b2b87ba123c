"""The line against real brokers: Mosquitto (MQTT 5) and amqtt (3.1.1 only)."""

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from plumbing import mqtt
from plumbing.errors import LineError
from plumbing.mqtt import Broker, Callbacks, Line, Will
from tests.fakes.brokers import RunningBroker, free_port
from tests.fakes.waiting import Seen

WILL = Will("room/will", b"gone")


class Ears:
    """What one line reported, each kind on its own list."""

    def __init__(self) -> None:
        self.messages: Seen[tuple[str, bytes]] = Seen()
        self.ups: Seen[bool] = Seen()
        self.losses: Seen[str] = Seen()

    def callbacks(self) -> Callbacks:
        return Callbacks(
            message=lambda topic, payload: self.messages.add((topic, payload)),
            connected=lambda: self.ups.add(True),
            lost=self.losses.add,
        )


@asynccontextmanager
async def a_line(
    broker: Broker, client_id: str = "ears", filters: tuple[str, ...] = ("room/#",), will: Will = WILL
) -> AsyncIterator[tuple[Line, Ears]]:
    ears = Ears()
    line = Line(broker, client_id, filters=filters, will=will, callbacks=ears.callbacks())
    line.start()
    try:
        yield line, ears
    finally:
        await line.stop()


async def test_a_message_comes_back_through_every_broker(broker):
    async with a_line(broker) as (line, ears):
        await ears.ups.count(1)
        assert line.publish("room/a", b"hello")
        assert await ears.messages.count(1) == [("room/a", b"hello")]


async def test_the_line_speaks_mqtt_5_where_it_can_and_3_1_1_where_it_must(running_broker: RunningBroker):
    async with a_line(running_broker.broker) as (line, ears):
        await ears.ups.count(1)
        wanted = {
            "mosquitto": MQTTProtocolVersion.MQTTv5,
            "amqtt": MQTTProtocolVersion.MQTTv311,
            "nats": MQTTProtocolVersion.MQTTv311,
        }
        assert line._protocol is wanted[running_broker.name]


async def test_a_retained_message_waits_for_who_comes_later(broker):
    async with a_line(broker) as (line, ears):
        await ears.ups.count(1)
        line.publish("room/kept", b"still here", retain=True)
        await ears.messages.count(1)
        async with a_line(broker, "later") as (_, later):
            assert set(await later.messages.count(1)) == {("room/kept", b"still here")}  # QoS 1: maybe twice


async def test_nothing_is_queued_while_the_line_is_down():
    async with a_line(Broker("127.0.0.1", free_port())) as (line, ears):
        await ears.losses.count(1)
        assert not line.publish("room/a", b"lost on purpose")
        assert ears.losses.all[0] == "nobody answers at the broker's address"


async def test_the_line_comes_back_after_the_broker_was_away(running_broker: RunningBroker):
    async with a_line(running_broker.broker) as (line, ears):
        await ears.ups.count(1)
        await asyncio.to_thread(running_broker.stop)
        await ears.losses.count(1)
        assert not line.up
        await asyncio.to_thread(running_broker.start)
        await ears.ups.count(2)
        line.publish("room/again", b"back")
        assert await ears.messages.count(1) == [("room/again", b"back")]


async def test_a_callback_that_fails_does_not_silence_the_line(broker, caplog):
    ears = Ears()

    def fail_first(topic: str, payload: bytes) -> None:
        ears.messages.add((topic, payload))
        if len(ears.messages.all) == 1:
            raise RuntimeError("a poison message")

    failures: Seen[str] = Seen()
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: failures.add(str(context.get("exception")))
    )
    callbacks = Callbacks(fail_first, lambda: ears.ups.add(True), ears.losses.add)
    line = Line(broker, "ears", filters=["room/#"], will=WILL, callbacks=callbacks)
    line.start()
    try:
        await ears.ups.count(1)
        line.publish("room/1", b"poison")
        line.publish("room/2", b"good")
        assert (await ears.messages.count(2))[1] == ("room/2", b"good")
        assert failures.all == ["a poison message"]
        assert line.up
    finally:
        await line.stop()


async def test_small_packets_are_sent_at_once(broker, monkeypatch):
    seen: Seen[int] = Seen()
    loop = asyncio.get_running_loop()
    original = Line._on_socket_open

    def look(self: Line, client: paho.Client, data: object, sock: socket.socket) -> None:
        original(self, client, data, sock)
        no_delay = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        loop.call_soon_threadsafe(seen.add, no_delay)

    monkeypatch.setattr(Line, "_on_socket_open", look)
    async with a_line(broker):
        assert all(await seen.count(1))


async def test_leaving_in_good_order_does_not_say_the_will_and_vanishing_does(broker):
    async with a_line(broker, "watcher", ("wills/#",)) as (_, ears):
        await ears.ups.count(1)
        async with a_line(broker, "polite", will=Will("wills/polite", b"gone")) as (_, polite):
            await polite.ups.count(1)
        async with a_line(broker, "rude", will=Will("wills/rude", b"gone")) as (line, rude):
            await rude.ups.count(1)
            assert line._client is not None
            sock = line._client.socket()
            assert sock is not None
            sock.shutdown(socket.SHUT_RDWR)
            said = await ears.messages.until(lambda all_: ("wills/rude", b"gone") in all_)
        assert ("wills/polite", b"gone") not in said


async def test_a_stopped_line_leaves_no_thread_and_no_task(broker):
    before = {thread.name for thread in threading.enumerate()}
    async with a_line(broker) as (_, ears):
        await ears.ups.count(1)
    left = {thread.name for thread in threading.enumerate()} - before
    assert not {name for name in left if not name.startswith("asyncio")}
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_line_can_be_stopped_while_it_changes_its_protocol(broker):
    for _ in range(3):
        async with a_line(broker):
            pass
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_line_stopped_just_while_it_connects_leaves_no_socket_open(broker, monkeypatch):
    ended: list[paho.Client] = []
    end = mqtt._end
    monkeypatch.setattr(mqtt, "_end", lambda client: (end(client), ended.append(client)))
    for turns in range(40):
        async with a_line(broker):
            for _ in range(turns % 4):  # anywhere in the handshake
                await asyncio.to_thread(int)
    open_ = [sock for client in ended if (sock := client.socket()) is not None and sock.fileno() != -1]
    assert open_ == []


async def test_a_broker_that_never_answers_mqtt_5_is_asked_in_3_1_1():
    levels: Seen[int] = Seen()

    async def silent_unless_old(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        packet = await reader.readexactly(9)
        levels.add(packet[8])
        if packet[8] == 4:
            writer.write(b"\x20\x02\x00\x00")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent_unless_old, "127.0.0.1", 0)
    ears = Ears()
    broker = Broker("127.0.0.1", server.sockets[0].getsockname()[1])
    line = Line(broker, "ears", filters=["a"], will=WILL, callbacks=ears.callbacks(), answer_s=0.05)
    line.start()
    try:
        assert (await levels.count(2))[:2] == [5, 4]
    finally:
        await line.stop()
        server.close()
        await server.wait_closed()


async def test_a_message_on_a_topic_that_is_not_text_is_left_alone(broker, caplog):
    async with a_line(broker) as (line, ears):
        await ears.ups.count(1)
        bad = paho.MQTTMessage(topic=b"room/\xff")
        with caplog.at_level(logging.WARNING):
            line._deliver(line._client, bad)
        line.publish("room/a", b"good")
        assert await ears.messages.count(1) == [("room/a", b"good")]
    assert "not text" in caplog.text


async def test_a_refused_login_says_so(tmp_path: Path, refusing_mosquitto):
    async with a_line(refusing_mosquitto) as (line, ears):
        assert "Not authorized" in (await ears.losses.count(1))[0]
        assert not line.up


async def test_a_certificate_authority_that_cannot_be_read_is_named(tmp_path: Path):
    missing = tmp_path / "ca.pem"
    line = Line(Broker(ca_file=missing), "ears", filters=["a"], will=WILL, callbacks=Ears().callbacks())
    with pytest.raises(LineError, match=r"ca\.pem"):
        line.start()


async def test_a_message_after_the_end_of_the_loop_is_let_go():
    line = Line(Broker(), "ears", filters=["a"], will=WILL, callbacks=Ears().callbacks())
    ended = asyncio.new_event_loop()
    ended.close()
    called: list[bool] = []
    work: Callable[[], None] = lambda: called.append(True)  # noqa: E731 - a name for the call
    line._loop = ended
    line._enqueue(work)
    line._loop = None
    line._enqueue(work)
    assert called == []
