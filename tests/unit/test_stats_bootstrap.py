"""The bootstrap: what it computes, and what it says when it cannot."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.special import ndtr, stdtrit

from dropoutlab.stats import bootstrap_interval

VALUES = [11.0, 12.0, 12.5, 13.0, 14.0, 15.0, 19.0, 40.0]


def rng():
    return np.random.default_rng(7)


def ratio(a, b):
    return np.mean(a) / np.mean(b)


def test_ends_are_quantiles_of_the_resamples_further_out_than_the_level():
    interval = bootstrap_interval(VALUES, statistic=np.mean, rng=rng(), n_resamples=200_000)

    means = np.random.default_rng(8).choice(VALUES, (400_000, 8)).mean(axis=1)
    tail = ndtr(-np.sqrt(8 / 7) * stdtrit(7, 0.975))
    assert tail < 0.01
    low, high = np.quantile(means, [tail, 1 - tail])
    assert (interval.low, interval.high) == pytest.approx((low, high), rel=0.005)
    assert interval.estimate == np.mean(VALUES)
    assert (interval.n, interval.level) == (8, 0.95)


def test_equal_generators_give_equal_intervals():
    one, other = (bootstrap_interval(VALUES, statistic=np.median, rng=rng()) for _ in range(2))

    assert one == other


def test_statistic_without_an_axis_gives_the_same_as_one_with():
    slow = bootstrap_interval(
        VALUES, statistic=lambda v: np.median(v), rng=rng(), n_resamples=999
    )

    assert slow == bootstrap_interval(VALUES, statistic=np.median, rng=rng(), n_resamples=999)


def test_pairs_stay_together():
    """Each value is twice its partner, so every resample has the same ratio."""
    twice = [2 * v for v in VALUES]

    interval = bootstrap_interval(twice, VALUES, statistic=ratio, rng=rng(), n_resamples=999)

    assert (interval.low, interval.high) == pytest.approx((2.0, 2.0))


def test_interval_reaches_its_estimate_where_no_resample_does():
    beyond = bootstrap_interval(
        VALUES,
        statistic=lambda v: np.ptp(v) + (len(np.unique(v)) == 8) * 100,
        rng=rng(),
        n_resamples=999,
    )

    assert beyond.low < beyond.estimate == beyond.high == 129


@pytest.mark.parametrize(("level", "least"), [(0.5, 2), (0.9, 5), (0.95, 6), (0.99, 8)])
def test_too_few_seeds_are_refused(level, least):
    def interval(n):
        return bootstrap_interval(
            VALUES[:n], statistic=np.median, rng=rng(), level=level, n_resamples=999
        )

    assert interval(least).n == least
    if least > 2:
        with pytest.raises(ValueError, match=f"at least {least} seeds at level {level}, got"):
            interval(least - 1)


@pytest.mark.parametrize(
    ("samples", "error", "message"),
    [
        ((), ValueError, r"samples must be one or more of equal length.*got lengths \[\]"),
        ((VALUES, VALUES[1:]), ValueError, r"paired by seed, got lengths \[8, 7\]"),
        ((VALUES, [np.nan] * 8), ValueError, r"samples\[1\] must be finite"),
        ((["1"] * 8,), TypeError, r"samples\[0\] must be real numbers"),
    ],
)
def test_bad_samples_are_refused(samples, error, message):
    with pytest.raises(error, match=message):
        bootstrap_interval(*samples, statistic=np.median, rng=rng())


@pytest.mark.parametrize(
    ("statistic", "message"),
    [
        (lambda v: v, "statistic must return one finite number for the samples, got array"),
        (lambda v: np.nan, "statistic must return one finite number for the samples, got nan"),
        (lambda v: "13", "got '13'"),
    ],
)
def test_statistic_must_be_a_number(statistic, message):
    with pytest.raises(ValueError, match=message):
        bootstrap_interval(VALUES, statistic=statistic, rng=rng())


def test_statistic_that_some_resamples_do_not_have_is_refused():
    def mean_above_thirty(values):
        chosen = values[values > 30]
        return chosen.mean() if len(chosen) else np.nan

    with pytest.raises(ValueError, match=r"statistic must be finite .* none in 3\d\.\d+% of"):
        bootstrap_interval(VALUES, statistic=mean_above_thirty, rng=rng(), n_resamples=999)


@pytest.mark.parametrize("seed", [None, 0, np.random])
def test_randomness_must_be_a_generator(seed):
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator, got"):
        bootstrap_interval(VALUES, statistic=np.median, rng=seed)


@pytest.mark.parametrize("n_resamples", [0, 100, np.nan])
def test_too_few_resamples_are_refused(n_resamples):
    with pytest.raises(ValueError, match="n_resamples must be at least 999, got"):
        bootstrap_interval(VALUES, statistic=np.median, rng=rng(), n_resamples=n_resamples)


def test_importing_the_statistics_does_not_import_the_slow_part_of_scipy():
    code = "import sys, dropoutlab.stats; print('scipy.stats' in sys.modules)"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert printed.stdout.strip() == "False"
