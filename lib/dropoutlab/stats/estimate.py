"""Intervals from data: means over seeds, paired differences, proportions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from dropoutlab.stats.interval import Interval, check_level

__all__ = ["mean_band", "mean_interval", "paired_difference", "proportion_interval"]


def mean_interval(values: ArrayLike, *, level: float = 0.95, of: str = "seeds") -> Interval:
    r"""Interval for the mean of independent runs, by Student's t.

    :math:`\bar v \pm t_{n-1}\, s / \sqrt n`, with :math:`s` the sample standard
    deviation. Exact for normally distributed values.

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
    sample = _sample(values, "values")
    return _t_interval(sample, level, "t", of)


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

    Examples
    --------
    >>> print(paired_difference([3.0, 4.0, 5.0], [4.5, 5.4, 6.6]).text(decimals=2))
    −1.50 ± 0.25 (95 %, 3 seeds)
    """
    a, b = _sample(a, "a"), _sample(b, "b")
    if len(a) != len(b):
        raise ValueError(f"a and b must pair up seed by seed, got {len(a)} and {len(b)} values")
    return _t_interval(a - b, level, "paired t", of)


def proportion_interval(k: int, n: int, *, level: float = 0.95, of: str = "cases") -> Interval:
    r"""Wilson's score interval for a proportion: `k` hits in `n` independent trials.

    It solves :math:`|\hat q - q| = z \sqrt{q(1-q)/n}` for :math:`q`, so it stays
    inside [0, 1] and has a width even at ``k = 0`` (Wilson, 1927).

    Parameters
    ----------
    k : int
        Hits, ``0 <= k <= n``.
    n : int
        Trials, ``n >= 1``.
    level : float
        Confidence level, in ``(0, 1)``.
    of : str
        What was counted, for the text.

    Returns
    -------
    Interval
        Its estimate is ``k / n``.

    Raises
    ------
    ValueError
        If `k` or `n` is out of range.
    TypeError
        If `k` or `n` is not an integer.

    Examples
    --------
    >>> print(proportion_interval(0, 100, of="images"))
    0.000 [0.000, 0.037] (95 %, 100 images)
    """
    for name, value in (("k", k), ("n", n)):
        if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
            raise TypeError(f"{name} must be an integer count, got {value!r}")
    if not (n >= 1 and 0 <= k <= n):
        raise ValueError(f"need 0 <= k <= n and n >= 1, got k={k}, n={n}")
    q, z2 = k / n, ndtri((1 + check_level(level)) / 2) ** 2
    centre = (q + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (q * (1 - q) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    # In exact arithmetic the ends never pass the estimate; rounding can, at k = 0 and k = n.
    low, high = min(centre - half, q), max(centre + half, q)
    return Interval(q, low if k else 0.0, high if k < n else 1.0, level, int(n), "Wilson", of)


def mean_band(curves: ArrayLike, *, level: float = 0.95) -> tuple[NDArray, NDArray, NDArray]:
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

    Examples
    --------
    >>> mean, low, high = mean_band([[1.0, 2.0], [3.0, 2.0]])
    >>> mean.tolist(), (high - low)[1].item()
    ([2.0, 2.0], 0.0)
    """
    sample = _real(curves, "curves")
    if sample.ndim != 2 or len(sample) < 2:
        raise ValueError(
            f"curves must have shape (n_seeds >= 2, n_points), got shape {sample.shape}"
        )
    mean = sample.mean(axis=0)
    half = _t_half_width(sample, level)
    return mean, mean - half, mean + half


def _t_interval(sample: NDArray, level: float, method: str, of: str) -> Interval:
    mean, half = float(sample.mean()), float(_t_half_width(sample, level))
    return Interval(mean, mean - half, mean + half, level, len(sample), method, of)


def _t_half_width(sample: NDArray, level: float) -> NDArray:
    n = len(sample)
    quantile = stdtrit(n - 1, (1 + check_level(level)) / 2)
    return quantile * sample.std(axis=0, ddof=1) / math.sqrt(n)


def _sample(values: ArrayLike, name: str) -> NDArray:
    sample = _real(values, name)
    if sample.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {sample.shape}")
    if len(sample) < 2:
        raise ValueError(
            f"{name} needs at least 2 seeds to show a spread, got {len(sample)} value(s)"
        )
    return sample


def _real(values: ArrayLike, name: str) -> NDArray:
    sample = np.asarray(values)
    if sample.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be real numbers, got dtype {sample.dtype}")
    if not np.isfinite(sample).all():
        raise ValueError(f"{name} must be finite, got {values!r}")
    return sample.astype(np.float64)
