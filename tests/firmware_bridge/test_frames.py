"""Frames: what is put on the line comes out of it, whatever else is on it and however it is cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.mcu.frames import MOST_PAYLOAD, FrameReader, crc16, encode

BYTE = st.integers(0, 255)
FRAME = st.tuples(BYTE, BYTE, st.binary(max_size=MOST_PAYLOAD))


def cut(data: bytes, at: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in at), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@given(st.lists(FRAME), st.lists(st.integers(0, 10_000)))
def test_what_goes_in_comes_out_however_it_is_cut(frames: list[tuple[int, int, bytes]], at: list[int]):
    reader = FrameReader()
    found = []
    for piece in cut(b"".join(encode(*frame) for frame in frames), at):
        found += reader.receive_data(piece)
    assert found == frames
    assert reader.noise == 0


@given(FRAME, st.binary(max_size=300))
def test_noise_costs_nothing_once_a_zero_ends_it(frame: tuple[int, int, bytes], noise: bytes):
    reader = FrameReader()
    assert reader.receive_data(noise + b"\x00" + encode(*frame))[-1] == frame
    assert reader.receive_data(noise + encode(*frame) + encode(*frame))[-1] == frame


@given(FRAME, st.data())
def test_a_frame_with_one_wrong_bit_is_noise(frame: tuple[int, int, bytes], data: st.DataObject):
    good = bytearray(encode(*frame))
    bit = data.draw(st.integers(0, (len(good) - 1) * 8 - 1))
    good[bit // 8] ^= 1 << bit % 8
    assert FrameReader().receive_data(bytes(good)) == []


@given(st.binary(max_size=2000))
def test_no_bytes_are_too_much_for_it(noise: bytes):
    reader = FrameReader()
    reader.receive_data(noise)
    assert len(reader._coded) <= 69


@given(FRAME)
def test_zero_is_only_ever_the_end(frame: tuple[int, int, bytes]):
    coded = encode(*frame)
    assert coded.index(0) == len(coded) - 1
    assert len(coded) == len(frame[2]) + 6


@pytest.mark.parametrize("frame", [(1, 1, bytes(65)), (256, 0, b""), (0, -1, b"")])
def test_what_fits_into_no_frame_is_refused(frame: tuple[int, int, bytes]):
    with pytest.raises(ValueError, match=r"64|256"):
        encode(*frame)


def test_the_checksum_is_the_one_of_the_catalogues():
    assert crc16(b"123456789") == 0x29B1


def test_a_stretch_that_is_too_long_is_one_stretch_of_noise():
    reader = FrameReader()
    assert reader.receive_data(b"\x01" * 1000 + b"\x00" + encode(5, 1)) == [(5, 1, b"")]
    assert reader.noise == 1
