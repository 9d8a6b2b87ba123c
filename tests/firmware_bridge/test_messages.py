"""What the board says of itself and of the door, as values; what makes no sense is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.door import Away, Capability, Glow, Near, Pressed, SensorHealth, Tone
from firmware_bridge.mcu import protocol
from firmware_bridge.messages import (
    About,
    Counted,
    light_payload,
    read_about,
    read_event,
    read_version,
    sound_payload,
)


def test_a_board_is_what_it_says():
    text = (
        b"fw=1.2.0 board=pico proto=1.3 boot=9f reset=watchdog "
        b"caps=presence.pir,beam,ring:16,laser:2 passed=7 x"
    )
    assert read_about(text) == About(
        "1.2.0",
        (1, 3),
        "pico",
        "9f",
        "watchdog",
        7,
        frozenset({Capability.PIR, Capability.BEAM, Capability.RING}),
    )


def test_what_a_board_leaves_out_is_unknown():
    assert read_about(b"proto=1.0 boot=1") == About("?", (1, 0), "?", "1", "?", 0, frozenset())


@pytest.mark.parametrize(
    "text", [b"", b"proto=1.0", b"proto=1.0 boot=", b"boot=1", b"boot=1 proto=1", b"\xff="]
)
def test_without_version_or_boot_it_is_no_board(text: bytes):
    assert read_about(text) is None


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "1.x", "١.٢", "-1.0", "1.0.0", "1.9999999999999"])
def test_what_is_no_version(text: str):
    assert read_version(text) is None


@given(st.binary())
def test_no_text_is_too_much(text: bytes):
    read_about(text)


@pytest.mark.parametrize(
    ("kind", "payload", "event"),
    [
        (protocol.PRESENCE, b"\x01\x01\x64\x00", Near(100)),
        (protocol.PRESENCE, b"\x01\x02\x00\x00", Near(None)),
        (protocol.PRESENCE, b"\x00\x01\x64\x00", Away()),
        (protocol.PRESENCE, b"\x01\x01\x2c\x01 and more", Near(300)),
        (protocol.PRESENCE, b"\x01\x01\x64", None),
        (protocol.PASSED, b"\x00\x01\x00\x00", Counted(256)),
        (protocol.PASSED, b"\x00\x01\x00", None),
        (protocol.PRESSED, b"\x03", Pressed(3)),
        (protocol.PRESSED, b"\x04", None),
        (protocol.PRESSED, b"\x00", None),
        (protocol.PRESSED, b"", None),
        (protocol.SENSOR, b"\x01\x01", SensorHealth(Capability.RADAR, works=True)),
        (protocol.SENSOR, b"\x02\x00", SensorHealth(Capability.PIR, works=False)),
        (protocol.SENSOR, b"\x03\x00", SensorHealth(Capability.BEAM, works=False)),
        (protocol.SENSOR, b"\x04\x00", None),
        (protocol.SENSOR, b"\x01", None),
        (200, b"", None),
    ],
)
def test_events(kind: int, payload: bytes, event: object):
    assert read_event(kind, payload) == event


@given(st.integers(0, 255), st.binary(max_size=64))
def test_no_payload_is_too_much(kind: int, payload: bytes):
    read_event(kind, payload)


def test_every_glow_and_tone_has_its_number_for_ever():
    assert [light_payload(glow, 1)[0] for glow in Glow] == [0, 1, 2, 3, 4, 5, 6]
    assert [sound_payload(tone) for tone in Tone] == [b"\x01", b"\x02", b"\x03"]


@pytest.mark.parametrize(("ttl_s", "sent"), [(0.001, 1), (0.1, 1), (1, 10), (6553.5, 65535), (1e9, 65535)])
def test_a_time_to_live_is_in_tenths_of_a_second_and_never_nothing(ttl_s: float, sent: int):
    assert light_payload(Glow.REST, ttl_s) == b"\x01" + sent.to_bytes(2, "little")
