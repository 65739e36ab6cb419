"""Inputs from wide ranges: sizes, patterns and units of numbers, one element that differs.

Fixed inputs leave gaps between them; what is drawn here leaves none that somebody could know.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import Context
from grading.running.calls import Call, Probe, Reply

__all__ = ["Reused", "nudged", "numbers", "some_size", "some_unit"]

Floats = NDArray[np.float64]

# Writes other numbers into what an earlier call was given, and nonsense into what it returned.
REFILL = """
def refill(count, result, *pairs):
    parts = result if isinstance(result, (tuple, list)) else [result]
    for part in parts:
        if isinstance(part, np.ndarray) and part.ndim and part.flags.writeable:
            part[...] = -7
    for old, new in zip(pairs[:count], pairs[count:]):
        write(old, new)
def write(old, new):
    if isinstance(old, tuple):
        for one, other in zip(old, new):
            write(one, other)
    elif isinstance(old, dict):
        old.clear()
        old.update(new)
    elif isinstance(old, list):
        old[:] = new
    else:
        old[...] = new
"""


def some_size(rng: np.random.Generator, low: int, high: int) -> int:
    """Return a whole number from low to high; small ones as often as large ones."""
    return min(high, int(low * (high / low + 1 / low) ** rng.random()))


def some_unit(rng: np.random.Generator, digits: float) -> float:
    """Return 1, or a power of ten up to so many digits away from it."""
    return float(10.0 ** rng.uniform(-digits, digits)) if rng.random() < 0.6 else 1.0


def numbers(rng: np.random.Generator, n: int) -> Floats:
    """Return n numbers: of any kind, whole, sorted, equal, equal but for one, ones and −1."""
    x = rng.normal(size=n)
    kind = int(rng.integers(9))
    if kind == 1:
        x = np.round(2 * x)
    elif kind == 2:
        x = np.sort(x)[:: rng.choice([-1, 1])]
    elif kind == 3:
        x[:] = x[0]
    elif kind == 4:
        x[: n // 2 + 1] = x[0]
    elif kind == 5:
        x = np.where(np.arange(n) == rng.integers(n), x, 0.0)
    elif kind == 6:
        x = np.sign(x)
    elif kind == 7:
        x[n // 2 :] = x[-1]
    return np.asarray(x)


def nudged(rng: np.random.Generator, x: Floats, place: int) -> Floats:
    """Return a copy in which the first, the middle or the last element is another one."""
    x = x.copy()
    at = [0, x.size // 2, x.size - 1][place % 3]
    x.reshape(-1)[at] += rng.choice([-1, 1]) * rng.uniform(0.5, 1.0) * (float(np.std(x)) or 1.0)
    return x


class Reused(Context):
    """A context in which arrays are used again: each call gets the arrays of the call before.

    They hold other numbers then, and what the call before returned holds nonsense. So an answer
    shows that knows an array again by where it lies, or that hands out one that it keeps.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context.worker, context.rng, context.class_seed)
        self.outer = context
        self.held: list[Any] = []
        self.result: Any = None
        self.worker.probe(REFILL)

    def at(self, where: str) -> None:
        """Say what is asked, and that the arrays are those of the call before."""
        again = ", in arrays that held other numbers in the call before" if self.held else ""
        super().at(where + again)
        self.outer.at(where + again)

    def call(self, name: str, *args: Any, **options: Any) -> Reply:
        """Call as `Context.call` does; arguments that are data have the shapes of the first."""
        data = [
            i
            for i, value in enumerate(args)
            if isinstance(value, (np.ndarray, tuple, list, dict))
        ]
        if not self.held:
            self.held = [self.keep(args[i]) for i in data]
        else:
            new = [args[i] for i in data]
            refill = [len(data), self.result, *self.held, *new]
            self.worker.call(Call(Probe("refill"), refill))
        given = list(args)
        for i, value in zip(data, self.held, strict=True):
            given[i] = value
        options.pop("fresh", None)
        options.pop("layouts", None)
        reply = super().call(name, *given, keep=True, **options)
        self.result = reply.object
        return reply
