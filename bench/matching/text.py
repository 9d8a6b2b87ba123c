"""The product's text understanding on public sets: does a French need find its English offer?

Every figure of "Foyer" is of vectors as a kiosk holds them: normalised, encoded, packed to half a byte a
number and unpacked again.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.matching.intervals import DRAWS, of_mean
from bench.matching.table import Interval, Row
from bench.matching.texts import (
    Pairs,
    Search,
    read_competences,
    read_graded,
    read_titles,
    read_translations,
)
from community.introductions.vectors import Shelf, pack
from sync.text import encoder, glossary
from sync.text.pipeline import Pipeline

Vectors = NDArray[np.float32]
Numbers = NDArray[np.float64]
Make = Callable[[Sequence[str]], Vectors]

AT_ONCE = 256
"""Texts or queries handled together."""

QUICK = (100, 2_000, 300)
"""Queries, candidates and pairs of a set in a quick run."""

AIMS = {"MELO fr-en": 0.38, "VDAB fr-en": 0.27, "Tatoeba fr-en": 0.94, "Tatoeba en-fr": 0.94}


def run_text(data: Path, quick: bool) -> list[Row]:  # noqa: FBT001 - as every part of the bench
    """Return the rows of the text part.

    Args:
        data: The folder with the sets.
        quick: A part of each set, to see that everything runs; its figures mean nothing.
    """
    rows: list[Row] = []
    methods = {"letters only": as_packed(Pipeline(glossary.read(), with_encoder=False))}
    if encoder.installed():
        methods["encoder as it comes"] = remembered(encoder.load().encode)
        methods["Foyer"] = as_packed(Pipeline(glossary.read()))
    for search in searches(data):
        part = search.part(*QUICK[:2]) if quick else search
        rows.append(_row(search, "random", of_mean(scores(part, _chance(part)))))
        for method, make in methods.items():
            found = scores(part, likeness_of(part, make))
            rows.append(_row(search, method, of_mean(found), aimed=method == "Foyer" and not quick))
    for pairs in graded(data):
        count = QUICK[2] if quick else len(pairs.left)
        for method, make in methods.items():
            alike = np.einsum("ij,ij->i", make(pairs.left[:count]), make(pairs.right[:count]))
            found = _spearman(np.asarray(pairs.likeness[:count]), alike.astype(np.float64))
            rows.append(Row("text", pairs.name, method, "Spearman", found))
    return rows


def searches(data: Path) -> tuple[Search, ...]:
    """Return every set of queries and answers."""
    tatoeba = data / "tatoeba_fra_eng.tsv"
    return (
        read_titles(data / "melo_bel_q_fr_c_en", "MELO fr-en"),
        read_titles(data / "melo_bel_q_fr_c_fr", "MELO fr-fr"),
        read_competences(data, "VDAB fr-en"),
        read_competences(data, "VDAB fr-fr", french=True),
        read_translations(tatoeba, "Tatoeba fr-en"),
        read_translations(tatoeba, "Tatoeba en-fr", from_english=True),
    )


def graded(data: Path) -> tuple[Pairs, ...]:
    """Return every set of graded pairs."""
    french, english = data / "stsb-fr-dev.csv", data / "stsb-en-dev.csv"
    return (
        read_graded(english, english, "STS-B en-en"),
        read_graded(french, french, "STS-B fr-fr"),
        read_graded(french, english, "STS-B fr-en"),
    )


def as_packed(pipeline: Pipeline) -> Make:
    """Return what makes vectors as a kiosk gets them."""

    def make(texts: Sequence[str]) -> Vectors:
        shelf = Shelf.of([pack(vector) for vector in pipeline.vectors(texts)], pipeline.model.size)
        return shelf.vectors(0, len(shelf))

    return remembered(make)


def remembered(make: Make) -> Make:
    """Return the same, each distinct text made once: the sets share some."""
    known: dict[str, Vectors] = {}

    def look_up(texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        for start in range(0, len(new), AT_ONCE):
            some = new[start : start + AT_ONCE]
            known.update(zip(some, make(some).astype(np.float16), strict=True))
        return np.stack([known[text] for text in texts]).astype(np.float32)

    return look_up


def likeness_of(search: Search, make: Make) -> Callable[[int, int], Vectors]:
    """Return what gives the likeness of a run of queries with every candidate."""
    queries, candidates = make(search.queries), make(search.candidates)
    return lambda start, stop: queries[start:stop] @ candidates.T


def scores(search: Search, likeness: Callable[[int, int], Vectors]) -> Numbers:
    """Return one over the rank of each query's best answer, 0 beyond the cut; ties count as found first."""
    found = np.zeros(len(search.queries))
    for start in range(0, len(found), AT_ONCE):
        for row, alike in enumerate(likeness(start, min(start + AT_ONCE, len(found))), start):
            rank = 1 + int((alike > alike[list(search.right[row])].max()).sum())
            found[row] = 1 / rank if rank <= search.cut else 0.0
    return found


def ranks(values: Numbers) -> Numbers:
    """Return the ranks of values, those of ties averaged."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[places]


def _spearman(one: Numbers, other: Numbers, seed: int = 1) -> Interval:
    """Return the rank correlation and its interval by bootstrap over the pairs."""
    drawn = np.random.default_rng(seed).integers(0, len(one), (DRAWS // 4, len(one)))
    found = [_correlation(ranks(one[some]), ranks(other[some])) for some in drawn]
    low, high = np.percentile(found, [2.5, 97.5])
    return Interval(_correlation(ranks(one), ranks(other)), float(low), float(high))


def _correlation(one: Numbers, other: Numbers) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def _chance(search: Search) -> Callable[[int, int], Vectors]:
    draw = np.random.default_rng(1)
    return lambda start, stop: draw.random((stop - start, len(search.candidates)), dtype=np.float32)


def _row(search: Search, method: str, found: Interval, *, aimed: bool = False) -> Row:
    measure = "success@1" if search.cut == 1 else f"MRR@{search.cut}"
    aim = AIMS.get(search.name) if aimed else None
    if aim is None:
        return Row("text", search.name, method, measure, found)
    said = f"{search.name}: {measure} ≥ {aim}"
    return Row("text", search.name, method, measure, found, aim=said, reached=found.value >= aim)
