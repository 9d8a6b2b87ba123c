"""What the answers teach: weights refitted around the prior, settings tried against one another.

Pure: numbers in, numbers out; the seed of a draw is an argument.  An introduction nobody answered is missing
data and never comes here.  Nothing is learned about single people: a few weights for everybody, that is all.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import msgspec
import numpy as np
from numpy.typing import NDArray

from community.introductions.acceptance import FEATURES
from community.introductions.weights import Weights

Numbers = NDArray[np.float64]

LEARNED = ("intercept", *FEATURES)
"""The weights that are refitted: those of the acceptance, as `Weights` names them.  The intercept's feature
is a 1."""

LEAST_OUTCOMES = 200
"""Answers before which nothing is refitted: with fewer, eight weights would follow chance."""

PRIOR_SD = 0.5
"""How far a weight may be from its prior before the answers have to insist: one standard deviation.  The
intercept, which knows the space's habits, may move twice as far."""

LARGEST_WEIGHT = 10.0
"""A rare choice counts for at most this many common ones (clipped inverse propensity)."""

LEAST_CHANCE = 1e-9
"""What a logged chance of nought is read as: something chosen was not impossible."""

EXPLORATION = 0.05
"""The share of days on which a setting is drawn evenly, and of choices made by chance within a day."""

STEPS, ENOUGH = 50, 1e-9
"""Newton steps at most, and the step below which it has arrived."""

GRID = 4096
"""Points at which the chances of two settings are compared: finer than 10,000 answers can tell."""


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A fitted logistic."""

    values: Numbers
    """One for each column of the features."""
    errors: Numbers
    """Their standard errors, the prior counted as knowledge."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one person said of another they were shown."""

    features: tuple[float, ...]
    """Of the acceptance, as they were when the two were shown; in the order of `LEARNED`, the intercept's 1
    left out."""
    yes: bool
    """They met, or said that they did; "rather not" is the only no."""
    chance: float = 1.0
    """The probability with which the two were shown to each other, above 0."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How one setting has done."""

    yes: int = 0
    asked: int = 0


class Direction(Enum):
    """What the answers say of one weight."""

    MORE = "more"
    """It matters more than assumed."""
    LESS = "less"
    """It matters less than assumed."""
    AGAINST = "against"
    """It works the other way round."""
    AS_ASSUMED = "as_assumed"
    """Nothing that could not be chance."""


SURE_ENOUGH = 0.8
"""Below this a lesson says `AS_ASSUMED`: a page that tells chance as news is believed once."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing learned, for a page that says it in words."""

    feature: str
    """One of `LEARNED`."""
    direction: Direction
    sure: float
    """The probability that the direction is right, 0.5..1; for `AS_ASSUMED`, what was too little."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What another way of choosing would have brought, as far as the log can tell."""

    value: float
    error: float
    """One standard error; infinite where the log holds nothing of that choice."""
    effective: float
    """How many answers of that way of choosing the log is worth."""


def fit(
    features: Numbers,
    outcomes: Numbers,
    prior: Numbers,
    precision: Numbers | float,
    weights: Numbers | None = None,
) -> Coefficients:
    """Fit a logistic regression held to a prior: Newton steps, halved where they would overshoot.

    Args:
        features: Shape (n, k), n may be 0; no column is added, an intercept is a column of ones.
        outcomes: Shape (n,), each 0..1.
        prior: Shape (k,): the coefficients while nothing is known.
        precision: One over the variance of each coefficient around its prior; above 0.
        weights: How much each outcome counts, 0 or more; 1 each if `None`.

    Source: ridge in logistic regression, le Cessie and van Houwelingen 1992.
    """
    ridge = np.broadcast_to(np.asarray(precision, dtype=np.float64), prior.shape)
    counts = np.ones(len(outcomes)) if weights is None else weights

    def loss(at: Numbers) -> float:
        z = features @ at
        return float(counts @ (np.logaddexp(0.0, z) - outcomes * z) + 0.5 * ridge @ (at - prior) ** 2)

    def curvature(at: Numbers) -> Numbers:
        p = logistic(features @ at)
        return (features.T * (counts * p * (1 - p))) @ features + np.diag(ridge)

    values, before = prior.astype(np.float64), loss(prior)
    taken, moved = 0, math.inf
    while moved > ENOUGH and taken < STEPS:
        slope = features.T @ (counts * (logistic(features @ values) - outcomes)) + ridge * (values - prior)
        step = np.linalg.solve(curvature(values), slope)
        after = loss(values - step)
        while after > before + ENOUGH:
            step = step / 2
            after = loss(values - step)
        values, before = values - step, after
        taken, moved = taken + 1, float(np.abs(step).max())
    return Coefficients(values, np.sqrt(np.diag(np.linalg.inv(curvature(values)))))


def study(prior: Weights, outcomes: Sequence[Outcome]) -> Coefficients:
    """Return the weights of `LEARNED` as the answers have them, with their standard errors.

    Rare choices count for more, up to `LARGEST_WEIGHT`, and all together for as much as they are worth (the
    effective number of answers), so that the prior keeps its say.
    """
    mean = _means(prior)
    features = np.array([(1.0, *outcome.features) for outcome in outcomes]).reshape(-1, len(LEARNED))
    said = np.array([float(outcome.yes) for outcome in outcomes])
    counts = importance(np.array([outcome.chance for outcome in outcomes]))
    precision = np.full(len(LEARNED), PRIOR_SD**-2)
    precision[0] /= 4
    return fit(features, said, mean, precision, counts)


