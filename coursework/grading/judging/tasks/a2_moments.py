"""Judges ``exact_moments(x, w, p) -> (mean, variance)`` against the closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, one_number, plain_number, require
from grading.judging.tasks.a2_forward import away_from_zero, some_p

__all__ = ["MOMENTS"]


NEARLY = 1e-5  # what is nearly right fails one criterion, and not all
PARTS = ("mean", "variance")


def _ask(context: Context, n: int, p: float, factor: float = 1.0, **options: Any) -> Any:
    """Call the learner's function; return the numbers that went in, and the reply."""
    x, w = factor * away_from_zero(context.rng, (n,)), away_from_zero(context.rng, (n,))
    if factor == 0:  # whole numbers, zeros among them
        x, w = (context.rng.integers(-3, 4, n).astype(float) for _ in range(2))
    reply = context.call("exact_moments", x, w, p, parts=(True, True), echo=[0, 1], **options)
    return (x, w), reply


def _moments(
    context: Context, n: int, p: float, part: int, factor: float = 1.0, near: float = NEARLY
) -> None:
    (x, w), reply = _ask(context, n, p, factor)
    value = one_number(reply.parts[part], f"the {PARTS[part]}")
    products = w * x
    wanted = (products.sum(), p / (1 - p) * (products**2).sum())[part]
    whole = float(np.abs(products).sum()) / (1 - p)
    limit = (near * whole, near * wanted + 1e-13 * whole**2)[part]
    words = f"the {PARTS[part]} is {value:.9g} where {wanted:.9g} is expected"
    size = f", x near {factor:g}" if factor not in (0, 1) else ""
    require(abs(value - wanted) <= limit, f"{words}, at n = {n} and p = {p:.4g}{size}")


def _for_several(part: int) -> Any:
    def check(context: Context) -> None:
        for n in (1, 2, 3, 5, 7):
            for low, high in [(0.05, 0.2), (0.3, 0.45), (0.6, 0.9)]:
                _moments(context, n, some_p(context.rng, low, high), part)

    return check


def exactness(context: Context) -> None:
    """Both are exact up to rounding, for numbers of any size, p of 0 and near 1."""
    for part in (0, 1):
        for n in (2, 6, 9, 10):
            for factor in (1.0, 1e-6, 1e5, 0.0):
                for p in (0.0, 1e-4, 0.5, 0.37, 0.99):
                    _moments(context, n, p, part, factor, 1e-9)


def types(context: Context) -> None:
    """Two numbers come back; x and w stay; they may be parts of larger arrays."""
    for n, kind in [(1, "strided"), (4, "strided"), (6, "reversed")]:
        before, reply = _ask(context, n, 0.3, layouts=[(0, kind), (1, kind)])
        for value, name in zip(reply.parts, PARTS, strict=True):
            plain_number(value, f"the {name}")
        for name, was, after in zip("xw", before, reply.echo, strict=True):
            require(np.array_equal(was, after), f"{name} was modified")


MOMENTS = Task(
    "exact_moments",
    [
        Criterion(1.5, "the mean", _for_several(0)),
        Criterion(2, "the variance", _for_several(1)),
        Criterion(
            1, "exact up to rounding, for all n and numbers of any size, with p = 0", exactness
        ),
        Criterion(0.5, "two numbers; x and w are not modified", types),
    ],
)
