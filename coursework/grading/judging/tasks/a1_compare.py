"""Judges ``compare(errors, baseline) -> (difference, half_width, verdict)``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from grading.judging.task import Context, Criterion, Task, one_number, require

__all__ = ["COMPARE"]

Floats = NDArray[np.float64]
VERDICTS = ("lower", "higher", "cannot tell")
SIZES = [(2, 3, 3), (3, 1, 4), (5, 6, 6), (9, 4, 2), (16, 5, 1)]


def _arms(
    rng: np.random.Generator, size: tuple[int, int, int], distance: float
) -> tuple[Floats, Floats]:
    """Return two arms whose difference lies so many half-widths from zero, paired by split."""
    r, k, ell = size
    hard = rng.normal(15, 3, (r, 1))
    moved = rng.normal(0, 0.6, (r, 1))
    errors = hard + moved + rng.normal(0, 0.5, (r, k))
    baseline = hard + rng.normal(0, 0.5, (r, ell))
    difference, half_width = expected(errors, baseline)
    return errors - difference + distance * half_width, baseline


def expected(errors: Floats, baseline: Floats) -> tuple[float, float]:
    """Return the mean over splits of the paired difference, and its half-width."""
    change = errors.mean(axis=1) - baseline.mean(axis=1)
    r = len(change)
    t = float(stdtrit(r - 1, 0.975))
    return float(change.mean()), t * float(change.std(ddof=1)) / r**0.5


def ask(
    context: Context, arms: tuple[Floats, Floats], *, intact: bool = False
) -> tuple[float, Any, Any]:
    """Call the learner's function and return the three values; see that nothing is modified."""
    reply = context.call("compare", *arms, parts=(True,) * 3, echo=[0, 1])
    if intact:
        same = all(np.array_equal(*pair) for pair in zip(arms, reply.echo, strict=True))
        require(same, "errors or baseline was modified")
    difference, half_width, verdict = reply.parts
    return one_number(difference, "the difference"), half_width, verdict


def mean_difference(context: Context) -> None:
    """The difference is cure minus baseline, averaged over the splits."""
    for size in SIZES:
        arms = _arms(context.rng, size, float(context.rng.uniform(-3, 3)))
        close = abs(ask(context, arms)[0] - expected(*arms)[0]) <= 1e-9 * 100
        require(close, "the difference is not the mean of cure minus baseline")


def interval(context: Context) -> None:
    """The half-width is that of the paired differences of the splits."""
    for size in SIZES:
        arms = _arms(context.rng, size, float(context.rng.uniform(-3, 3)))
        half_width = one_number(ask(context, arms)[1], "the half-width")
        wanted = expected(*arms)[1]
        # Whoever knows t to more digits than the table is right, too.
        require(abs(half_width - wanted) <= 2e-4 * wanted, f"it is wrong, for {size[0]} splits")


def verdict(context: Context) -> None:
    """The verdict follows from the interval."""
    for size in SIZES:
        for distance, wanted in [(-300, "lower"), (300, "higher"), (-0.02, "cannot tell")]:
            said = ask(context, _arms(context.rng, size, distance), intact=True)[2]
            require(said in VERDICTS, "the verdict is none of the three strings")
            words = "the verdict is not what an interval says that lies far to one side"
            if distance == -0.02:
                words = "the verdict is not what an interval says that holds zero"
            require(said == wanted, words)
        for distance in (-1.5, -0.7, 0.7, 1.5):
            difference, half_width, said = ask(context, _arms(context.rng, size, distance))
            reach = abs(one_number(half_width, "the half-width"))
            tells = "lower" if difference < 0 else "higher"
            own = tells if abs(difference) > reach else "cannot tell"
            require(said == own, "the verdict contradicts the interval beside it")


def any_numbers(context: Context) -> None:
    """Errors of any size and sign, equal splits, every number of splits."""
    rng = context.rng
    for r in range(2, 17):
        k, ell = (int(n) for n in rng.integers(1, 6, 2))
        factor, shift = [(1e-6, 0.0), (1e4, 0.0), (1.0, -15.0)][r % 3]
        errors, baseline = _arms(rng, (r, k, ell), float(rng.uniform(-2, 2)))
        arms = factor * errors + shift, factor * baseline + shift
        difference, half_width, _ = ask(context, arms)
        wanted, reach = expected(*arms)
        words = f"wrong for {r} splits and errors near {np.abs(arms[0]).mean():.1g}"
        require(abs(difference - wanted) <= 1e-6 * reach, f"the difference is {words}")
        close = abs(one_number(half_width, "the half-width") - reach) <= 2e-4 * reach
        require(close, f"the half-width is {words}")


def near_the_end(context: Context) -> None:
    """The verdict is right close to where it turns, and where splits do not differ at all."""
    for size in SIZES:
        for distance in (-1.03, -0.97, 0.97, 1.03):
            said = ask(context, _arms(context.rng, size, distance))[2]
            tells = "lower" if distance < 0 else "higher"
            words = f"the verdict is wrong where the difference is {abs(distance)} half-widths"
            require(said == (tells if abs(distance) > 1 else "cannot tell"), words)
    for moved, tells in [(-2.0, "lower"), (0.0, "cannot tell"), (1.0, "higher")]:
        baseline = context.rng.integers(0, 9, (4, 2)).astype(float)
        difference, half_width, said = ask(context, (baseline + moved, baseline))
        words = "where all splits differ by the same, difference or half-width is wrong"
        reach = one_number(half_width, "the half-width")
        require(max(abs(difference - moved), abs(reach)) <= 1e-6, words)
        words = f"where all splits differ by {moved:g}, the verdict is wrong"
        require(said == tells, words)


COMPARE = Task(
    "compare",
    [
        Criterion(1, "the mean difference", mean_difference),
        Criterion(3, "the half-width", interval),
        Criterion(1, "errors of any size and sign, 2 to 16 splits", any_numbers),
        Criterion(1, "the verdict; nothing is modified", verdict),
        Criterion(1, "the verdict where it turns", near_the_end),
    ],
)
