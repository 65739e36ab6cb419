"""Dropout: in training, every unit is dropped with probability p."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import float_array, generator
from dropoutlab.nn.masks import Drops, checked_mask, draw_mask
from dropoutlab.nn.module import Module

__all__ = ["Dropout"]


class Dropout(Drops, Module):
    r"""Drop each unit with probability p, and scale the survivors so that the mean stays.

    .. math:: y = \frac{m \odot x}{1 - p}, \qquad m_{ij} \sim \mathrm{Bernoulli}(1 - p),
              \qquad \frac{\partial L}{\partial x} = \frac{m}{1 - p} \odot
              \frac{\partial L}{\partial y}

    in training; :math:`y = x` in evaluation. Since :math:`\mathrm{E}[m] = 1 - p`, the mean
    of y over the masks is x, so that nothing needs rescaling at test time ("inverted"
    dropout). Every element of the input, in every row and every call, gets its own draw.

    Parameters
    ----------
    p : float
        Probability of *dropping* a unit, in ``[0, 1)``, as in PyTorch. (Srivastava et al.
        write p for the probability of *keeping* it.) May be changed at any time; it takes
        effect with the next forward pass.
    rng : numpy.random.Generator
        Draws the masks. Layers may share one.

    Attributes
    ----------
    mask : ndarray of bool or None
        Of the last forward pass, True = kept. None after one in evaluation mode, and before
        any. The backward pass replays the last forward pass, whatever the mode is now.

    Raises
    ------
    TypeError
        ``p`` is not a number, ``rng`` not a generator, ``x`` not floating-point, ``mask``
        not boolean.
    ValueError
        ``p`` is outside ``[0, 1)`` or NaN; ``mask`` has another shape than ``x``, or was
        given in evaluation mode, where nothing is dropped.

    Notes
    -----
    The survivors are multiplied by 1/(1 − p), rounded once to the dtype of x. In float64 that
    is PyTorch's result to the last bit; in float32 PyTorch rounds 1 − p first, and for some p
    the last bit differs.

    A mask is cut from 16 random bits a unit, a quarter of what a uniform double takes, so
    the drop rate is p rounded to a multiple of 1/65,536. With p very near 1 (above about
    0.992) that could move the mean of y by more than 0.1 %; there, 32 or 64 bits are used.

    Source: Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov, "Dropout: a simple
    way to prevent neural networks from overfitting" (2014), section 4 (there nothing is
    rescaled in training; instead, at test time, the weights are multiplied by the
    probability of keeping) and section 10, where the rescaling in training is given as the
    equivalent.

    Examples
    --------
    >>> layer = Dropout(0.5, rng=np.random.default_rng(1))
    >>> layer(np.array([[1.0, 2.0, 3.0, 4.0]]))
    array([[2., 0., 6., 8.]])
    >>> layer.mask
    array([[ True, False,  True,  True]])
    >>> layer.backward(np.ones((1, 4)))
    array([[2., 0., 2., 2.]])
    >>> layer(np.array([1.0, 2.0]), mask=np.array([True, False]))
    array([2., 0.])
    >>> layer.eval()(np.array([1.0, 2.0]))
    array([1., 2.])
    """

    def __init__(self, p: float, *, rng: np.random.Generator) -> None:
        self.p = p
        self.rng = generator(rng)
        self.mask: NDArray[Any] | None = None
        self._factor: NDArray[np.floating] | None = None

    def forward(self, x: ArrayLike, mask: NDArray[Any] | None = None) -> NDArray[np.floating]:
        """Return the thinned and rescaled x in training, a copy of x in evaluation.

        Parameters
        ----------
        x : array_like of float
            Any shape; it is not written to.
        mask : ndarray of bool, optional
            Used in place of a drawn one, which leaves ``rng`` untouched: shape of ``x``,
            True = kept; copied. This is how two implementations are compared on equal masks.

        Returns
        -------
        ndarray
            Shape and dtype of ``x``; always a new array.
        """
        x = float_array("x", x)
        if mask is not None:
            mask = self._checked(mask, x)
        if self.training:
            self.mask = self._draw(x) if mask is None else mask
            self._factor = self._scaled(self.mask, x)
        else:
            self.mask, self._factor = None, np.broadcast_to(x.dtype.type(1), x.shape)
        return np.asarray(x * self._factor)

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Return the gradient for x: through the mask of the last forward pass, rescaled."""
        factor, grad_output = self._passes(self._factor, grad_output)
        return np.asarray(grad_output * factor)

    # What another kind of dropout does otherwise.

    def _draw(self, x: NDArray[np.floating]) -> NDArray[Any]:
        return draw_mask(self.rng, self.p, x.shape)

    def _checked(self, mask: ArrayLike, x: NDArray[np.floating]) -> NDArray[Any]:
        return checked_mask(mask, x.shape, of="x", training=self.training)

    def _scaled(self, mask: NDArray[Any], x: NDArray[np.floating]) -> NDArray[np.floating]:
        return mask * x.dtype.type(1 / (1 - self.p))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"
