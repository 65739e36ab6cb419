"""Judges ``exact_moments(x, w, p) -> (mean, variance)`` against the closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, array_like, one_number, require
from grading.judging.tasks.a2_forward import away_from_zero, some_p

__all__ = ["MOMENTS"]


def _moments(context: Context, n: int, p: float, part: int, factor: float = 1.0) -> None:
    x, w = factor * away_from_zero(context.rng, (n,)), away_from_zero(context.rng, (n,))
    if factor == 0:  # whole numbers, zeros among them
        x, w = (context.rng.integers(-3, 4, n).astype(float) for _ in range(2))
    reply = context.call("exact_moments", x, w, p, parts=(True, True), echo=[0, 1])
    value = one_number(reply.parts[part], ("the mean", "the variance")[part])
    products = w * x
    wanted = (products.sum(), p / (1 - p) * (products**2).sum())[part]
    whole = float(np.abs(products).sum()) / (1 - p)
    limit = (1e-9 * whole, 1e-9 * wanted + 1e-13 * whole**2)[part]
    require(
        abs(value - wanted) <= limit,
        f"the {('mean', 'variance')[part]} is not the exact one, at n = {n} and p = {p:.2f}",
    )
    for before, after in zip((x, w), reply.echo, strict=True):
        require(np.array_equal(before, array_like(after, before, "x")), "x or w was modified")


def _for_several(part: int) -> Any:
    def check(context: Context) -> None:
        for n in (1, 2, 3, 5, 8, 10):
            for low, high in [(0.05, 0.2), (0.3, 0.45), (0.6, 0.9)]:
                _moments(context, n, some_p(context.rng, low, high), part)
        _moments(context, 4, 0.0, part)
        for factor in (1e-6, 1e5, 0.0):
            for p in (1e-4, 0.5, 0.99):
                _moments(context, 6, p, part, factor)

    return check


MOMENTS = Task(
    "exact_moments",
    [
        Criterion(2, "the exact mean", _for_several(0)),
        Criterion(3, "the exact variance", _for_several(1)),
    ],
)
