"""The kiosk is killed at each step of a tap's journey and started again: nothing is lost or doubled.

Each step is caught where it can be caught for sure: a held lock keeps a commit from happening, a
row or a trace says that one has.  What may have happened, and what follows:

========================= ==============================================================
killed                    what follows
========================= ==============================================================
before the card is read   nothing happened and nothing was shown: the member taps again
read, not committed       the same
committed                 the tap is true: it reaches the hub, and a further tap is no arrival
published, not at the hub sent again
at the hub, not answered  sent again, and the hub knows it already
answered, not noted       the same
========================= ==============================================================
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from community.wire.codec import decode
from community.wire.messages import Cursor
from foyer.members import import_members
from hardware.virtual.port import VirtualPn532
from tests.contract.recorded import validate
from tests.fakes.brokers import running_mosquitto
from tests.fakes.members import CARDS, LEA, many, write
from tests.fakes.programs import (
    LIMIT_S,
    Count,
    Hub,
    KioskProgram,
    Recorder,
    count,
    held,
    revision,
    wait_until,
)

ARRIVED = {"Arrived": "checked_in", "OwnCard": "card_opened"}


@dataclass
class Door:
    """A kiosk, its reader and its hub, with everything said between them."""

    kiosk: KioskProgram
    virtual: VirtualPn532
    hub: Hub
    recorder: Recorder

    def present_and_wait_for_read(self, member: str) -> None:
        """Hold a card to the reader until it has certainly been read."""
        self.virtual.present(CARDS[member])
        assert self.virtual.wait_for_polls(3, LIMIT_S)

    def lift(self) -> None:
        """Take the card away."""
        self.virtual.lift()

    def start_and_wait(self) -> None:
        """Start the kiosk until it looks for badges and knows who they belong to."""
        ready = self.kiosk.log_says("is ready")
        self.kiosk.start()
        wait_until(lambda: self.kiosk.log_says("is ready") > ready, "the reader to be ready")
        wait_until(lambda: revision(self.kiosk.file) > 0, "the kiosk to know its members")
        wait_until(lambda: self.recorder.said("cursor"), "the hub to say where it stands")
        assert self.virtual.wait_for_polls(3, LIMIT_S)  # a moment for the kiosk to take them in

    def settled(self) -> Count:
        """Wait until the hub has all that the kiosk has, and count."""
        wait_until(lambda: len(self.hub.rows.events()) >= len(self.kiosk.rows()) > 0, "the hub to have all")
        return count(self.kiosk.rows(), self.hub.rows)


@pytest.fixture(scope="module")
def mosquitto_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as running:
        yield running.port


@pytest.fixture
def door(tmp_path: Path, mosquitto_port: int, virtual: VirtualPn532) -> Iterator[Door]:
    hub = Hub(tmp_path / "hub", mosquitto_port)
    assert not import_members(hub.settings, write(hub.folder)).problems
    kiosk = KioskProgram(tmp_path / "kiosk", f"pn532:{virtual.path}", mosquitto_port, hub.badge_key)
    hub.start()
    try:
        with Recorder(mosquitto_port) as recorder:
            yield Door(kiosk, virtual, hub, recorder)
    finally:
        kiosk.kill()
        hub.stop()


def before_the_read(door: Door) -> None:
    door.kiosk.kill()
    door.virtual.present(CARDS[LEA])


def after_the_read_before_the_commit(door: Door) -> None:
    with held(door.kiosk.file):
        door.present_and_wait_for_read(LEA)
        door.kiosk.kill()


def right_after_the_commit(door: Door) -> None:
    door.virtual.present(CARDS[LEA])
    wait_until(door.kiosk.rows, "the event in the log")
    door.kiosk.kill()


def after_it_was_shown(door: Door) -> None:
    door.virtual.present(CARDS[LEA])
    wait_until(door.kiosk.traces, "the trace")
    door.kiosk.kill()


def after_the_publish_before_the_hub_commits(door: Door) -> None:
    with held(door.hub.file):
        door.virtual.present(CARDS[LEA])
        wait_until(
            lambda: any(b'"seq"' in said for said in door.recorder.said("events")), "the event on the line"
        )
        door.kiosk.kill()


def after_the_hub_s_commit(door: Door) -> None:
    door.virtual.present(CARDS[LEA])
    wait_until(door.hub.rows.events, "the event at the hub")
    door.kiosk.kill()


def after_the_cursor_before_it_is_kept(door: Door) -> None:
    door.virtual.present(CARDS[LEA])
    wait_until(lambda: cursor_at(door) >= 1, "the cursor")
    door.kiosk.kill()


def cursor_at(door: Door) -> int:
    said = [decode(payload, Cursor) for payload in door.recorder.said("cursor")]
    return max((c.upto for c in said if isinstance(c, Cursor)), default=0)


COMMITTED = {
    before_the_read: False,
    after_the_read_before_the_commit: False,
    right_after_the_commit: True,
    after_it_was_shown: True,
    after_the_publish_before_the_hub_commits: True,
    after_the_hub_s_commit: True,
    after_the_cursor_before_it_is_kept: True,
}


@pytest.mark.faults
@pytest.mark.parametrize("step", COMMITTED, ids=lambda step: step.__name__)
def test_a_kiosk_killed_at_a_step_goes_on_from_it(door: Door, step):
    door.start_and_wait()
    step(door)
    door.lift()

    shown = door.kiosk.traces()
    written = door.kiosk.rows()
    assert bool(written) is COMMITTED[step]
    assert all(seq in {n for _, n in written} for trace in shown for seq in trace["seqs"]), (
        "something was shown that is not in the log"
    )

    door.start_and_wait()
    assert door.kiosk.rows() == written, "starting again changed the log"
    door.virtual.present(CARDS[LEA])
    wait_until(lambda: len(door.kiosk.traces()) > len(shown), "the tap after the kill to be shown")
    door.lift()

    again = door.kiosk.traces()[-1]
    assert again["outcome"] == ("OwnCard" if COMMITTED[step] else "Arrived")
    counted = door.settled()
    assert (counted.lost, counted.doubled, counted.quarantined) == (0, 0, 0), counted
    assert door.hub.rows.kinds(LEA).count("checked_in") == 1
    assert door.hub.present() == {"present": 1, "members": [LEA]}
    for topic, payload in door.recorder.messages:
        validate(topic, payload)


@pytest.mark.faults
@pytest.mark.timeout(480)
def test_a_kiosk_killed_at_moments_nobody_chose_loses_and_doubles_nothing(
    tmp_path: Path, mosquitto_port: int, virtual: VirtualPn532, counts: list[str]
):
    chance = random.Random(7)  # noqa: S311 - a test that can be run again
    text, cards = many(60)
    hub = Hub(tmp_path / "hub", mosquitto_port)
    import_members(hub.settings, write(hub.folder, text))
    kiosk = KioskProgram(tmp_path / "kiosk", f"pn532:{virtual.path}", mosquitto_port, hub.badge_key)
    hub.start()
    try:
        with Recorder(mosquitto_port) as recorder:
            door = Door(kiosk, virtual, hub, recorder)
            people = iter(cards.values())
            for _life in range(6):
                door.start_and_wait()
                for _tap in range(chance.randrange(1, 5)):
                    traced = len(kiosk.traces())
                    virtual.present(next(people))
                    wait_until(lambda n=traced: len(kiosk.traces()) > n, "a tap to be shown")
                    virtual.lift()
                    assert virtual.wait_for_polls(3, LIMIT_S)
                virtual.present(next(people))
                virtual.wait_for_polls(1, chance.uniform(0, 0.06))
                kiosk.kill()
                virtual.lift()
            door.start_and_wait()
            door.settled()
            counted = count(kiosk.rows(), hub.rows, kills=6)
            log = kiosk.rows()
            assert {seq for t in kiosk.traces() for seq in t["seqs"]} <= {seq for _, seq in log}
            seqs = sorted(seq for _, seq in log)
            assert seqs == list(range(1, len(seqs) + 1))
            arrived = [json.loads(raw)["event"]["member"] for raw in log.values()]
            assert len(arrived) == len(set(arrived)), "a tap was written twice"
            counts.append(f"kiosk killed while members tap: {counted}")
            assert (counted.lost, counted.doubled, counted.quarantined) == (0, 0, 0), counted
    finally:
        kiosk.kill()
        hub.stop()
