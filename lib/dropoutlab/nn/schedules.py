"""Rates that change while a net is trained."""

import math
from collections.abc import Callable

from dropoutlab.checks import describe, instance, positive_integer, real_number
from dropoutlab.nn.optim import Optimizer

__all__ = ["Schedule", "Scheduled", "linear_schedule"]

Schedule = Callable[[int], float]
"""From the number of steps made so far, 0 at first, to the rate of the next step."""


def linear_schedule(start: float, end: float, n_steps: int) -> Schedule:
    r"""Return a schedule that goes in a straight line, and then stays.

    Step t, counted from 0, gets

    .. math:: a + (b - a) \min\!\left( 1, \frac{t}{T} \right)

    Parameters
    ----------
    start : float
        a, the rate of the first step.
    end : float
        b, the rate after ``n_steps`` steps and of all later ones.
    n_steps : int
        T, at least 1.

    Raises
    ------
    TypeError, ValueError
        ``start`` or ``end`` is not a finite number, or ``n_steps`` is not a whole one of at
        least 1.

    Notes
    -----
    As `torch.optim.lr_scheduler.LinearLR`, which takes both ends as multiples of the
    optimiser's own rate.

    Examples
    --------
    >>> schedule = linear_schedule(1.0, 0.0, n_steps=4)
    >>> [schedule(step) for step in range(6)]
    [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """
    start, end = (
        real_number(name, rate, "a finite number", math.isfinite)
        for name, rate in (("start", start), ("end", end))
    )
    n_steps = positive_integer("n_steps", n_steps)

    def schedule(step: int) -> float:
        done = min(1.0, step / n_steps)
        return (1 - done) * start + done * end

    return schedule


class Scheduled(Optimizer):
    """An optimiser whose rates follow schedules, one value a step.

    Before each step, the learning rate, the momentum, or both are set to what their schedule
    gives for the number of steps made so far.

    Parameters
    ----------
    optimizer : Optimizer
        Makes the steps. To bound weights as well, put `MaxNorm` around the whole.
    lr : callable, optional
        From the number of steps made, an int, to the learning rate of the next one, such as
        ``linear_schedule(0.1, 0.001, 6000)`` or ``lambda step: 0.1 * 0.999**step``. Left
        out, the learning rate is the optimiser's own.
    momentum : callable, optional
        The same for the momentum of `SGD`.

    Attributes
    ----------
    n_steps : int
        Steps made so far. Training that is continued goes on from here.

    Raises
    ------
    TypeError
        ``optimizer`` is not an `Optimizer`, a schedule cannot be called or returns no number,
        or the optimiser has no momentum that could be set.
    ValueError
        Neither schedule is given, or one returns a rate out of range.

    Notes
    -----
    As `torch.optim.lr_scheduler.LambdaLR`, stepped after every step of its optimiser, with
    the rates themselves in place of factors.

    Examples
    --------
    >>> import numpy as np
    >>> from dropoutlab import nn
    >>> w = nn.Parameter([1.0])
    >>> optimizer = Scheduled(nn.SGD([w], lr=0.1), lr=linear_schedule(0.1, 0.0, n_steps=2))
    >>> for _ in range(3):
    ...     w.grad = np.array([1.0])
    ...     optimizer.step()
    ...     print(optimizer.lr, w.data)
    0.1 [0.9]
    0.05 [0.85]
    0.0 [0.85]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        *,
        lr: Schedule | None = None,
        momentum: Schedule | None = None,
    ) -> None:
        expected = "an nn.Optimizer, such as nn.SGD(net.parameters(), lr=0.1)"
        instance("optimizer", optimizer, Optimizer, expected)
        given = {"lr": lr, "momentum": momentum}
        self.schedules = {name: rate for name, rate in given.items() if rate is not None}
        if not self.schedules:
            raise ValueError("a schedule must be given: lr=, momentum=, or both")
        for name, schedule in self.schedules.items():
            if not callable(schedule):
                raise TypeError(
                    f"{name} must be a function of the number of steps made, such as "
                    f"nn.linear_schedule(0.1, 0.001, 6000), got {describe(schedule)}"
                )
            if not hasattr(optimizer, name):
                raise TypeError(f"{type(optimizer).__name__} has no {name} to be scheduled")
        self.optimizer = optimizer
        self.parameters = optimizer.parameters
        self.n_steps = 0

    @property
    def lr(self) -> float:
        """Learning rate of the optimiser inside: that of the last step."""
        return self.optimizer.lr

    @lr.setter
    def lr(self, lr: float) -> None:
        if "lr" in self.schedules:
            raise AttributeError("lr follows a schedule here, and cannot be set by hand")
        self.optimizer.lr = lr

    def step(self) -> None:
        """Set the rates by their schedules, then make the step of the optimiser inside."""
        for name, schedule in self.schedules.items():
            setattr(self.optimizer, name, schedule(self.n_steps))
        self.optimizer.step()
        self.n_steps += 1

    def __repr__(self) -> str:
        return f"Scheduled({self.optimizer}, {' and '.join(self.schedules)} by schedule)"
