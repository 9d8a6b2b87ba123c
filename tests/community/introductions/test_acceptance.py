"""Acceptance: how likely one person says yes to another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.introductions.acceptance import (
    FEATURES,
    Features,
    acceptance,
    mutual,
    rate_above_average,
)
from community.introductions.learning import LEARNED
from community.introductions.weights import Weights

ANY = st.floats(allow_nan=False)


def features(**values: float) -> Features:
    return Features(**{name: np.array([[values.get(name, 0.0)]]) for name in FEATURES})


def test_the_features_are_what_is_learned_in_the_same_order():
    assert ("intercept", *FEATURES) == LEARNED
    assert set(FEATURES) <= set(Weights.__struct_fields__)


def test_with_nothing_known_the_intercept_speaks():
    assert acceptance(features(), Weights())[0, 0] == pytest.approx(1 / (1 + np.exp(1.6)))


@pytest.mark.parametrize("name", FEATURES)
def test_everything_good_makes_a_yes_likelier(name: str):
    weights = Weights()
    more = acceptance(features(**{name: 0.5}), weights)
    logit = weights.intercept + 0.5 * getattr(weights, name)
    assert more[0, 0] == pytest.approx(1 / (1 + np.exp(-logit)))
    assert more > acceptance(features(), weights)


@given(st.lists(ANY, min_size=8, max_size=8))
def test_any_weights_give_a_probability(numbers):
    weights = Weights(**dict(zip(("intercept", *FEATURES), numbers, strict=True)))
    found = acceptance(features(answers_me=1.0, overlap=0.5, my_yes=-0.5), weights)[0, 0]
    assert 0 <= found <= 1


def test_stacked_features_stand_in_their_order_for_every_pair():
    values = {name: np.array([[float(place)]]) for place, name in enumerate(FEATURES)}
    values["their_yes"] = np.array([[6.0, 7.0]])
    stacked = Features(**values).stacked()
    assert stacked.shape == (1, 2, len(FEATURES))
    assert stacked[0].tolist() == [[0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 7]]


def test_both_sides_count_alike():
    one, other = np.array([0.9]), np.array([0.1])
    assert mutual(one, other) == mutual(other, one) == pytest.approx(0.3)


def test_few_answers_are_no_character():
    yes, asked = np.array([0.0, 0.0, 1.0, 20.0, 5.0]), np.array([0.0, 1.0, 1.0, 20.0, 1.0])
    rates = rate_above_average(yes, asked, 0.4)
    assert rates[0] == 0
    assert rates[1] == pytest.approx(0.8 / 3 - 0.4)
    assert 0 < rates[2] < rates[3] < 0.6
    assert rates[4] == rates[2], "more yes than answers is one yes an answer"
