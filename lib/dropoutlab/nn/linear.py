"""The fully connected layer, y = x Wᵀ + b."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from dropoutlab.checks import (
    float_array,
    float_type,
    generator,
    positive_integer,
    same_dtype,
)
from dropoutlab.nn.initialisation import initial_bias, initial_weight
from dropoutlab.nn.module import Module, Parameter

__all__ = ["Linear"]


class Linear(Module):
    r"""A fully connected layer: every output is a weighted sum of all inputs, plus a bias.

    .. math:: y = x W^\top + b

    and backwards, with :math:`g = \partial L / \partial y`,

    .. math::

        \frac{\partial L}{\partial x} = g W, \qquad
        \frac{\partial L}{\partial W} = g^\top x, \qquad
        \frac{\partial L}{\partial b} = \sum_i g_i .

    Parameters
    ----------
    in_features, out_features : int
        Width of the input and of the output, at least 1.
    rng : numpy.random.Generator
        Draws the initial weights.
    init : str, default "he_normal"
        Name of the scheme for the initial weights; see `dropoutlab.nn.initialisation`.
    dtype : dtype, default float32
        Of weights, bias, inputs and outputs; use float64 for gradient checks.

    Attributes
    ----------
    weight : Parameter
        Shape ``(out_features, in_features)``, as in PyTorch. Initially, unless ``init`` says
        otherwise, normal with mean 0 and variance ``2 / in_features``, which keeps the scale
        of activations constant from layer to layer under ReLU. The same ``rng`` state gives
        the same weights in every dtype, up to rounding.
    bias : Parameter
        Shape ``(out_features,)``, initially zero (but not with ``init="torch"``).

    Raises
    ------
    TypeError
        A width is not an integer, ``rng`` is not a generator, ``dtype`` is neither float32
        nor float64; or, when called, ``x`` has another dtype than the weights (nothing is cast
        silently: a float64 batch would slow a float32 net down, and a float32 batch would
        spoil a gradient check).
    ValueError
        A width is below 1, or ``init`` is unknown; or, when called, ``x`` is not
        ``(n, in_features)``.

    Notes
    -----
    The layer keeps a reference to ``x`` for the backward pass, not a copy: do not change
    ``x`` between the two.

    Examples
    --------
    >>> layer = Linear(3, 2, rng=np.random.default_rng(0), dtype=np.float64)
    >>> layer.weight.data[...] = [[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]
    >>> layer.bias.data[...] = [10.0, 20.0]
    >>> layer(np.array([[1.0, 1.0, 1.0]]))
    array([[16., 21.]])
    >>> layer.backward(np.array([[1.0, 0.0]]))
    array([[1., 2., 3.]])
    >>> layer.weight.grad
    array([[1., 1., 1.],
           [0., 0., 0.]])
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        rng: np.random.Generator,
        init: str = "he_normal",
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.in_features = positive_integer("in_features", in_features)
        self.out_features = positive_integer("out_features", out_features)
        dtype = float_type(dtype)
        generator(rng)
        weight = initial_weight(init, self.in_features, self.out_features, rng=rng)
        bias = initial_bias(init, self.in_features, self.out_features, rng=rng)
        # Column by column in memory: W^T, as the forward pass reads it, is then in one piece.
        self.weight = Parameter(weight.astype(dtype, order="F"))
        self.bias = Parameter(bias.astype(dtype))
        self._x: NDArray[np.floating] | None = None

    def forward(self, x: ArrayLike) -> NDArray[np.floating]:
        """Return x Wᵀ + b, shape ``(n, out_features)``, for ``x`` of ``(n, in_features)``."""
        self._x = x = self._checked(x)
        y = x @ self.weight.data.T
        y += self.bias.data
        return y

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Set the gradients of weight and bias; return that of the input, a new array."""
        self.backward_parameters(grad_output)
        return np.asarray(grad_output) @ self.weight.data

    def backward_parameters(self, grad_output: ArrayLike) -> None:
        """Set the gradients of weight and bias."""
        x, grad_output = self._passes(self._x, grad_output, self.out_features)
        self.weight.grad = np.matmul(grad_output.T, x, out=self.weight.room())
        self.bias.grad = np.sum(grad_output, axis=0, out=self.bias.room())

    def _checked(self, x: ArrayLike) -> NDArray[np.floating]:
        x = float_array("x", x)
        if x.ndim != 2 or x.shape[1] != self.in_features:
            raise ValueError(
                f"x must have shape (n, in_features) = (n, {self.in_features}), got {x.shape}"
            )
        same_dtype("x", x, self.weight.data.dtype, of="the layer's weights")
        return x

    def __repr__(self) -> str:
        return f"Linear({self.in_features}, {self.out_features})"
