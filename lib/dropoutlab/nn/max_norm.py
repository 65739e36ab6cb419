"""Max-norm: no unit's weights may grow beyond a given length."""

import math

import numpy as np

from dropoutlab.checks import instance, real_number
from dropoutlab.nn.optim import Optimizer

__all__ = ["MaxNorm"]


class MaxNorm(Optimizer):
    r"""An optimiser whose every step is followed by a projection of the weights.

    After the step, the vector w of the incoming weights of each unit is cut back to length c
    where it is longer, and keeps its direction:

    .. math:: w \leftarrow w \, \min\!\left( 1, \frac{c}{\lVert w \rVert_2} \right)

    That is the nearest vector with :math:`\lVert w \rVert_2 \leq c`. It keeps weights finite
    at learning rates that would otherwise blow them up.

    Parameters
    ----------
    optimizer : Optimizer
        Makes the steps. Its parameters with two or more axes are constrained: each row of
        the ``weight`` of a `Linear` holds the weights into one unit. Biases, with one axis,
        are not.
    c : float
        The largest length, positive and finite. Srivastava et al. found 3 to 4 to work.

    Raises
    ------
    TypeError
        ``optimizer`` is not an `Optimizer`, or ``c`` is not a number.
    ValueError
        ``c`` is out of range or NaN, or no parameter has two axes.

    Notes
    -----
    The learning rate is that of ``optimizer``, and may be changed here as well. Initial
    weights are projected with the first step, not before.

    Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from
    overfitting" (2014), section 5.1 and appendix A.

    Examples
    --------
    >>> from dropoutlab import nn
    >>> weight = nn.Parameter([[3.0, 4.0], [0.6, 0.8]])
    >>> optimizer = MaxNorm(nn.SGD([weight], lr=0.1), 2.0)
    >>> optimizer.step()  # with a gradient of zero
    >>> weight.data
    array([[1.2, 1.6],
           [0.6, 0.8]])
    """

    def __init__(self, optimizer: Optimizer, c: float) -> None:
        expected = "an nn.Optimizer, such as nn.SGD(net.parameters(), lr=0.1)"
        instance("optimizer", optimizer, Optimizer, expected)
        self.optimizer = optimizer
        self.c = real_number("c", c, "a positive number", lambda c: 0 < c < math.inf)
        self.parameters = optimizer.parameters
        if all(parameter.data.ndim < 2 for parameter in self.parameters):
            raise ValueError(
                "optimizer must have a parameter with two axes, (units, inputs), to constrain, "
                f"got shapes {[parameter.data.shape for parameter in self.parameters]}"
            )

    @property
    def lr(self) -> float:
        """Learning rate of the optimiser inside."""
        return self.optimizer.lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self.optimizer.lr = lr

    def step(self) -> None:
        """Make the step of the optimiser inside, then project every unit's weights."""
        self.optimizer.step()
        for parameter in self.parameters:
            if parameter.data.ndim >= 2:
                # Squares in float64, where they do not overflow.
                rows = parameter.data.reshape(len(parameter.data), -1)
                norms = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
                if not np.all(norms <= self.c):
                    scale = self.c / np.maximum(norms, self.c)
                    units_last = parameter.data.T
                    units_last *= scale.astype(parameter.data.dtype)

    def __repr__(self) -> str:
        return f"MaxNorm({self.optimizer}, c={self.c})"
