"""DropConnect: a fully connected layer that drops weights instead of units."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from dropoutlab.nn.linear import Linear
from dropoutlab.nn.masks import Drops, checked_mask, draw_mask

__all__ = ["DropConnect"]


class DropConnect(Drops, Linear):
    r"""A `Linear` in which every weight is dropped with probability p, for each example anew.

    For example n, with a mask :math:`m_n` of its own,

    .. math:: y_{no} = b_o + \frac{1}{1 - p} \sum_i m_{noi} W_{oi} x_{ni}, \qquad
              m_{noi} \sim \mathrm{Bernoulli}(1 - p)

    and backwards, with :math:`g = \partial L / \partial y`,

    .. math::

        \frac{\partial L}{\partial x_{ni}} = \sum_o \frac{m_{noi}}{1 - p} W_{oi} g_{no},
        \qquad
        \frac{\partial L}{\partial W_{oi}} = \sum_n \frac{m_{noi}}{1 - p} g_{no} x_{ni},
        \qquad
        \frac{\partial L}{\partial b} = \sum_n g_n

    in training. In evaluation it is a `Linear`: since the mean of :math:`m / (1 - p)` is 1,
    that uses the mean of the weights.

    Parameters
    ----------
    in_features, out_features : int
        Width of the input and of the output, at least 1.
    p : float
        Probability of dropping a weight, in ``[0, 1)``. May be changed at any time; the next
        forward pass uses it. Biases are never dropped.
    rng : numpy.random.Generator
        Draws the initial weights, then the masks.
    init, dtype
        As for `Linear`.

    Attributes
    ----------
    weight, bias : Parameter
        As for `Linear`.
    mask : ndarray of bool or None, shape (n, out_features, in_features)
        Of the last forward pass, True = kept. None in evaluation and before any pass.

    Raises
    ------
    TypeError, ValueError
        As for `Linear` and `Dropout`.

    Notes
    -----
    A mask for each example takes n times the memory of the weights (one byte each) and far
    more time than `Linear`, some fifty times as much: keep such layers small. One mask for a
    whole batch would be cheap, but is another method: all examples of a step would train
    the same thinned net, and Wan et al. report that this regularises too little.

    Source: Wan, Zeiler, Zhang, LeCun & Fergus, "Regularization of neural networks using
    DropConnect" (2013). Two differences: they drop biases as well; and at test time they
    draw each unit's input from a normal distribution with the mean and variance that the
    masks give it, where this layer uses the mean alone, as `Dropout` does.

    Examples
    --------
    >>> layer = DropConnect(2, 1, 0.5, rng=np.random.default_rng(0), dtype=np.float64)
    >>> layer.weight.data[...] = [[1.0, 10.0]]
    >>> layer(np.ones((2, 2)), mask=np.array([[[True, False]], [[True, True]]]))
    array([[ 2.],
           [22.]])
    >>> layer.backward(np.ones((2, 1)))
    array([[ 2.,  0.],
           [ 2., 20.]])
    >>> layer.weight.grad
    array([[4., 2.]])
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        p: float,
        *,
        rng: np.random.Generator,
        init: str = "he_normal",
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.p = p
        super().__init__(in_features, out_features, rng=rng, init=init, dtype=dtype)
        self.rng = rng
        self.mask: NDArray[Any] | None = None

    def forward(
        self, x: ArrayLike, mask: NDArray[np.bool_] | None = None
    ) -> NDArray[np.floating]:
        """Return the output with thinned weights in training, of a `Linear` in evaluation.

        Parameters
        ----------
        x : array_like of float, shape (n, in_features)
            A batch; it is not written to.
        mask : ndarray of bool, shape (n, out_features, in_features), optional
            Used in place of a drawn one, which leaves ``rng`` untouched: True = kept.

        Returns
        -------
        ndarray, shape (n, out_features)
            A new array.
        """
        x = self._checked(x)
        shape = (len(x), self.out_features, self.in_features)
        if mask is not None:
            mask = checked_mask(
                mask, shape, of="(n, out_features, in_features)", training=self.training
            )
        if not self.training:
            self.mask = None
            return super().forward(x)
        self._x = x
        self.mask = draw_mask(self.rng, self.p, shape) if mask is None else mask
        self._scale = 1 / (1 - self.p)
        y = np.einsum("noi,oi,ni->no", self.mask, self.weight.data, x)
        y *= self._scale
        y += self.bias.data
        return y

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Set the gradients of weight and bias; return that of the input, a new array."""
        if self.mask is None:
            return super().backward(grad_output)
        self.backward_parameters(grad_output)
        g = np.asarray(grad_output)
        grad_input = np.einsum("noi,oi,no->ni", self.mask, self.weight.data, g)
        grad_input *= self._scale
        return grad_input

    def backward_parameters(self, grad_output: ArrayLike) -> None:
        """Set the gradients of weight and bias."""
        if self.mask is None:
            super().backward_parameters(grad_output)
            return
        x, grad_output = self._passes(self._x, grad_output, self.out_features)
        self.weight.grad = np.einsum(
            "noi,no,ni->oi", self.mask, grad_output, x, out=self.weight.room()
        )
        self.weight.grad *= self._scale
        self.bias.grad = np.sum(grad_output, axis=0, out=self.bias.room())

    def __repr__(self) -> str:
        return f"DropConnect({self.in_features}, {self.out_features}, p={self.p})"
