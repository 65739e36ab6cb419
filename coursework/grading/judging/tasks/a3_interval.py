"""Judges ``paired_interval(a, b) -> (difference, low, high)``."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from grading.judging.task import Context, Criterion, Task, must_raise, one_number, require

__all__ = ["INTERVAL"]

Runs = dict[int, float]


def _runs(rng: np.random.Generator, shared: int, alone: tuple[int, int]) -> tuple[Runs, Runs]:
    """Return two arms in orders of their own; runs of one seed go up and down together."""
    seeds = rng.permutation(500)[: shared + sum(alone)] + 1
    of_seed = rng.normal(20, 6, len(seeds))
    first = np.arange(shared + alone[0])
    second = np.concatenate([np.arange(shared), np.arange(shared + alone[0], len(seeds))])
    arms = []
    for shift, own in [(rng.normal(0, 2), first), (0.0, second)]:
        order = rng.permutation(own)
        points = of_seed[order] + shift + rng.normal(0, 1, len(order))
        arms.append({int(s): float(v) for s, v in zip(seeds[order], points, strict=True)})
    return arms[0], arms[1]


def expected(a: Runs, b: Runs) -> NDArray[np.float64]:
    """Return the mean difference and its 95 % interval."""
    differences = np.array([a[seed] - b[seed] for seed in sorted(a.keys() & b.keys())])
    r = len(differences)
    half = t.ppf(0.975, r - 1) * differences.std(ddof=1) / np.sqrt(r)
    return np.asarray(differences.mean() + half * np.array([0.0, -1.0, 1.0]))


def _asked(context: Context, a: Runs, b: Runs) -> NDArray[np.float64]:
    reply = context.call("paired_interval", a, b, parts=(True,) * 3)
    names = ("difference", "low", "high")
    pairs = zip(reply.parts, names, strict=True)
    return np.array([one_number(value, name) for value, name in pairs])


CASES = [(2, (1, 0)), (3, (2, 2)), (6, (0, 0)), (9, (1, 3)), (21, (0, 2)), (30, (0, 0))]


def form(context: Context) -> None:
    """Three numbers come back."""
    _asked(context, *_runs(context.rng, 5, (1, 1)))


def difference(context: Context) -> None:
    """The difference is that of the pairs."""
    for shared, alone in CASES:
        a, b = _runs(context.rng, shared, alone)
        words = "difference is not the mean of a − b over the seeds of both"
        require(abs(_asked(context, a, b)[0] - expected(a, b)[0]) < 1e-6, words)


def interval(context: Context) -> None:
    """The interval is that of the paired differences, for few runs and for many."""
    for shared, alone in CASES:
        a, b = _runs(context.rng, shared, alone)
        _, low, high = _asked(context, a, b)
        _, wanted_low, wanted_high = expected(a, b)
        # The table has four decimals, which are half of 1e-4 of the smallest quantiles.
        close = 2e-4 * (wanted_high - wanted_low)
        words = f"the interval is not that of the paired differences, with {shared} pairs"
        require(max(abs(low - wanted_low), abs(high - wanted_high)) < close, words)


def any_runs(context: Context) -> None:
    """Any seeds and measurements: zeros, whole and negative numbers, no spread at all."""
    rng = context.rng
    for r in range(2, 31):
        seeds = [int(seed) for seed in rng.permutation(r + 2) - (r % 3)]  # 0 is one of them
        factor, shift = [(1e-6, 0.0), (1e4, 0.0), (1.0, -30.0)][r % 3]
        a = {seed: factor * float(rng.normal()) + shift for seed in seeds}
        b = {seed: factor * float(rng.normal()) + shift for seed in seeds[1:-1]}
        b[-99], a[seeds[2]], b[seeds[2]] = 5.0, 0.0, factor
        said, wanted = _asked(context, a, b), expected(a, b)
        close = 2e-4 * (wanted[2] - wanted[1])
        words = f"where seeds or measurements are 0, or near {shift or factor:g}, {r} pairs"
        require(bool(np.all(np.abs(said - wanted) <= close)), f"a number is wrong {words}")
    for moved in (0, 3):
        b = {seed: int(v) for seed, v in enumerate(rng.integers(-4, 5, 7))}
        a = {seed: v + moved for seed, v in b.items()}
        same = np.allclose(_asked(context, a, b), moved, rtol=0, atol=1e-6)
        require(same, "where all pairs differ by the same, the interval is not that number")


def refuses(context: Context) -> None:
    """Too few pairs raise ValueError, and nothing is modified."""
    a, b = _runs(context.rng, 4, (1, 2))
    echo = context.call("paired_interval", a, b, echo=[0, 1]).echo
    require(echo == [a, b], "a dictionary was modified")
    for shared, alone in [(1, (0, 0)), (1, (3, 4)), (0, (3, 3)), (0, (0, 0))]:
        a, b = _runs(context.rng, shared, alone)
        must_raise(
            partial(context.call, "paired_interval", a, b),
            "ValueError",
            f"no ValueError with {'one seed' if shared == 1 else 'no seed'} in common",
        )


INTERVAL = Task(
    "paired_interval",
    [
        Criterion(0, "three numbers", form),
        Criterion(1, "the difference", difference),
        Criterion(2, "the interval", interval),
        Criterion(1, "zeros, whole and negative numbers, no spread; 2 to 30 pairs", any_runs),
        Criterion(1, "fewer than two pairs; nothing is modified", refuses),
    ],
)
