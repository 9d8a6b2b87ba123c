"""Real programs whose wall clocks jump by days, forth and back, while members tap: 0 lost, 0 doubled."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import running_mosquitto
from tests.fakes.false_time import LIBRARIES, FalseTime
from tests.fakes.programs import wait_until
from tests.fakes.stage import Stage, stage

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(480),
    pytest.mark.skipif(not LIBRARIES, reason="libfaketime is not installed (apt install faketime)"),
]

JUMPS = (timedelta(days=2), timedelta(days=-1), timedelta(days=400), timedelta(minutes=-7), timedelta())


def walls(door: Stage) -> list[datetime]:
    """The times that stand in the kiosk's log, in its order."""
    records = [json.loads(raw) for _, raw in sorted(door.kiosk.rows().items())]
    return [datetime.fromtimestamp(record["at"]["wall_us"] / 1e6, UTC) for record in records]


@pytest.mark.parametrize("whose", ["kiosk", "hub"])
def test_a_clock_that_jumps_forth_and_back_loses_nothing(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str], whose: str
):
    time = FalseTime(tmp_path / "time")
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        program = door.kiosk.program if whose == "kiosk" else door.hub.program
        program.environment = time.environment
        door.hub.start()
        door.start_kiosk()
        door.waits_for_members()
        door.tap()
        for jump in JUMPS:
            time.off_by(jump)
            door.tap()
            door.tap()
        counted = door.settled()
        door.nothing_was_shown_that_is_not_so()
        assert (counted.lost, counted.doubled, counted.quarantined) == (0, 0, 0), counted
        assert door.hub.present()["present"] >= 0
        if whose == "hub":
            assert max(walls(door)) < datetime.now(UTC) + timedelta(minutes=1)
    counts.append(f"the {whose}'s clock jumps {len(JUMPS)} times, up to 400 days: {counted}")


def test_a_kiosk_that_starts_years_off_while_the_hub_is_away_is_taken_in_whole_and_dated_anew(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    time = FalseTime(tmp_path / "time")
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        door.hub.start()
        door.start_kiosk()
        door.waits_for_members()
        door.hub.kill()
        door.kiosk.kill()
        time.off_by(timedelta(days=-9_000))
        door.kiosk.program.environment = time.environment
        door.start_kiosk()
        for _ in range(3):
            door.tap()
        time.off_by(timedelta())
        for _ in range(3):
            door.tap()
        door.kiosk.kill()
        door.lift_blindly()
        door.start_kiosk()
        door.tap()
        door.hub.start()
        counted = door.settled()
        door.nothing_was_shown_that_is_not_so()
        assert (counted.lost, counted.doubled, counted.quarantined) == (0, 0, 0), counted
        wait_until(lambda: door.hub.present()["present"] == 7, "everybody who tapped to be in")
    counts.append(f"a kiosk that started 25 years off, the hub away: {counted}")
