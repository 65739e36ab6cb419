"""Intervals hold the truth as often as they say: simulated experiments, or exact sums.

Where a method is known to fall short, the shortfall is pinned too: the docstrings state it.
"""

import numpy as np
import pytest
from scipy import stats as oracle

from dropoutlab.stats import (
    bootstrap_interval,
    mean_band,
    mean_interval,
    paired_difference,
    paired_ratio,
    proportion_interval,
)

pytestmark = pytest.mark.full
N_SEEDS = [5, 8, 20]


def margin(n_experiments):
    """Return 4.4 standard errors: a right interval fails about once in 100,000 seeds."""
    return 4.4 * np.sqrt(0.95 * 0.05 / n_experiments)


def coverage(intervals, truth):
    return np.mean([i.low <= truth <= i.high for i in intervals])


@pytest.mark.parametrize("n", N_SEEDS)
def test_mean_interval_is_exact_for_normal_values(n):
    """A quantile of the normal in place of t's would cover 0.88, 0.91 and 0.935."""
    samples = np.random.default_rng(n).normal(2.0, 3.0, (10_000, n))

    intervals = [mean_interval(sample) for sample in samples]

    assert coverage(intervals, 2.0) == pytest.approx(0.95, abs=margin(10_000))


@pytest.mark.parametrize("level", [0.5, 0.99])
def test_mean_interval_keeps_to_other_levels(level):
    samples = np.random.default_rng(1).normal(2.0, 3.0, (10_000, 8))

    intervals = [mean_interval(sample, level=level) for sample in samples]

    assert coverage(intervals, 2.0) == pytest.approx(level, abs=0.022 if level < 0.9 else 0.005)


@pytest.mark.parametrize(("n", "expected"), [(5, 0.88), (8, 0.90), (20, 0.92)])
def test_a_long_tail_costs_the_mean_interval_what_its_docstring_says(n, expected):
    samples = np.random.default_rng(n).exponential(1.0, (10_000, n))

    intervals = [mean_interval(sample) for sample in samples]

    assert coverage(intervals, 1.0) == pytest.approx(expected, abs=0.015)


def test_each_point_of_a_band_covers_as_often_as_it_says():
    curves = np.random.default_rng(4).normal(2.0, 3.0, (6, 10_000))

    _, low, high = mean_band(curves)

    assert np.mean((low <= 2.0) & (high >= 2.0)) == pytest.approx(0.95, abs=margin(10_000))


@pytest.mark.parametrize("n", N_SEEDS)
def test_paired_intervals_cover_where_seeds_share_their_luck(n):
    """Without pairing the luck would stay in, and the intervals would cover all but always."""
    rng = np.random.default_rng(n)
    luck = rng.normal(0, 1.0, (4000, n))
    a, b = (luck + rng.normal(mean, 0.3, luck.shape) for mean in (1.0, 1.5))

    differences = [paired_difference(*arms) for arms in zip(a, b, strict=True)]
    ratios = [paired_ratio(*np.exp(arms)) for arms in zip(a, b, strict=True)]

    assert coverage(differences, -0.5) == pytest.approx(0.95, abs=margin(4000))
    assert coverage(ratios, np.exp(-0.5)) == pytest.approx(0.95, abs=margin(4000))
    alone = [mean_interval(sample) for sample in a]
    assert typical_width(differences) < typical_width(alone) / 2


def typical_width(intervals):
    return np.median([i.high - i.low for i in intervals])


@pytest.mark.parametrize(
    ("n", "in_the_middle", "anywhere"),
    [(5, 0.89, 0.83), (10, 0.92, 0.85), (60, 0.93, 0.93), (1000, 0.945, 0.94)],
)
def test_proportion_interval_covers_on_average_and_never_falls_far_short(
    n, in_the_middle, anywhere
):
    """Exact sums over all counts. The textbook's p ± z·s averages 0.64 at n = 5, 0.91 at 60."""
    proportions = np.linspace(0.005, 0.995, 199)
    ends = [proportion_interval(k, n) for k in range(n + 1)]
    low, high = (np.array([getattr(i, end) for i in ends])[:, None] for end in ("low", "high"))

    inside = (low <= proportions) & (proportions <= high)
    chance = oracle.binom.pmf(np.arange(n + 1)[:, None], n, proportions)
    covered = (chance * inside).sum(axis=0)

    assert covered.mean() == pytest.approx(0.95, abs=0.005)
    assert covered[(proportions > 0.1) & (proportions < 0.9)].min() > in_the_middle
    assert covered.min() > anywhere


@pytest.mark.parametrize("n", [6, 8, 20])
@pytest.mark.parametrize("shape", ["normal", "skewed"])
def test_bootstrap_of_a_median_covers_at_least_what_it_says(n, shape):
    rng = np.random.default_rng(n)
    truth = {"normal": 0.0, "skewed": np.log(2)}[shape]
    draw = {"normal": rng.standard_normal, "skewed": rng.standard_exponential}[shape]

    intervals = [
        bootstrap_interval(sample, statistic=np.median, rng=rng, n_resamples=999)
        for sample in draw((1000, n))
    ]

    assert 0.95 - margin(1000) / 2 <= coverage(intervals, truth) <= 0.99


def test_bootstrap_of_a_mean_covers_what_its_docstring_says():
    """The plain percentile interval, and BCa, would cover 0.88."""
    rng = np.random.default_rng(5)
    samples = rng.normal(2.0, 3.0, (2000, 8))

    intervals = [
        bootstrap_interval(sample, statistic=np.mean, rng=rng, n_resamples=999)
        for sample in samples
    ]

    assert coverage(intervals, 2.0) == pytest.approx(0.94, abs=margin(2000))


def ratio_of_means(a, b, axis=-1):
    return np.mean(a, axis=axis) / np.mean(b, axis=axis)


def test_bootstrap_draws_a_seed_with_both_its_values():
    """Drawn apart, the shared luck would stay in, and the intervals cover always."""
    rng = np.random.default_rng(6)
    luck = rng.normal(0, 0.3, (1500, 8))
    a, b = (np.exp(luck + rng.normal(mean, 0.15, luck.shape)) for mean in (0.6, 0.0))

    intervals = [
        bootstrap_interval(*arms, statistic=ratio_of_means, rng=rng, n_resamples=999)
        for arms in zip(a, b, strict=True)
    ]

    assert coverage(intervals, np.exp(0.6)) == pytest.approx(0.945, abs=margin(1500))
