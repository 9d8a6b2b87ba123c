"""Tables: people who would gain from each other, and nobody beside somebody they avoid."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.ids import MemberId
from community.introductions.pairing import Pair, pair
from community.introductions.seating import FEWEST, MOST, seat
from community.introductions.slots import Slot
from community.introductions.tables import Occasion
from tests.fakes.judges import FakeJudge

PEOPLE = [MemberId(f"m-{number:02}") for number in range(12)]
A, B, C, D, E, F, G = PEOPLE[:7]
ALIKE = {(pair(*both), Slot.NEIGHBOUR): 0.5 for both in combinations(PEOPLE, 2)}


def test_three_who_gain_from_each_other_sit_together():
    judge = FakeJudge({((A, B), Slot.PARTNER): 0.9, ((B, C), Slot.NEIGHBOUR): 0.2})
    ((*table,),) = seat(judge, [C, D, B, A], 4, Occasion.COFFEE)
    assert sorted(table) == [A, B, C]


def test_two_are_no_table():
    judge = FakeJudge({((A, B), Slot.PARTNER): 0.9})
    assert seat(judge, [A, B, C], 5, Occasion.COFFEE) == ()
    assert seat(judge, [A, B], 5, Occasion.COFFEE) == seat(judge, [], 5, Occasion.COFFEE) == ()


def test_nobody_sits_beside_somebody_they_avoid():
    judge = FakeJudge(ALIKE, barred=[(A, B), (A, C), (B, C)])
    for table in seat(judge, PEOPLE[:6], 3, Occasion.LUNCH):
        assert len({A, B, C} & set(table)) <= 1
    assert seat(judge, [A, B, C], 3, Occasion.LUNCH) == ()


def test_a_pair_nobody_can_join_does_not_stop_the_others():
    scores = {((A, B), Slot.PARTNER): 0.9}
    scores |= {(both, Slot.PARTNER): 0.1 for both in combinations([C, D, E], 2)}
    (table,) = seat(FakeJudge(scores), [A, B, C, D, E], 3, Occasion.COFFEE)
    assert sorted(table) == [C, D, E]


def test_seven_sit_at_two_tables_not_five_and_two_left():
    tables = seat(FakeJudge(ALIKE), PEOPLE[:7], 5, Occasion.COFFEE)
    assert sorted(len(table) for table in tables) == [3, 4]


def test_who_is_excluded_is_not_seated():
    tables = seat(FakeJudge(ALIKE), PEOPLE[:6], 3, Occasion.COFFEE, exclude=[A, B])
    assert {A, B}.isdisjoint(*tables)


def test_coffee_and_lunch_draw_their_ties_apart():
    judge = FakeJudge(ALIKE)
    coffee = [seat(judge, PEOPLE, 3, Occasion.COFFEE, seed=str(seed)) for seed in range(3)]
    lunch = [seat(judge, PEOPLE, 3, Occasion.LUNCH, seed=str(seed)) for seed in range(3)]
    assert coffee != lunch
    assert coffee[0] != coffee[1]


@pytest.mark.parametrize("size", [FEWEST - 1, MOST + 1])
def test_a_size_that_is_no_tables_is_refused(size: int):
    with pytest.raises(ValueError, match="a table is for 3 to 5"):
        seat(FakeJudge({}), PEOPLE, size, Occasion.COFFEE)


def test_of_a_great_many_some_are_drawn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("community.introductions.seating.AT_ONCE", 7)
    tables = seat(FakeJudge(ALIKE), PEOPLE, 4, Occasion.COFFEE)
    assert sum(len(table) for table in tables) == 7


@st.composite
def rooms(draw: st.DrawFn) -> tuple[FakeJudge, list[MemberId], set[Pair]]:
    pairs = st.sampled_from(list(combinations(PEOPLE, 2)))
    scores = draw(st.dictionaries(st.tuples(pairs, st.sampled_from(Slot)), st.floats(0.05, 1), max_size=40))
    barred = draw(st.sets(pairs, max_size=10))
    return FakeJudge(scores, barred), draw(st.lists(st.sampled_from(PEOPLE), unique=True)), barred


@given(rooms(), st.integers(FEWEST, MOST), st.sampled_from(Occasion), st.randoms(use_true_random=False))
def test_any_room_is_seated_well(scene, size: int, occasion: Occasion, chance):
    judge, present, barred = scene
    tables = seat(judge, present, size, occasion, seed="day")
    assert tables == seat(judge, chance.sample(present, len(present)), size, occasion, seed="day")
    seated = Counter(member for table in tables for member in table)
    assert set(seated) <= set(present)
    assert all(times == 1 for times in seated.values())
    for table in tables:
        assert FEWEST <= len(table) <= size
        assert not barred & {pair(*both) for both in combinations(table, 2)}
        for member in table:
            assert judge.row(member, table).max() > 0