def refit(prior: Weights, outcomes: Sequence[Outcome]) -> Weights:
    """Return the prior with what was learned; the prior itself before `LEAST_OUTCOMES` answers."""
    if len(outcomes) < LEAST_OUTCOMES:
        return prior
    found = study(prior, outcomes)
    return msgspec.structs.replace(
        prior, name="learned", **dict(zip(LEARNED, (round(float(v), 4) for v in found.values), strict=True))
    )


def settings(prior: Weights) -> tuple[Weights, ...]:
    """Return what is tried against one another: the weights as they are, and four that lean one way.

    Each keeps `EXPLORATION` of its choices for chance.  The names are the keys of `draw`'s results.
    """
    tilt, w = msgspec.structs.replace, msgspec.structs.replace(prior, explore=EXPLORATION)
    return (
        tilt(w, name="steady"),
        tilt(w, name="needs", answers_me=w.answers_me * 1.5, i_answer=w.i_answer * 1.5),
        tilt(w, name="both_sides", i_answer=max(w.i_answer, w.answers_me), their_yes=w.their_yes / 2),
        tilt(w, name="common_ground", common_ground=w.common_ground * 1.75, overlap=w.overlap * 1.75),
        tilt(w, name="bridges", bridge=w.bridge * 2, lift=w.lift * 1.5, newcomer=w.newcomer * 1.5),
    )


def chances(names: Sequence[str], results: Mapping[str, Tally]) -> Numbers:
    """Return the probability with which `draw` takes each setting; they sum to 1, each is above 0.

    Thompson sampling in closed form: how probable it is that a setting's rate of yes is the highest, each
    rate a Beta(1 + yes, 1 + no); mixed with an even draw.

    Source: Thompson 1933; Russo et al., A tutorial on Thompson sampling, 2018.
    """
    at = (np.arange(GRID) + 0.5) / GRID
    tallies = [results.get(name, Tally()) for name in names]
    logs = np.array([t.yes * np.log(at) + (t.asked - t.yes) * np.log1p(-at) for t in tallies])
    mass = np.exp(logs - logs.max(axis=1, keepdims=True))
    mass /= mass.sum(axis=1, keepdims=True)
    below = np.cumsum(mass, axis=1) - mass / 2
    best = np.array([
        float((mass[k] * np.prod(np.delete(below, k, axis=0), axis=0)).sum()) for k in range(len(names))
    ])  # fmt: skip
    mixed = EXPLORATION / len(names) + (1 - EXPLORATION) * best / best.sum()
    return np.asarray(mixed, dtype=np.float64)


def draw(among: Sequence[Weights], results: Mapping[str, Tally], seed: str) -> Weights:
    """Draw a setting for a day, with the probability it was drawn with in its `chance`.

    Args:
        among: `settings`, one or more.
        results: By name; a setting that was never tried may be missing.
        seed: The day, say: the same seed and results give the same setting.
    """
    each = chances([weights.name for weights in among], results)
    lot = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") / 2**64
    taken = min(int(np.searchsorted(np.cumsum(each), lot, side="right")), len(among) - 1)
    return msgspec.structs.replace(among[taken], chance=min(1.0, float(each[taken])))


def words(prior: Weights, learned: Coefficients) -> tuple[Lesson, ...]:
    """Return what was learned about each weight but the intercept, surest first.

    Args:
        prior: What was assumed.
        learned: What `study` made of the answers.
    """
    lessons = []
    for name, was, now, error in zip(LEARNED, _means(prior), learned.values, learned.errors, strict=True):
        if name == "intercept":
            continue
        sure = 0.5 * (1 + math.erf(abs(now - was) / (error * math.sqrt(2))))
        lessons.append(Lesson(name, _direction(float(was), float(now), float(error), sure), sure))
    return tuple(sorted(lessons, key=lambda lesson: (-round(lesson.sure, 6), LEARNED.index(lesson.feature))))


def snips(outcomes: Numbers, logged: Numbers, target: Numbers) -> Estimate:
    """Estimate what another way of choosing would have brought, from what this one logged.

    Self-normalised inverse propensity scores, clipped: a little biased towards what was done, and far
    steadier than the unbiased kind.  Believe it only with `effective` in the dozens.

    Args:
        outcomes: What came of each choice.
        logged: The probability with which each was made; above 0.
        target: The probability with which the other way would have made it.

    Source: Swaminathan and Joachims, The self-normalized estimator for counterfactual learning, 2015.
    """
    ratio = np.minimum(target / np.maximum(logged, LEAST_CHANCE), LARGEST_WEIGHT)
    total = float(ratio.sum())
    if total <= 0:
        return Estimate(0.0, math.inf, 0.0)
    value = float(ratio @ outcomes) / total
    error = math.sqrt(float(ratio**2 @ (outcomes - value) ** 2)) / total
    return Estimate(value, error, total**2 / float(ratio @ ratio))


def importance(chance: Numbers) -> Numbers:
    """Return how much each answer counts: one over its chance, clipped, summing to the effective number."""
    if not len(chance):
        return chance
    raw = 1.0 / np.maximum(chance, 1 / LARGEST_WEIGHT)
    return np.asarray(raw * (raw.sum() / (raw @ raw)), dtype=np.float64)


def logistic(z: Numbers) -> Numbers:
    """Return 1 / (1 + exp(-z)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(z / 2)), dtype=np.float64)


def _means(weights: Weights) -> Numbers:
    return np.array([getattr(weights, name) for name in LEARNED], dtype=np.float64)


def _direction(was: float, now: float, error: float, sure: float) -> Direction:
    if sure < SURE_ENOUGH:
        return Direction.AS_ASSUMED
    if was * now < 0 and abs(now) > error:
        return Direction.AGAINST
    return Direction.MORE if abs(now) > abs(was) else Direction.LESS
