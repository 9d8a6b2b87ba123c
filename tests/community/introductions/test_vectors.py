"""Vectors: packed for the feed, unpacked nearly as they were, compared a block at a time."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.introductions.vectors import BLOCK_BYTES, Shelf, alike, item_key, pack, unpack

ANY_VECTOR = st.lists(st.floats(-100, 100, width=32), max_size=100).map(lambda x: np.array(x, np.float32))


def some(count: int, size: int = 96, seed: int = 1):
    vectors = np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1)[:, None]


def shelf_of(vectors) -> Shelf:
    return Shelf.of([pack(vector) for vector in vectors], vectors.shape[1])


def test_an_items_key_is_short_and_says_which_text_it_is():
    assert item_key("céramique") == item_key("céramique")
    assert len(item_key("céramique")) == len(item_key("")) == 11
    assert len({item_key(text) for text in ("céramique", "ceramique", "Céramique", "céramique ", "")}) == 5


@given(st.text())
def test_any_text_has_a_key(text: str):
    assert len(item_key(text)) == 11


def test_half_a_character_has_a_key_too():
    assert len(item_key("\ud800")) == 11


@given(ANY_VECTOR)
def test_a_vector_comes_back_nearly_as_it_was(vector):
    back = unpack(pack(vector), vector.size)
    largest = np.abs(vector).max(initial=0)
    assert back is not None
    assert back.shape == vector.shape
    assert np.abs(back - vector).max(initial=0) <= largest / 14 * 1.01 + 1e-6


def test_a_large_number_spoils_the_precision_of_its_own_block_only():
    vector = np.full(64, 0.01, np.float32)
    vector[0] = 1.0
    back = unpack(pack(vector), 64)
    assert back is not None
    assert back[1] == 0
    assert np.allclose(back[32:], 0.01, rtol=1e-3)


def test_products_survive_the_packing():
    vectors = some(200, 512)
    packed = shelf_of(vectors).vectors(0, 200)
    error = packed @ packed.T - vectors @ vectors.T
    assert np.abs(error[~np.eye(200, dtype=bool)]).max() < 0.04
    assert error.std() < 0.01


def test_a_vector_is_small_in_the_feed():
    assert len(pack(some(1, 768)[0])) == 576


@pytest.mark.parametrize("bad", [[np.nan], [np.inf], [[1.0]], [1e9]])
def test_what_is_no_vector_cannot_be_packed(bad):
    with pytest.raises(ValueError, match="finite numbers"):
        pack(np.array(bad))


BROKEN_SCALE = base64.b64encode(b"\x00\x7c" + bytes(BLOCK_BYTES - 2)).decode()


@pytest.mark.parametrize("packed", ["", "x", "é" * 24, "?" * 24, "AAAA", BROKEN_SCALE, "=" * 24])
def test_what_came_damaged_is_no_vector(packed: str):
    assert unpack(packed, 32) is None


def test_a_text_of_the_right_length_with_the_wrong_content_is_no_vector():
    # 18 bytes fill base64 exactly; 17 are as long, with a filler.
    assert unpack(base64.b64encode(bytes(17)).decode(), 32) is None


@pytest.mark.parametrize("size", [-5, 0, 31, 33, 10**12])
def test_a_vector_of_another_size_is_none(size: int):
    packed = pack(some(1, 100)[0])
    assert unpack(packed, size) is None


def test_a_shelf_says_which_of_its_vectors_are_whole():
    vectors = some(3)
    shelf = Shelf.of([pack(vectors[0]), "damaged", pack(vectors[2])], 96)
    assert shelf.good.tolist() == [True, False, True]
    assert not shelf.vectors(1, 2).any()
    assert len(shelf) == 3


def test_a_shelf_of_nothing_is_empty():
    assert len(Shelf.of([], 96)) == 0
    assert Shelf.of(["?"], 96).vectors(0, 1).shape == (1, 0)


def test_part_of_a_shelf_holds_those_vectors_in_that_order():
    vectors = some(4)
    part = shelf_of(vectors).take(np.array([3, 1]))
    assert len(part) == 2
    assert np.allclose(part.vectors(0, 2), vectors[[3, 1]], atol=0.1)
    assert np.array_equal(part.take(np.array([1])).vectors(0, 1), part.vectors(1, 2))


@pytest.mark.parametrize("rows_at_once", [1, 7, 1000])
def test_blocks_find_the_pairs_that_one_product_finds(rows_at_once: int):
    ours, theirs = shelf_of(some(40)), shelf_of(some(30, seed=2))
    expected = ours.vectors(0, 40) @ theirs.vectors(0, 30).T
    found = np.zeros_like(expected)
    for first, second, likeness in alike(ours, theirs, 0.1, rows_at_once):
        found[first, second] = likeness
    assert np.allclose(found, np.where(expected >= 0.1, expected, 0), atol=1e-6)
    assert (found > 0).sum() > 10
