from hypothesis import given
from hypothesis import strategies as st

from hardware.presence import LIFT_POLLS, Presence
from hardware.uid import Uid

A, B = Uid(bytes.fromhex("04000000000001")), Uid(bytes.fromhex("04000000000002"))
RANDOM_1, RANDOM_2 = Uid(bytes.fromhex("08000001")), Uid(bytes.fromhex("08000002"))

polls = st.lists(st.sampled_from([None, A, B, RANDOM_1, RANDOM_2]), max_size=60)


def taps(sequence):
    presence, found = Presence(), []
    for uid in sequence:
        presence, is_new = presence.after(uid)
        if is_new:
            found.append(uid)
    return found


def test_a_card_that_stays_is_one_tap():
    assert taps([A] * 20) == [A]


def test_one_miss_is_no_lift():
    assert taps([A, None, A, None, A]) == [A]


def test_a_card_that_was_lifted_is_a_new_tap():
    assert taps([A, *[None] * LIFT_POLLS, A]) == [A, A]


def test_another_card_is_a_new_tap_at_once():
    assert taps([A, B]) == [A, B]


def test_two_cards_read_in_turns_are_one_tap_each():
    assert taps([A, B] * 10) == [A, B]


def test_a_phone_that_changes_its_number_is_one_tap():
    assert taps([RANDOM_1, RANDOM_2, None, RANDOM_1]) == [RANDOM_1]


def test_a_phone_that_was_lifted_is_a_new_tap():
    assert taps([RANDOM_1, None, None, RANDOM_2]) == [RANDOM_1, RANDOM_2]


@given(polls)
def test_whatever_is_read_a_tap_needs_a_lift_before_it(sequence):
    def card(uid):
        return None if uid is None else "random" if uid.is_random else uid.hex

    expected = [
        uid
        for i, uid in enumerate(sequence)
        if uid and card(uid) not in [card(earlier) for earlier in sequence[max(0, i - LIFT_POLLS) : i]]
    ]
    assert taps(sequence) == expected


@given(polls)
def test_at_most_as_many_cards_are_remembered_as_polls_make_a_lift(sequence):
    presence = Presence()
    for uid in sequence:
        presence, _ = presence.after(uid)
        assert len(presence.misses) <= LIFT_POLLS


def test_a_card_found_again_by_the_first_look_after_an_outage_is_the_same_tap():
    held, _ = Presence().after(A)
    same, is_new = held.reopened(A).after(A)
    assert not is_new
    assert same.after(A) == (same, False)


def test_any_other_card_and_any_later_look_after_an_outage_is_a_new_tap():
    held, _ = Presence().after(A)
    assert held.reopened(None) == held.reopened(B) == Presence()
    assert Presence().reopened(A) == Presence()


def test_a_phone_held_through_an_outage_is_one_tap():
    held, _ = Presence().after(Uid(b"\x08abc"))
    assert held.reopened(Uid(b"\x08def")).after(Uid(b"\x08ghi"))[1] is False
