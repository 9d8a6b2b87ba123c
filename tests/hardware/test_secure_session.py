"""Mutual authentication and the commands after it, against AN12196."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hardware import secure_session
from hardware.secure_session import Session, checksum, new_key_data, padded, unpadded

ZERO = bytes(16)
A = bytes.fromhex("13C5DB8A5930439FC3DEF9A4C675360F")
B = bytes.fromhex("B9E2FC789B64BF237CCCAA20EC7E6E48")
FIRST_WORD = bytes.fromhex("A04C124213C186F22399D33AC2A30215")
REPLY = bytes.fromhex("35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D")
LAST_WORD = bytes.fromhex("3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663")
TI = bytes.fromhex("9D00C4DF")


def session(ti: str, encryption: str, proof: str, counter: int = 0) -> Session:
    return Session(bytes.fromhex(encryption), bytes.fromhex(proof), bytes.fromhex(ti), counter)


ISSUED = session("9D00C4DF", "1309C877509E5A215007FF0ED19CA564", "4C6626F5E72EA694202139295C7A7FC7")
WRITING = session("7614281A", "7A93D6571E4B180FCA6AC90C9A7488D4", "FC4AF159B62E549B5812394CAB1918CC")
KEYS = session("7614281A", "4CF3CB41A22583A61E89B158D252FC53", "5529860B2FC5FB6154B7F28361D30BF9", 2)


def test_both_sides_of_the_authentication_of_an12196():
    assert secure_session.asked(ZERO, B) == FIRST_WORD
    assert secure_session.replied(ZERO, FIRST_WORD, A) == (REPLY, B)
    assert secure_session.agreed(ZERO, REPLY, B, TI) == (LAST_WORD, ISSUED)
    assert secure_session.concluded(ZERO, LAST_WORD, A, B) == ISSUED


def test_words_of_another_length_prove_nothing():
    assert secure_session.replied(ZERO, FIRST_WORD[:-1], A) is None
    assert secure_session.agreed(ZERO, REPLY[:-1], B, TI) is None
    assert secure_session.concluded(ZERO, LAST_WORD + b"\0", A, B) is None


BYTES_16 = st.binary(min_size=16, max_size=16)


@settings(deadline=None)
@given(BYTES_16, BYTES_16, BYTES_16, st.integers(0, 255), st.integers(0, 255))
def test_one_flipped_bit_on_the_way_ends_it_without_an_exception(
    key: bytes, ours: bytes, theirs: bytes, bit: int, other: int
):
    first = secure_session.asked(key, theirs)
    reply = secure_session.replied(key, first, ours)
    assert reply is not None
    assert reply[1] == theirs
    assert secure_session.agreed(key, _flipped(reply[0], bit | 128), theirs, TI) is None  # B is in that half
    done = secure_session.agreed(key, reply[0], theirs, TI)
    assert done is not None
    assert secure_session.concluded(key, done[0], ours, theirs) == done[1]
    broken = secure_session.concluded(key, _flipped(done[0], other), ours, theirs)
    assert broken is None or broken != done[1]  # TI and capabilities are not proved: the session is another


def test_whoever_has_another_key_agrees_on_nothing():
    reply = secure_session.replied(b"\x01" * 16, FIRST_WORD, A)
    assert reply is not None
    assert secure_session.agreed(ZERO, reply[0], B, TI) is None
    assert secure_session.concluded(b"\x01" * 16, LAST_WORD, A, B) is None


def test_change_file_settings_of_an12196():
    now = ISSUED.after_command()
    settings = bytes.fromhex("4000E0C1F121200000430000430000")
    said = now.protect(0x5F, b"\x02", settings)
    assert said.hex().upper() == "61B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A04"
    assert now.unprotect(0x5F, b"\x02", said) == settings
    assert now.is_answer(bytes.fromhex("57BFF87B1241E93D"))
    assert not now.is_answer(bytes.fromhex("57BFF87B1241E93C"))


def test_write_data_of_an12196():
    said = WRITING.protect(0x8D, bytes.fromhex("030000000A0000"), bytes.fromhex("0102030405060708090A"))
    assert said.hex().upper() == "6B5E6804909962FC4E3FF5522CF0F8436C0C53315B9C73AA"
    assert WRITING.is_answer(bytes.fromhex("C26D236E4A7C046D"))


def test_change_key_of_an12196_for_another_key_and_for_key_0():
    other = new_key_data(2, ZERO, bytes.fromhex("F3847D627727ED3BC9C4CC050489B966"), 1)
    assert other.hex().upper() == "F3847D627727ED3BC9C4CC050489B96601789DFADC"
    assert KEYS.protect(0xC4, b"\x02", other).hex().upper() == (
        "2CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC75D0CE20BCD1D06E6"
    )
    assert KEYS.is_answer(bytes.fromhex("203BB55D1089D587"))
    last = new_key_data(0, ZERO, bytes.fromhex("5004BF991F408672B1EF00F08F9E8647"), 1)
    assert KEYS.after_command().protect(0xC4, b"\x00", last).hex().upper() == (
        "C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FDA6610234BDED6432"
    )


def test_the_checksum_of_a_key_of_an12196():
    assert checksum(bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")).hex().upper() == "789DFADC"


@settings(deadline=None)
@given(st.binary(max_size=50), st.integers(0, 7 + 8 * 7))
def test_a_command_that_was_changed_on_the_way_is_not_carried_out(data: bytes, bit: int):
    said = ISSUED.protect(0x8D, b"\x02", data)
    assert ISSUED.unprotect(0x8D, b"\x02", said) == data
    assert ISSUED.unprotect(0x8D, b"\x02", _flipped(said, bit)) is None
    assert ISSUED.unprotect(0x8D, b"\x02", said[1:]) is None
    assert ISSUED.after_command().unprotect(0x8D, b"\x02", said) is None


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_what_is_filled_up_can_be_emptied_again(data: bytes):
    assert len(padded(data)) % 16 == 0
    assert unpadded(padded(data)) == data


def test_without_a_filling_there_is_nothing_to_empty():
    assert unpadded(bytes(16)) is None
    assert unpadded(b"\x80" + bytes(14) + b"\x01") is None


def test_no_key_stands_in_the_repr_of_a_session():
    assert "1309" not in repr(ISSUED)


def _flipped(data: bytes, bit: int) -> bytes:
    raw = bytearray(data)
    raw[bit // 8] ^= 1 << bit % 8
    return bytes(raw)
