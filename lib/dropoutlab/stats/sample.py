"""What the statistics accept: finite real numbers, one a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["check_pairs", "check_real", "check_sample"]


def check_sample(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return `values` as a one-dimensional array of at least two finite numbers.

    Examples
    --------
    >>> check_sample([3, 4], "values")
    array([3., 4.])
    """
    sample = check_real(values, name)
    if sample.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, got shape {sample.shape}")
    if len(sample) < 2:
        raise ValueError(
            f"{name} needs at least 2 seeds to show a spread, got {len(sample)} value(s)"
        )
    return sample


def check_pairs(a: ArrayLike, b: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two samples of equal length, whose values pair up seed by seed.

    Examples
    --------
    >>> check_pairs([3, 4], [5, 6])
    (array([3., 4.]), array([5., 6.]))
    """
    first, second = check_sample(a, "a"), check_sample(b, "b")
    if len(first) != len(second):
        raise ValueError(
            f"a and b must pair up seed by seed, got {len(first)} and {len(second)} values"
        )
    return first, second


def check_real(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return a new array of finite real numbers, whatever its shape.

    Examples
    --------
    >>> check_real([[1, 2]], "curves")
    array([[1., 2.]])
    """
    sample = np.asarray(values)
    if sample.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be real numbers, got dtype {sample.dtype}")
    if not np.isfinite(sample).all():
        raise ValueError(f"{name} must be finite, got {values!r}")
    return sample.astype(np.float64)
