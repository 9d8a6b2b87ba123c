"""Links: from pairs of items to pairs of people."""

import numpy as np
import pytest

from community.introductions.links import CERTAIN, ItemPairs, Links


def pairs(*lines: tuple[int, int, int, int, float]) -> ItemPairs:
    columns = np.array([line[:4] for line in lines], np.intp).reshape(len(lines), 4)
    return ItemPairs(*columns.T, np.array([line[4] for line in lines], np.float64))


def lines(found: ItemPairs) -> list[tuple[int, int, int, int, float]]:
    arrays = (found.ones, found.others, found.places, found.their_places, found.strengths)
    return [tuple(line) for line in zip(*(array.tolist() for array in arrays), strict=True)]


def test_two_pairs_of_items_are_surer_than_one():
    found = pairs((0, 1, 0, 0, 0.5), (0, 1, 1, 2, 0.6), (0, 2, 0, 0, 0.5)).by_person(3)
    assert lines(found) == [(0, 1, 1, 2, 0.8), (0, 2, 0, 0, 0.5)]


def test_among_items_that_are_equally_good_the_first_written_counts():
    found = pairs((0, 1, 1, 0, 0.5), (0, 1, 0, 1, 0.5), (0, 1, 0, 2, 0.5)).by_person(2)
    assert lines(found) == [(0, 1, 0, 1, 0.875)]


def test_nothing_is_certain():
    assert pairs((0, 1, 0, 0, 1.0)).by_person(2).strengths[0] == CERTAIN


def test_of_nothing_comes_nothing():
    nothing = ItemPairs.joined([])
    assert lines(nothing.by_person(0)) == []
    assert lines(nothing.shortlist(0, 3)) == []
    assert lines(nothing.both_ways(0)) == []
    assert Links.of(0, nothing).table.size == 0


def test_a_shortlist_keeps_the_strongest():
    found = pairs((0, 1, 0, 0, 0.2), (0, 2, 0, 0, 0.9), (0, 3, 0, 0, 0.5), (1, 0, 0, 0, 0.1)).shortlist(4, 2)
    assert lines(found) == [(0, 2, 0, 0, 0.9), (0, 3, 0, 0, 0.5), (1, 0, 0, 0, 0.1)]


def test_where_all_are_equal_everybody_is_on_as_many_shortlists():
    size = 12
    everybody = [(one, other, 0, 0, 0.8) for one in range(size) for other in range(size) if one != other]
    found = pairs(*everybody).shortlist(size, 3)
    assert np.bincount(found.others).tolist() == [3] * size


def test_what_two_have_in_common_stands_on_both_sides_once():
    found = pairs((0, 1, 2, 3, 0.5), (1, 0, 3, 2, 0.5), (2, 1, 4, 5, 0.6)).both_ways(3)
    assert sorted(lines(found)) == [
        (0, 1, 2, 3, 0.5), (1, 0, 3, 2, 0.5), (1, 2, 5, 4, 0.6), (2, 1, 4, 5, 0.6),
    ]  # fmt: skip


def test_people_can_move_and_leave():
    found = pairs((0, 1, 0, 0, 0.5), (1, 2, 0, 0, 0.6)).moved(np.array([2, 0, -1]))
    assert lines(found) == [(2, 0, 0, 0, 0.5)]


def test_links_remember_the_two_items_and_can_be_taken_apart_again():
    links = Links.of(3, pairs((2, 0, 1, 0, 0.5), (0, 2, 3, 4, 0.25)))
    assert links.best(0, 2) == (3, 4)
    assert links.best(2, 0) == (1, 0)
    assert links.best(0, 1) is None
    assert lines(links.pairs()) == [(0, 2, 3, 4, 0.25), (2, 0, 1, 0, 0.5)]
    assert links.turned.block(np.array([0]), np.array([2]))[0, 0] == pytest.approx(0.5)
