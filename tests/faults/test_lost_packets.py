"""Packets are lost, some and then all, between kiosk, broker and hub: 0 lost, 0 doubled.

Real packets on a network of the test's own.  The hub has the product's keepalive, the kiosk's process one
of 1 s in the suite and the product's in a long run: a dead line is to be noticed within twice that.
"""

import time
from pathlib import Path

import pytest

from plumbing import mqtt
from tests.fakes.brokers import running_mosquitto
from tests.fakes.counting import LONGEST_S, SECONDS
from tests.fakes.packets import own_network, why_not
from tests.fakes.programs import Count, Hub, count, log_end, wait_until
from tests.fakes.scribe import Scribe

pytestmark = [
    pytest.mark.faults,
    pytest.mark.chaos,
    pytest.mark.timeout(LONGEST_S),
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "never"),
]

PERCENT = 20
"""Of packets, in either direction: TCP still comes through."""

HEAL_S = 120.0

MARGIN_S = 5.0
"""What a busy machine may add to a time-out."""


def down(file: Path) -> int:
    """How often a program has said that its line is down."""
    return file.read_text(encoding="utf-8").count("the line is down") if file.exists() else 0


def test_lost_packets_and_a_pulled_cable_lose_no_event(tmp_path: Path, counts: list[str], total: list[Count]):
    keepalive_s = mqtt.KEEPALIVE_S if SECONDS else 1
    said: list[str] = []
    with own_network() as packets, running_mosquitto(tmp_path) as broker:
        hub = Hub(tmp_path / "hub", broker.port)
        scribe = Scribe(tmp_path / "scribe", "scribe", broker.port, keepalive_s=keepalive_s)
        try:
            hub.start()
            scribe.start()
            scribe.writes(5)
            wait_until(lambda: hub.rows.have(log_end(scribe.file)), "the first events to be at the hub")
            packets.lose(broker.port, PERCENT)
            scribe.writes(100)
            ends, began_s = log_end(scribe.file), time.monotonic()
            wait_until(lambda: hub.rows.have(ends), f"events to come through {PERCENT} % of loss", HEAL_S)
            said.append(f"{PERCENT} % lost: there after {time.monotonic() - began_s:.1f} s")
            packets.heal()
            wait_until(lambda: hub.rows.have(log_end(scribe.file)), "the line to be good again", HEAL_S)
            before, hubs_before = down(scribe.err), down(hub.program.err)
            began_s = time.monotonic()
            packets.lose(broker.port, 100)
            wait_until(lambda: down(scribe.err) > before, "the kiosk to notice", HEAL_S)
            noticed_s = time.monotonic() - began_s
            said.append(
                f"cable pulled: the kiosk notices after {noticed_s:.1f} s (keepalive {keepalive_s} s)"
            )
            assert noticed_s < 2 * keepalive_s + MARGIN_S
            if SECONDS:
                wait_until(lambda: down(hub.program.err) > hubs_before, "the hub to notice", HEAL_S)
                noticed_s = time.monotonic() - began_s
                said.append(f"the hub after {noticed_s:.1f} s")
                assert noticed_s < 2 * mqtt.KEEPALIVE_S + MARGIN_S
            scribe.writes(50)
            ends, began_s = log_end(scribe.file), time.monotonic()
            packets.heal()
            wait_until(lambda: hub.rows.have(ends), "everything to be at the hub", HEAL_S)
            healed_s = time.monotonic() - began_s
            said.append(f"healed in {healed_s:.1f} s")
            scribe.kill()
            scribe.start(writing=False)
            wait_until(lambda: hub.rows.have(log_end(scribe.file)), "the hub to have everything", HEAL_S)
            assert scribe.missing() == []
            counted = count(scribe.rows(), hub.rows) + Count(0, 0, 0, 0, 0, breaks=2, healed_s=(healed_s,))
        finally:
            scribe.kill()
            hub.kill()
    assert counted.is_whole(), counted
    total.append(counted)
    counts.append(f"lost packets ({'; '.join(said)}): {counted}")
