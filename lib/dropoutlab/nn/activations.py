"""The nonlinearity between two linear layers."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import float_array
from dropoutlab.nn.module import Module

__all__ = ["Activation", "ReLU", "Sigmoid", "Tanh"]


class Activation(Module):
    r"""What the activations share: a function f of each entry by itself.

    .. math:: y = f(x), \qquad
              \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \, f'(x)

    A subclass writes ``forward``, which remembers the slope f′(x). Any shape; input and
    output are of the same float dtype, and the output is a new array (``np.asarray`` sees
    to it for an input without axes, of which NumPy makes a number).
    """

    def __init__(self) -> None:
        self._slope: NDArray[np.floating] | None = None

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Return the gradient, times the slope at the last input."""
        slope, grad_output = self._passes(self._slope, grad_output)
        return np.asarray(grad_output * slope)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class ReLU(Activation):
    r"""The rectifier: negative values become zero.

    .. math:: y = \max(x, 0), \qquad
              \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \, [x > 0]

    At exactly 0, where the slope jumps, the gradient is taken to be 0, as in PyTorch.

    Raises
    ------
    TypeError
        The input is not floating-point.

    Examples
    --------
    >>> relu = ReLU()
    >>> relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    >>> relu.backward(np.array([5.0, 5.0, 5.0]))
    array([0., 0., 5.])
    """

    def forward(self, x: ArrayLike) -> NDArray[np.floating]:
        """Return max(x, 0)."""
        x = float_array("x", x)
        self._slope = (x > 0).astype(x.dtype)
        return np.asarray(np.maximum(x, 0))


class Sigmoid(Activation):
    r"""The logistic function, from 0 at :math:`-\infty` to 1 at :math:`\infty`.

    .. math:: y = \frac{1}{1 + e^{-x}}, \qquad
              \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \, y (1 - y)

    Computed from :math:`e^{-|x|}`, which is at most 1: nothing overflows, and values near 0
    keep all their digits.

    Raises
    ------
    TypeError
        The input is not floating-point.

    Examples
    --------
    >>> sigmoid = Sigmoid()
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    >>> sigmoid.backward(np.array([8.0, 8.0, 8.0]))
    array([0., 2., 0.])
    """

    def forward(self, x: ArrayLike) -> NDArray[np.floating]:
        """Return 1 / (1 + exp(−x))."""
        x = float_array("x", x)
        e = np.exp(-np.abs(x))
        y = np.asarray(np.where(x >= 0, 1, e) / (1 + e))  # for x < 0, the fraction times e^x
        self._slope = y * (1 - y)
        return y


class Tanh(Activation):
    r"""The hyperbolic tangent, from −1 to 1.

    .. math:: y = \tanh x, \qquad
              \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \, (1 - y^2)

    Raises
    ------
    TypeError
        The input is not floating-point.

    Examples
    --------
    >>> tanh = Tanh()
    >>> tanh(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    >>> tanh.backward(np.array([8.0, 8.0, 8.0]))
    array([0., 8., 0.])
    """

    def forward(self, x: ArrayLike) -> NDArray[np.floating]:
        """Return tanh x."""
        x = float_array("x", x)
        y = np.asarray(np.tanh(x))
        self._slope = 1 - y * y
        return y
