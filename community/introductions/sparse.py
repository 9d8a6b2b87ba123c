"""A table of mostly nothing: who with whom, and how much, of thousands of people.

Pure.  Compressed rows: one row's entries stand together, in the order of their columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]
Numbers = NDArray[np.float64]


def smallest(numbers: Indices) -> NDArray[np.unsignedinteger]:
    """Return the same numbers, none below 0, in as few bytes each as they need."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """Entries of an n × n table, sorted by row, then column; an entry that is missing is 0."""

    starts: Indices
    """Where each row's entries begin, and the end of the last: n + 1 numbers."""
    columns: NDArray[np.unsignedinteger]
    """As small as the table's size allows: with thousands of people there are hundreds of thousands."""
    values: NDArray[np.float32]

    @classmethod
    def of(cls, size: int, rows: Indices, columns: Indices, values: Numbers) -> "Sparse":
        """Return the table of these entries, each (row, column) at most once, in any order."""
        order = np.lexsort((columns, rows))
        starts = np.zeros(size + 1, np.intp)
        np.cumsum(np.bincount(rows, minlength=size), out=starts[1:])
        return cls(starts, smallest(columns[order]), values[order].astype(np.float32))

    @property
    def size(self) -> int:
        """Rows, and columns."""
        return len(self.starts) - 1

    @property
    def rows(self) -> Indices:
        """The row of each entry."""
        return np.repeat(np.arange(self.size), np.diff(self.starts))

    def turned(self) -> "Sparse":
        """Return the table with rows and columns exchanged."""
        return Sparse.of(self.size, self.columns.astype(np.intp), self.rows, self.values.astype(np.float64))

    def place(self, row: int, column: int) -> int | None:
        """Return where an entry stands among `values`, or `None` if it is missing."""
        start, stop = int(self.starts[row]), int(self.starts[row + 1])
        place = start + int(np.searchsorted(self.columns[start:stop], column))
        return place if place < stop and self.columns[place] == column else None

    def value(self, row: int, column: int) -> float:
        """Return one entry, 0 where it is missing."""
        place = self.place(row, column)
        return 0.0 if place is None else float(self.values[place])

    def block(self, rows: Indices, columns: Indices) -> Numbers:
        """Return part of the table, filled with zeros: shape (len(rows), len(columns)).

        A row or a column of -1 is nobody's: all zeros.
        """
        block: Numbers = blocks((self,), rows, columns)[0]
        return block

    def fill(self, rows: Indices, filled: NDArray[np.float32]) -> None:
        """Write some rows into a block of zeros that has a column more than the table."""
        if len(rows) == 1:  # the one of every tap, in a quarter of the time
            row = int(rows[0])
            run = slice(self.starts[row], self.starts[row + 1]) if row >= 0 else slice(0)
            filled[0, self.columns[run]] = self.values[run]
            return
        counts = np.maximum(self.starts[rows + 1] - self.starts[rows], 0)
        ends = np.cumsum(counts)
        entries = np.arange(int(counts.sum()))
        entries += np.repeat(self.starts[rows] - ends + counts, counts)
        filled[np.repeat(np.arange(len(rows)), counts), self.columns[entries]] = self.values[entries]


def blocks(tables: Sequence[Sparse], rows: Indices, columns: Indices) -> Numbers:
    """Return the same block of tables of one size: shape (len(tables), len(rows), len(columns)).

    A row or a column of -1 is nobody's: all zeros.
    """
    filled = np.zeros((len(tables), len(rows), tables[0].size + 1), np.float32)
    for table, part in zip(tables, filled, strict=True):
        table.fill(rows, part)
    return filled.take(columns, axis=2).astype(np.float64)
