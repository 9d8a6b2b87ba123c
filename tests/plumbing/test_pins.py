"""PINs are checked as they were hashed, and nobody's takes as long as anybody's."""

from statistics import median
from time import perf_counter

from community.badges import BadgeKey
from community.ids import MemberId
from plumbing.pins import hashed, is_right

KEY = BadgeKey(1, b"s" * 32)
LEA = MemberId("lea")


def test_the_right_pin_is_right_and_no_other():
    stored = hashed(KEY, LEA, "7394")
    assert is_right(KEY, stored, "7394")
    assert not is_right(KEY, stored, "7395")
    assert not is_right(KEY, None, "7394")
    assert not is_right(BadgeKey(2, b"s" * 32), stored, "7394")
    assert not is_right(BadgeKey(1, b"t" * 32), stored, "7394")


def test_a_hash_that_is_none_is_wrong():
    stored = hashed(KEY, LEA, "7394")
    assert not is_right(KEY, type(stored)(LEA, "not a hash"), "7394")


def test_nobodys_pin_takes_as_long_as_a_wrong_one():
    stored = hashed(KEY, LEA, "7394")

    def took(of: object) -> float:
        began = perf_counter()
        is_right(KEY, of, "1111")
        return perf_counter() - began

    took(None)
    pairs = [(took(None), took(stored)) for _ in range(9)]
    assert 0.5 < median(none / wrong for none, wrong in pairs) < 2.0
