import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.introductions.learning import (
    EXPLORATION,
    LARGEST_WEIGHT,
    LEARNED,
    LEAST_OUTCOMES,
    Coefficients,
    Direction,
    Outcome,
    Tally,
    chances,
    draw,
    fit,
    importance,
    logistic,
    refit,
    settings,
    snips,
    study,
    words,
)
from community.introductions.weights import Weights

PRIOR = Weights()
MEANS = np.array([getattr(PRIOR, name) for name in LEARNED])
SLOPES = len(LEARNED) - 1


def answers(truth: dict[str, float], count: int, seed: int = 1) -> list[Outcome]:
    """Return answers of people who follow the prior but for what `truth` says."""
    rng = np.random.default_rng(seed)
    weights = np.array([truth.get(name, mean) for name, mean in zip(LEARNED, MEANS, strict=True)])
    found = []
    for _ in range(count):
        features = rng.random(SLOPES)
        p = float(logistic(np.array([weights[0] + weights[1:] @ features]))[0])
        found.append(Outcome(tuple(features), bool(rng.random() < p)))
    return found


# The regression.


def test_nothing_known_gives_the_prior_and_its_width():
    found = fit(np.empty((0, 2)), np.empty(0), np.array([1.0, -2.0]), 4.0)
    assert found.values == pytest.approx([1.0, -2.0])
    assert found.errors == pytest.approx([0.5, 0.5])


def test_a_fit_finds_the_truth_behind_many_answers():
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(20_000), rng.normal(size=20_000)])
    y = (rng.random(20_000) < logistic(x @ np.array([-1.0, 0.7]))).astype(float)
    found = fit(x, y, np.zeros(2), 0.01)
    assert found.values == pytest.approx([-1.0, 0.7], abs=4 * float(found.errors.max()))
    assert found.errors.max() < 0.03


def test_a_fit_stands_where_the_slope_is_nought():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(50, 3)), rng.integers(0, 2, 50).astype(float)
    prior, ridge, weights = np.array([0.5, 0.0, -1.0]), np.array([1.0, 2.0, 0.5]), rng.random(50)
    at = fit(x, y, prior, ridge, weights).values
    slope = x.T @ (weights * (logistic(x @ at) - y)) + ridge * (at - prior)
    assert slope == pytest.approx(np.zeros(3), abs=1e-7)


def test_a_weight_of_two_is_the_same_answer_twice():
    x, y = np.array([[1.0], [1.0]]), np.array([1.0, 0.0])
    once = fit(x, y, np.zeros(1), 1.0, np.array([2.0, 1.0]))
    twice = fit(np.ones((3, 1)), np.array([1.0, 1.0, 0.0]), np.zeros(1), 1.0)
    assert once.values == pytest.approx(twice.values)


def test_a_prior_that_is_wildly_wrong_is_left_without_overshooting():
    x, y = np.ones((40, 1)), np.zeros(40)
    found = fit(x, y, np.array([30.0]), 0.001)
    assert -10 < found.values[0] < -3


def test_only_yes_does_not_run_away():
    found = fit(np.ones((500, 1)), np.ones(500), np.zeros(1), 1.0)
    assert 3 < found.values[0] < 7


@given(st.lists(st.booleans(), max_size=30), st.floats(-20, 20), st.floats(0.01, 100))
def test_any_answers_give_finite_coefficients(said, mean, precision):
    found = fit(np.ones((len(said), 1)), np.array(said, dtype=float), np.array([mean]), precision)
    assert np.isfinite(found.values).all()
    assert (found.errors > 0).all()


# The nightly refit.


def test_before_two_hundred_answers_the_weights_are_fixed():
    assert refit(PRIOR, answers({}, LEAST_OUTCOMES - 1)) == PRIOR


def test_refitted_weights_follow_the_answers_and_leave_the_rest():
    learned = refit(PRIOR, answers({"common_ground": 3.0}, 3000))
    assert learned.name == "learned"
    assert learned.common_ground > 1.8
    assert learned.answers_me == pytest.approx(PRIOR.answers_me, abs=0.5)
    rest = set(PRIOR.__struct_fields__) - set(LEARNED) - {"name"}
    assert all(getattr(learned, name) == getattr(PRIOR, name) for name in rest)


def test_two_hundred_answers_move_a_weight_less_than_the_prior_lets_three_thousand():
    few, many = (refit(PRIOR, answers({"common_ground": 3.0}, n)) for n in (200, 3000))
    assert PRIOR.common_ground < few.common_ground < many.common_ground


def test_every_learned_weight_is_one_of_the_weights():
    assert set(LEARNED) < set(PRIOR.__struct_fields__)


def test_a_rare_choice_counts_for_more_but_not_without_end():
    counts = importance(np.array([1.0, 0.5, 0.001]))
    assert counts[1] / counts[0] == pytest.approx(2)
    assert counts[2] / counts[0] == pytest.approx(LARGEST_WEIGHT)


def test_a_logged_chance_of_nought_breaks_nothing():
    counts = importance(np.array([0.0, 1.0]))
    assert counts[0] / counts[1] == pytest.approx(LARGEST_WEIGHT)
    assert snips(np.ones(2), np.zeros(2), np.ones(2)).value == 1


