"""Intervals: right against SciPy, right on average, and clear when the data are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as oracle

from dropoutlab.stats import (
    Interval,
    mean_band,
    mean_interval,
    paired_difference,
    proportion_interval,
)

N_TRIALS = 4000
# 4.4 standard errors of a share near 0.95: a right interval fails such a test about once in
# 100,000 seeds.
MARGIN = 4.4 * np.sqrt(0.95 * 0.05 / N_TRIALS)


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


@pytest.mark.parametrize(
    ("k", "n"), [(0, 7), (1, 7), (31, 1000), (500, 1000), (999, 1000), (7, 7)]
)
def test_proportion_interval_is_wilsons(k, n):
    interval = proportion_interval(k, n)

    expected = oracle.binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert (interval.low, interval.high) == pytest.approx(tuple(expected), rel=1e-10, abs=1e-15)
    assert interval.estimate == k / n


def test_mean_interval_covers_the_true_mean_as_often_as_it_says():
    samples = np.random.default_rng(1).normal(2.0, 3.0, (N_TRIALS, 5))

    intervals = [mean_interval(sample) for sample in samples]

    covered = np.mean([i.low <= 2.0 <= i.high for i in intervals])
    assert abs(covered - 0.95) < MARGIN


def test_paired_interval_covers_and_is_narrower_where_seeds_share_their_luck():
    rng = np.random.default_rng(2)
    luck = rng.normal(0, 3.0, (N_TRIALS, 8))
    a, b = (luck + rng.normal(mean, 0.5, luck.shape) for mean in (1.0, 2.5))

    pairs = [paired_difference(*arms) for arms in zip(a, b, strict=True)]

    assert abs(np.mean([i.low <= -1.5 <= i.high for i in pairs]) - 0.95) < MARGIN
    alone = mean_interval(a[0])
    assert pairs[0].high - pairs[0].low < (alone.high - alone.low) / 2


def test_proportion_interval_covers_on_average_over_all_proportions():
    n, proportions = 60, np.linspace(0.005, 0.995, 199)
    ends = [proportion_interval(k, n) for k in range(n + 1)]
    low, high = (np.array([getattr(i, end) for i in ends])[:, None] for end in ("low", "high"))

    inside = (low <= proportions) & (proportions <= high)
    chance = oracle.binom.pmf(np.arange(n + 1)[:, None], n, proportions)

    assert (chance * inside).sum(axis=0).mean() == pytest.approx(0.95, abs=0.01)


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


def test_text_shows_half_width_unit_level_and_seeds():
    interval = Interval(-1.49, -1.71, -1.27, n=8, method="paired t")

    assert str(interval) == "−1.49 ± 0.22 (95 %, 8 seeds)"
    assert interval.text(unit="points", decimals=1) == "−1.5 ± 0.2 points (95 %, 8 seeds)"


def test_text_of_a_lopsided_interval_shows_both_ends():
    text = proportion_interval(3, 10_000, of="images").scaled(100).text(unit="%", decimals=2)

    assert text == "0.03 % [0.01, 0.09] (95 %, 10,000 images)"


def test_text_never_rounds_a_spread_to_nothing():
    interval = Interval(0.5, 0.499, 0.501, n=8)

    assert interval.text(decimals=1).startswith("0.500 ± 0.001 ")


def test_text_writes_no_minus_before_zero():
    assert Interval(-0.001, -1.001, 0.999, n=8).text(decimals=1).startswith("0.0 ± 1.0 ")


def test_html_is_escaped():
    assert "<b>" not in Interval(0, -1, 1, n=2, of="<b>")._repr_html_()


def test_intervals_do_not_compare():
    with pytest.raises(TypeError):
        _ = Interval(0, -1, 1) < Interval(5, 4, 6)


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


def test_paired_difference_refuses_arms_of_different_length():
    with pytest.raises(ValueError, match="got 2 and 3"):
        paired_difference([1.0, 2.0], [1.0, 2.0, 3.0])


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


@pytest.mark.parametrize("ends", [(0, 1, 2), (0, -2, -1), (np.nan, -1, 1), (0, -np.inf, 1)])
def test_interval_refuses_ends_out_of_order(ends):
    with pytest.raises(ValueError, match="low"):
        Interval(*ends)


@pytest.mark.parametrize("factor", [0, -100, np.nan, np.inf])
def test_scaling_keeps_the_order_of_the_ends(factor):
    with pytest.raises(ValueError, match="factor must be positive"):
        Interval(1, 0, 2).scaled(factor)


def test_values_of_the_caller_are_left_alone():
    values = np.array([1.0, 2.0, 3.0])

    mean_interval(values)
    paired_difference(values, values)

    assert values.tolist() == [1.0, 2.0, 3.0]
