"""Adam: momentum, and a step length for every weight of its own."""

import math
from collections.abc import Iterable

import numpy as np

from dropoutlab.checks import describe, real_number
from dropoutlab.nn.module import Parameter
from dropoutlab.nn.optim import Optimizer
from dropoutlab.nn.pieces import pieces

__all__ = ["Adam"]


class Adam(Optimizer):
    r"""Step along the mean of recent gradients, divided by their root mean square.

    For each parameter w, with the gradients :math:`g_1, \dots, g_t` up to now,

    .. math:: \hat m = \frac{\sum_s \beta_1^{t-s} g_s}{\sum_s \beta_1^{t-s}}, \qquad
              \hat v = \frac{\sum_s \beta_2^{t-s} g_s^2}{\sum_s \beta_2^{t-s}}, \qquad
              w \leftarrow w - \eta \, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}

    Both are weighted means, and recent gradients weigh most: a gradient counts a tenth as
    much as a new one after some 22 steps in :math:`\hat m`, 2,300 in :math:`\hat v`.

    Parameters
    ----------
    parameters : iterable of Parameter
        What to update, in place: usually ``net.parameters()``.
    lr : float, default 0.001
        Learning rate η, finite and not negative. May be changed between steps. About the
        length of a step of every single weight, whatever the size of its gradient.
    betas : pair of float, default (0.9, 0.999)
        :math:`\beta_1` and :math:`\beta_2`, in ``[0, 1)``.
    eps : float, default 1e-8
        ε, positive: keeps the steps small where gradients are all but zero.

    Raises
    ------
    TypeError
        A parameter is not a `Parameter`, or a rate is not a number.
    ValueError
        There are no parameters, one occurs twice, or a rate is out of range or NaN.

    Notes
    -----
    PyTorch's defaults and, up to rounding, its steps. The paper writes
    :math:`m \leftarrow \beta_1 m + (1 - \beta_1) g` and corrects the bias towards zero with
    :math:`\hat m = m / (1 - \beta_1^t)`. That is the weighted mean above, because
    :math:`(1 - \beta_1) \sum_s \beta_1^{t-s} = 1 - \beta_1^t`.

    There is no weight decay: added to g, as in `SGD`, it would be divided by the root of v
    as well, and shrink the weights with large gradients least (Loshchilov & Hutter,
    "Decoupled weight decay regularization", 2019).

    Source: Kingma & Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.

    Examples
    --------
    >>> w = Parameter([1.0, 1.0])
    >>> w.grad = np.array([100.0, -0.01])
    >>> Adam([w], lr=0.1).step()
    >>> w.data.round(4)
    array([0.9, 1.1])
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr)
        self.betas = _checked(betas)
        self.eps = real_number("eps", eps, "a positive number", lambda eps: 0 < eps < math.inf)
        self._n_steps = 0
        self._sums = [np.zeros_like(parameter.data) for parameter in self.parameters]
        self._square_sums = [np.zeros_like(parameter.data) for parameter in self.parameters]

    def step(self) -> None:
        """Update every parameter once, from its ``grad`` as it is now."""
        lr, (beta_1, beta_2), eps = self.lr, self.betas, self.eps
        self._n_steps += 1
        weight_1 = (1 - beta_1**self._n_steps) / (1 - beta_1)  # 1 + β + … + β^(t − 1)
        weight_2 = (1 - beta_2**self._n_steps) / (1 - beta_2)
        for parameter, sum_, square_sum in zip(
            self.parameters, self._sums, self._square_sums, strict=True
        ):
            for w, m, v, g in pieces(parameter.data, sum_, square_sum, read=parameter.grad):
                m *= beta_1
                m += g
                v *= beta_2
                v += g**2
                w -= lr / weight_1 * m / (np.sqrt(v / weight_2) + eps)

    def __repr__(self) -> str:
        return (
            f"Adam(lr={self.lr}, betas={self.betas}, eps={self.eps}, "
            f"{len(self.parameters)} parameters)"
        )


def _checked(betas: tuple[float, float]) -> tuple[float, float]:
    if not isinstance(betas, tuple | list) or len(betas) != 2:
        raise TypeError(f"betas must be a pair of numbers in [0, 1), got {describe(betas)}")
    first, second = (
        real_number(f"betas[{i}]", beta, "a number in [0, 1)", lambda beta: 0 <= beta < 1)
        for i, beta in enumerate(betas)
    )
    return first, second
