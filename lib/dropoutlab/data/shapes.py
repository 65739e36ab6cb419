"""Two classes in the plane: problems that can be drawn, as many examples as one likes."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dropoutlab.checks import float_type, generator, positive_integer, real_number
from dropoutlab.data.dataset import Dataset
from dropoutlab.data.noisy_curve import noise_level

__all__ = ["circles", "gaussians", "moons", "spirals"]


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

    def shape(lower: _Flags, u: _Floats) -> _Floats:
        upper = _on_circle(np.pi * u)
        return np.where(lower[:, None], [1.0, 0.5] - upper, upper)

    return _two_classes(shape, n, noise, rng, dtype)


def circles(
    n: int, *, noise: float, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Dataset:
    """Draw a circle around another: no straight line separates them, but x₁² + x₂² does.

    Parameters
    ----------
    n, noise, rng, dtype
        As for `moons`. The circles have radius 1 and 1/2.

    Returns
    -------
    Dataset
        ``x`` of shape ``(n, 2)``, ``y`` 0 for the outer and 1 for the inner circle, int64.

    Raises
    ------
    TypeError, ValueError
        As `moons`.

    Examples
    --------
    >>> data = circles(100, noise=0, rng=np.random.default_rng(0))
    >>> bool(np.allclose(np.hypot(*data.x.T), np.where(data.y == 1, 0.5, 1)))
    True
    """

    def shape(inner: _Flags, u: _Floats) -> _Floats:
        return np.where(inner, 0.5, 1.0)[:, None] * _on_circle(2 * np.pi * u)

    return _two_classes(shape, n, noise, rng, dtype)


def spirals(
    n: int,
    *,
    noise: float,
    rng: np.random.Generator,
    turns: float = 1.5,
    dtype: DTypeLike = np.float32,
) -> Dataset:
    """Draw two spirals, one inside the other, so that the boundary winds between them.

    Parameters
    ----------
    n, noise, rng, dtype
        As for `moons`. The spirals run from the origin to radius 1.
    turns : float, default 1.5
        How often each goes round; positive. The arms are 1/(2 ``turns``) apart.

    Returns
    -------
    Dataset
        ``x`` of shape ``(n, 2)``, ``y`` 0 or 1, int64. Class 1 is class 0 turned by 180°.

    Raises
    ------
    TypeError, ValueError
        As `moons`; also where ``turns`` is not positive and finite.

    Examples
    --------
    >>> data = spirals(100, noise=0.02, rng=np.random.default_rng(0))
    >>> data.x.shape, np.bincount(data.y)
    ((100, 2), array([50, 50]))
    """
    turns = real_number(
        "turns", turns, "positive and finite", lambda turns: 0 < turns < math.inf
    )

    def shape(turned: _Flags, u: _Floats) -> _Floats:
        # The length of a spiral grows with the square of its radius, so the root spreads
        # the examples evenly along it.
        radius = np.sqrt(u)
        arm = radius[:, None] * _on_circle(2 * np.pi * turns * radius)
        return np.where(turned[:, None], -arm, arm)

    return _two_classes(shape, n, noise, rng, dtype)


def gaussians(
    n: int,
    *,
    noise: float,
    rng: np.random.Generator,
    distance: float = 2.0,
    dtype: DTypeLike = np.float32,
) -> Dataset:
    r"""Draw two round, overlapping clouds, for which the best possible error is known.

    .. math:: x \mid y \sim N\bigl((\pm d/2,\, 0),\ \sigma^2 I\bigr), \qquad
              \text{lowest error} = \Phi\bigl(-d / 2\sigma\bigr)

    Parameters
    ----------
    n, rng, dtype
        As for `moons`.
    noise : float
        Standard deviation σ of both clouds along both axes; finite, not negative.
    distance : float, default 2
        d, between the two means; finite, not negative.

    Returns
    -------
    Dataset
        ``x`` of shape ``(n, 2)``, ``y`` 0 for the cloud on the left and 1 for that on the
        right, int64. The best classifier asks whether the first coordinate is positive.

    Raises
    ------
    TypeError, ValueError
        As `moons`; also where ``distance`` is negative or not finite.

    Examples
    --------
    >>> data = gaussians(1000, noise=1, rng=np.random.default_rng(0))
    >>> float(np.mean((data.x[:, 0] > 0) != data.y))  # Φ(−1) is 0.159
    0.156
    """
    distance = real_number(
        "distance", distance, "finite and at least 0", lambda distance: 0 <= distance < math.inf
    )

    def shape(right: _Flags, u: _Floats) -> _Floats:
        return np.where(right[:, None], [distance / 2, 0.0], [-distance / 2, 0.0])

    return _two_classes(shape, n, noise, rng, dtype)


_Flags = NDArray[np.bool_]
_Floats = NDArray[np.float64]


def _two_classes(
    shape: Callable[[_Flags, _Floats], _Floats],
    n: int,
    noise: float,
    rng: np.random.Generator,
    dtype: DTypeLike,
) -> Dataset:
    """Place n examples: ``shape(is_class_1, u)`` with u uniform on [0, 1), plus noise."""
    n, noise = positive_integer("n", n, minimum=2), noise_level(noise)
    dtype = float_type(dtype)
    is_class_1 = generator(rng).permutation(np.arange(n) < n // 2)
    x = shape(is_class_1, rng.random(n)) + noise * rng.standard_normal((n, 2))
    return Dataset(x.astype(dtype), is_class_1.astype(np.int64))


def _on_circle(angle: _Floats) -> _Floats:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)
