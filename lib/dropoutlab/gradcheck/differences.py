"""Derivatives by central differences, and how far two gradients are apart."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import describe, float_array, real_number

__all__ = ["double", "numerical_gradient", "relative_error"]


def numerical_gradient(
    f: Callable[[NDArray[np.float64]], float], x: ArrayLike, *, step: float = 1e-6
) -> NDArray[np.float64]:
    r"""Differentiate a scalar function by central differences, one entry of x at a time.

    .. math:: \frac{\partial f}{\partial x_i} \approx
              \frac{f(x + h e_i) - f(x - h e_i)}{2 h}

    The error is of the order of h² from the curvature and :math:`10^{-16} |f| / h` from
    rounding, so a step near 10⁻⁶ is about best. Costs two calls of ``f`` for each entry.

    Parameters
    ----------
    f : callable
        Takes an array like ``x`` and returns a number. It gets a fresh copy each time.
    x : array_like of float64
        Where to differentiate, any shape; unchanged.
    step : float, default 1e-6
        h, positive, in the units of ``x``.

    Returns
    -------
    ndarray of float64, shape of x
        A new array.

    Raises
    ------
    TypeError
        ``x`` is not float64: with seven digits, a difference of nearly equal numbers
        says nothing.
    ValueError
        ``step`` is not positive.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> numerical_gradient(lambda x: np.sum(x**2), x).round(6)
    array([2., 4., 6.])
    """
    x = double("x", x)
    step = real_number("step", step, "a positive number", lambda step: 0 < step < np.inf)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += step
        below[index] -= step
        width = above[index] - below[index]  # 2h as it came out after rounding
        gradient[index] = (f(above) - f(below)) / width
    return gradient


def relative_error(a: ArrayLike, b: ArrayLike, *, floor: float = 0.0) -> float:
    r"""Largest difference between two arrays, relative to the largest entry of both.

    .. math:: \frac{\max_i |a_i - b_i|}{\max(\max_i |a_i|, \, \max_i |b_i|, \, floor)}

    and 0 when the arrays are equal, which covers two arrays of zeros and two empty ones.

    Parameters
    ----------
    a, b : array_like of float
        Of one shape.
    floor : float, default 0
        Size below which entries count as noise.

    Returns
    -------
    float
        Between 0 and 2 where ``floor`` is 0; NaN where an array holds NaN.

    Raises
    ------
    ValueError
        The shapes differ.

    Examples
    --------
    >>> relative_error([1.0, 100.0], [2.0, 100.0])
    0.01
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError(f"b must have the shape of a, {a.shape}, got shape {b.shape}")
    if np.array_equal(a, b):
        return 0.0
    difference = np.abs(a - b).max()
    return float(difference / max(np.abs(a).max(), np.abs(b).max(), floor))


def double(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return ``values`` if float64; the digits of float32 are too few for differences."""
    array: NDArray[Any] = float_array(name, values)
    if array.dtype != np.float64:
        raise TypeError(
            f"{name} must be float64 for a gradient check, got {describe(array)}; make the "
            "layers with dtype=np.float64"
        )
    return array
