"""Judges ``fit_polynomial(x, y, degree, weight_decay) -> weights`` against another solver."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import Context, Criterion, Task, array_like, require

__all__ = ["FIT", "Points", "fit", "points"]

Floats = NDArray[np.float64]
Points = tuple[Floats, Floats]


def points(rng: np.random.Generator, n: int) -> Points:
    """Return n noisy points of a curve, spread over [−1, 1] so that fits are well posed."""
    x = np.linspace(-1, 1, n) + rng.uniform(-0.4, 0.4, n) * 2 / n
    x = rng.permutation(np.clip(x, -1, 1))
    waves = rng.uniform(2.0, 3.5), rng.uniform(0, 6)
    return x, np.sin(waves[0] * x + waves[1]) + rng.normal(0, 0.4, n) + rng.uniform(2, 3)


def fit(x: Floats, y: Floats, degree: int, weight_decay: float) -> Floats:
    """Return the weights by least squares, the penalty written as further rows."""
    rows = np.vander(x, degree + 1, increasing=True)
    penalty = np.sqrt(len(x) * weight_decay / 2) * np.eye(degree + 1)[1:]
    targets = np.concatenate([y, np.zeros(degree)])
    return np.asarray(np.linalg.lstsq(np.vstack([rows, penalty]), targets)[0], dtype=float)


def _compare(
    context: Context, xy: Points, degree: int, decay: float, otherwise: str
) -> tuple[Any, ...]:
    """Raise `Wrong` unless the weights are right; return x and y as they are after the call."""
    reply = context.call("fit_polynomial", *xy, degree, decay, echo=[0, 1])
    wanted = fit(*xy, degree, decay)
    weight = array_like(reply.value, wanted, "the result")
    # Up to degree 8, XᵀX has a condition number below 1e7.
    close = np.abs(weight - wanted) <= 1e-6 * float(np.abs(wanted).max())
    require(bool(np.all(close)), otherwise)
    return tuple(reply.echo)


def least_squares(context: Context) -> None:
    """Without a penalty it is the ordinary fit."""
    for n, degree in [(12, 1), (20, 3), (25, 5), (40, 8)]:
        xy = points(context.rng, n)
        words = f"without a penalty the weights are not least squares, at degree {degree}"
        _compare(context, xy, degree, 0.0, words)


def penalised(context: Context) -> None:
    """With a penalty it is the minimum of the sum in the task, for any n."""
    for n, degree in [(10, 2), (20, 3), (40, 6), (60, 8)]:
        for low, high in [(0.002, 0.01), (0.05, 0.2), (0.7, 3.0)]:
            decay = float(context.rng.uniform(low, high))
            words = (
                "the weights do not minimise loss + penalty, "
                f"at n = {n}, degree {degree} and weight_decay = {decay:.3f}"
            )
            _compare(context, points(context.rng, n), degree, decay, words)


def any_numbers(context: Context) -> None:
    """Small, large, negative and whole numbers, points on one side: all are data."""
    rng = context.rng
    for factor, shift in [(1e-6, 0.0), (1e4, 0.0), (1.0, -50.0), (0.0, 0.0), (0.0, -3.0)]:
        x, y = points(rng, 18)
        words = f"the weights are wrong where y lies around {factor * 2.5 + shift:g}"
        for decay in (0.0, 0.3):
            _compare(context, (x, factor * y + shift), 3, decay, words)
    for decay in (3e-5, 4e-4, 1, 20):
        words = f"the weights do not minimise loss + penalty at weight_decay = {decay}"
        _compare(context, points(rng, 25), 7 if decay < 1 else 5, decay, words)
    sides: list[Points] = [(rng.uniform(0.2, 0.9, 20), rng.normal(size=20))]
    sides += [(-rng.uniform(0.1, 0.8, 30), rng.normal(size=30))]
    sides += [(np.repeat([-1.0, 0.0, 1.0], 4), rng.integers(-5, 6, 12).astype(float))]
    sides += [(np.linspace(1, -1, 150), rng.normal(size=150))]
    for x, y in sides:
        for decay in (0.0, 0.01):
            words = f"the weights are wrong for x from {x.min():.2g} to {x.max():.2g}"
            _compare(context, (x, y), 2, decay, words)


def edges(context: Context) -> None:
    """A constant, few points, a huge penalty, repeated x; nothing is modified."""
    rng = context.rng
    for decay in (0.0, 0.5):
        _compare(
            context, points(rng, 7), 0, decay, "at degree 0 the weight is not the mean of y"
        )
    few: Any = (np.array([-1.0, -0.25, 0.5, 1.0]), rng.normal(size=4))
    _compare(context, few, 3, 0.0, "with as many weights as points the fit misses a point")
    words = "with a huge weight_decay the fit is not the mean of y"
    _compare(context, points(rng, 15), 4, 1e6, words)
    x, y = points(rng, 9)
    twice: Any = (np.concatenate([x, x]), np.concatenate([y, y + 1]))
    words = "with two points at the same x the weights are wrong"
    for degree, decay in [(3, 0.1), (3, 0.0), (0, 0.1)]:
        later = _compare(context, twice, degree, decay, words)
        same = all(np.array_equal(*pair) for pair in zip(twice, later, strict=True))
        require(same, "x or y was modified")


FIT = Task(
    "fit_polynomial",
    [
        Criterion(2, "without a penalty, least squares", least_squares),
        Criterion(3, "with a penalty, the minimum", penalised),
        Criterion(1, "numbers of any size and sign", any_numbers),
        Criterion(1, "degree 0, few points, a huge penalty; x and y are not modified", edges),
    ],
)
