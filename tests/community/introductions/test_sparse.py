"""Sparse tables: entries, blocks, and turning."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from community.introductions.sparse import Sparse, blocks

SIZE = 6
ENTRIES = st.dictionaries(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), st.sampled_from([0.25, 0.5, 1.0])
)
SOME_ROWS = st.lists(st.integers(0, SIZE - 1), max_size=8).map(lambda rows: np.array(rows, np.intp))


def made(entries) -> tuple[Sparse, np.ndarray]:
    full = np.zeros((SIZE, SIZE))
    for (row, column), value in entries.items():
        full[row, column] = value
    rows = np.array([row for row, _ in entries], np.intp)
    columns = np.array([column for _, column in entries], np.intp)
    return Sparse.of(SIZE, rows, columns, np.array(list(entries.values()), np.float64)), full


@given(ENTRIES, SOME_ROWS, SOME_ROWS)
def test_a_block_is_what_it_is_in_the_full_table(entries, rows, columns):
    table, full = made(entries)
    assert np.array_equal(table.block(rows, columns), full[rows][:, columns])
    assert np.array_equal(table.turned().block(rows, columns), full.T[rows][:, columns])


@given(ENTRIES, ENTRIES, SOME_ROWS, SOME_ROWS)
def test_two_tables_give_the_same_block_at_once_and_nobody_has_nothing(first, second, rows, columns):
    rows, columns = rows - 1, columns - 1
    tables = [made(first), made(second)]
    found = blocks([table for table, _ in tables], rows, columns)
    for (_, full), block in zip(tables, found, strict=True):
        known = (rows >= 0)[:, None] & (columns >= 0)
        assert np.array_equal(block, np.where(known, full[rows][:, columns], 0))


@given(ENTRIES)
def test_every_entry_has_its_place_and_no_other_has(entries):
    table, full = made(entries)
    for row in range(SIZE):
        for column in range(SIZE):
            place = table.place(row, column)
            assert (place is not None) == ((row, column) in entries)
            assert table.value(row, column) == full[row, column]


def test_a_table_knows_its_size_and_rows():
    table, _ = made({(1, 2): 1.0, (1, 0): 0.5})
    assert table.size == SIZE
    assert table.rows.tolist() == [1, 1]
    assert table.columns.tolist() == [0, 2]