def test_all_answers_together_count_for_their_effective_number():
    assert importance(np.full(30, 0.2)).sum() == pytest.approx(30)
    assert importance(np.array([0.1, 1.0, 1.0, 1.0])).sum() < 2
    assert len(importance(np.empty(0))) == 0


def test_no_answers_at_all_study_to_the_prior():
    assert study(PRIOR, []).values == pytest.approx(MEANS)


# What was learned, in words.


def learned(errors: float = 0.2, **changed: float) -> Coefficients:
    values = np.array([changed.get(name, mean) for name, mean in zip(LEARNED, MEANS, strict=True)])
    return Coefficients(values, np.full(len(LEARNED), errors))


@pytest.mark.parametrize(
    ("now", "direction"),
    [
        (1.6, Direction.MORE),
        (0.2, Direction.LESS),
        (-0.1, Direction.LESS),
        (-0.9, Direction.AGAINST),
        (0.85, Direction.AS_ASSUMED),
    ],
)
def test_a_lesson_says_which_way_a_weight_went(now, direction):
    lessons = {lesson.feature: lesson for lesson in words(PRIOR, learned(common_ground=now))}
    assert lessons["common_ground"].direction is direction


def test_the_surest_lesson_comes_first_and_the_intercept_never():
    lessons = words(PRIOR, learned(overlap=1.0, same_language=0.7, intercept=5.0))
    assert [lesson.feature for lesson in lessons[:2]] == ["overlap", "same_language"]
    assert lessons[0].sure > 0.99
    assert [lesson.feature for lesson in lessons[2:]] == [
        "answers_me",
        "i_answer",
        "common_ground",
        "my_yes",
        "their_yes",
    ]
    assert all(lesson.sure == 0.5 for lesson in lessons[2:])


# Settings tried against one another.


def test_there_are_four_to_six_settings_with_names_of_their_own_and_room_for_chance():
    tried = settings(PRIOR)
    assert 4 <= len(tried) <= 6
    assert len({weights.name for weights in tried}) == len(tried)
    assert all(weights.explore >= EXPLORATION for weights in tried)
    assert msgspec.structs.replace(tried[0], name="prior", explore=0.0) == PRIOR


def test_nothing_tried_yet_gives_every_setting_the_same_chance():
    assert chances(["a", "b", "c", "d"], {}) == pytest.approx([0.25] * 4, abs=1e-6)


def test_the_chance_is_that_of_having_the_highest_rate():
    results = {"a": Tally(30, 60), "b": Tally(20, 60)}
    rng = np.random.default_rng(9)
    wins = float((rng.beta(31, 31, 200_000) > rng.beta(21, 41, 200_000)).mean())
    expected = EXPLORATION / 2 + (1 - EXPLORATION) * wins
    assert chances(["a", "b"], results)[0] == pytest.approx(expected, abs=0.005)


def test_a_setting_that_does_badly_is_still_drawn_now_and_then():
    results = {"a": Tally(9000, 10_000), "b": Tally(10, 10_000)}
    found = chances(["a", "b"], results)
    assert found[1] == pytest.approx(EXPLORATION / 2)
    assert found.sum() == pytest.approx(1.0)


def test_the_same_seed_draws_the_same_setting_and_says_how_probable_it_was():
    among, results = settings(PRIOR), {"needs": Tally(40, 50), "bridges": Tally(5, 50)}
    one = draw(among, results, "2026-11-23")
    assert one == draw(among, results, "2026-11-23")
    each = dict(zip((w.name for w in among), chances([w.name for w in among], results), strict=True))
    assert one.chance == pytest.approx(each[one.name])


def test_settings_are_drawn_as_often_as_they_say():
    among = settings(PRIOR)
    results = {"needs": Tally(30, 50), "steady": Tally(27, 50), "bridges": Tally(20, 50)}
    drawn = [draw(among, results, str(day)) for day in range(800)]
    for weights in {w.name: w for w in drawn}.values():
        share = sum(w.name == weights.name for w in drawn) / len(drawn)
        assert share == pytest.approx(weights.chance, abs=0.05)


def test_a_single_setting_is_drawn_for_sure():
    assert draw([PRIOR], {}, "today").chance == 1.0


# What another way of choosing would have brought.


def test_the_estimate_finds_the_value_of_a_policy_that_was_never_run():
    rng = np.random.default_rng(11)
    arms, values = rng.integers(0, 4, 20_000), np.array([0.1, 0.2, 0.3, 0.6])
    outcomes = (rng.random(20_000) < values[arms]).astype(float)
    target = np.array([0.1, 0.1, 0.1, 0.7])
    found = snips(outcomes, np.full(20_000, 0.25), target[arms])
    assert found.value == pytest.approx(float(values @ target), abs=4 * found.error)
    assert found.error < 0.01
    assert 5_000 < found.effective < 12_000


def test_an_estimate_of_what_was_never_tried_is_no_estimate():
    found = snips(np.ones(5), np.ones(5), np.zeros(5))
    assert (found.value, found.effective) == (0.0, 0.0)
    assert math.isinf(found.error)


def test_one_very_rare_choice_does_not_decide_alone():
    outcomes, logged = np.array([1.0] + [0.0] * 99), np.array([1e-6] + [1.0] * 99)
    assert snips(outcomes, logged, np.ones(100)).value < 0.1


def test_the_estimate_without_outcomes_is_none():
    assert snips(np.empty(0), np.empty(0), np.empty(0)).effective == 0
