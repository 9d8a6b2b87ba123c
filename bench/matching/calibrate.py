"""Choose the constants of `sync/text/model.py` on the development data, by cross-validation.

    python -m bench.matching.calibrate --data FOLDER

The weights are chosen on four fifths of the queries and judged on the fifth left out, in turn; so is the
curve from likeness to probability, over competences.  It prints; a person writes the constants down.
"""

import argparse
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.matching.text import Make, as_packed, graded, likeness_of, ranks, scores, searches
from bench.matching.texts import ANSWERS, Judged, Pairs, Search, read_judged
from sync.text import encoder, glossary, ngrams
from sync.text.model import LEXICAL_SIZE
from sync.text.normalise import normalise
from sync.text.pipeline import Pipeline, readings

Numbers = NDArray[np.float64]
Vectors = NDArray[np.float32]

FOLDS = 5

LEXICAL_WEIGHTS = (0.1, 0.15, 0.2, 0.3)
CORE_WEIGHTS = (0.0, 0.3, 0.6)
AS_WRITTEN_WEIGHTS = (0.0, 0.5)
CONCEPT_WEIGHTS = (0.0, 4.0, 8.0)

Setting = tuple[float, float, float, float]
"""The weights of the telling words, the reading as written, the glossary and the letters."""

BASE_RATE = 1 / 50
"""How often an offer in a room answers a given need: one of fifty.  The sets hold answers and chance pairs as
they were drawn; the curve must not depend on how many."""

CHANCE_PAIRS = 50
"""Chance pairs drawn for each competence."""

NEAR = 1e-9
"""A step of the fit that changes nothing."""

COSINE = 0.40
"""The bare encoder's cosine below which nothing is given as a reason (evidence of the first measurements)."""

COSINE_ALIKE = 0.45
"""The same for two interests: they have no need between them, and are one of many."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Pairs of a competence and a skill."""

    likeness: Numbers
    answers: NDArray[np.bool_]
    weight: Numbers
    fold: NDArray[np.int64]


