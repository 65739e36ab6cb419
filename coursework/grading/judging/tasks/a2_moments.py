"""Judges ``exact_moments(x, w, p) -> (mean, variance)`` against the closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, array_like, one_number, require
from grading.judging.tasks.a2_forward import away_from_zero, some_p

__all__ = ["MOMENTS"]


def _moments(context: Context, n: int, p: float, part: int) -> None:
    x, w = away_from_zero(context.rng, (n,)), away_from_zero(context.rng, (n,))
    reply = context.call("exact_moments", x, w, p, parts=(True, True), echo=[0, 1])
    value = one_number(reply.parts[part], ("the mean", "the variance")[part])
    products = w * x
    wanted = (products.sum(), p / (1 - p) * (products**2).sum())[part]
    scale = (np.abs(products).sum(), wanted)[part]
    require(
        abs(value - wanted) <= 1e-9 * max(scale, 1e-9),
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

    return check


MOMENTS = Task(
    "exact_moments",
    [
        Criterion(2, "the exact mean", _for_several(0)),
        Criterion(3, "the exact variance", _for_several(1)),
    ],
)
