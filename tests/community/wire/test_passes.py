"""The code that opens a member's own page: short, and nobody else's after any change."""

import hashlib
from string import ascii_uppercase

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from community.ids import KioskId, MemberId, SpaceId
from community.wire.passes import (
    CLAIM_BYTES,
    GOOD_FOR_S,
    NONCE_BYTES,
    SKEW_S,
    Means,
    claim_of,
    keyed_proof,
    kiosk_mark,
    member_mark,
    read_pass,
    what_is_proved,
    written,
)
from plumbing.signing import SigningKey, is_signed

SPACE, DOOR, LEA = SpaceId("nook"), KioskId("front-door"), MemberId("lea")
KEY = SigningKey("11" * 32)
SECRET = b"a secret of the space, 32 bytes."
AT = 1_795_000_000
NONCE = bytes(range(NONCE_BYTES))


def signed(issued_s: int = AT, member: MemberId = LEA) -> str:
    """A code of a kiosk with papers."""
    claim = claim_of(Means.SIGNED, issued_s, NONCE, DOOR, member)
    return written(claim, bytes.fromhex(KEY.sign(what_is_proved(SPACE, member, claim))))


def keyed(issued_s: int = AT, member: MemberId = LEA) -> str:
    """A code of a kiosk without."""
    claim = claim_of(Means.KEYED, issued_s, NONCE, DOOR, member)
    return written(claim, keyed_proof(SECRET, what_is_proved(SPACE, member, claim)))


def is_good(text: str) -> bool:
    """Whether the hub would find it Léa's."""
    code = read_pass(text)
    if code is None or code.member != member_mark(LEA):
        return False
    message = what_is_proved(SPACE, LEA, code.claim)
    if code.means is Means.SIGNED:
        return is_signed(KEY.public, code.proof.hex(), message)
    return keyed_proof(SECRET, message) == code.proof


def test_the_bytes_are_a_contract():
    """A change here is a change of what kiosks in the field say."""
    assert keyed() == "AJVP3BWAAAAQEAZJHGWWYAQNYIUVWTFGTIMCPWWAJIBHII5KW2DXOPCM3ITQ"
    assert hashlib.sha256(signed().encode()).hexdigest()[:16] == "8e1cbffec3eba5ad"


@pytest.mark.parametrize("code", [signed(), keyed()])
def test_what_was_written_is_read(code: str):
    found = read_pass(code)
    assert found is not None
    assert (found.issued_s, found.kiosk, found.member) == (AT, kiosk_mark(DOOR), member_mark(LEA))
    assert is_good(code)


@given(st.sampled_from([signed(), keyed()]), st.data())
def test_any_flipped_bit_is_refused(code: str, data: st.DataObject):
    bits = bytearray(code.encode())
    place = data.draw(st.integers(0, 8 * len(bits) - 1))
    bits[place // 8] ^= 1 << place % 8
    assert not is_good(bits.decode("latin-1"))


@given(st.sampled_from([signed(), keyed()]), st.data())
def test_any_changed_letter_or_length_is_refused(code: str, data: st.DataObject):
    place = data.draw(st.integers(0, len(code) - 1))
    letter = data.draw(st.sampled_from(ascii_uppercase + "234567="))
    changed = code[:place] + letter + code[place + 1 :]
    assert is_good(changed) == (changed == code)
    assert not is_good(code[:place])
    assert not is_good(code + letter)


@given(st.text(max_size=200) | st.binary(max_size=120).map(lambda raw: written(raw, b"")))
def test_anything_at_all_is_read_or_refused_and_never_an_error(text: str):
    read_pass(text)


def test_a_code_is_good_for_two_minutes_and_a_little():
    code = read_pass(keyed())
    assert code is not None
    good = [now for now in range(AT - 300, AT + 300) if code.is_fresh(now)]
    assert (good[0], good[-1]) == (AT - SKEW_S, AT + GOOD_FOR_S + SKEW_S)


def test_no_id_stands_in_it_and_a_repr_shows_no_proof():
    code = read_pass(signed())
    assert code is not None
    assert len(code.claim) == CLAIM_BYTES
    assert code.proof.hex()[:8] not in repr(code)
    assert repr(code.proof) not in repr(code)


def test_with_a_usual_address_it_fits_into_a_qr_code_of_version_7():
    for address, version in (("HTTPS://FOYER.EXAMPLE.ORG", 7), ("HTTPS://" + "A" * 72, 8)):
        assert segno.make(f"{address}/ME/{signed()}", error="m", micro=False).version == version
