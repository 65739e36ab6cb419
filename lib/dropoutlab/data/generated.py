"""Toy problems drawn from a formula, as many examples as one likes."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dropoutlab.data.dataset import Dataset
from dropoutlab.nn.validation import generator, positive_integer, real_number

__all__ = ["moons", "noisy_curve", "sine"]


def sine(x: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return one period of a sine on [−1, 1]: sin(πx).

    Examples
    --------
    >>> sine(np.array([-0.5, 0.0, 0.5]))
    array([-1.,  0.,  1.])
    """
    return np.sin(np.pi * x)


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
        f; takes an array of places, shape ``(n,)``, and returns the heights there.

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
    """
    n, noise = positive_integer("n", n), _noise(noise)
    x = generator(rng).uniform(-1, 1, size=n)
    y = function(x.copy()) + noise * rng.standard_normal(n)
    return Dataset(x[:, None], y)


def moons(
    n: int, *, noise: float, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Dataset:
    """Draw two interleaved half circles, which no straight line separates.

    Parameters
    ----------
    n : int
        Number of examples, at least 2. Half of them (rounded down) are of class 1.
    noise : float
        Standard deviation of the normal noise on both coordinates; finite, not negative.
        The half circles have radius 1.
    rng : numpy.random.Generator
        Draws places, noise and order.
    dtype : dtype, default float32
        Of the coordinates.

    Returns
    -------
    Dataset
        ``x`` of shape ``(n, 2)``, ``y`` 0 for the upper and 1 for the lower half circle,
        int64.

    Raises
    ------
    TypeError
        An argument has the wrong type.
    ValueError
        ``n`` or ``noise`` is out of range.

    Notes
    -----
    The shape is that of `sklearn.datasets.make_moons`, with places drawn at random.

    Examples
    --------
    >>> data = moons(100, noise=0.1, rng=np.random.default_rng(0))
    >>> data.x.shape, np.bincount(data.y)
    ((100, 2), array([50, 50]))
    """
    n, noise = positive_integer("n", n, minimum=2), _noise(noise)
    y = generator(rng).permutation(np.arange(n) < n // 2).astype(np.int64)
    angle = np.pi * rng.random(n)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(y[:, None] == 0, upper, [1.0, 0.5] - upper)
    x += noise * rng.standard_normal((n, 2))
    return Dataset(x.astype(dtype), y)


def _noise(noise: float) -> float:
    return real_number(
        "noise",
        noise,
        "a standard deviation, finite and at least 0",
        lambda noise: 0 <= noise < math.inf,
    )
