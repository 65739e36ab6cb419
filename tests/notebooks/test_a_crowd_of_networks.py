"""The two functions that chapter 7 shows, all masks and both means, do what its claims need."""

import itertools

import numpy as np
import pytest
from chapter import defined
from scipy.stats import gmean

from dropoutlab import nn


@pytest.fixture(scope="module")
def shown():
    names = ["all_masks", "both_means", "monte_carlo"]
    return defined("07_a_crowd_of_networks", *names, itertools=itertools, np=np, nn=nn)


def test_two_units_have_four_masks_with_these_probabilities(shown):
    masks, probability = shown["all_masks"](2, 0.2)

    np.testing.assert_array_equal(
        masks, [[False, False], [False, True], [True, False], [True, True]], strict=True
    )
    np.testing.assert_allclose(probability, [0.04, 0.16, 0.16, 0.64], rtol=1e-15)


@pytest.mark.parametrize("p", [0.1, 0.25, 0.5, 0.8])
def test_each_mask_comes_once_and_units_are_kept_with_probability_1_minus_p(shown, p):
    masks, probability = shown["all_masks"](7, p)

    assert len(np.unique(masks, axis=0)) == len(masks) == 2**7
    assert probability.sum() == pytest.approx(1, abs=1e-14)
    np.testing.assert_allclose(probability @ masks, np.full(7, 1 - p), atol=1e-14)


def test_means_of_two_opinions(shown):
    q = np.array([[0.9, 0.1], [0.1, 0.9]])

    arithmetic, geometric = shown["both_means"](q, np.array([0.75, 0.25]))

    np.testing.assert_allclose(arithmetic, [0.7, 0.3], rtol=1e-14)
    # 0.9^(3/4) 0.1^(1/4) against 0.1^(3/4) 0.9^(1/4): their ratio is the root of 9.
    np.testing.assert_allclose(geometric, [0.75, 0.25], rtol=1e-14)


def test_means_agree_with_scipy_for_several_examples(shown):
    rng = np.random.default_rng(0)
    q = nn.softmax(rng.standard_normal((16, 5, 3)))
    probability = rng.dirichlet(np.ones(16))

    arithmetic, geometric = shown["both_means"](q, probability)

    expected = gmean(q, axis=0, weights=np.broadcast_to(probability[:, None, None], q.shape))
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(geometric, expected, rtol=1e-13)
    np.testing.assert_allclose(
        arithmetic, np.average(q, axis=0, weights=probability), rtol=1e-13
    )


def test_monte_carlo_averages_the_probabilities_of_k_passes_in_training_mode(shown):
    def small_net(seed):
        rng = np.random.default_rng(seed)
        return nn.Sequential(nn.Dropout(0.5, rng=rng), nn.Linear(6, 3, rng=rng))

    x = np.ones((4, 6), dtype=np.float32)

    mean = shown["monte_carlo"](small_net(1).eval(), x, 3)

    net = small_net(1)  # draws the same masks in training mode
    np.testing.assert_allclose(
        mean, np.mean([nn.softmax(net(x)) for _ in range(3)], axis=0), rtol=1e-6
    )
