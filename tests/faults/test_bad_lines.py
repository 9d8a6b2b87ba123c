"""The line between a kiosk and its broker is cut, swallows, holds back and delays: 0 lost, 0 doubled.

A dead connection that nobody closes is noticed by the line's keepalive, which is 1 s here (15 s in the
product), so that the suite need not wait for it.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import running_mosquitto
from tests.fakes.counting import LONGEST_S, share_s
from tests.fakes.programs import Count, count, log_end, wait_until
from tests.fakes.proxy import BadLine, bad_line
from tests.fakes.scribe import Scribe
from tests.fakes.stage import stage
from tests.fakes.waiting import Seen

pytestmark = pytest.mark.faults

SHARE = 0.1
"""Of a long run."""

KEEPALIVE_S = 1
HEAL_S = 90.0
"""The limit for healing."""

FAULTS: dict[str, Callable[[BadLine], None]] = {
    "cut": BadLine.cut,
    "black hole": BadLine.black_hole,
    "half open": BadLine.half_open,
    "delay": lambda line: line.delay(0.1),
}


@pytest.mark.chaos
@pytest.mark.timeout(LONGEST_S)
def test_events_flow_again_after_every_kind_of_bad_line(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str], total: list[Count]
):
    chance = random.Random(1)  # noqa: S311 - a test that can be run again
    until_s = time.monotonic() + share_s(SHARE, 0)
    healed_s: list[float] = []
    with (
        running_mosquitto(tmp_path) as broker,
        stage(tmp_path, virtual, broker.port) as door,
        bad_line(broker.port) as line,
    ):
        door.hub.start()
        scribe = Scribe(tmp_path / "scribe", "scribe", line.port, keepalive_s=KEEPALIVE_S)
        try:
            scribe.start()
            scribe.writes()
            for name, fault in itertools.cycle(FAULTS.items()):
                if len(healed_s) >= len(FAULTS) and time.monotonic() >= until_s:
                    break
                taken = line.taken
                fault(line)
                scribe.writes(chance.randint(10, 80))
                if name == "black hole":
                    assert not door.hub.rows.have(log_end(scribe.file)), "events passed a black hole"
                if name == "half open":
                    wait_until(lambda n=taken: line.taken > n, "the dead connection to be noticed", HEAL_S)
                ends, began_s = log_end(scribe.file), time.monotonic()
                line.heal()
                wait_until(lambda e=ends: door.hub.rows.have(e), "the hub to have everything", HEAL_S)
                healed_s.append(time.monotonic() - began_s)
            scribe.kill()
            scribe.start(writing=False)
            wait_until(lambda: door.hub.rows.have(log_end(scribe.file)), "the hub to have everything", HEAL_S)
            assert scribe.missing() == []
            counted = count(scribe.rows(), door.hub.rows) + Count(
                0, 0, 0, 0, 0, breaks=len(healed_s), healed_s=tuple(healed_s)
            )
        finally:
            scribe.kill()
    assert counted.is_whole(), counted
    total.append(counted)
    counts.append(f"bad lines ({', '.join(FAULTS)}): {counted}")


async def test_a_bad_line_holds_back_in_a_black_hole_and_swallows_when_half_open():
    heard: Seen[bytes] = Seen()
    ended: Seen[bool] = Seen()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(100):
                heard.add(data)
                writer.write(b"heard " + data)
        writer.close()
        ended.add(True)

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    try:
        with bad_line(server.sockets[0].getsockname()[1]) as line:
            reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
            writer.write(b"1")
            assert await reader.readexactly(7) == b"heard 1"
            line.black_hole()
            writer.write(b"2")
            _, late = await asyncio.open_connection("127.0.0.1", line.port)
            late.write(b"3")
            await asyncio.to_thread(wait_until, lambda: line.taken == 2, "the connection to be taken")
            assert heard.all == [b"1"]
            line.heal()
            assert await reader.readexactly(7) == b"heard 2"
            assert sorted(await heard.count(3)) == [b"1", b"2", b"3"]
            line.half_open()
            writer.write(b"4")
            new_reader, new = await asyncio.open_connection("127.0.0.1", line.port)
            new.write(b"5")
            assert await new_reader.readexactly(7) == b"heard 5"
            assert b"4" not in heard.all
            line.cut()
            with pytest.raises(ConnectionError):
                await new_reader.readexactly(1)
            for each in (writer, late, new):
                each.transport.abort()
        await ended.count(3)
    finally:
        server.close()
        await server.wait_closed()
