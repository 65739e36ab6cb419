"""Intervals from formulae: right against SciPy, and clear when the data are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as oracle

from dropoutlab.stats import (
    mean_band,
    mean_interval,
    paired_difference,
    paired_ratio,
    proportion_interval,
)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_mean_interval_is_student_t(level):
    values = [3.1, 2.9, 3.3, 3.0, 4.2]

    interval = mean_interval(values, level=level)

    expected = oracle.ttest_1samp(values, 0).confidence_interval(level)
    assert (interval.low, interval.high) == pytest.approx(tuple(expected), rel=1e-12)
    assert (interval.estimate, interval.n, interval.level) == (np.mean(values), 5, level)


def test_paired_difference_is_the_paired_t_interval_of_a_minus_b():
    a, b = [3.0, 4.0, 5.0, 5.5], [4.5, 5.4, 6.6, 6.9]

    interval = paired_difference(a, b)

    expected = oracle.ttest_rel(a, b).confidence_interval(0.95)
    assert (interval.low, interval.high) == pytest.approx(tuple(expected), rel=1e-12)
    assert interval.estimate < 0


def test_paired_ratio_is_the_t_interval_of_the_logarithms():
    a, b = np.array([3.0, 4.0, 5.0, 5.5]), np.array([1.5, 1.4, 2.6, 2.9])

    interval = paired_ratio(a, b, level=0.9)

    expected = oracle.ttest_rel(np.log(a), np.log(b)).confidence_interval(0.9)
    assert (interval.low, interval.high) == pytest.approx(tuple(np.exp(expected)), rel=1e-12)
    assert interval.estimate == pytest.approx(oracle.gmean(a / b), rel=1e-12)


def test_paired_ratio_turns_over_with_its_arms():
    a, b = [3.0, 4.0, 5.0], [1.5, 1.4, 2.6]

    one, other = paired_ratio(a, b), paired_ratio(b, a)

    assert (1 / other.high, 1 / other.estimate, 1 / other.low) == pytest.approx(
        (one.low, one.estimate, one.high)
    )


@pytest.mark.parametrize(
    ("k", "n"), [(0, 7), (1, 7), (31, 1000), (500, 1000), (999, 1000), (7, 7)]
)
def test_proportion_interval_is_wilsons(k, n):
    interval = proportion_interval(k, n)

    expected = oracle.binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert (interval.low, interval.high) == pytest.approx(tuple(expected), rel=1e-10, abs=1e-15)
    assert interval.estimate == k / n


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_proportion_interval_stays_between_zero_and_one(counts):
    k, n = counts

    interval = proportion_interval(k, n)

    assert 0 <= interval.low <= k / n <= interval.high <= 1


def test_mean_band_is_the_interval_of_every_column():
    curves = np.random.default_rng(3).normal(size=(6, 4))

    mean, low, high = mean_band(curves, level=0.9)

    columns = [mean_interval(column, level=0.9) for column in curves.T]
    np.testing.assert_allclose(mean, [i.estimate for i in columns])
    np.testing.assert_allclose(low, [i.low for i in columns])
    np.testing.assert_allclose(high, [i.high for i in columns])


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ([1.0], ValueError, "at least 2 seeds.*got 1"),
        ([], ValueError, "at least 2 seeds.*got 0"),
        ([1.0, np.nan], ValueError, "values must be finite"),
        ([1.0, np.inf], ValueError, "values must be finite"),
        ([[1.0, 2.0]], ValueError, r"one-dimensional, got shape \(1, 2\)"),
        (["1", "2"], TypeError, "values must be real numbers"),
        ([True, False], TypeError, "values must be real numbers, got dtype bool"),
    ],
)
def test_mean_interval_refuses_what_shows_no_spread(values, error, message):
    with pytest.raises(error, match=message):
        mean_interval(values)


@pytest.mark.parametrize("compare", [paired_difference, paired_ratio])
def test_arms_of_different_length_are_refused(compare):
    with pytest.raises(ValueError, match="got 2 and 3"):
        compare([1.0, 2.0], [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("a", "b", "name"), [([1.0, 0.0], [1.0, 1.0], "a"), ([1.0, 1.0], [1.0, -2.0], "b")]
)
def test_paired_ratio_refuses_what_has_no_logarithm(a, b, name):
    with pytest.raises(ValueError, match=f"{name} must be positive to form ratios, got"):
        paired_ratio(a, b)


def test_paired_ratio_says_when_its_ends_lie_beyond_all_numbers():
    with pytest.raises(ValueError, match="must be finite"):
        paired_ratio([1e-60, 1e60], [1.0, 1.0])


@pytest.mark.parametrize("level", [0, 1, 95, np.nan])
def test_level_must_be_a_probability(level):
    with pytest.raises(ValueError, match="level must be in"):
        mean_interval([1.0, 2.0], level=level)
    with pytest.raises(ValueError, match="level must be in"):
        proportion_interval(1, 2, level=level)


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (0, 0)])
def test_proportion_interval_refuses_impossible_counts(k, n):
    with pytest.raises(ValueError, match=f"got k={k}, n={n}"):
        proportion_interval(k, n)


@pytest.mark.parametrize("k", [0.5, True, "1"])
def test_proportion_interval_refuses_what_is_no_count(k):
    with pytest.raises(TypeError, match="k must be an integer"):
        proportion_interval(k, 5)


@pytest.mark.parametrize("curves", [[1.0, 2.0], [[1.0, 2.0]], np.ones((2, 2, 2))])
def test_mean_band_refuses_other_shapes(curves):
    with pytest.raises(ValueError, match="n_seeds >= 2, n_points"):
        mean_band(curves)


def test_values_of_the_caller_are_left_alone():
    values = np.array([1.0, 2.0, 3.0])

    mean_interval(values)
    paired_difference(values, values)
    paired_ratio(values, values)

    assert values.tolist() == [1.0, 2.0, 3.0]
