"""Spoilt labels: how many, which ones, and what else stays."""

import math

import numpy as np
import pytest

from dropoutlab import data
from dropoutlab.data import Dataset


def rng(seed=0):
    return np.random.default_rng(seed)


def labelled(n=1000, k=10):
    return Dataset(np.arange(float(n))[:, None], np.arange(n) % k)


@pytest.mark.parametrize("fraction", [0, 0.25, 0.3337, 1])
def test_exactly_the_fraction_asked_is_wrong_and_everything_else_is_untouched(fraction):
    clean = labelled()
    noisy, is_wrong = data.wrong_labels(clean, fraction, rng=rng())
    assert is_wrong.dtype == bool
    assert is_wrong.sum() == round(fraction * 1000)
    np.testing.assert_array_equal(noisy.y != clean.y, is_wrong)
    np.testing.assert_array_equal(noisy.x, clean.x)
    np.testing.assert_array_equal(clean.y, np.arange(1000) % 10)
    assert noisy.y.dtype == clean.y.dtype


def test_wrong_labels_are_uniform_over_the_other_classes_and_over_the_examples():
    # 20,000 draws over 4 × 3 ordered pairs of classes, |z| < 6: together 2e-8.
    clean = Dataset(np.zeros((40_000, 1)), np.repeat([2, 3, 5, 7], 10_000))
    noisy, is_wrong = data.wrong_labels(clean, 0.5, rng=rng())
    for true in (2, 3, 5, 7):
        of_class = clean.y == true
        assert abs(is_wrong[of_class].mean() - 0.5) < 6 * math.sqrt(0.25 / 10_000)
        others = noisy.y[of_class & is_wrong]
        for other in {2, 3, 5, 7} - {true}:
            z = (np.mean(others == other) - 1 / 3) / math.sqrt(2 / 9 / len(others))
            assert abs(z) < 6


def test_random_labels_are_uniform_and_independent_of_the_true_ones():
    # 100 pairs of classes, 50,000 draws, |z| < 6: together 2e-7.
    clean = labelled(50_000)
    spoilt = data.random_labels(clean, rng=rng())
    np.testing.assert_array_equal(spoilt.x, clean.x)
    pairs = np.bincount(10 * clean.y + spoilt.y, minlength=100) / 5000
    assert np.abs(pairs - 0.1).max() < 6 * math.sqrt(0.09 / 5000)


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_bad_fractions(fraction):
    with pytest.raises(ValueError, match=rf"fraction must be .* \[0, 1\], got {fraction}"):
        data.wrong_labels(labelled(), fraction, rng=rng())


def test_labels_that_cannot_be_spoilt():
    with pytest.raises(TypeError, match="dataset must have integer labels, got a float64"):
        data.random_labels(data.noisy_curve(5, noise=1, rng=rng()), rng=rng())
    with pytest.raises(ValueError, match="dataset must have at least two classes, got only 0"):
        data.wrong_labels(labelled(k=1), 0.5, rng=rng())
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator, got 0"):
        data.wrong_labels(labelled(), 0.5, rng=0)
