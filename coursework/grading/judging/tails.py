"""Limits for random results, from exact tails and from nothing else.

Every check says how many comparisons it makes and alarms only if one of them is less likely
than `BUDGET` divided by that number. A right solution is therefore wrongly accused by one
check with a probability below `BUDGET`, by a whole submission with one below their sum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, bdtrc

__all__ = ["BUDGET", "alarm", "pmf", "within"]

# Two-sided, for one comparison: 6.1 standard deviations. A submission of 500 such checks is
# wrongly accused with a probability below 5e-7.
BUDGET = 1e-9


def alarm(
    counts: ArrayLike,
    n: ArrayLike,
    p: ArrayLike,
    *,
    comparisons: int | None = None,
    unit: str = "",
) -> str:
    """Say which of some counts is no draw from a binomial distribution.

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
    unit : str
        What the trials are.

    Returns
    -------
    str
        Empty unless the least likely of them has a two-sided tail below `BUDGET` over the
        number of comparisons (Bonferroni, so that dependence does not matter). Else that
        count in words, with the range in which it would raise no alarm.

    Examples
    --------
    >>> alarm(507, 1000, 0.5)
    ''
    >>> alarm(607, 1000, 0.5, unit="calls")
    '607 of 1000 calls, where chance stays between 404 and 596'
    """
    counts, n, p = np.broadcast_arrays(np.asarray(counts, float), n, p)
    if counts.size == 0:
        return ""
    n, p = n.astype(int), p.astype(float)
    tail = _two_sided(counts, n, p)
    comparisons = comparisons or counts.size
    if tail.min() * comparisons >= BUDGET:
        return ""
    worst = np.unravel_index(tail.argmin(), tail.shape)
    low, high = within(int(n[worst]), float(p[worst]), comparisons)
    range_of = f"between {low} and {high}" if low < high else f"at {low}"
    trials = f"{n[worst]} {unit}".strip()
    return f"{counts[worst]:.0f} of {trials}, where chance stays {range_of}"


def _two_sided(counts: ArrayLike, n: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
    counts = np.asarray(counts, float)
    above = np.where(counts > 0, bdtrc(np.maximum(counts - 1, 0), n, p), 1.0)
    return np.asarray(2 * np.minimum(bdtr(counts, n, p), above))


def within(n: int, p: float, comparisons: int = 1) -> tuple[int, int]:
    """Return the lowest and the highest count, of n trials, that raises no alarm.

    Examples
    --------
    >>> within(1000, 0.5), within(1000, 0.5, comparisons=1000)
    ((404, 596), (388, 612))
    """
    counts = np.arange(n + 1)
    fine = np.flatnonzero(_two_sided(counts, n, p) * comparisons >= BUDGET)
    return int(fine[0]), int(fine[-1])


def pmf(n: int, p: float) -> NDArray[np.float64]:
    """Return the probabilities of 0, …, n successes in n trials.

    Examples
    --------
    >>> pmf(2, 0.5)
    array([0.25, 0.5 , 0.25])
    """
    below = bdtr(np.arange(n + 1.0), n, p)
    return np.asarray(np.diff(below, prepend=0.0).clip(0.0, 1.0))
