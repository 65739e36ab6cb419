"""Limits for random results, from exact tails and from nothing else.

Every check says how many comparisons it makes and alarms only if one of them is less likely
than `BUDGET` divided by that number. A right solution is therefore wrongly accused by one
check with a probability below `BUDGET`, by a whole submission with one below their sum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, bdtrc

__all__ = ["BUDGET", "alarm", "pmf"]

# Two-sided, for one comparison: 6.1 standard deviations. A submission of 500 such checks is
# wrongly accused with a probability below 5e-7.
BUDGET = 1e-9


def alarm(
    counts: ArrayLike, n: ArrayLike, p: ArrayLike, *, comparisons: int | None = None
) -> bool:
    """Say whether some counts are no draws from binomial distributions.

    Parameters
    ----------
    counts : array_like of int
        Successes; they need not be independent of each other.
    n : array_like of int
        Trials, of each count or of all.
    p : array_like of float
        Probability of success, of each count or of all, in ``[0, 1]``.
    comparisons : int, optional
        How many counts could have been looked at; by default those that are given.

    Returns
    -------
    bool
        True if the least likely of them has a two-sided tail below `BUDGET` over the
        number of comparisons (Bonferroni, so that dependence does not matter).

    Examples
    --------
    >>> alarm(507, 1000, 0.5), alarm(607, 1000, 0.5)
    (False, True)
    """
    counts, n, p = np.broadcast_arrays(np.asarray(counts, float), n, p)
    if counts.size == 0:
        return False
    below = bdtr(counts, n.astype(int), p.astype(float))
    above = np.where(counts > 0, bdtrc(np.maximum(counts - 1, 0), n.astype(int), p), 1.0)
    tail = 2 * np.minimum(below, above)
    return bool(tail.min() * (comparisons or counts.size) < BUDGET)


def pmf(n: int, p: float) -> NDArray[np.float64]:
    """Return the probabilities of 0, …, n successes in n trials.

    Examples
    --------
    >>> pmf(2, 0.5)
    array([0.25, 0.5 , 0.25])
    """
    below = bdtr(np.arange(n + 1.0), n, p)
    return np.asarray(np.diff(below, prepend=0.0).clip(0.0, 1.0))
