"""No broker and no hub: the kiosk greets all the same, and sends later."""

from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import running_mosquitto
from tests.fakes.stage import stage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


def test_a_kiosk_started_without_its_broker_greets_and_sends_once_it_is_there(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        door.hub.start()
        door.start_kiosk()
        door.waits_for_members()
        door.kiosk.stop()
        door.hub.stop()
        broker.stop()

        door.start_kiosk()
        shown = [door.tap() for _ in range(3)]
        assert [trace["outcome"] for trace in shown] == ["Arrived"] * 3
        assert [trace["seqs"] for trace in shown] == [[1], [2], [3]]
        assert door.count().stored == 0

        broker.start()
        door.hub.start()
        counted = door.settled()
    assert (counted.stored, counted.lost, counted.doubled) == (3, 0, 0)
    counts.append(f"broker away while members tap: {counted}")
