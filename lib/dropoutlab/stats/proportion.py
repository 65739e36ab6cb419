"""Wilson's interval: how sure is a share of so many cases."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from dropoutlab.stats.interval import Interval, check_level

__all__ = ["proportion_interval"]


def proportion_interval(k: int, n: int, *, level: float = 0.95, of: str = "cases") -> Interval:
    r"""Wilson's score interval for a proportion: `k` hits in `n` independent trials.

    It solves :math:`|\hat q - q| = z \sqrt{q(1-q)/n}` for :math:`q`, so it stays
    inside [0, 1] and has a width even at ``k = 0`` (Wilson, 1927). Counts are whole
    numbers, so it covers more than `level` of cases for some proportions and less for
    others; on average over all of them it covers as many as it says.

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
    q, z2 = k / n, float(ndtri((1 + check_level(level)) / 2)) ** 2
    centre = (q + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (q * (1 - q) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    # In exact arithmetic the ends never pass the estimate; rounding can, at k = 0 and k = n.
    low, high = min(centre - half, q), max(centre + half, q)
    return Interval(q, low if k else 0.0, high if k < n else 1.0, level, int(n), "Wilson", of)
