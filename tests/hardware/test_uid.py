import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.uid import LENGTHS_BYTES, RandomUid, Uid, parse_typed

uids = st.sampled_from(LENGTHS_BYTES).flatmap(lambda n: st.binary(min_size=n, max_size=n)).map(Uid)


@pytest.mark.parametrize("length", [0, 1, 3, 5, 6, 9, 11])
def test_a_length_no_card_has_is_refused(length):
    with pytest.raises(ValueError, match=f"got {length}"):
        Uid(bytes(length))


def test_only_four_bytes_starting_08_are_random():
    assert Uid(bytes.fromhex("08AABBCC")).is_random
    assert not Uid(bytes.fromhex("18AABBCC")).is_random
    assert not Uid(bytes.fromhex("08AABBCCDDEEFF")).is_random


def test_hex_is_upper_case_and_whole():
    assert Uid(bytes.fromhex("04de5f1eacc040")).hex == "04DE5F1EACC040"


def test_printing_shows_the_last_two_bytes_only():
    uid = Uid(bytes.fromhex("04DE5F1EACC040"))
    for text in (str(uid), repr(uid), f"{uid}", f"{uid!r}", str([uid]), uid.masked()):
        assert "C040" in text
        assert "AC" not in text.replace("C040", "")
        assert "04DE" not in text


def test_a_uid_is_a_value():
    assert Uid(b"\x01\x02\x03\x04") == Uid(b"\x01\x02\x03\x04")
    assert pickle.loads(pickle.dumps(Uid(b"1234"))) == Uid(b"1234")  # noqa: S301 - our own bytes


@given(
    uids, st.sampled_from(["", " ", ":", "-", ".", "  "]), st.booleans(), st.sampled_from(["", "0x", "0X"])
)
def test_hexadecimal_as_typed_is_the_likeliest_reading(uid, separator, is_lower, prefix):
    text = prefix + separator.join(uid.hex[i : i + 2] for i in range(0, len(uid.hex), 2))
    assert parse_typed(f"  {text.lower() if is_lower else text}\n")[0] == uid


@given(uids)
def test_the_reversed_bytes_are_the_second_reading(uid):
    assert Uid(uid.value[::-1]) in parse_typed(uid.hex)[:2]


@given(uids.filter(lambda uid: uid.value[0] > 0))
def test_a_decimal_number_is_read_high_byte_first(uid):
    assert uid in parse_typed(str(int.from_bytes(uid.value, "big")))


@given(uids.filter(lambda uid: uid.value[-1] > 0))
def test_a_decimal_number_is_read_low_byte_first_too(uid):
    assert uid in parse_typed(str(int.from_bytes(uid.value, "little")))


@given(uids)
def test_no_reading_comes_twice(uid):
    readings = parse_typed(uid.hex)
    assert len(set(readings)) == len(readings) > 0


def test_a_wedge_readers_ten_digits_with_leading_zeros_are_four_bytes():
    assert parse_typed("0012345678") == (Uid(bytes.fromhex("00BC614E")), Uid(bytes.fromhex("4E61BC00")))


def test_eight_digits_are_hexadecimal_first_then_decimal():
    assert [uid.hex for uid in parse_typed("12345678")] == ["12345678", "78563412", "00BC614E", "4E61BC00"]


@pytest.mark.parametrize("text", ["0x12345678", "12:34:56:78", "12 34 56 78", "12-34-56-78"])
def test_pairs_and_a_prefix_rule_decimal_out(text):
    assert [uid.hex for uid in parse_typed(text)] == ["12345678", "78563412"]


@pytest.mark.parametrize(
    "text", ["", "  ", "0x", "hello", "04:DE:5G:1E", "١٢٣٤٥٦٧٨", "04DE5F1EACC0", "12345", "9" * 30]
)
def test_what_is_no_number_of_a_card_is_refused(text):
    with pytest.raises(ValueError, match="a badge number has"):
        parse_typed(text)


def test_the_error_does_not_repeat_the_input():
    with pytest.raises(ValueError, match="got 12 digits") as caught:
        parse_typed("04DE5F1EACC0")
    assert "04DE5F" not in str(caught.value)


@pytest.mark.parametrize("text", ["08AABBCC", "08:aa:bb:cc", str(0x08AABBCC)])
def test_a_random_number_is_never_enrolled(text):
    with pytest.raises(RandomUid, match="phones and bank cards"):
        parse_typed(text, for_enrolment=True)
    assert parse_typed(text)[0].is_random


def test_a_reading_that_is_random_only_in_reverse_is_left_out_of_an_enrolment():
    assert [uid.hex for uid in parse_typed("AABBCC08", for_enrolment=True)] == ["AABBCC08"]
    assert [uid.hex for uid in parse_typed("AABBCC08")] == ["AABBCC08", "08CCBBAA"]
