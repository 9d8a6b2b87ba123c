"""A second arrival never waits and never erases the first: the last few go on as strips."""

from hypothesis import given
from hypothesis import strategies as st

from community.ids import MemberId
from kiosk.core.greeted import STRIPS_AT_MOST, Greeted, Greetings

WHO = st.sampled_from([MemberId(letter) for letter in "abcdef"])


@given(st.lists(st.tuples(WHO, st.floats(0, 20), st.floats(10, 300)), max_size=40))
def test_whoever_comes_how_fast_they_may_the_last_few_are_there_once_each_the_newest_first(arrivals):
    greetings, now_s, said = Greetings(), 0.0, []
    for member, wait_s, stays_s in arrivals:
        now_s += wait_s
        strips = greetings.before(member, now_s)
        still = []
        for known in reversed(said):
            if known.member_id not in {member, *(one.member_id for one in still)}:
                still.append(known)
        recent = [one for one in still if now_s < one.until_s]
        assert len(strips) <= STRIPS_AT_MOST
        assert member not in {one.member_id for one in strips}
        assert list(strips) == recent[: len(strips)]
        assert len(strips) >= min(len(recent), 1), "the latest is never lost while its time runs"
        greeted = Greeted(member, (), now_s + stays_s)
        greetings = greetings.greet(greeted, now_s)
        said.append(greeted)
        assert greetings.shown[0] == greeted


def test_three_strips_stand_under_a_fourth_greeting():
    greetings = Greetings()
    for place, letter in enumerate("abcd"):
        greetings = greetings.greet(Greeted(MemberId(letter), (), 100), place)
    assert [one.member_id for one in greetings.before(MemberId("e"), 10)] == ["d", "c", "b"]
    assert greetings.before(MemberId("e"), 100) == ()
