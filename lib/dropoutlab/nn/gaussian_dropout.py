"""Gaussian dropout: instead of dropping units, multiply them by normal noise."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import float_array, generator, same_shape
from dropoutlab.nn.masks import drop_probability, training_only
from dropoutlab.nn.module import Module

__all__ = ["GaussianDropout"]


class GaussianDropout(Module):
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

    def __init__(self, p: float, *, rng: np.random.Generator) -> None:
        self.p = p
        self.rng = generator(rng)
        self.mask: NDArray[np.floating] | None = None
        self._shape: tuple[int, ...] | None = None

    @property
    def p(self) -> float:
        """Rate of the dropout to match, in ``[0, 1)``."""
        return self._p

    @p.setter
    def p(self, p: float) -> None:
        self._p = drop_probability(p)

    def forward(
        self, x: ArrayLike, mask: NDArray[np.floating] | None = None
    ) -> NDArray[np.floating]:
        """Return x times the noise in training, a copy of x in evaluation.

        Parameters
        ----------
        x : array_like of float
            Any shape; it is not written to.
        mask : ndarray of float, optional
            Used in place of drawn noise, which leaves ``rng`` untouched: shape of ``x``.

        Returns
        -------
        ndarray
            Shape and dtype of ``x``; always a new array.
        """
        x = float_array("x", x)
        if mask is not None:
            mask = float_array("mask", mask)
            training_only(mask, self.training)
            same_shape("mask", mask, x.shape, of="x")
        self._shape = x.shape
        if not self.training:
            self.mask = None
            return x.copy()
        if mask is None:
            mask = np.asarray(self.rng.normal(1, math.sqrt(self.p / (1 - self.p)), x.shape))
        self.mask = mask.astype(x.dtype)
        return np.asarray(x * self.mask)

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Return the gradient for x: times the noise of the last forward pass."""
        shape = self._require_forward(self._shape)
        grad_output = float_array("grad_output", grad_output)
        same_shape("grad_output", grad_output, shape, of="the output")
        if self.mask is None:
            return grad_output.copy()
        return np.asarray(grad_output * self.mask.astype(grad_output.dtype, copy=False))

    def __repr__(self) -> str:
        return f"GaussianDropout(p={self.p})"
