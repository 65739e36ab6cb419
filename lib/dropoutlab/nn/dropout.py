"""Dropout: in training, every unit is dropped with probability p."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import float_array, generator, same_shape
from dropoutlab.nn.masks import checked_mask, draw_mask, drop_probability
from dropoutlab.nn.module import Module

__all__ = ["Dropout"]


class Dropout(Module):
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
        self.mask: NDArray[np.bool_] | None = None
        self._scaled_mask: NDArray[np.floating] | None = None
        self._shape: tuple[int, ...] | None = None

    @property
    def p(self) -> float:
        """Probability of dropping, in ``[0, 1)``."""
        return self._p

    @p.setter
    def p(self, p: float) -> None:
        self._p = drop_probability(p)

    def forward(
        self, x: ArrayLike, mask: NDArray[np.bool_] | None = None
    ) -> NDArray[np.floating]:
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
            mask = checked_mask(mask, x.shape, of="x", training=self.training)
        self._shape = x.shape
        if not self.training:
            self.mask = self._scaled_mask = None
            return x.copy()
        self.mask = draw_mask(self.rng, self.p, x.shape) if mask is None else mask
        self._scaled_mask = self.mask * x.dtype.type(1 / (1 - self.p))
        return np.asarray(x * self._scaled_mask)

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Return the gradient for x: through the mask of the last forward pass, rescaled."""
        shape = self._require_forward(self._shape)
        grad_output = float_array("grad_output", grad_output)
        same_shape("grad_output", grad_output, shape, of="the output")
        if self._scaled_mask is None:
            return grad_output.copy()
        return np.asarray(grad_output * self._scaled_mask)

    def __repr__(self) -> str:
        return f"Dropout(p={self.p})"
