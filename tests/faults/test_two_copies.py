"""Two devices with copies of one memory card at the same time: nothing is overwritten or silently lost."""

import shutil
from pathlib import Path

import pytest

from tests.fakes.brokers import running_mosquitto
from tests.fakes.programs import Hub, log_end, wait_until
from tests.fakes.scribe import Scribe

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]

HEAL_S = 90.0


def test_what_either_copy_noted_is_at_the_hub_and_a_host_can_see_that_there_are_two(
    tmp_path: Path, counts: list[str]
):
    with running_mosquitto(tmp_path) as broker:
        hub = Hub(tmp_path / "hub", broker.port)
        one = Scribe(tmp_path / "one", "door", broker.port)
        (tmp_path / "said").mkdir()
        other = Scribe(tmp_path / "other", "door", broker.port, said=tmp_path / "said")
        try:
            hub.start()
            one.start()
            one.writes(20)
            wait_until(lambda: hub.rows.have(log_end(one.file)), "the hub to have what the card holds")
            one.kill()
            shutil.copytree(one.folder, other.folder, dirs_exist_ok=True)
            for each in (one, other):
                each.start()
            for each in (one, other):
                each.writes(150)
            early = {(e, n): raw for e, n, raw in hub.rows.events()}
            other.kill()
            one.writes(20)
            one.kill()
            for each in (one, other):  # one after the other, as when somebody has taken one of them down
                each.start(writing=False)
                wait_until(
                    lambda each=each: hub.rows.have(log_end(each.file)),
                    "the hub to have what one of them has",
                    HEAL_S,
                )
                each.kill()
            late = {(e, n): raw for e, n, raw in hub.rows.events()}
            assert {place: late[place] for place in early} == early, "something was overwritten"
            stored, set_aside = set(late.values()), set(hub.rows.quarantined_raw())
            lost = [
                place
                for each in (one, other)
                for place, raw in each.rows().items()
                if raw not in stored and raw not in set_aside
            ]
            counts.append(
                f"two live copies of one card: {len(one.rows())} and {len(other.rows())} events, "
                f"{len(late)} stored in {len({e for e, _ in late})} epochs, "
                f"{hub.rows.quarantined()} set aside, {len(lost)} lost"
            )
            assert lost == []
            assert len({epoch for epoch, _ in late}) > 1 or hub.rows.quarantined() > 0
        finally:
            one.kill()
            other.kill()
            hub.kill()
