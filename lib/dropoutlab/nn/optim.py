"""What every optimiser has in common, and stochastic gradient descent."""

import math
from collections.abc import Iterable

import numpy as np

from dropoutlab.checks import describe, instance, real_number
from dropoutlab.nn.module import Parameter
from dropoutlab.nn.pieces import pieces

__all__ = ["SGD", "Optimizer"]


class Optimizer:
    """The base of every optimiser: parameters, a learning rate, a step.

    A subclass writes ``step()``, which updates ``parameter.data`` in place from
    ``parameter.grad``, and leaves the gradient as it is.

    Parameters
    ----------
    parameters : iterable of Parameter
        What to update, in place: usually ``net.parameters()``.
    lr : float
        Learning rate, finite and not negative. May be changed between steps.

    Raises
    ------
    TypeError
        A parameter is not a `Parameter`, or ``lr`` is not a number.
    ValueError
        There are no parameters, one occurs twice, or ``lr`` is out of range or NaN.
    """

    def __init__(self, parameters: Iterable[Parameter], lr: float) -> None:
        self.parameters = _checked(parameters)
        self.lr = lr

    @property
    def lr(self) -> float:
        """Learning rate, finite and not negative."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = _rate("lr", lr)

    def step(self) -> None:
        """Update every parameter once, from its ``grad`` as it is now."""
        raise NotImplementedError(f"{type(self).__name__} does not define step()")


class SGD(Optimizer):
    r"""Step against the gradient.

    For each parameter w with gradient g, weight decay λ and momentum μ,

    .. math:: g &\leftarrow g + \lambda w \\
              v &\leftarrow \mu v + g \\
              w &\leftarrow w - \eta v

    with v = 0 at the start: PyTorch's update. (Sutskever et al. (2013) write the learning
    rate η into v instead, which differs only when η changes during training.) A step with
    μ = 0 leaves v as it is, which matters only when μ changes. Weight decay applies to every
    parameter, biases included, and is the gradient of λ‖w‖²/2.

    Parameters
    ----------
    parameters : iterable of Parameter
        What to update, in place: usually ``net.parameters()``.
    lr : float
        Learning rate η, finite and not negative. May be changed between steps.
    momentum : float, default 0
        μ, in ``[0, 1)``. May be changed between steps.
    weight_decay : float, default 0
        λ, finite and not negative.

    Raises
    ------
    TypeError
        A parameter is not a `Parameter`, or a rate is not a number.
    ValueError
        There are no parameters, one occurs twice, or a rate is out of range or NaN.

    Examples
    --------
    >>> w = Parameter([1.0])
    >>> optimizer = SGD([w], lr=0.1, momentum=0.5)
    >>> for _ in range(2):
    ...     w.grad = np.array([1.0])
    ...     optimizer.step()
    ...     print(w.data)
    [0.9]
    [0.75]
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float,
        *,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.momentum = momentum
        self.weight_decay = _rate("weight_decay", weight_decay)
        self._velocities = [np.zeros_like(parameter.data) for parameter in self.parameters]

    @property
    def momentum(self) -> float:
        """Momentum, in ``[0, 1)``."""
        return self._momentum

    @momentum.setter
    def momentum(self, momentum: float) -> None:
        self._momentum = real_number(
            "momentum", momentum, "a number in [0, 1)", lambda momentum: 0 <= momentum < 1
        )

    def step(self) -> None:
        """Update every parameter once, from its ``grad`` as it is now."""
        lr, momentum, weight_decay = self.lr, self.momentum, self.weight_decay
        for parameter, velocity in zip(self.parameters, self._velocities, strict=True):
            for w, v, g in pieces(parameter.data, velocity, read=parameter.grad):
                if weight_decay:
                    g = g + weight_decay * w
                if momentum:
                    v *= momentum
                    v += g
                    g = v
                w -= lr * g

    def __repr__(self) -> str:
        return (
            f"SGD(lr={self.lr}, momentum={self.momentum}, weight_decay={self.weight_decay}, "
            f"{len(self.parameters)} parameters)"
        )


def _rate(name: str, value: float) -> float:
    return real_number(
        name, value, "a finite number of at least 0", lambda rate: 0 <= rate < math.inf
    )


def _checked(parameters: Iterable[Parameter]) -> list[Parameter]:
    expected = "nn.Parameter objects, such as net.parameters()"
    if not isinstance(parameters, Iterable):
        raise TypeError(f"parameters must be {expected}, got {describe(parameters)}")
    parameters = list(parameters)
    if not parameters:
        raise ValueError("parameters must hold at least one Parameter, got none")
    for parameter in parameters:
        instance("parameters", parameter, Parameter, expected)
    if len({id(parameter) for parameter in parameters}) < len(parameters):
        raise ValueError("parameters must all be different objects, got one of them twice")
    return parameters
