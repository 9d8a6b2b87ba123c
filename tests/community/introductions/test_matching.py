"""Pairing up many: limits hold, nothing can be added, and little is left on the table."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.introductions.circles import b_matching
from community.introductions.matching import HEAVY, Edge, Matching, edge_of


def symmetric(weights: np.ndarray) -> np.ndarray:
    """Return weights that are the same from both sides, nobody with themselves."""
    upper = np.triu(weights, 1)
    return upper + upper.transpose(0, 2, 1)


def table(*pairs: tuple[int, int, int, float], slots: int = 1, people: int = 4) -> np.ndarray:
    """Return the weights of these pairs: slot, one, other, weight."""
    weights = np.zeros((slots, people, people))
    for slot, one, other, weight in pairs:
        weights[slot, one, other] = weights[slot, other, one] = weight
    return weights


def matched(weights: np.ndarray, cap: int = 1, per_slot: int = 1) -> list[Edge]:
    """Return the matching where everybody has the same limits."""
    slots, people, _ = weights.shape
    return b_matching(weights, np.full(people, cap), np.full((slots, people), per_slot))


def value(weights: np.ndarray, edges: list[Edge]) -> float:
    """Return what some edges weigh together."""
    return float(sum(weights[edge] for edge in edges))


def best_of_all(weights: np.ndarray, cap: int, per_slot: int) -> float:
    """Return the value of the best matching, found by trying all; for a handful of pairs."""
    slots, people, _ = weights.shape
    places = [(one, other) for one, other in combinations(range(people), 2) if weights[:, one, other].any()]
    best = 0.0
    for choice in product(range(-1, slots), repeat=len(places)):
        edges = [(slot, *ends) for slot, ends in zip(choice, places, strict=True) if slot >= 0]
        if keeps_limits(edges, people, slots, cap, per_slot):
            best = max(best, value(weights, edges))
    return best


def keeps_limits(edges: list[Edge], people: int, slots: int, cap: int, per_slot: int) -> bool:
    """Say whether nobody is in more pairs than their limits."""
    load = np.zeros((slots, people), dtype=int)
    for slot, one, other in edges:
        load[slot, one] += 1
        load[slot, other] += 1
    return bool((load <= per_slot).all() and (load.sum(axis=0) <= cap).all())


def test_nobody_is_matched_with_nobody():
    assert matched(np.zeros((3, 0, 0))) == matched(np.zeros((3, 1, 1))) == matched(np.zeros((3, 4, 4))) == []


def test_two_light_pairs_are_better_than_a_heavy_one_in_the_middle():
    weights = table((0, 0, 1, 0.6), (0, 1, 2, 0.7), (0, 2, 3, 0.6))
    assert matched(weights) == [(0, 0, 1), (0, 2, 3)]


def test_two_pairs_exchange_their_people():
    weights = table((0, 0, 1, 0.9), (0, 2, 3, 0.1), (0, 0, 2, 0.6), (0, 1, 3, 0.6))
    assert matched(weights) == [(0, 0, 2), (0, 1, 3)]


def test_three_pairs_exchange_their_people():
    ring = [(0, at, (at + 1) % 6, 0.9 if at % 2 else 0.8) for at in range(6)]
    assert value(table(*ring, people=6), matched(table(*ring, people=6))) == pytest.approx(2.7)


def test_a_pair_is_matched_once_though_it_suits_two_slots():
    weights = table((0, 0, 1, 0.5), (1, 0, 1, 0.9), slots=2)
    assert matched(weights, cap=2) == [(1, 0, 1)]


def test_where_one_slot_is_full_another_takes_the_pair():
    weights = table((0, 0, 1, 0.9), (0, 0, 2, 0.8), (1, 0, 2, 0.2), slots=2)
    assert matched(weights, cap=2) == [(0, 0, 1), (1, 0, 2)]


def test_in_a_large_room_circles_stay_inside_their_slot(monkeypatch: pytest.MonkeyPatch):
    weights = table((0, 0, 1, 0.6), (1, 1, 2, 0.7), (0, 2, 3, 0.6), slots=2)
    assert matched(weights) == [(0, 0, 1), (0, 2, 3)]
    monkeypatch.setattr("community.introductions.circles.ACROSS", 0)
    assert matched(weights) == [(1, 1, 2)]


def test_rounds_are_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("community.introductions.circles.MOST_ROUNDS", 1)
    weights = table((0, 0, 1, 0.6), (0, 1, 2, 0.7), (0, 2, 3, 0.6))
    assert matched(weights) == [(0, 0, 1), (0, 2, 3)]


def test_a_limit_of_nothing_leaves_somebody_out():
    weights = table((0, 0, 1, 0.9), (0, 1, 2, 0.1))
    assert b_matching(weights, np.array([0, 1, 1, 1]), np.ones((1, 4), dtype=int)) == [(0, 1, 2)]


def test_whoever_is_beyond_the_heaviest_pairs_is_still_matched():
    people = 2 * HEAVY + 6
    weights = np.zeros((1, people, people))
    weights[0, : HEAVY + 1, : HEAVY + 1] = 0.9
    weights[0, HEAVY + 1 :, :] = weights[0, :, HEAVY + 1 :] = 0.1
    edges = matched(symmetric(weights))
    assert len(edges) == people // 2


def test_a_pair_is_taken_where_it_can_be_and_once():
    weights = table((0, 0, 1, 0.5), (1, 0, 1, 0.4), slots=2)
    matching = Matching.empty(weights, np.full(4, 1), np.ones((2, 4), dtype=int))
    assert matching.add(0, 0, 1)
    assert not matching.add(0, 0, 1)
    assert matching.add_in([0, 1], 0, 1) is None
    matching.drop((0, 0, 1))
    matching.forbid((0, 0, 1))
    assert matching.add_in([0, 1], 1, 0) == edge_of(1, 1, 0) == (1, 0, 1)
    matching.allow((0, 0, 1))
    assert matching.add_in([0, 1], 0, 1) is None
    matching.drop((1, 0, 1))
    assert matching.add_in([0, 1], 0, 1) == (0, 0, 1)


@st.composite
def small(draw: st.DrawFn) -> tuple[np.ndarray, int, int]:
    people, slots = draw(st.integers(2, 6)), draw(st.integers(1, 2))
    pairs = draw(
        st.lists(
            st.tuples(
                st.integers(0, slots - 1),
                st.integers(0, people - 1),
                st.integers(0, people - 1),
                st.floats(0.01, 1),
            ),
            max_size=6,
        )
    )
    given_pairs = [edge for edge in pairs if edge[1] != edge[2]]
    return table(*given_pairs, slots=slots, people=people), draw(st.integers(0, 3)), draw(st.integers(1, 2))


@given(small())
def test_limits_hold_nothing_can_be_added_and_the_best_is_near(case: tuple[np.ndarray, int, int]):
    weights, cap, per_slot = case
    slots, people, _ = weights.shape
    edges = matched(weights, cap, per_slot)
    assert len({edge[1:] for edge in edges}) == len(edges)
    assert all(one < other and weights[slot, one, other] > 0 for slot, one, other in edges)
    assert keeps_limits(edges, people, slots, cap, per_slot)
    taken = {edge[1:] for edge in edges}
    for slot, one, other in product(range(slots), range(people), range(people)):
        if one < other and (one, other) not in taken and weights[slot, one, other] > 0:
            more = [*edges, (slot, one, other)]
            assert not keeps_limits(more, people, slots, cap, per_slot)
    assert value(weights, edges) >= 0.5 * best_of_all(weights, cap, per_slot) - 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_six_people_get_nearly_the_best_there_is(seed: int):
    weights = symmetric(np.random.default_rng(seed).random((1, 5, 5)))
    assert value(weights, matched(weights)) >= 0.97 * best_of_all(weights, 1, 1)


@pytest.mark.parametrize("people", [12, 60])
def test_the_same_room_is_matched_the_same_way_twice(people: int):
    weights = symmetric(np.random.default_rng(people).random((3, people, people)))
    edges = matched(weights, cap=3)
    assert edges == matched(weights.copy(), cap=3)
    assert keeps_limits(edges, people, 3, 3, 1)
    # A full room: hardly anybody lacks anything.
    assert len(edges) >= 0.95 * 3 * people / 2
