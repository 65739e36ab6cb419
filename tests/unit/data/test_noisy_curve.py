"""Curves with noise."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropoutlab import data


def rng(seed=0):
    return np.random.default_rng(seed)


def test_a_noisy_curve_is_the_curve_plus_noise_of_the_size_asked():
    # |z| < 6 for the mean and the variance of 20,000 residuals: 4e-9.
    curve = data.noisy_curve(20_000, noise=0.3, rng=rng(), function=np.cos)
    x, residual = curve.x[:, 0], curve.y - np.cos(curve.x[:, 0])
    assert curve.x.shape == (20_000, 1)
    assert curve.x.dtype == curve.y.dtype == np.float64
    assert -1 <= x.min() < -0.99
    assert 0.99 < x.max() <= 1
    assert abs(residual.mean()) < 6 * 0.3 / math.sqrt(20_000)
    assert abs(residual.var() / 0.09 - 1) < 6 * math.sqrt(2 / 20_000)


def test_without_noise_the_curve_is_exact_and_its_places_do_not_depend_on_the_noise():
    exact = data.noisy_curve(50, noise=0, rng=rng(1))
    np.testing.assert_array_equal(exact.y, np.sin(np.pi * exact.x[:, 0]))
    np.testing.assert_array_equal(data.noisy_curve(50, noise=2, rng=rng(1)).x, exact.x)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"n": 0}, ValueError, "n must be an integer of at least 1, got 0"),
        ({"noise": -1}, ValueError, "noise must be a standard deviation, .* got -1"),
        ({"noise": float("nan")}, ValueError, "noise must be a standard deviation, .* got nan"),
        ({"rng": 3}, TypeError, "rng must be a numpy.random.Generator, got 3"),
    ],
)
def test_bad_arguments_of_curves(change, error, message):
    with pytest.raises(error, match=message):
        data.noisy_curve(**({"n": 10, "noise": 0.1, "rng": rng()} | change))


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6), st.integers(0, 2**32))
def test_any_polynomial_can_be_the_curve(coefficients, seed):
    curve = data.noisy_curve(
        30, noise=0, rng=rng(seed), function=np.polynomial.Polynomial(coefficients)
    )
    x = curve.x[:, 0]
    expected = sum(a * x**k for k, a in enumerate(coefficients))
    np.testing.assert_allclose(curve.y, expected, atol=1e-12)
