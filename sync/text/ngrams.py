"""Runs of letters as a vector: words that look alike are alike, in any language.

"comptable" and "comptabilité" share most of their runs, "photographie" and "photography" nearly all.  Every
run has its fixed place in the vector ("hashing"): an item's vector needs to know of no other item.

Source: character n-grams of words, Cavnar and Trenkle 1994; signed hashing, Weinberger et al. 2009.
"""

import math
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sync.text.glossary import Glossary, words_of

SHORTEST, LONGEST = 3, 5
"""Letters in a run; a word's edges count as one letter each."""

EMPTY_WORDS = frozenset(
    """
    a ai ainsi alors as au aux avec avoir c ce ceci cela ces cet cette chez comme d dans de des du elle
    elles en entre est et etc etre eu eux faire fait il ils j je l la le les leur leurs lui m ma mais me
    mes moi mon n ne nos notre nous on ont ou par pas pour plus qu que quel quelle quelles quels qui s
    sa sans se ses si son sont sous sur t ta te tes toi ton tout toute toutes tous tres tu un une vers
    vos votre vous y about all also am an and any are at be been but by can do does for from get had has
    have he her his how i if in into is it its make may more most my no not of off or our out over she
    so some such than that the their them then there these they this those to too under up us use used
    using very was we were what when where which who will with you your
    """.split()
)
"""Words without a subject of their own, in small letters without accents."""


def features(text: str, glossary: Glossary, concept_weight: float) -> dict[str, float]:
    """Return what is counted of one item, and how much of it.

    Args:
        text: Normalised.
        glossary: What it means beyond its letters.
        concept_weight: How much one line of the glossary weighs; a run that stands once weighs 1.
    """
    words = words_of(text)
    runs: Counter[str] = Counter()
    for word in words:
        if word in EMPTY_WORDS and len(words) > 1:
            continue
        edged = f" {word} "
        for length in range(SHORTEST, min(LONGEST, len(edged)) + 1):
            runs.update(edged[at : at + length] for at in range(len(edged) - length + 1))
    counted = {run: 1.0 + math.log(count) for run, count in runs.items()}
    for number in glossary.found(words):
        counted[f"={number}"] = concept_weight
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
