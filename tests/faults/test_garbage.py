"""Garbage, on the broker and on the serial line: set aside or ignored, and everything else goes on."""

import json
from pathlib import Path

import pytest

from hardware.virtual.faults import Fault, Scheduled
from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import running_mosquitto
from tests.fakes.programs import KIOSK, SPACE, Recorder, wait_until
from tests.fakes.stage import stage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

MINE = f"foyer/1/{SPACE}/kiosks/{KIOSK}"
OTHERS = f"foyer/1/{SPACE}/kiosks/side-door"
GARBAGE = (b"\x00", b"\xff\xfe", b"{", b"null", b"[]", b'{"v":"x"}', b"[" * 50_000)

FROM_TOMORROW = json.dumps({"v": 2, "epoch": "e", "events": []}).encode()
NEW_KIND = json.dumps(
    {
        "v": 1,
        "epoch": "e",
        "events": [
            {
                "seq": 1,
                "at": {"wall_us": 1, "boot": "b", "up_us": 1, "synced": True},
                "event": {"kind": "coffee_drunk", "member": "m001"},
            }
        ],
    }
).encode()


def test_what_the_hub_cannot_read_is_set_aside_once_and_taps_go_on(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    with (
        running_mosquitto(tmp_path) as broker,
        stage(tmp_path, virtual, broker.port) as door,
        Recorder(broker.port) as recorder,
    ):
        door.hub.start()
        door.start_kiosk()
        door.tap()
        for payload in (*GARBAGE, FROM_TOMORROW, NEW_KIND, NEW_KIND):
            recorder.say(f"{OTHERS}/events", payload)
            recorder.say(f"{OTHERS}/have", payload)
        for payload in GARBAGE:
            recorder.say(f"{OTHERS}/status", payload)
            recorder.say(f"foyer/1/{SPACE}/kiosks/No Name/events", payload)
        door.tap()
        counted = door.settled()
        wait_until(lambda: any("wire version 2" in r for r in door.hub.rows.reasons()), "the newer version")
        wait_until(lambda: any("kind" in r for r in door.hub.rows.reasons()), "the unknown kind")
        reasons = door.hub.rows.reasons()
        # NEW_KIND is event 1 of its kiosk: it is answered for, so that what comes after it can follow.
        wait_until(lambda: b'"epoch":"e","upto":1' in b"".join(recorder.said("cursor")), "its cursor")
        counted = door.count()
    assert (counted.lost, counted.doubled) == (0, 0)
    assert sum("kind is not one this version knows" in reason for reason in reasons) == 1
    assert not any("coffee" in reason or "m001" in reason for reason in reasons)
    counts.append(f"garbage on the hub's topics: {counted}")


def test_what_the_kiosk_cannot_read_is_ignored_and_a_lying_cursor_loses_nothing(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    with (
        running_mosquitto(tmp_path) as broker,
        stage(tmp_path, virtual, broker.port) as door,
        Recorder(broker.port) as recorder,
    ):
        door.hub.start()
        door.start_kiosk()
        door.tap()
        door.settled()
        ((epoch, _),) = door.kiosk.rows()
        for payload in (*GARBAGE, FROM_TOMORROW):
            for topic in (f"{MINE}/cursor", f"{MINE}/feed", f"foyer/1/{SPACE}/hub"):
                recorder.say(topic, payload)
        lie = {"v": 1, "epoch": epoch, "upto": 1_000_000}
        recorder.say(f"{MINE}/cursor", json.dumps(lie).encode())
        recorder.say(f"{MINE}/cursor", json.dumps({**lie, "epoch": "another"}).encode())
        assert door.tap()["outcome"] == "Arrived"
        door.hub.kill()
        door.tap()
        recorder.say(f"{MINE}/cursor", json.dumps(lie).encode())
        wait_until(lambda: door.kiosk.log_says("this log ends at 3"), "the lie to be heard")
        door.hub.start()
        counted = door.settled()
    assert (counted.stored, counted.lost, counted.doubled) == (3, 0, 0)
    counts.append(f"garbage on the kiosk's topics, and a lying cursor: {counted}")


def test_every_tap_on_a_noisy_serial_line_is_one_event(
    tmp_path: Path, virtual: VirtualPn532, counts: list[str]
):
    noise = (Fault.GARBAGE, Fault.BAD_CHECKSUM, Fault.SHORT_FRAME, Fault.LOST_ACK, Fault.ERROR_FRAME)
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        door.hub.start()
        door.start_kiosk()
        door.waits_for_members()
        taps = 3 * len(noise)
        for number in range(taps):
            virtual.schedule(Scheduled(noise[number % len(noise)], skip=number % 4, times=1 + number % 3))
            assert door.tap()["outcome"] == "Arrived"
        counted = door.settled()
        door.nothing_was_shown_that_is_not_so()
    assert (counted.stored, counted.lost, counted.doubled) == (taps, 0, 0)
    counts.append(f"garbage on the serial line while members tap: {counted}")
