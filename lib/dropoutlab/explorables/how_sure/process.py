"""A Gaussian process through a few points, exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["AMPLITUDE", "LENGTH_SCALE", "NOISE", "gaussian_process"]

LENGTH_SCALE, AMPLITUDE, NOISE = 0.5, 1.0, 0.15


def gaussian_process(
    points: ArrayLike, count: int, x: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return mean and standard deviation of the function at `x`, given the points.

    .. math:: \mu = k^\top (K + \tfrac{\sigma^2}{c} I)^{-1} y, \qquad
              s^2 = a^2 - k^\top (K + \tfrac{\sigma^2}{c} I)^{-1} k, \qquad
              k(x, x') = a^2 e^{-(x - x')^2 / 2 \ell^2}

    with the length scale ℓ = 0.5, the amplitude a = 1 and the noise σ = 0.15. To see a point
    c times is to see it once with σ²/c in place of σ². Noise is not part of s.

    Parameters
    ----------
    points : array_like, shape (n, 2)
        x and y of each.
    count : int
        c, how often each point was seen.
    x : array_like, shape (m,)

    Returns
    -------
    mean, sd : ndarray, shape (m,)

    Notes
    -----
    Source: Rasmussen & Williams, "Gaussian Processes for Machine Learning" (2006),
    algorithm 2.1.

    Examples
    --------
    >>> mean, sd = gaussian_process([[0, 1]], 1, [0, 2])
    >>> mean.round(2), sd.round(2)
    (array([0.98, 0.  ]), array([0.15, 1.  ]))
    """
    at, y = np.asarray(points, float).T
    lower = np.linalg.cholesky(_kernel(at, at) + NOISE**2 / count * np.eye(len(at)))
    v = np.linalg.solve(lower, _kernel(at, np.asarray(x, float)))
    mean = v.T @ np.linalg.solve(lower, y)
    return mean, np.sqrt(np.maximum(AMPLITUDE**2 - np.sum(v**2, axis=0), 0))


def _kernel(x: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    distance = (x[:, np.newaxis] - other) / LENGTH_SCALE
    covariance: NDArray[np.float64] = AMPLITUDE**2 * np.exp(-(distance**2) / 2)
    return covariance
