"""The serial conversation's page: every row of bytes on it is what both halves really say."""

import re

import pytest

from firmware_bridge.mcu import protocol
from firmware_bridge.mcu.frames import FrameReader, crc16, encode
from firmware_bridge.virtual.board import FIRMWARE
from tests.fakes.doorline import firmware

PAGE = (FIRMWARE / "PROTOCOL.md").read_text(encoding="utf-8")
ROWS = {
    what.strip(): bytes.fromhex(said)
    for what, said in re.findall(r"^\| (.+?) \| `((?:[0-9a-f]{2} ?)+)` \|$", PAGE, re.MULTILINE)
}
"""What stands on the page: what is said, and its bytes."""

SAID = {
    "HELLO seq 1, version 1.0": (protocol.HELLO, 1, b"\x01\x00"),
    "PING seq 2": (protocol.PING, 2, b""),
    'PING seq 7, "abc"': (protocol.PING, 7, b"abc"),
    'PONG seq 7, "abc"': (protocol.PONG, 7, b"abc"),
    "ACK seq 3": (protocol.ACK, 3, b""),
    "NAK seq 9, version": (protocol.NAK, 9, b"\x01version"),
    "NAK seq 0, hello first": (protocol.NAK, 0, b"\x04hello first"),
    'HELLO_R seq 1, part 0 of 1, "proto=1.0 boot=9f"': (protocol.HELLO_R, 1, b"\x00\x01proto=1.0 boot=9f"),
    "PRESENCE seq 3, near, radar, 100 cm": (protocol.PRESENCE, 3, b"\x01\x01\x64\x00"),
    "PRESENCE seq 4, nobody, radar": (protocol.PRESENCE, 4, b"\x00\x01\x00\x00"),
    "PASSED seq 5, 300": (protocol.PASSED, 5, b"\x2c\x01\x00\x00"),
    "PRESSED seq 6, button 2": (protocol.PRESSED, 6, b"\x02"),
    "SENSOR seq 8, radar, silent": (protocol.SENSOR, 8, b"\x01\x00"),
    "LIGHT seq 10, accepted, 3 s": (protocol.LIGHT, 10, b"\x03\x1e\x00"),
    "SOUND seq 11, refused": (protocol.SOUND, 11, b"\x02"),
    "RELEASE seq 12": (protocol.RELEASE, 12, b""),
    'LOG seq 0, "hi"': (protocol.LOG, 0, b"hi"),
}

NAMES = (
    "HELLO", "HELLO_R", "ACK", "NAK", "PING", "PONG", "PRESENCE", "PASSED", "PRESSED", "SENSOR",
    "LIGHT", "SOUND", "RELEASE", "LOG",
)  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_a_frame_is_exactly_these_bytes(what: str):
    assert encode(*SAID[what]) == ROWS[what]
    assert FrameReader().receive_data(ROWS[what]) == [SAID[what]]


def test_every_row_of_the_page_is_held_and_every_type_has_one():
    assert set(ROWS) == set(SAID)
    assert {kind for kind, _, _ in SAID.values()} == {getattr(protocol, name) for name in NAMES}


def test_the_page_gives_every_type_its_number():
    table = dict(re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", PAGE, re.MULTILINE))
    assert {int(number): name for number, name in table.items()} == {
        getattr(protocol, name): name for name in NAMES
    }
    assert f"version {protocol.MAJOR}.{protocol.MINOR}" in PAGE.splitlines()[0]


def test_the_checksum_is_the_one_on_the_page():
    assert f"{crc16(b'123456789'):04X}" in PAGE


@pytest.mark.parametrize("kind", [protocol.LIGHT, protocol.SOUND, protocol.RELEASE])
def test_the_board_acknowledges_the_golden_commands(kind: int):
    (golden,) = (ROWS[what] for what, said in SAID.items() if said[0] == kind)
    board = firmware().talk.Talk(lambda: "proto=1.0 boot=9f")
    assert board.receive_data(ROWS["HELLO seq 1, version 1.0"], 0) == [(protocol.HELLO,)]
    assert (
        board.data_to_send()
        == b"\x00" + ROWS["NAK seq 0, hello first"] + ROWS['HELLO_R seq 1, part 0 of 1, "proto=1.0 boot=9f"']
    )
    ((done, *_),) = board.receive_data(golden, 1)
    assert done == kind
    assert [frame[0] for frame in FrameReader().receive_data(board.data_to_send())] == [protocol.ACK]


@pytest.mark.parametrize(
    ("numbers", "names"),
    [(protocol.GLOWS, ("off", "rest", "welcome", "accepted", "refused", "look", "trouble")),
     (protocol.TONES, ("", "accepted", "refused", "look"))],
)  # fmt: skip
def test_numbers_of_glows_and_tones_are_never_given_anew(numbers: tuple[str, ...], names: tuple[str, ...]):
    assert numbers[: len(names)] == names
