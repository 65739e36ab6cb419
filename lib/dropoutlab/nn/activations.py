"""The nonlinearity between two linear layers."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.nn.module import Module
from dropoutlab.nn.validation import float_array, same_shape

__all__ = ["ReLU"]


class ReLU(Module):
    r"""The rectifier: negative values become zero.

    .. math:: y = \max(x, 0), \qquad
              \frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \, [x > 0]

    At exactly 0, where the slope jumps, the gradient is taken to be 0, as in PyTorch.
    Any shape; input and output are of the same float dtype, and the output is a new array.

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

    def __init__(self) -> None:
        self._slope: NDArray[np.floating] | None = None

    def forward(self, x: ArrayLike) -> NDArray[np.floating]:
        """Return max(x, 0)."""
        x = float_array("x", x)
        self._slope = np.asarray(x > 0, dtype=x.dtype)
        return np.asarray(np.maximum(x, 0))

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Return the gradient where the last input was positive, zero elsewhere."""
        self._require_forward(self._slope)
        grad_output = float_array("grad_output", grad_output)
        same_shape("grad_output", grad_output, self._slope.shape, of="the output")
        return np.asarray(grad_output * self._slope)

    def __repr__(self) -> str:
        return "ReLU()"
