"""What chapter 2 shows in full: its interval is that of the library, bias and variance add up.

The contest and the copies are checked on cases small enough to work out by hand.
"""

import numpy as np
import pytest
from chapter import defined
from numpy.polynomial import Chebyshev
from scipy.special import stdtrit

from dropoutlab import data
from dropoutlab.stats import mean_interval


@pytest.fixture(scope="module")
def shown():
    names = ["most_telling", "with_copies", "gains", "t_interval", "parts_of_error"]
    known = {"np": np, "stdtrit": stdtrit, "data": data, "Chebyshev": Chebyshev}
    return defined("02_measuring_generalisation", *names, **known)


@pytest.mark.parametrize("r", [2, 3, 5, 40])
def test_the_interval_is_the_one_of_the_library(shown, r):
    values = np.random.default_rng(r).normal(8, 2, (6, r))

    low, high = shown["t_interval"](values)

    library = [mean_interval(row) for row in values]
    np.testing.assert_allclose(low, [interval.low for interval in library], rtol=1e-12)
    np.testing.assert_allclose(high, [interval.high for interval in library], rtol=1e-12)


def test_the_winner_is_chosen_in_the_contest_and_judged_elsewhere(shown):
    contest, elsewhere = np.array([12.0, 10.0, 14.0]), np.array([11.0, 13.0, 12.0])

    promised, kept = shown["gains"](contest, elsewhere, [np.array([2, 0, 1])])

    np.testing.assert_allclose(promised, [-2, 0, 2])
    np.testing.assert_allclose(kept, [0, 1, -1])


def test_a_copy_is_one_pixel_further_to_the_right(shown):
    image = np.zeros((28, 28))
    image[3, 5] = 1.0

    doubled = shown["with_copies"](data.Dataset(image.reshape(1, 784), [7]))

    assert doubled.y.tolist() == [7, 7]
    assert np.argwhere(doubled.x.reshape(2, 28, 28)).tolist() == [[0, 3, 5], [1, 3, 6]]


def test_the_most_telling_columns_are_those_whose_classes_lie_apart(shown):
    x = np.zeros((4, 50))
    y = np.array([0, 0, 1, 1])
    x[y == 1, 10:20] = 3.0
    x[y == 1, 30:40] = -3.0

    assert sorted(shown["most_telling"](x, y)) == [*range(10, 20), *range(30, 40)]


def test_bias_and_variance_of_a_constant_are_those_of_a_sine(shown):
    # A constant fits the mean: bias² is the mean of sin², ½; variance (½ + 0.3²) / 30.
    parts = np.array([shown["parts_of_error"](seed, 0) for seed in range(40)])
    bias2, variance, test_error = parts.T

    assert bias2.mean() == pytest.approx(0.5 + (0.5 + 0.09) / 3000, abs=0.01)
    assert variance.mean() == pytest.approx((0.5 + 0.09) / 30, rel=0.1)
    assert np.mean(bias2 + variance + 0.09) == pytest.approx(test_error.mean(), rel=0.02)
