"""The public sets of texts: queries with their answers among many, and pairs with graded likeness."""

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ANSWERS = ("skos:exactMatch", "skos:closeMatch")
"""How a competence and a skill must be related for one to answer a need of the other."""


@dataclass(frozen=True, slots=True)
class Search:
    """Queries, each with its right answers among the same many candidates."""

    name: str
    queries: tuple[str, ...]
    candidates: tuple[str, ...]
    right: tuple[frozenset[int], ...]
    """For each query the places of its answers among the candidates, one or more."""
    cut: int = 100
    """Ranks beyond this count nothing; 1 asks only whether the first is right."""

    def part(self, queries: int, candidates: int, seed: int = 1) -> "Search":
        """Return the same with some queries only, and some candidates beside their answers."""
        draw = np.random.default_rng(seed)
        some = sorted(draw.permutation(len(self.queries))[:queries].tolist())
        needed = {place for query in some for place in self.right[query]}
        others = [p for p in draw.permutation(len(self.candidates)).tolist() if p not in needed]
        kept = sorted(needed | set(others[: max(0, candidates - len(needed))]))
        new_place = {old: new for new, old in enumerate(kept)}
        return replace(
            self,
            queries=tuple(self.queries[query] for query in some),
            candidates=tuple(self.candidates[place] for place in kept),
            right=tuple(frozenset(new_place[place] for place in self.right[query]) for query in some),
        )


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of sentences with the likeness people gave them, 0 to 5."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    likeness: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A French competence and a skill that an expert related to it."""

    competence: str
    relation: str
    english: str
    french: str


def read_titles(folder: Path, name: str) -> Search:
    """Return a MELO set: job titles and the occupations an expert mapped them to."""
    queries, candidates = (_tsv(folder / f"{kind}.tsv") for kind in ("queries", "corpus_elements"))
    place = {row[0]: number for number, row in enumerate(candidates)}
    right: dict[str, set[int]] = defaultdict(set)
    for query, _, candidate, _ in _tsv(folder / "annotations.tsv"):
        right[query].add(place[candidate])
    asked = [row for row in queries if right[row[0]]]
    return Search(
        name,
        tuple(row[1] for row in asked),
        tuple(row[1] for row in candidates),
        tuple(frozenset(right[row[0]]) for row in asked),
    )


def read_judged(folder: Path) -> tuple[Judged, ...]:
    """Return every related pair of the VDAB crosswalk whose skill is known."""
    skills = _skills(folder)
    return tuple(
        Judged(row["label_fr"], row["relation"], *skills[row["esco_skill_uri"]])
        for row in _csv(folder / "vdab_fr_competence_to_esco.csv")
        if row["esco_skill_uri"] in skills
    )


def read_competences(folder: Path, name: str, *, french: bool = False) -> Search:
    """Return the VDAB set: competences, and all skills in English or French; exact and close are right."""
    skills = _skills(folder)
    place = {uri: number for number, uri in enumerate(skills)}
    right: dict[str, set[int]] = defaultdict(set)
    label: dict[str, str] = {}
    for row in _csv(folder / "vdab_fr_competence_to_esco.csv"):
        if row["relation"] in ANSWERS and row["esco_skill_uri"] in place:
            right[row["competence_id"]].add(place[row["esco_skill_uri"]])
            label[row["competence_id"]] = row["label_fr"]
    return Search(
        name,
        tuple(label[query] for query in right),
        tuple(labels[1 if french else 0] for labels in skills.values()),
        tuple(frozenset(places) for places in right.values()),
    )


def read_translations(file: Path, name: str, *, from_english: bool = False) -> Search:
    """Return the Tatoeba set: the one translation of each sentence among all of them."""
    rows = [row[::-1] if from_english else row for row in _tsv(file)]
    queries, candidates = zip(*rows, strict=True)
    return Search(name, queries, candidates, tuple(frozenset({n}) for n in range(len(rows))), cut=1)


def read_graded(left: Path, right: Path, name: str) -> Pairs:
    """Return STS-B pairs, the first sentence out of one language's file, the second out of another's."""
    first, second = (list(csv.reader(_lines(file))) for file in (left, right))
    return Pairs(
        name,
        tuple(row[0] for row in first),
        tuple(row[1] for row in second),
        tuple(float(row[2]) for row in first),
    )


def _skills(folder: Path) -> dict[str, tuple[str, str]]:
    """Return the English and the French label of every skill, by its URI."""
    rows = _csv(folder / "esco_skills_fr_en.csv")
    return {row["esco_skill_uri"]: (row["label_en"], row["label_fr"]) for row in rows}


def _csv(file: Path) -> Sequence[dict[str, str]]:
    return list(csv.DictReader(_lines(file)))


def _tsv(file: Path) -> list[list[str]]:
    return [line.split("\t") for line in _lines(file)]


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").strip("\n").split("\n")
