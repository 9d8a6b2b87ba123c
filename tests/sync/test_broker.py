"""The embedded broker by itself; what it says to real clients is tested with the line."""

import asyncio

import pytest

from sync.broker import WRONG_VERSION, EmbeddedBroker, is_loopback
from sync.errors import BrokerError


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "hub.local", ""])  # noqa: S104 - refused
def test_it_listens_on_this_machine_only(host):
    assert not is_loopback(host)
    with pytest.raises(BrokerError, match="this machine only"):
        EmbeddedBroker(host)


async def test_it_reports_the_port_it_really_has_and_closes_it():
    broker = EmbeddedBroker()
    await broker.start()
    assert broker.port > 0
    _, writer = await asyncio.open_connection(broker.host, broker.port)
    writer.close()
    await broker.stop()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection(broker.host, broker.port)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_port_that_is_taken_is_named():
    first = EmbeddedBroker()
    await first.start()
    second = EmbeddedBroker(port=first.port)
    with pytest.raises(BrokerError, match=f"cannot listen on 127.0.0.1:{first.port}"):
        await second.start()
    await first.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize(
    "hello",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x10",
        b"\x00" * 40,
        b"",
    ],
)
async def test_somebody_who_speaks_no_mqtt_is_hung_up_on(hello: bytes):
    broker = EmbeddedBroker()
    await broker.start()
    try:
        reader, writer = await asyncio.open_connection(broker.host, broker.port)
        writer.write(hello)
        writer.write_eof()
        async with asyncio.timeout(20):
            assert await reader.read() == b""
        writer.close()
    finally:
        await broker.stop()


async def test_a_client_of_mqtt_5_is_told_at_once():
    broker = EmbeddedBroker()
    await broker.start()
    try:
        reader, writer = await asyncio.open_connection(broker.host, broker.port)
        writer.write(b"\x10\x10\x00\x04MQTT\x05\x02\x00\x0f\x00\x00\x03abc")
        async with asyncio.timeout(20):
            assert await reader.read() == WRONG_VERSION
        writer.close()
    finally:
        await broker.stop()


async def test_it_stops_while_clients_are_connected():
    broker = EmbeddedBroker()
    await broker.start()
    reader, writer = await asyncio.open_connection(broker.host, broker.port)
    writer.write(b"\x10\x0f\x00\x04MQTT\x04\x02\x00\x0f\x00\x03abc")
    assert await reader.readexactly(4) == b"\x20\x02\x00\x00"
    _, idle = await asyncio.open_connection(broker.host, broker.port)
    async with asyncio.timeout(20):
        await broker.stop()
    writer.close()
    idle.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}
