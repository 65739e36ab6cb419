"""Curves measured with noise: problems to regress, as many examples as one likes."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dropoutlab.checks import describe, generator, positive_integer, real_number
from dropoutlab.data.dataset import Dataset

__all__ = ["noise_level", "noisy_curve", "sine"]


def sine(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return one period of a sine on [−1, 1]: sin(πx).

    Examples
    --------
    >>> sine(np.array([-0.5, 0.0, 0.5]))
    array([-1.,  0.,  1.])
    """
    heights: NDArray[np.float64] = np.sin(np.pi * x)
    return heights


def noisy_curve(
    n: int,
    *,
    noise: float,
    rng: np.random.Generator,
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]] = sine,
) -> Dataset:
    r"""Measure a smooth curve at random places, with normal noise.

    .. math:: y_i = f(x_i) + \sigma \varepsilon_i, \qquad x_i \sim U(-1, 1), \quad
              \varepsilon_i \sim N(0, 1)

    Parameters
    ----------
    n : int
        Number of examples, at least 1.
    noise : float
        Standard deviation σ of the noise, in the units of y; finite, not negative. No
        prediction of new y can have a mean squared error below σ².
    rng : numpy.random.Generator
        Draws places and noise. For one seed and ``n``, the places are the same whatever
        ``noise`` and ``function``.
    function : callable, default `sine`
        f; takes an array of places, shape ``(n,)``, and returns the heights there. A
        polynomial is ``numpy.polynomial.Polynomial([a_0, a_1, a_2])``, constant first.

    Returns
    -------
    Dataset
        ``x`` of shape ``(n, 1)``, ``y`` of shape ``(n,)``, both float64, as fits by least
        squares need it.

    Raises
    ------
    TypeError
        An argument has the wrong type.
    ValueError
        ``n`` or ``noise`` is out of range.

    Examples
    --------
    >>> data = noisy_curve(20, noise=0.1, rng=np.random.default_rng(0))
    >>> data
    Dataset(20 examples, 1 features, float64; targets float64)

    A parabola instead of the sine:

    >>> parabola = np.polynomial.Polynomial([1, 0, -2])
    >>> exact = noisy_curve(3, noise=0, rng=np.random.default_rng(0), function=parabola)
    >>> np.allclose(exact.y, 1 - 2 * exact.x[:, 0] ** 2)
    True
    """
    n, noise = positive_integer("n", n), noise_level(noise)
    if not callable(function):
        raise TypeError(f"function must be one of x, got {describe(function)}")
    x = generator(rng).uniform(-1, 1, size=n)
    y = function(x.copy()) + noise * rng.standard_normal(n)
    return Dataset(x[:, None], y)


def noise_level(noise: float) -> float:
    """Return a standard deviation of noise, checked.

    Examples
    --------
    >>> noise_level(-1)
    Traceback (most recent call last):
    ValueError: noise must be a standard deviation, finite and at least 0, got -1
    """
    return real_number(
        "noise",
        noise,
        "a standard deviation, finite and at least 0",
        lambda noise: 0 <= noise < math.inf,
    )
