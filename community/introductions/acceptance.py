"""How likely one person says yes to meeting another: one logistic for everybody.

Pure.  The weights are few and the same for all; they begin as what the evidence suggests and may be refitted
from answers (`community.introductions.learning`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from community.introductions.weights import Weights

Numbers = NDArray[np.float64]

FEATURES = (
    "answers_me",
    "i_answer",
    "common_ground",
    "same_language",
    "overlap",
    "my_yes",
    "their_yes",
)
"""What the acceptance rests on, as `Weights` names it; the intercept stands apart."""

PRIOR_ANSWERS = 2
"""Answers the average counts for in somebody's own rate of yes: one "no" is not a character."""

LARGEST_WEIGHT = 50.0
"""Weights beyond it, which only a damaged feed can hold, are cut: the logistic is flat there anyway."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The features of each pair, seen from the first person; in shapes that broadcast."""

    answers_me: Numbers
    i_answer: Numbers
    common_ground: Numbers
    same_language: Numbers
    overlap: Numbers
    my_yes: Numbers
    their_yes: Numbers

    def of_side(self, side: int) -> "Features":
        """Return those of one side, where the first axis of `answers_me` is the two sides of each pair."""
        shape = self.answers_me.shape
        return Features(*(np.broadcast_to(getattr(self, name), shape)[side] for name in FEATURES))

    def stacked(self) -> Numbers:
        """Return them as one array, the last axis in the order of `FEATURES`."""
        columns = [np.asarray(getattr(self, name), np.float64) for name in FEATURES]
        return np.stack(np.broadcast_arrays(*columns), axis=-1)


def acceptance(features: Features, weights: Weights) -> Numbers:
    """Return the probability that the first person of each pair says yes to the second."""
    logit: Numbers = np.full((), cut(weights.intercept))
    for name in FEATURES:
        logit = logit + cut(getattr(weights, name)) * getattr(features, name)
    probability: Numbers = 1 / (1 + np.exp(-logit))
    return probability


def mutual(one: Numbers, other: Numbers) -> Numbers:
    """Return the reciprocal score of both sides' probabilities: their geometric mean."""
    return np.sqrt(one * other)


def rate_above_average(yes: Numbers, asked: Numbers, average: float) -> Numbers:
    """Return how far rates of yes lie above the average, few answers counting little.

    Source: a Beta prior worth `PRIOR_ANSWERS` observations.
    """
    believed = np.minimum(yes, asked)
    return (believed + PRIOR_ANSWERS * average) / (asked + PRIOR_ANSWERS) - average


def cut(weight: float) -> float:
    """Return a weight within what the logistic can tell apart."""
    return min(max(weight, -LARGEST_WEIGHT), LARGEST_WEIGHT)