def main() -> None:
    """Print what the data says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--curves-only", action="store_true")
    options = parser.parse_args()
    if not options.curves_only:
        choose_weights(options.data)
    judged = read_judged(options.data)
    cosine = drawn(judged, encoder.load().encode)
    rare, rarer = (_share_of_chance(cosine, least) for least in (COSINE, COSINE_ALIKE))
    print(f"cosine {COSINE}: {rare:.2%} of chance pairs; cosine {COSINE_ALIKE}: {rarer:.2%}")
    for with_encoder in (True, False):
        pipeline = Pipeline(glossary.read(), with_encoder=with_encoder)
        sample = drawn(judged, as_packed(pipeline))
        print(f"\n{pipeline.model.name}")
        report(sample, judged, as_packed(pipeline), rare, rarer)


def choose_weights(data: Path) -> None:
    """Print how each setting does, and how the chosen one does on queries it was not chosen on."""
    sets, pairs = searches(data), graded(data)
    texts = list(
        dict.fromkeys(
            text
            for one in (*((s.queries, s.candidates) for s in sets), *((p.left, p.right) for p in pairs))
            for side in one
            for text in side
        )
    )
    words = glossary.read()
    read = [normalise(text) for text in texts]
    place = {text: number for number, text in enumerate(texts)}
    ways = readings(read, words)
    known = dict(_encoded([text for way in ways for text in way]))
    whole, core, written = (np.stack([known[text] for text in way]) for way in ways)
    found: dict[Setting, dict[str, Numbers]] = {}
    for concept_weight in CONCEPT_WEIGHTS:
        letters = ngrams.vectors(read, words, size=LEXICAL_SIZE, concept_weight=concept_weight)
        for core_weight, written_weight in itertools.product(CORE_WEIGHTS, AS_WRITTEN_WEIGHTS):
            meanings = whole + np.float32(core_weight) * core + np.float32(written_weight) * written
            meanings /= np.linalg.norm(meanings, axis=1, keepdims=True)
            for weight in LEXICAL_WEIGHTS:
                setting = (core_weight, written_weight, concept_weight, weight)
                both = np.concatenate([meanings, letters * np.float32(weight) ** 0.5], axis=1)
                found[setting] = _each(sets, pairs, lambda some, both=both: both[[place[t] for t in some]])
    _print_choice(found)


def _each(sets: Sequence[Search], pairs: Sequence[Pairs], make: Make) -> dict[str, Numbers]:
    """Return how every set does: a score for each query, or one correlation."""
    found = {search.name: scores(search, likeness_of(search, make)) for search in sets}
    for one in pairs:
        alike = np.einsum("ij,ij->i", make(one.left), make(one.right)).astype(np.float64)
        found[one.name] = np.corrcoef(ranks(np.asarray(one.likeness)), ranks(alike))[:1, 1]
    return found


def _encoded(texts: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
    distinct = list(dict.fromkeys(texts))
    for start in range(0, len(distinct), 256):
        some = distinct[start : start + 256]
        yield from zip(some, encoder.load().encode(some), strict=True)


def _print_choice(found: Mapping[Setting, Mapping[str, Numbers]]) -> None:
    """Print the means of every setting, and the cross-validated choice."""
    names = list(next(iter(found.values())))
    print("core", "written", "concept", "letters", *names, "mean", sep=" | ")
    for setting, each in found.items():
        means = [each[name].mean() for name in names]
        print(*setting, *(f"{value:.3f}" for value in (*means, np.mean(means))), sep=" | ")
    folds = {name: np.arange(len(next(iter(found.values()))[name])) % FOLDS for name in names}
    judged: dict[str, list[float]] = {name: [] for name in names}
    chosen = []
    for fold in range(FOLDS):
        best = max(found, key=lambda s: np.mean([_held(found[s][n], folds[n] != fold).mean() for n in names]))
        chosen.append(best)
        for name in names:
            judged[name].extend(_held(found[best][name], folds[name] == fold).tolist())
    print("chosen in each fold:", *chosen)
    print("on what was left out:", *(f"{name} {np.mean(judged[name]):.3f}" for name in names), sep="  ")


def _held(each: Numbers, which: NDArray[np.bool_]) -> Numbers:
    """Return the scores of some queries; a correlation is one number for all of them."""
    return each if len(each) == 1 else each[which]


def drawn(judged: Sequence[Judged], make: Make, seed: int = 1) -> Sample:
    """Return the experts' answers and chance pairs, in both directions of language.

    Narrower and broader skills are left out: what is near the subject is half an answer, and the experts'
    broader ones are often far ("matte painting" under "dyeing technology").
    """
    competences = list(dict.fromkeys(pair.competence for pair in judged))
    place = {text: number for number, text in enumerate(competences)}
    mine = make(competences)
    draw = np.random.default_rng(seed)
    likeness, answers, folds = [], [], []
    for side in ("english", "french"):
        labels = list(dict.fromkeys(getattr(pair, side) for pair in judged))
        column = {text: number for number, text in enumerate(labels)}
        theirs = make(labels)
        related = {(place[pair.competence], column[getattr(pair, side)]): pair.relation for pair in judged}
        right = np.array([pair for pair, relation in related.items() if relation in ANSWERS])
        chance = np.stack(
            [
                np.repeat(np.arange(len(competences)), CHANCE_PAIRS),
                draw.integers(0, len(labels), len(competences) * CHANCE_PAIRS),
            ],
            axis=1,
        )
        chance = np.array([pair for pair in chance.tolist() if tuple(pair) not in related])
        for pairs, answer in ((right, True), (chance, False)):
            likeness.append(np.einsum("ij,ij->i", mine[pairs[:, 0]], theirs[pairs[:, 1]]))
            answers.append(np.full(len(pairs), answer))
            folds.append(pairs[:, 0] % FOLDS)
    truth = np.concatenate(answers)
    weight = np.where(truth, BASE_RATE / truth.sum(), (1 - BASE_RATE) / (~truth).sum())
    return Sample(np.concatenate(likeness).astype(np.float64), truth, weight, np.concatenate(folds))


def report(sample: Sample, judged: Sequence[Judged], make: Make, rare: float, rarer: float) -> None:
    """Print the curve, how it does on competences left out, and where a reason begins."""
    loss, truth = [], []
    for fold in range(FOLDS):
        intercept, slope = fitted(sample, sample.fold != fold)
        out = sample.fold == fold
        said = _probability(intercept, slope, sample.likeness[out])
        loss.append(_loss(said, sample.answers[out], sample.weight[out]))
        truth.append((intercept, slope))
    intercept, slope = fitted(sample, np.ones(len(sample.fold), np.bool_))
    base = _loss(np.full(len(sample.answers), BASE_RATE), sample.answers, sample.weight)
    print("folds:", *(f"({a:.2f}, {b:.2f})" for a, b in truth))
    print(f"log loss left out {np.mean(loss):.4f}, of the base rate alone {base:.4f}")
    chance = sample.likeness[~sample.answers]
    least, alike = (float(np.quantile(chance, 1 - share)) for share in (rare, rarer))
    print(f"intercept {intercept:.2f}, slope {slope:.2f}")
    print(f"least likeness {least:.3f}: least {_probability(intercept, slope, np.array([least]))[0]:.3f}")
    print(f"least_alike {alike:.3f}")
    for relation in ("exact", "close", "narrow", "broad"):
        pairs = [pair for pair in judged if relation in pair.relation]
        mine, theirs = make([p.competence for p in pairs]), make([p.english for p in pairs])
        found = np.einsum("ij,ij->i", mine, theirs)
        said = _probability(intercept, slope, found.astype(np.float64))
        print(
            f"  {relation}: median likeness {np.median(found):.3f}, "
            f"given as a reason {np.mean(found >= least):.0%}, mean probability {said.mean():.2f}"
        )
    print("  probability said, and how often it was so (at the base rate):")
    said = _probability(intercept, slope, sample.likeness)
    for low, high in itertools.pairwise((0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.01)):
        some = (said >= low) & (said < high)
        if some.any():
            weight = sample.weight[some]
            print(
                f"    {np.average(said[some], weights=weight):.3f} "
                f"{np.average(sample.answers[some], weights=weight):.3f} ({some.sum()})"
            )


def fitted(sample: Sample, some: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the logistic curve of the weighted pairs, by Newton's method."""
    design = np.stack([np.ones(int(some.sum())), sample.likeness[some]], axis=1)
    truth, weight = sample.answers[some].astype(np.float64), sample.weight[some]
    at = np.zeros(2)
    for _ in range(60):
        said = _probability(at[0], at[1], design[:, 1])
        slopes = design.T @ (weight * (truth - said))
        bends = (design * (weight * said * (1 - said))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(bends, slopes)
        at = at + np.clip(step, -4, 4)
        if np.abs(step).max() < NEAR:
            break
    return float(at[0]), float(at[1])


def _probability(intercept: float, slope: float, likeness: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-np.clip(intercept + slope * likeness, -60, 60)))


def _loss(said: Numbers, truth: NDArray[np.bool_], weight: Numbers) -> float:
    right = np.where(truth, said, 1 - said)
    return float(-np.average(np.log(np.maximum(right, 1e-12)), weights=weight))


def _share_of_chance(sample: Sample, least: float) -> float:
    return float((sample.likeness[~sample.answers] >= least).mean())


if __name__ == "__main__":
    main()
