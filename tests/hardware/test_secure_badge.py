"""SUN and key diversification against the published examples, and against whatever is not one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.secure_badge import (
    PiccData,
    SunMessage,
    decrypt,
    diversify,
    encrypt,
    find_message,
    is_genuine,
    open_file,
    open_picc,
    seal_picc,
    sun_mac,
)

ZERO = bytes(16)


def message_of(e: str, c: str) -> SunMessage:
    found = find_message(f"https://choose.url.com/ntag424?e={e}&c={c}".encode())
    assert found is not None
    return found


def test_the_message_on_page_12_of_an12196():
    said = message_of("EF963FF7828658A599F3041510671E88", "94EED9EE65337086")
    data = open_picc(ZERO, said)
    assert data is not None
    assert (data.uid.hex().upper(), data.counter) == ("04DE5F1EACC040", 61)
    assert is_genuine(ZERO, data, said)


def test_the_message_with_file_data_on_page_18_of_an12196():
    picc = bytes.fromhex("FD91EC264309878BE6345CBE53BADF40")
    hidden = "CEE9A53E3E463EF1F459635736738962"
    said = SunMessage(picc, bytes.fromhex("ECC1E7F6C6C73BF6"))
    data = open_picc(ZERO, said)
    assert data is not None
    assert (data.uid.hex().upper(), data.counter) == ("04958CAA5C5E80", 8)
    assert is_genuine(ZERO, data, said, f"{hidden}&cmac=".encode())
    assert not is_genuine(ZERO, data, said)
    assert open_file(ZERO, data, bytes.fromhex(hidden)) == b"x" * 16


def test_the_plain_mirror_of_an12196():
    data = PiccData(bytes.fromhex("041E3C8A2D6B80"), 6)
    assert sun_mac(ZERO, data).hex().upper() == "4B00064004B0B3D3"


def test_the_key_of_an10922():
    master = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
    about = bytes.fromhex("04782E21801D80" + "3042F5") + b"NXP Abu"
    assert diversify(master, about).hex().upper() == "A8DD63A3B89D54B37CA802473FDA9175"


@pytest.mark.parametrize("size", [0, 15, 32])
def test_an_input_that_an10922_would_pad_otherwise_is_refused(size: int):
    with pytest.raises(ValueError, match="16 to 31"):
        diversify(ZERO, bytes(size))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"?e=EF963FF7828658A599F3041510671E88",
        b"?e=EF963FF7828658A599F3041510671E88&c=94EED9EE6533708",
        b"?e=ef963ff7828658a599f3041510671e88&c=94eed9ee65337086",
        b"e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086",
    ],
)
def test_what_is_no_message_is_none(content: bytes):
    assert find_message(content) is None


def test_an_unknown_meta_key_opens_nothing():
    said = message_of("EF963FF7828658A599F3041510671E88", "94EED9EE65337086")
    assert open_picc(b"\x01" * 16, said) is None


KEYS = st.binary(min_size=16, max_size=16)
DATA = st.builds(PiccData, st.binary(min_size=7, max_size=7), st.integers(0, 0xFFFFFF))


@settings(deadline=None)
@given(KEYS, KEYS, DATA, st.binary(min_size=5, max_size=5), st.integers(0, 8 * 24 - 1))
def test_one_flipped_bit_makes_a_message_nobody_said(
    meta: bytes, own: bytes, data: PiccData, padding: bytes, bit: int
):
    picc, proof = seal_picc(meta, data, padding), sun_mac(own, data)
    sound = SunMessage(picc, proof)
    opened = open_picc(meta, sound)
    assert opened == data
    assert is_genuine(own, data, sound)
    raw = bytearray(picc + proof)
    raw[bit // 8] ^= 1 << bit % 8
    flipped = SunMessage(bytes(raw[:16]), bytes(raw[16:]))
    seen = open_picc(meta, flipped)
    assert seen is None or not is_genuine(own, seen, flipped)


@settings(deadline=None)
@given(KEYS, KEYS, st.binary(max_size=64).map(lambda data: data + bytes(-len(data) % 16)))
def test_what_was_encrypted_is_decrypted(key: bytes, vector: bytes, plain: bytes):
    assert decrypt(key, vector, encrypt(key, vector, plain)) == plain


def test_nothing_of_a_badge_stands_in_its_repr():
    assert "04DE" not in repr(PiccData(bytes.fromhex("04DE5F1EACC040"), 61)).upper()
