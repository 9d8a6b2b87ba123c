"""Guessing gets slower and slower, and is forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from sync.dashboard.throttle import FORGET_S, LONGEST_WAIT_S, MOST_KEYS, Throttle


def test_the_first_tries_are_free_and_then_each_waits_longer():
    throttle = Throttle(3)
    waits = []
    for _ in range(8):
        throttle.failed("a", 0.0)
        waits.append(throttle.wait_s("a", 0.0))
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32]


def test_no_wait_is_longer_than_the_longest():
    throttle = Throttle(3)
    for _ in range(1_000):
        throttle.failed("a", 0.0)
    assert throttle.wait_s("a", 0.0) == LONGEST_WAIT_S


def test_a_success_forgets_and_so_does_time():
    throttle = Throttle(1)
    throttle.failed("a", 0.0)
    throttle.succeeded("a")
    assert throttle.wait_s("a", 0.0) == 0
    for _ in range(5):
        throttle.failed("a", 0.0)
    throttle.failed("a", FORGET_S)
    assert throttle.wait_s("a", FORGET_S) == 1


def test_a_try_that_was_right_is_taken_back_and_the_wrong_ones_stay():
    throttle = Throttle(1)
    throttle.failed("a", 0.0)
    throttle.failed("a", 0.0)
    throttle.forgiven("a")
    throttle.forgiven("b")
    assert throttle.wait_s("a", 0.0) == 1
    throttle.forgiven("a")
    assert throttle.wait_s("a", 0.0) == 0


def test_only_so_many_keys_are_remembered_the_oldest_go_first():
    throttle = Throttle(1)
    for number in range(MOST_KEYS + 1):
        throttle.failed(str(number), 0.0)
    assert throttle.wait_s("0", 0.0) == 0
    assert throttle.wait_s(str(MOST_KEYS), 0.0) == 1


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_one_key_never_slows_another(times):
    throttle = Throttle(1)
    for at_s in sorted(times):
        throttle.failed("a", at_s)
    assert throttle.wait_s("b", max(times)) == 0
