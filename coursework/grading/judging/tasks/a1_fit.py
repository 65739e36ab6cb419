"""Judges ``fit_polynomial(x, y, degree, weight_decay) -> weights`` against another solver."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import (
    Context,
    Criterion,
    Task,
    Wrong,
    alike,
    array_like,
    numbers_of,
    require,
)
from grading.judging.wide import Reused, nudged, numbers, some_size, some_unit

__all__ = ["FIT", "Points", "fit", "points"]

Floats = NDArray[np.float64]
Points = tuple[Floats, Floats]
NEARLY = 1e-3  # what is nearly right fails one criterion, and not all
EXACT = 1e-6  # up to degree 8, XᵀX has a condition number below 1e7


def points(rng: np.random.Generator, n: int) -> Points:
    """Return n noisy points of a curve, spread over [−1, 1] so that fits are well posed."""
    x = np.linspace(-1, 1, n) + rng.uniform(-0.4, 0.4, n) * 2 / n
    x = rng.permutation(np.clip(x, -1, 1))
    waves = rng.uniform(2.0, 3.5), rng.uniform(0, 6)
    return x, np.sin(waves[0] * x + waves[1]) + rng.normal(0, 0.4, n) + rng.uniform(2, 3)


def fit(x: Floats, y: Floats, degree: int, weight_decay: float) -> Floats:
    """Return the weights by least squares, the penalty written as further rows."""
    targets = np.concatenate([y, np.zeros(degree)])
    weights = np.linalg.lstsq(_rows(x, degree, weight_decay), targets)[0]
    return np.asarray(weights, dtype=float)


def _rows(x: Floats, degree: int, weight_decay: float) -> Floats:
    rows = np.vander(x, degree + 1, increasing=True)
    penalty = np.sqrt(len(x) * weight_decay / 2) * np.eye(degree + 1)[1:]
    return np.vstack([rows, penalty])


def _compare(
    context: Context,
    xy: Points,
    degree: int,
    decay: float,
    otherwise: str,
    tolerance: float = NEARLY,
    intact: bool = False,
) -> None:
    """Raise `Wrong` unless the weights are right, be it in a list: see `types`."""
    context.at(f"with {len(xy[0])} points, degree {degree} and weight_decay = {decay:.6g}")
    options: dict[str, Any] = {"echo": [0, 1], "fresh": True} if intact else {}
    reply = context.call("fit_polynomial", *xy, degree, decay, **options)
    for name, before, after in zip("xy", xy, reply.echo, strict=False):
        alike(after, before, f"{name} was modified: afterwards {name}")
    wanted = fit(*xy, degree, decay)
    weight = numbers_of(reply.value, "the result")
    words = f"the result has shape {weight.shape} where {wanted.shape} is expected"
    require(weight.size == wanted.size, words)
    off = np.abs(weight.reshape(-1) - wanted)
    rounding = 1e-12 * float(np.abs(xy[1]).max())
    if not np.all(off <= tolerance * float(np.abs(wanted).max()) + rounding):
        j = int(np.argmax(np.nan_to_num(off, nan=np.inf)))
        came = f"w_{j} is {weight.reshape(-1)[j]:.6g} where {wanted[j]:.6g} is expected"
        raise Wrong(f"{otherwise} ({came})")


def least_squares(context: Context) -> None:
    """Without a penalty it is the ordinary fit."""
    for n, degree in [(12, 1), (15, 2), (20, 3), (25, 4), (25, 5)]:
        xy = points(context.rng, n)
        words = "without a penalty the weights are not least squares"
        _compare(context, xy, degree, 0.0, words)


def penalised(context: Context) -> None:
    """With a penalty it is the minimum of the sum in the task, for any n."""
    for n, degree in [(10, 2), (20, 3), (30, 4), (40, 6), (50, 7), (60, 8), (9, 1), (12, 5)]:
        for low, high in [(0.002, 0.01), (0.05, 0.2), (0.7, 3.0)]:
            decay = float(context.rng.uniform(low, high))
            words = "the weights do not minimise loss + penalty"
            _compare(context, points(context.rng, n), degree, decay, words)


def any_numbers(context: Context) -> None:
    """Small, large, negative and whole numbers, points on one side, high degrees."""
    rng = context.rng
    for factor, shift in [(1e-6, 0.0), (1e4, 0.0), (1.0, -50.0), (0.0, 0.0), (0.0, -3.0)]:
        x, y = points(rng, 18)
        words = f"the weights are wrong where y lies around {factor * 2.5 + shift:g}"
        for decay in (0.0, 0.3):
            _compare(context, (x, factor * y + shift), 3, decay, words)
    for decay in (3e-7, 3e-5, 4e-4, 1, 2, 20):
        words = "the weights do not minimise loss + penalty"
        xy, degree = points(rng, 25), 7 if decay < 1 else 5
        wanted = fit(*xy, degree, decay)
        effect = np.abs(wanted - fit(*xy, degree, 0.0)).max() / np.abs(wanted).max()
        _compare(context, xy, degree, decay, words, min(NEARLY, max(EXACT, 0.1 * effect)))
    for degree in (6, 7, 8):
        words = "without a penalty the weights are not least squares"
        _compare(context, points(rng, 40), degree, 0.0, words)
    sides: list[Points] = [(rng.uniform(0.2, 0.9, 20), rng.normal(size=20))]
    sides += [(-rng.uniform(0.1, 0.8, 30), rng.normal(size=30))]
    sides += [(np.repeat([-1.0, 0.0, 1.0], 4), rng.integers(-5, 6, 12).astype(float))]
    sides += [(np.linspace(1, -1, 150), rng.normal(size=150))]
    sides += [(rng.uniform(-1, 1, 2500), rng.normal(size=2500))]
    for x, y in sides:
        for decay in (0.0, 0.01):
            words = f"the weights are wrong for {len(x)} x from {x.min():.2g} to {x.max():.2g}"
            _compare(context, (x, y), 2, decay, words)
    any_case(context)


def _any_case(rng: np.random.Generator, fewest: int) -> tuple[Points, int, float]:
    """Return a fit of any size, to points of any pattern, that loses no digits."""
    n = some_size(rng, fewest, 800)
    low = rng.uniform(-1, 0.4)
    x = [
        points(rng, n)[0],
        rng.uniform(-1, 1, n),
        np.linspace(-1, 1, n + 1)[1:] * rng.choice([-1, 1]),
        rng.uniform(low, low + 0.6, n),
        rng.permutation(np.resize(np.linspace(-1, 1, int(rng.integers(2, 12))), n)),
    ][rng.integers(5)]
    y = numbers(rng, n) * some_unit(rng, 12) + rng.choice([0.0, 0.0, 4.0])
    if rng.random() < 0.2:
        y = np.polynomial.polynomial.polyval(x, rng.normal(size=rng.integers(1, 6)))
    decay = float(rng.choice([0.0, 10.0 ** rng.uniform(-6, 5), 10.0 ** rng.uniform(-2, 1)]))
    degree = int(rng.integers(0, min(8, len(np.unique(x)) - 1) + 1))
    while degree and np.linalg.cond(_rows(x, degree, decay)) > 3e3:
        degree -= 1
    return (x, y), degree, decay


def any_case(context: Context) -> None:
    """Fits of any size and pattern; some with one number that is another one."""
    rng, words = context.rng, "the weights do not minimise loss + penalty"
    for number in range(60):
        case = _any_case(rng, 200 if number % 10 == 0 else 1)
        _compare(context, *case, words, EXACT, intact=True)
    for reused in (context, Reused(context)):
        x, y = points(rng, some_size(rng, 10, 120))
        degree, decay = int(rng.integers(2, 6)), float(rng.choice([0.0, 0.05]))
        cases = [(x, nudged(rng, y, place)) for place in range(3)]
        swapped = x.copy()
        swapped[[0, -1]] = x[[-1, 0]]
        for xy in [(x, y), *cases, (x, y[::-1].copy()), (swapped, y), (x, y), (x, y)]:
            _compare(reused, xy, degree, decay, words, EXACT)
        _compare(reused, (x, y), degree, decay + 0.01, words, EXACT)


def edges(context: Context) -> None:
    """A constant, few points, a huge penalty, repeated x."""
    rng = context.rng
    for decay in (0.0, 0.5):
        words = "at degree 0 the weight is not the mean of y"
        for xy in (points(rng, 7), points(rng, 1), (np.full(5, 0.25), rng.normal(size=5))):
            _compare(context, xy, 0, decay, words)
    few: Any = (np.array([-1.0, -0.25, 0.5, 1.0]), rng.normal(size=4))
    _compare(context, few, 3, 0.0, "with as many weights as points the fit misses a point")
    _compare(context, few, 3, 0.4, "with as many weights as points the penalty is wrong")
    words = "with a huge weight_decay the fit is not the mean of y"
    _compare(context, points(rng, 15), 4, 1e6, words)
    x, y = points(rng, 9)
    twice: Any = (np.concatenate([x, x]), np.concatenate([y, y + 1]))
    words = "with two points at the same x the weights are wrong"
    for degree, decay in [(3, 0.1), (3, 0.0), (0, 0.1)]:
        _compare(context, twice, degree, decay, words)


def exactness(context: Context) -> None:
    """The weights are exact up to rounding, whatever the degree."""
    for degree in range(9):
        for decay in (0.0, 0.03):
            words = "the weights are off by more than rounding"
            near = 1e-9 if degree < 5 else EXACT
            _compare(context, points(context.rng, 25), degree, decay, words, near)


def types(context: Context) -> None:
    """The result is a float64 array of shape (degree + 1,); nothing is modified."""
    for degree, decay in [(0, 0.0), (0, 0.2), (3, 0.0), (5, 0.1), (8, 1.0)]:
        xy = points(context.rng, 21)
        context.at(f"with 21 points, degree {degree} and weight_decay = {decay:g}")
        reply = context.call(
            "fit_polynomial",
            *xy,
            degree,
            decay,
            echo=[0, 1],
            layouts=[(0, "strided"), (1, "reversed")],  # of larger arrays
            fresh=True,
        )
        array_like(reply.value, np.zeros(degree + 1), "the result")
        for name, before, after in zip("xy", xy, reply.echo, strict=True):
            alike(after, before, f"{name} was modified: afterwards {name}")
    x, y = points(context.rng, 9)
    context.by_name("fit_polynomial", x=x, y=y, degree=2, weight_decay=0.1)


FIT = Task(
    "fit_polynomial",
    [
        Criterion(1.5, "without a penalty, least squares", least_squares),
        Criterion(2, "with a penalty, the minimum", penalised),
        Criterion(0.75, "numbers of any size and sign, high degrees", any_numbers),
        Criterion(0.75, "degree 0, few points, a huge penalty, repeated x", edges),
        Criterion(0.5, "exact up to rounding", exactness),
        Criterion(0.5, "an array of degree + 1 floats; x and y are not modified", types),
    ],
)
