"""Gaussian dropout: instead of dropping units, multiply them by normal noise."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import float_array, same_shape
from dropoutlab.nn.dropout import Dropout
from dropoutlab.nn.masks import training_only

__all__ = ["GaussianDropout"]


class GaussianDropout(Dropout):
    r"""Multiply each unit by a normal number of mean 1 and the variance that dropout has.

    .. math:: y = m \odot x, \qquad
              m_{ij} \sim \mathcal N\!\left( 1, \frac{p}{1 - p} \right), \qquad
              \frac{\partial L}{\partial x} = m \odot \frac{\partial L}{\partial y}

    in training; :math:`y = x` in evaluation. Mean and variance of m are those of dropout's
    factor, which is 1/(1 − p) with probability 1 − p and otherwise 0. Every element of the
    input, in every row and every call, gets its own draw.

    Parameters
    ----------
    p : float
        The rate of the dropout to match, in ``[0, 1)``. May be changed at any time; the next
        forward pass uses it.
    rng : numpy.random.Generator
        Draws the noise. Layers may share one.

    Attributes
    ----------
    mask : ndarray of float or None
        The noise m of the last forward pass, of the shape and dtype of its input. None in
        evaluation and before any pass. It plays the part of the mask of `Dropout`, and is
        given and found in the same way.

    Raises
    ------
    TypeError
        ``p`` is not a number, ``rng`` not a generator, ``x`` or ``mask`` not floating-point.
    ValueError
        ``p`` is outside ``[0, 1)`` or NaN; ``mask`` has another shape than ``x``, or was
        given in evaluation mode, where there is no noise.

    Notes
    -----
    The noise is drawn in float64 and rounded: the same ``rng`` state gives the same noise in
    every dtype, up to rounding.

    Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from
    overfitting" (2014), section 10, where p is the probability of keeping and the variance
    therefore (1 − p)/p.

    Examples
    --------
    >>> layer = GaussianDropout(0.2, rng=np.random.default_rng(0))
    >>> y = layer(np.full((1000, 100), 3.0))
    >>> bool(abs(y.mean() - 3) < 0.02), bool(abs(y.std() - 3 * 0.5) < 0.02)
    (True, True)
    >>> layer(np.array([1.0, 2.0]), mask=np.array([1.5, -0.5]))
    array([ 1.5, -1. ])
    >>> layer.backward(np.array([1.0, 1.0]))
    array([ 1.5, -0.5])
    """

    def _draw(self, x: NDArray[np.floating]) -> NDArray[np.floating]:
        deviation = math.sqrt(self.p / (1 - self.p))
        return np.asarray(self.rng.normal(1, deviation, x.shape), dtype=x.dtype)

    def _checked(self, mask: ArrayLike, x: NDArray[np.floating]) -> NDArray[np.floating]:
        mask = float_array("mask", mask)
        training_only(mask, self.training)
        same_shape("mask", mask, x.shape, of="x")
        return mask.astype(x.dtype)

    def _scaled(
        self, mask: NDArray[np.floating], x: NDArray[np.floating]
    ) -> NDArray[np.floating]:
        return mask
