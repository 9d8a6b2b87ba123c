"""What the space may know: never of fewer than five people, never a sum that is one person's."""

from hypothesis import given
from hypothesis import strategies as st

from community.ids import MemberId
from sync.receipt.spans import Span
from sync.receipt.sums import FEWEST, ROUNDED_TO, Sum, sums
from sync.store.receipts import Counted, Kind

QUARTER = Span(2026, 7, 3)
LINES = st.lists(
    st.builds(
        Counted,
        st.integers(0, 7).map(lambda n: MemberId(f"m{n}")),
        st.sampled_from(Kind),
        st.none() | st.integers(0, 5_000),
    ),
    max_size=40,
)


@given(LINES)
def test_nothing_is_said_of_fewer_than_five_and_no_sum_is_one_persons(lines: list[Counted]):
    found = sums(lines, QUARTER)
    for one in found.kinds:
        theirs = [line for line in lines if line.kind is one.kind]
        people = {line.member for line in theirs}
        assert one.lines == (len(theirs) if len(people) >= FEWEST else None)
        if one.amount is not None:
            paid = dict.fromkeys(people, 0)
            for line in theirs:
                paid[line.member] += line.amount or 0
            named = {line.member for line in theirs if line.amount is not None}
            assert len(named) >= FEWEST
            assert one.amount % ROUNDED_TO == 0
            assert one.amount <= sum(paid.values()) < one.amount + ROUNDED_TO
            assert max(paid.values()) * 2 <= sum(paid.values())
    assert found.enough == any(one.lines is not None for one in found.kinds)


def five(*amounts: int | None) -> list[Counted]:
    return [Counted(MemberId(f"m{n}"), Kind.WORK, amount) for n, amount in enumerate(amounts)]


def work(*amounts: int | None) -> Sum:
    return sums(five(*amounts), QUARTER).kinds[0]


def test_five_who_agreed_are_enough_and_money_is_rounded_down():
    assert work(500, 300, 200, 100, 150) == Sum(Kind.WORK, 5, 1200)


def test_four_are_too_few():
    assert work(500, 300, 200, 100) == Sum(Kind.WORK, None)


def test_five_lines_of_which_four_name_an_amount_are_counted_without_money():
    assert work(500, 300, 200, 100, None) == Sum(Kind.WORK, 5, None)


def test_a_sum_that_is_mostly_one_persons_is_not_told():
    assert work(50_000, 300, 200, 100, 100) == Sum(Kind.WORK, 5, None)
