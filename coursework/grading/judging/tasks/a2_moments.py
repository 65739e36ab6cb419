"""Judges ``exact_moments(x, w, p) -> (mean, variance)`` against the closed form.

Mean and variance are two answers, each with criteria of its own. A variance is computed from
the mean, so one that is right but for the mean that came back is right here.
"""

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
    one_number,
    plain_number,
    require,
)
from grading.judging.tasks.a2_forward import away_from_zero, power, some_p

__all__ = ["MOMENTS"]


NEARLY = 1e-5  # what is nearly right fails one criterion, and not all
EXACT = 1e-9
FEW = 3  # so many numbers are shown
PARTS = ("mean", "variance")


def _ask(
    context: Context, n: int, p: float, factor: float = 1.0, numbers: Any = None, **options: Any
) -> Any:
    """Call the learner's function; return the numbers that went in, and the reply."""
    x, w = factor * away_from_zero(context.rng, (n,)), away_from_zero(context.rng, (n,))
    if factor == 0:  # whole numbers, zeros among them
        x, w = (context.rng.integers(-3, 4, n).astype(float) for _ in range(2))
    if numbers is not None:
        x, w = numbers
    size = f", x near {factor:g}" if factor not in (0, 1) else ""
    kind = size or ", whole numbers" * (factor == 0)
    kind += f", x = {_shown(x)} and w = {_shown(w)}" if n <= FEW else ""
    context.at(f"with n = {n}, p = {p:.5g}{kind}")
    reply = context.call("exact_moments", x, w, p, parts=(True, True), echo=[0, 1], **options)
    return (x, w), reply


def _shown(numbers: NDArray[np.floating]) -> list[float]:
    """Return numbers with seven digits."""
    return [float(f"{number:.7g}") for number in numbers]


def _moments(
    context: Context,
    n: int,
    p: float,
    part: int,
    factor: float = 1.0,
    near: float = NEARLY,
    numbers: Any = None,
) -> None:
    (x, w), reply = _ask(context, n, p, factor, numbers)
    value = one_number(reply.parts[part], f"the {PARTS[part]}")
    products = w * x
    mean, variance = products.sum(), p / (1 - p) * (products**2).sum()
    whole = float(np.abs(products).sum()) / (1 - p)
    wanted = [mean] if part == 0 else _around(variance, mean, reply.parts[0])
    limits = [near * whole] if part == 0 else [near * abs(v) + 1e-13 * whole**2 for v in wanted]
    close = any(abs(value - w) <= limit for w, limit in zip(wanted, limits, strict=True))
    words = f"the {PARTS[part]} is {value:.9g} where {wanted[0]:.9g} is expected"
    require(close, words)


def _around(variance: float, mean: float, said: Any) -> list[float]:
    """Return the variance, and what its two formulas make of it with a mean that is wrong.

    They are the mean square of s minus the mean, and that of s, minus the square of the mean.
    """
    try:
        own = one_number(said, "the mean")
    except Wrong:  # the mean's own criterion says so
        return [variance]
    return [variance, variance + (own - mean) ** 2, variance + mean**2 - own**2]


def form(context: Context) -> None:
    """A pair comes back."""
    _ask(context, 3, 0.3)


def _for_several(part: int) -> Any:
    def check(context: Context) -> None:
        for n in (1, 2, 3, 5, 7):
            for low, high in [(0.05, 0.2), (0.3, 0.45), (0.6, 0.9)]:
                _moments(context, n, some_p(context.rng, low, high), part)

    return check


def _exact(part: int) -> Any:
    def check(context: Context) -> None:
        rng = context.rng
        turn = int(rng.integers(3))
        for n in range(1, 11):
            others = [power(rng, -9, -3), power(rng, 3, 9), 0.0]
            for factor in (1.0, others[(n + turn) % 3]):
                p = float(rng.choice([some_p(rng, 0.1, 0.9), 0.5, 1 / 3]))
                for rate in (0.0, power(rng, -9, -3), p, 1 - power(rng, -5, -1)):
                    _moments(context, n, rate, part, factor, EXACT)
        _one_by_one(context, part)

    return check


def _one_by_one(context: Context, part: int) -> None:
    """Ask again with one of x, w and p changed, and for numbers that are all 0 or all equal."""
    rng, n = context.rng, int(context.rng.integers(2, 8))
    x, w, y, v = (away_from_zero(rng, (n,)) for _ in range(4))
    p, q = some_p(rng, 0.1, 0.4), some_p(rng, 0.5, 0.8)
    for now in [(x, w, p), (y, w, p), (x, v, p), (x, w, q), (x, w, p), (w, x, p)]:
        _moments(context, n, now[2], part, near=EXACT, numbers=now[:2])
    # Of numbers whose squares are infinite, or 0, the products are not.
    _moments(context, n, p, part, near=EXACT, numbers=(1e170 * x, 1e-170 * w))
    for now in [(0 * x, w, p), (x, 0 * w, p), (0 * x + 1, w, p), (x, 0 * w - 2, p), (x, x, p)]:
        _moments(context, n, now[2], part, near=EXACT, numbers=now[:2])


def types(context: Context) -> None:
    """Two numbers come back; x and w stay; they may be parts of larger arrays."""
    cases: list[Any] = [(n, p, "") for n in range(1, 11) for p in (0.0, 0.3, 0.9)]
    for n, p, kind in [*cases, (1, 0.3, "strided"), (4, 0.3, "strided"), (6, 0.3, "reversed")]:
        lying: dict[str, Any] = {"layouts": [(0, kind), (1, kind)]} if kind else {}
        before, reply = _ask(context, n, p, **lying)
        for value, name in zip(reply.parts, PARTS, strict=True):
            plain_number(value, f"the {name}")
        for name, was, after in zip("xw", before, reply.echo, strict=True):
            alike(after, was, f"{name} was modified: afterwards {name}")
    x, w = away_from_zero(context.rng, (3,)), away_from_zero(context.rng, (3,))
    context.by_name("exact_moments", x=x, w=w, p=0.3)


MOMENTS = Task(
    "exact_moments",
    [
        Criterion(0, "a pair", form),
        Criterion(1.5, "the mean", _for_several(0)),
        Criterion(2, "the variance", _for_several(1)),
        Criterion(0.5, "the mean, exact, for all n, any numbers and p", _exact(0)),
        Criterion(0.5, "the variance, exact, for all n, any numbers and p", _exact(1)),
        Criterion(0.5, "two numbers; x and w are not modified", types),
    ],
)
