"""Vectors of short items: packed small for the feed, unpacked for comparing, compared a block at a time.

Pure.  The hub makes a vector of every item and packs it; a kiosk unpacks it.  Two vectors' product is how
alike their items are: a sentence encoder's cosine plus a weighted lexical one, so norms are not 1.

Packed, a vector is base64 of blocks of `BLOCK` numbers: a half-precision scale (little-endian), then half a
byte a number.  18 bytes for 32 numbers; the error of a product stays near 0.005, a tenth of what separates
a good fit from a doubtful one.

Source: block-wise 4-bit quantisation, the Q4_0 scheme of llama.cpp.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
"""Numbers that share one scale: one large number spoils the precision of its own block only."""

STEPS = 7
"""Steps on each side of zero that half a byte can tell apart."""

BLOCK_BYTES = 2 + BLOCK // 2

LARGEST = 1e5
"""The largest number in a vector: a scale must fit half precision."""

ROWS_AT_ONCE = 1024
"""Vectors unpacked together: a few megabytes each time, whatever the number of members."""

Vector = NDArray[np.float32]
Rows = NDArray[np.intp]


def item_key(text: str) -> str:
    """Return the short name of an item's exact text: 11 characters, safe in a key.

    64 bits: among a million items a clash is one in tens of millions.
    """
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def pack(vector: NDArray[np.floating]) -> str:
    """Return a vector in its small form.

    Args:
        vector: One-dimensional, no number beyond `LARGEST`.

    Raises:
        ValueError: It is not.
    """
    if vector.ndim != 1 or not (np.abs(vector) <= LARGEST).all():
        raise ValueError("a vector is one row of finite numbers, none of them large")
    blocks = np.zeros((blocks_of(vector.size), BLOCK), np.float32)
    blocks.reshape(-1)[: vector.size] = vector
    scales = (np.abs(blocks).max(axis=1, initial=0.0) / STEPS).astype("<f2")
    divisors = np.where(scales > 0, scales.astype(np.float32), 1.0)[:, None]
    steps = np.clip(np.rint(blocks / divisors), -STEPS, STEPS).astype(np.int8) + 8
    halves = steps.astype(np.uint8)
    packed = np.empty((len(blocks), BLOCK_BYTES), np.uint8)
    packed[:, :2] = scales.view(np.uint8).reshape(-1, 2)
    packed[:, 2:] = halves[:, 0::2] | (halves[:, 1::2] << 4)
    return base64.b64encode(packed.tobytes()).decode()


def unpack(packed: str, size: int) -> Vector | None:
    """Return the vector `pack` was given, nearly; `None` if this is no vector of `size` numbers."""
    shelf = Shelf.of((packed,), size)
    return shelf.vectors(0, 1)[0] if shelf.good[0] else None


def blocks_of(size: int) -> int:
    """Return how many blocks hold `size` numbers."""
    return -(-size // BLOCK)


class Shelf:
    """Many vectors in their packed form, unpacked some at a time: 0.6 bytes a number instead of 4."""

    def __init__(
        self, packed: NDArray[np.uint8], size: int, good: NDArray[np.bool_], rows: Rows | None = None
    ) -> None:
        self._packed = packed
        self._rows = np.arange(len(packed)) if rows is None else rows
        self.size = size
        """Numbers in one vector."""
        self.good = good
        """Which vectors came whole; the others are all zeros."""

    @classmethod
    def of(cls, packed: Sequence[str], size: int) -> "Shelf":
        """Return the shelf of these vectors, in order; what is no vector of `size` becomes zeros."""
        width = blocks_of(size) * BLOCK_BYTES
        good = np.array([_holds(text, width) for text in packed], np.bool_)
        if not good.any():  # a size that makes no sense asks for no memory
            return cls(np.zeros((len(packed), 0), np.uint8), 0, good)
        rows = np.zeros((len(packed), width), np.uint8)
        for row in np.flatnonzero(good):
            raw = _decoded(packed[int(row)])
            good[row] = len(raw) == width
            if good[row]:
                rows[row] = np.frombuffer(raw, np.uint8)
        scales = _scales(rows.reshape(len(rows), blocks_of(size), BLOCK_BYTES))
        broken = ~np.isfinite(scales).all(axis=(1, 2))  # damaged on the way
        rows[broken] = 0
        return cls(rows, size, good & ~broken)

    def __len__(self) -> int:
        return len(self._rows)

    def take(self, rows: Rows) -> "Shelf":
        """Return the shelf of some of the vectors, in the order of `rows`; nothing is copied."""
        return Shelf(self._packed, self.size, self.good[rows], self._rows[rows])

    def vectors(self, start: int, stop: int) -> Vector:
        """Return a run of vectors: shape (stop - start, size)."""
        packed = self._packed[self._rows[start:stop]]
        rows = packed.reshape(len(packed), blocks_of(self.size), BLOCK_BYTES)
        numbers = np.empty((*rows.shape[:2], BLOCK), np.float32)
        numbers[:, :, 0::2] = rows[:, :, 2:] & 15
        numbers[:, :, 1::2] = rows[:, :, 2:] >> 4
        numbers -= 8
        numbers *= _scales(rows)
        return numbers.reshape(len(rows), rows.shape[1] * BLOCK)[:, : self.size]


def alike(
    some: Shelf, others: Shelf, least: float, rows_at_once: int = ROWS_AT_ONCE
) -> Iterator[tuple[Rows, Rows, Vector]]:
    """Yield the pairs of vectors that are at least this alike, some rows of the first shelf at a time.

    Args:
        some: Compared row by row, in order.
        others: Compared with each of them.
        least: The likeness from which a pair counts.
        rows_at_once: How many vectors of either shelf are unpacked at once; bounds the memory.

    Yields:
        Row in `some` (never going back from one yield to the next), row in `others`, likeness.
    """
    for start in range(0, len(some), rows_at_once):
        mine = some.vectors(start, start + rows_at_once)
        for begin in range(0, len(others), rows_at_once):
            likeness = mine @ others.vectors(begin, begin + rows_at_once).T
            found = np.flatnonzero(likeness >= least)
            first, second = np.divmod(found, likeness.shape[1])
            yield first + start, second + begin, likeness.ravel()[found]


def _scales(blocks: NDArray[np.uint8]) -> Vector:
    """Return the scale of each block: shape (vectors, blocks, 1)."""
    return np.ascontiguousarray(blocks[:, :, :2]).view("<f2").astype(np.float32)


def _holds(text: str, size_bytes: int) -> bool:
    """Say whether a text is as long as base64 of so many bytes."""
    return len(text) == -(-size_bytes // 3) * 4


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
