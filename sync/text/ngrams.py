"""Runs of letters as a vector: words that look alike are alike, in any language.

"comptable" and "comptabilité" share most of their runs, "photographie" and "photography" nearly all.  Every
run has its fixed place in the vector ("hashing"): an item's vector needs to know of no other item.

Source: character n-grams of words, Cavnar and Trenkle 1994; signed hashing, Weinberger et al. 2009.
"""

import math
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sync.text.glossary import Glossary
from sync.text.words import EMPTY, FAINT, FAINTNESS, words_of

SHORTEST, LONGEST = 3, 5
"""Letters in a run; a word's edges count as one letter each."""


def features(text: str, glossary: Glossary, concept_weight: float) -> dict[str, float]:
    """Return what is counted of one item, and how much of it.

    Args:
        text: Normalised.
        glossary: What it means beyond its letters.
        concept_weight: How much one line of the glossary weighs; a run that stands once weighs 1.
    """
    words = words_of(text)
    small = [word.casefold() for word in words]
    runs: dict[str, float] = {}
    for word in small:
        if word in EMPTY and len(words) > 1:
            continue
        weight = FAINTNESS if word in FAINT else 1.0
        for run in _runs(f" {word} "):
            runs[run] = runs.get(run, 0.0) + weight
    counted = {run: 1.0 + math.log(weight) if weight > 1 else weight for run, weight in runs.items()}
    for line, said in glossary.found(words).items():
        counted[f"={line}"] = concept_weight * (
            FAINTNESS if FAINT.issuperset(word.casefold() for word in said) else 1.0
        )
    return counted


def vectors(
    texts: Sequence[str], glossary: Glossary, *, size: int, concept_weight: float
) -> NDArray[np.float32]:
    """Return one vector a text: shape (len(texts), size), of length 1, or all 0 for a text without a word."""
    rows = np.zeros((len(texts), size), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for name, weight in features(text, glossary, concept_weight).items():
            place = zlib.crc32(name.encode("utf-8", "replace"))
            row[place % size] += weight if place & 0x8000_0000 else -weight
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.where(lengths > 0, lengths, np.float32(1))
    return rows


def _runs(edged: str) -> Iterator[str]:
    for length in range(SHORTEST, min(LONGEST, len(edged)) + 1):
        for at in range(len(edged) - length + 1):
            yield edged[at : at + length]
