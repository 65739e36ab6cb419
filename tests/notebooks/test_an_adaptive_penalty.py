"""The penalties that chapter 8 shows in full are the ones that masks make.

Each is compared with sums over all masks that are written another way, or with scikit-learn.
"""

import itertools

import numpy as np
import pytest
from chapter import defined
from scipy import optimize, special
from sklearn.linear_model import LinearRegression, LogisticRegression

NAMES = ["dropout_ridge", "all_masks", "exact_penalty", "train_logistic", "masked_sgd"]
P = [0.1, 0.3, 0.5, 0.8]


@pytest.fixture(scope="module")
def shown():
    known = {"np": np, "itertools": itertools, "optimize": optimize, "special": special}
    return defined("08_an_adaptive_penalty", *NAMES, "quadratic_penalty", **known)


@pytest.fixture
def sample():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((40, 3)) @ rng.standard_normal((3, 3))
    return x, x @ [1.0, -2.0, 0.5] + rng.standard_normal(40)


def every_masked_copy(x, p):
    """Return the examples under each mask, one copy below the other, and their chances."""
    copies, weights = [], []
    for mask in itertools.product([0, 1], repeat=x.shape[1]):
        copies.append(x * np.array(mask) / (1 - p))
        weights += [p ** mask.count(0) * (1 - p) ** mask.count(1)] * len(x)
    return np.concatenate(copies), np.array(weights)


@pytest.mark.parametrize("p", P)
def test_dropout_ridge_is_least_squares_over_all_masked_copies(shown, sample, p):
    x, y = sample
    copies, weights = every_masked_copy(x, p)

    expected = LinearRegression(fit_intercept=False).fit(copies, np.tile(y, 8), weights).coef_

    np.testing.assert_allclose(shown["dropout_ridge"](x, y, p), expected, rtol=1e-9)


@pytest.mark.parametrize("p", P)
def test_masks_and_their_probabilities_cover_everything_once(shown, p):
    masks, probability = shown["all_masks"](4, p)

    assert len(np.unique(masks, axis=0)) == 16
    assert probability.sum() == pytest.approx(1)
    np.testing.assert_allclose(probability @ masks, 1 - p)


@pytest.mark.parametrize("p", P)
def test_exact_penalty_of_one_weight_has_its_closed_form(shown, p):
    for w in [-3.0, 0.0, 0.7, 5.0]:
        kept, dropped = np.log1p(np.exp(w / (1 - p))), np.log(2)
        expected = (1 - p) * kept + p * dropped - np.log1p(np.exp(w))

        (penalty,) = shown["exact_penalty"](np.ones((1, 1)), np.array([w]), p)

        assert penalty == pytest.approx(expected, abs=1e-12)


def test_quadratic_penalty_by_hand(shown):
    x, w = np.array([[1.0, 2.0]]), np.array([2.0, -1.0])  # z = 0, q = 1/2

    (penalty,) = shown["quadratic_penalty"](x, w, 0.2)

    assert penalty == pytest.approx(0.5 * 0.25 * 0.25 * (4 + 4))


@pytest.mark.parametrize("p", P)
def test_training_with_dropout_is_training_on_all_masked_copies(shown, sample, p):
    x, y = sample[0], (sample[1] > 0.3).astype(int)
    y[:6] = 1 - y[:6]  # so that no weights separate the classes
    copies, weights = every_masked_copy(x, p)
    oracle = LogisticRegression(C=1e9, tol=1e-9, max_iter=10_000)
    oracle.fit(copies, np.tile(y, 8), weights)

    v = shown["train_logistic"](x, y, p=p)

    np.testing.assert_allclose(v, [*oracle.coef_[0], *oracle.intercept_], atol=2e-3)


def test_training_with_weight_decay_is_that_of_scikit_learn(shown, sample):
    x, y = sample[0], (sample[1] > 0.3).astype(int)
    oracle = LogisticRegression(C=1 / 3, tol=1e-9).fit(x, y)

    v = shown["train_logistic"](x, y, weight_decay=3.0)

    np.testing.assert_allclose(v, [*oracle.coef_[0], *oracle.intercept_], atol=2e-3)


@pytest.mark.parametrize("p", [0.2, 0.5])
def test_masked_runs_come_to_the_solution_without_masks(shown, sample, p):
    x, y = sample
    x = x / x.std(axis=0)

    path = shown["masked_sgd"](x, y, p, seed=0, n_steps=4000)

    assert path.shape == (4000, 8, 3)
    solved = shown["dropout_ridge"](x, y, p)
    averaged = path[2000:].mean(axis=(0, 1))
    assert np.linalg.norm(averaged - solved) < 0.03 * np.linalg.norm(solved)
