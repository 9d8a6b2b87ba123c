import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.virtual.frames import (
    ACK,
    LONGEST_BYTES,
    NACK,
    SYNTAX_ERROR,
    Broken,
    FrameReader,
    Information,
    Signal,
    encode,
)

payloads = st.binary(min_size=1, max_size=LONGEST_BYTES)


def test_the_manuals_own_frame_is_made():
    assert encode(bytes.fromhex("D402")) == bytes.fromhex("0000FF02FED4022A00")


def test_a_long_payload_makes_an_extended_frame():
    assert encode(bytes(254))[:5] == bytes.fromhex("0000FFFE02")
    assert encode(bytes(255))[:8] == bytes.fromhex("0000FFFFFF00FF01")


@pytest.mark.parametrize("size", [0, LONGEST_BYTES + 1])
def test_a_payload_that_fits_no_frame_is_refused(size):
    with pytest.raises(ValueError, match=f"got {size}"):
        encode(bytes(size))


@given(st.lists(st.one_of(payloads.map(Information), st.sampled_from(Signal))), st.data())
def test_frames_survive_any_slicing(frames, data):
    signals = {Signal.ACK: ACK, Signal.NACK: NACK}
    wire = b"".join(encode(f.data) if isinstance(f, Information) else signals[f] for f in frames)
    reader, found = FrameReader(), []
    while wire:
        size = data.draw(st.integers(1, len(wire)))
        found += reader.receive_data(wire[:size])
        wire = wire[size:]
    assert found == frames


@given(payloads, st.integers(0, 20))
def test_a_wake_up_preamble_is_skipped(payload, zeros):
    assert FrameReader().receive_data(bytes(zeros) + encode(payload)) == [Information(payload)]


@given(st.binary(max_size=600))
def test_noise_never_raises_and_never_fills_the_buffer(noise):
    reader = FrameReader()
    reader.receive_data(noise)
    assert len(reader._buffer) <= LONGEST_BYTES + 8
    reader.receive_data(bytes(LONGEST_BYTES + 8))
    assert Information(b"\xd4\x02") in reader.receive_data(encode(b"\xd4\x02"))


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("0000FF02FFD4022A00", Broken.LENGTH),
        ("0000FFFFFF00FF02D4", Broken.LENGTH),
        ("0000FFFFFF0200FE", Broken.LENGTH),
        ("0000FFFFFF0000 00", Broken.LENGTH),
        ("0000FF02FED4022B00", Broken.CHECKSUM),
    ],
)
def test_what_does_not_add_up_is_said_to_be_broken(wire, expected):
    assert expected in FrameReader().receive_data(bytes.fromhex(wire))


@pytest.mark.parametrize("frame", [ACK, NACK, SYNTAX_ERROR, encode(b"\xd4\x02"), encode(bytes(260))])
def test_a_frame_is_whole_with_its_last_byte_and_not_before(frame):
    reader = FrameReader()
    # The postamble 00 belongs to a frame, but nobody waits for it.
    *parts, last = [bytes([byte]) for byte in frame[:-1]]
    assert [reader.receive_data(part) for part in parts] == [[]] * len(parts)
    assert len(reader.receive_data(last)) == 1


def test_the_error_frame_is_a_sound_frame_of_one_byte():
    assert FrameReader().receive_data(SYNTAX_ERROR) == [Information(b"\x7f")]


def test_a_sound_frame_after_a_broken_one_is_found():
    wire = bytes.fromhex("0000FF02FED4022B00") + encode(b"\xd4\x02")
    assert FrameReader().receive_data(wire) == [Broken.CHECKSUM, Information(b"\xd4\x02")]
