"""Memory that a training loop owns, so that its steps need no new arrays of weight size."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from dropoutlab.nn.module import Parameter

__all__ = ["workspace"]


@contextmanager
def workspace(parameters: Iterable[Parameter]) -> Iterator[None]:
    """Lend every parameter one array for its gradients, which each step writes over.

    A gradient of weight size costs more to ask for than to fill, where the system takes
    freed memory back at once. Inside the block, ``parameter.grad`` is therefore always the
    same array, and holds the gradient of the last backward pass. What stands there at the end
    stays: outside, nothing that a caller holds is ever written over.

    Parameters
    ----------
    parameters : iterable of Parameter
        Usually ``net.parameters()``.

    Examples
    --------
    >>> from dropoutlab import nn
    >>> layer = nn.Linear(2, 1, rng=np.random.default_rng(0), dtype=np.float64)
    >>> def gradient(x):
    ...     layer(np.array([x]))
    ...     layer.backward(np.array([[1.0]]))
    ...     return layer.weight.grad
    >>> gradient([1.0, 2.0]) is gradient([3.0, 4.0])
    False
    >>> with workspace(layer.parameters()):
    ...     gradient([1.0, 2.0]) is gradient([3.0, 4.0])
    True
    """
    parameters = list(parameters)
    for parameter in parameters:
        parameter.workspace = np.empty_like(parameter.data)
    try:
        yield
    finally:
        for parameter in parameters:
            parameter.workspace = None
