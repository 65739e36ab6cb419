"""Dropout: in training, every unit is dropped with probability p."""

import math

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from dropoutlab.nn.module import Module
from dropoutlab.nn.validation import describe, float_array, generator, real_number, same_shape

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
        write p for the probability of *keeping* it.) May be changed between two training
        steps.
    rng : numpy.random.Generator
        Draws the masks. Layers may share one.

    Attributes
    ----------
    mask : ndarray of bool or None
        Of the last forward pass, True = kept. None in evaluation and before any pass.

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
    way to prevent neural networks from overfitting" (2014), section 4 (there the mask is
    not rescaled in training; instead the weights are multiplied by their p at test time)
    and section 10, where the rescaling in training is given as the equivalent.

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
        self._shape: tuple[int, ...] | None = None

    @property
    def p(self) -> float:
        """Probability of dropping, in ``[0, 1)``."""
        return self._p

    @p.setter
    def p(self, p: float) -> None:
        p = real_number("p", p, "a probability of dropping in [0, 1)", lambda p: 0 <= p < 1)
        self._p, (self._bits, self._threshold) = p, _resolution(p)

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
            True = kept. This is how two implementations are compared on equal masks.

        Returns
        -------
        ndarray
            Shape and dtype of ``x``; always a new array.
        """
        x = float_array("x", x)
        mask = self._checked(mask, x)
        self._shape = x.shape
        if not self.training:
            self.mask = None
            return x.copy()
        self.mask = self._draw(x.shape) if mask is None else mask
        return np.asarray(x * self._scaled_mask(x.dtype))

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Return the gradient for x: through the mask of the last forward pass, rescaled."""
        self._require_forward(self._shape)
        grad_output = float_array("grad_output", grad_output)
        same_shape("grad_output", grad_output, self._shape, of="the output")
        if self.mask is None:
            return grad_output.copy()
        return np.asarray(grad_output * self._scaled_mask(grad_output.dtype))

    def _scaled_mask(self, dtype: np.dtype) -> NDArray[np.floating]:
        """Return m / (1 − p): what survives is multiplied by 1/(1 − p), the rest by 0."""
        return self.mask * dtype.type(1 / (1 - self.p))

    def _draw(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        """Draw a mask: random whole numbers, kept where they reach the threshold for p."""
        n, draws_per_word = math.prod(shape), 8 // np.dtype(self._bits).itemsize
        words = self.rng.integers(2**64, size=-(-n // draws_per_word), dtype=np.uint64)
        draws = words.view(self._bits)[:n].reshape(shape)
        return np.asarray(draws >= self._threshold)

    def _checked(self, mask: ArrayLike | None, x: NDArray) -> NDArray[np.bool_] | None:
        """Copy a given mask after checking it, so that the caller's stays the caller's."""
        if mask is None:
            return None
        if not self.training:
            raise ValueError(
                "mask must be None in evaluation mode, where nothing is dropped, got "
                f"{describe(np.asarray(mask))}; call layer.train() first"
            )
        mask = np.array(mask)
        if mask.dtype != bool:
            raise TypeError(f"mask must be a boolean array, True = kept, got {describe(mask)}")
        same_shape("mask", mask, x.shape, of="x")
        return mask

    def __repr__(self) -> str:
        return f"Dropout(p={self.p})"


def _resolution(p: float) -> tuple[DTypeLike, int]:
    """Choose how many random bits decide over a unit, and how many draws mean "drop".

    Of the 2ᵇ equally likely draws, the lowest ``threshold`` drop. The fewest bits are
    taken for which the mean of the output, (1 − threshold / 2ᵇ) / (1 − p) times the
    input, is within 0.1 % of the input.

    >>> _resolution(0.25), _resolution(0.999)
    ((<class 'numpy.uint16'>, 16384), (<class 'numpy.uint32'>, 4290672329))
    """
    for bits in (np.uint16, np.uint32, np.uint64):
        n_draws = np.iinfo(bits).max + 1
        threshold = round(p * n_draws)
        if abs((n_draws - threshold) / n_draws - (1 - p)) <= 1e-3 * (1 - p):
            break
    return bits, threshold
