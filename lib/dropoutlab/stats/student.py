"""Student's t: means over seeds, and differences and ratios paired seed by seed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from dropoutlab.stats.interval import Interval, check_level
from dropoutlab.stats.sample import check_pairs, check_real, check_sample

__all__ = ["mean_band", "mean_interval", "paired_difference", "paired_ratio"]


def mean_interval(values: ArrayLike, *, level: float = 0.95, of: str = "seeds") -> Interval:
    r"""Interval for the mean of independent runs, by Student's t.

    :math:`\bar v \pm t_{n-1}\, s / \sqrt n`, with :math:`s` the sample standard
    deviation. Exact for normally distributed values. A long tail costs coverage:
    of eight exponentially distributed values, an interval at 95 % holds the mean
    in 90 % of cases.

    Parameters
    ----------
    values : array_like, shape (n,)
        One number a seed, ``n >= 2``, finite.
    level : float
        Confidence level, in ``(0, 1)``.
    of : str
        What was counted, for the text.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If there are fewer than two values, one is not finite, or the shape is
        not one-dimensional.
    TypeError
        If the values are not real numbers.

    Examples
    --------
    >>> print(mean_interval([3.1, 2.9, 3.3, 3.0]).text(unit="%", decimals=2))
    3.08 ± 0.27 % (95 %, 4 seeds)
    """
    return _t_interval(check_sample(values, "values"), level, "t", of)


def paired_difference(
    a: ArrayLike, b: ArrayLike, *, level: float = 0.95, of: str = "seeds"
) -> Interval:
    """Interval for the mean of ``a - b``, paired seed by seed.

    Two arms that share seeds share data subsets and initial weights; the
    difference within a seed cancels what they share, and its interval is often
    several times narrower than either arm's.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        One number a seed, in the same order of seeds, ``n >= 2``.
    level : float
        Confidence level, in ``(0, 1)``.
    of : str
        What was counted, for the text.

    Returns
    -------
    Interval
        Positive where `a` is larger.

    Raises
    ------
    ValueError
        If the lengths differ, or as for :func:`mean_interval`.
    TypeError
        If the values are not real numbers.

    Examples
    --------
    >>> print(paired_difference([3.0, 4.0, 5.0], [4.5, 5.4, 6.6]).text(decimals=2))
    −1.50 ± 0.25 (95 %, 3 seeds)
    """
    a, b = check_pairs(a, b)
    return _t_interval(a - b, level, "paired t", of)


def paired_ratio(
    a: ArrayLike, b: ArrayLike, *, level: float = 0.95, of: str = "seeds"
) -> Interval:
    r"""Interval for the typical ratio ``a / b``, paired seed by seed.

    Student's t on :math:`\log a - \log b`, taken back by the exponential: for
    durations and counts, where one arm needs so many *times* what the other
    needs. The estimate is the geometric mean of the ratios, so swapping `a` and
    `b` inverts everything, which a mean of ratios would not.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        One positive number a seed, in the same order of seeds, ``n >= 2``.
    level : float
        Confidence level, in ``(0, 1)``.
    of : str
        What was counted, for the text.

    Returns
    -------
    Interval
        Above 1 where `a` is larger; its ends lie equally many times above and
        below the estimate.

    Raises
    ------
    ValueError
        If a value is not positive, or as for :func:`paired_difference`.
    TypeError
        If the values are not real numbers.

    Examples
    --------
    >>> updates_with_dropout, updates_without = [240, 310, 290, 260], [120, 160, 130, 140]
    >>> print(paired_ratio(updates_with_dropout, updates_without).text(unit="times"))
    2.00 times [1.77, 2.27] (95 %, 4 seeds)
    """
    a, b = check_pairs(a, b)
    for name, values in (("a", a), ("b", b)):
        if not (values > 0).all():
            raise ValueError(f"{name} must be positive to form ratios, got {values.min():g}")
    log = _t_interval(np.log(a) - np.log(b), level, "", of)
    # Where the exponential overflows, Interval says that its ends are not finite.
    with np.errstate(over="ignore"):
        middle, low, high = (float(np.exp(end)) for end in (log.estimate, log.low, log.high))
    return Interval(middle, low, high, level, log.n, "paired t of logarithms", of)


def mean_band(
    curves: ArrayLike, *, level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean and t interval at every point of curves that were measured over seeds.

    Each point has its own interval; the band as a whole covers less than
    `level` of all curves.

    Parameters
    ----------
    curves : array_like, shape (n_seeds, n_points)
        One curve a seed, ``n_seeds >= 2``, finite.
    level : float
        Confidence level of each point, in ``(0, 1)``.

    Returns
    -------
    mean, low, high : ndarray, each of shape (n_points,)

    Raises
    ------
    ValueError
        If the shape is not as above, or a value is not finite.
    TypeError
        If the values are not real numbers.

    Examples
    --------
    >>> mean, low, high = mean_band([[1.0, 2.0], [3.0, 2.0]])
    >>> mean.tolist(), (high - low)[1].item()
    ([2.0, 2.0], 0.0)
    """
    sample = check_real(curves, "curves")
    if sample.ndim != 2 or len(sample) < 2:
        raise ValueError(
            f"curves must have shape (n_seeds >= 2, n_points), got shape {sample.shape}"
        )
    mean: NDArray[np.float64] = sample.mean(axis=0)
    half = _t_half_width(sample, level)
    return mean, mean - half, mean + half


def _t_interval(sample: NDArray[np.float64], level: float, method: str, of: str) -> Interval:
    mean, half = float(sample.mean()), float(_t_half_width(sample, level))
    return Interval(mean, mean - half, mean + half, level, len(sample), method, of)


def _t_half_width(sample: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    n = len(sample)
    quantile = float(stdtrit(n - 1, (1 + check_level(level)) / 2))
    spread: NDArray[np.float64] = sample.std(axis=0, ddof=1)
    return quantile * spread / math.sqrt(n)
