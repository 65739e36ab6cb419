"""Judges ``compare(errors, baseline) -> (difference, half_width, verdict)``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from grading.harmless import one_line
from grading.judging.task import (
    Context,
    Criterion,
    Task,
    alike,
    one_number,
    plain_number,
    require,
)
from grading.judging.wide import Reused, nudged, some_size, some_unit
from grading.judging.words import brief

__all__ = ["COMPARE"]

Floats = NDArray[np.float64]
NEARLY = 1e-3  # what is nearly right fails one criterion, and not all
VERDICTS = ("lower", "higher", "cannot tell")
PLAIN = [(3, 1, 4), (5, 6, 6), (7, 2, 3), (9, 4, 2)]
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


def ask(context: Context, arms: tuple[Floats, Floats]) -> tuple[float, Any, Any]:
    """Call the learner's function and return the three values."""
    (r, k), ell = arms[0].shape, arms[1].shape[1]
    context.at(_of((r, k, ell)))
    difference, half_width, verdict = context.call("compare", *arms, parts=(True,) * 3).parts
    return one_number(difference, "the difference"), half_width, verdict


def mean_difference(context: Context) -> None:
    """The difference is cure minus baseline, averaged over the splits."""
    for size in PLAIN:
        arms = _arms(context.rng, size, float(context.rng.uniform(-3, 3)))
        came, wanted = ask(context, arms)[0], expected(*arms)[0]
        words = f"the difference is {came:.6g} where the mean of cure minus baseline"
        require(abs(came - wanted) <= NEARLY, f"{words} is {wanted:.6g}")


def _of(size: tuple[int, int, int]) -> str:
    return f"for {size[0]} splits with {size[1]} and {size[2]} seeds"


def interval(context: Context) -> None:
    """The half-width is that of the paired differences of the splits."""
    for size in PLAIN:
        arms = _arms(context.rng, size, float(context.rng.uniform(-3, 3)))
        half_width = one_number(ask(context, arms)[1], "the half-width")
        wanted = expected(*arms)[1]
        # Whoever knows t to more digits than the table is right, too.
        words = f"the half-width is {half_width:.6g} where {wanted:.6g} is expected"
        require(abs(half_width - wanted) <= NEARLY * max(1, wanted), words)


def _told(said: Any, wanted: str, where: str) -> None:
    """Raise `Wrong` unless the verdict is the one that is expected."""
    require(isinstance(said, str), f"the verdict is {brief(said)} where a string is expected")
    came = one_line(said)[:30]
    require(said == wanted, f"{where} the verdict is {came!r} and should be {wanted!r}")


def verdict(context: Context) -> None:
    """The verdict follows from the interval."""
    for size in PLAIN:
        for distance, wanted in [(-300, "lower"), (300, "higher"), (-0.02, "cannot tell")]:
            said = ask(context, _arms(context.rng, size, distance))[2]
            words = "where the interval lies far to one side of zero"
            if distance == -0.02:
                words = "where the interval holds zero"
            _told(said, wanted, words)
        for distance in (-1.5, -0.7, 0.7, 1.5):
            difference, half_width, said = ask(context, _arms(context.rng, size, distance))
            reach = abs(one_number(half_width, "the half-width"))
            tells = "lower" if difference < 0 else "higher"
            own = tells if abs(difference) > reach else "cannot tell"
            _told(said, own, f"where {difference:.4g} ± {reach:.4g} came,")


def any_numbers(context: Context) -> None:
    """Errors of any size and sign, equal splits, every number of splits."""
    rng = context.rng
    for r in range(2, 17):
        k, ell = (int(n) for n in rng.integers(1, 6 if r % 5 else 2, 2))
        factor, shift = [(1e-6, 0.0), (1e4, 0.0), (1.0, -15.0)][r % 3]
        apart = 1e7 * (r in (4, 11))  # far apart, and by nearly the same in every split
        errors, baseline = _arms(rng, (r, k, ell), float(rng.uniform(-2, 2)))
        if r in (8, 16):  # an arm that is the same in every split: its sum rounds nothing
            one = errors if r == 8 else baseline
            one[:] = one[0]
        arms = factor * (errors + apart) + shift, factor * baseline + shift
        difference, half_width, _ = ask(context, arms)
        wanted, reach = expected(*arms)
        near = f"errors near {np.abs(arms[0]).mean():.1g}"
        words = (
            f"with {near}, the difference is {difference:.6g} where {wanted:.6g} is expected"
        )
        require(abs(difference - wanted) <= NEARLY * reach, words)
        said = one_number(half_width, "the half-width")
        words = f"with {near}, the half-width is {said:.6g} where {reach:.6g} is expected"
        require(abs(said - reach) <= NEARLY * reach, words)
    any_arms(context)


def _any_arms(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return arms of any size, pattern and unit whose interval does not end near zero."""
    while True:
        r, k, ell = int(rng.integers(2, 17)), some_size(rng, 1, 70), some_size(rng, 1, 70)
        errors, baseline = _arms(rng, (r, k, ell), float(rng.uniform(-3, 3)))
        kind = int(rng.integers(7))
        if kind == 1:  # whole numbers
            errors, baseline = np.round(errors), np.round(baseline)
        elif kind == 2:  # splits that differ by one of few numbers, whatever the seeds
            moved = np.resize(rng.integers(-3, 3, int(rng.integers(2, 4))), (r, 1))
            moved = rng.permutation(moved)
            moved[: r // 2] = moved[rng.integers(r)]
            baseline = np.broadcast_to(np.round(baseline[:, :1]), (r, ell)) + 0.0
            errors = np.broadcast_to(baseline[:, :1] + moved, (r, k)) + 0.0
        elif kind == 3:  # one split apart
            errors[rng.integers(r)] += rng.choice([-40.0, 40.0])
        elif kind == 4:  # splits in order
            order = np.argsort(errors.mean(axis=1) - baseline.mean(axis=1))
            errors, baseline = errors[order], baseline[order]
        elif kind == 5:  # an arm that is the same in every split
            one = errors if rng.random() < 0.5 else baseline
            one[:] = one[0]
        factor = 2.0 ** int(rng.integers(-9, 10)) if kind == 2 else some_unit(rng, 8)
        shift = float(rng.choice([0.0, 0.0, -15.0, 100.0]))
        arms = factor * (errors + shift), factor * (baseline + shift)
        if _clear(arms):
            return arms


def _clear(arms: tuple[Floats, Floats]) -> bool:
    """Return whether splits differ, and the interval does not end so near zero as to round."""
    middle, reach = expected(*arms)
    largest = float(max(np.abs(arm).max() for arm in arms))
    return reach > 1e-9 * largest and abs(abs(middle) / reach - 1) > 3e-3


def _all_three(context: Context, arms: tuple[Floats, Floats]) -> None:
    """Raise `Wrong` unless all three values are right and nothing is modified."""
    (r, k), ell = arms[0].shape, arms[1].shape[1]
    context.at(_of((r, k, ell)))
    reply = context.call("compare", *arms, parts=(True,) * 3, echo=[0, 1])
    (middle, reach), largest = expected(*arms), max(np.abs(arm).max() for arm in arms)
    came = one_number(reply.parts[0], "the difference")
    near = f"with errors up to {largest:.3g}, the"
    words = f"{near} difference is {came:.9g} where {middle:.9g} is expected"
    require(abs(came - middle) <= 1e-12 * largest, words)
    said = one_number(reply.parts[1], "the half-width")
    words = f"{near} half-width is {said:.9g} where {reach:.9g} is expected"
    require(abs(said - reach) <= 1e-4 * reach + 1e-11 * largest, words)
    tells = "lower" if middle < 0 else "higher"
    wanted = tells if abs(middle) > reach else "cannot tell"
    _told(
        reply.parts[2],
        wanted,
        f"with errors up to {largest:.3g}, where the interval is {middle:.3g} ± {reach:.3g},",
    )
    for name, before, after in zip(("errors", "baseline"), arms, reply.echo, strict=True):
        alike(after, before, f"{name} was modified: afterwards {name}")


def any_arms(context: Context) -> None:
    """Arms of any size, pattern and unit; some with one number that is another one."""
    rng = context.rng
    for _ in range(60):
        _all_three(context, _any_arms(rng))
    for reused in (context, Reused(context)):
        errors, baseline = _arms(rng, (6, 4, 4), 2.0)
        arms = [(errors, baseline), (baseline, errors), (errors, nudged(rng, baseline, 1))]
        arms += [(nudged(rng, errors, place), baseline) for place in range(3)]
        for each in [*arms, (errors[::-1].copy(), baseline), (errors, baseline)]:
            if _clear(each):
                _all_three(reused, each)


def any_size(context: Context) -> None:
    """The verdict does not hang on how large errors and differences are."""
    for factor, shift in [(1e-9, 0.0), (1e-4, 0.0), (1e-3, 7.0), (0.02, -15.0), (1e5, 0.0)]:
        for size in (SIZES[1], SIZES[3]):
            for distance in (-30, -1.2, -0.8, 0.8, 1.2, 30):
                arms = _arms(context.rng, size, distance)
                now = factor * arms[0] + shift, factor * arms[1] + shift
                middle, reach = expected(*now)
                tells = "lower" if distance < 0 else "higher"
                wanted = tells if abs(distance) > 1 else "cannot tell"
                said = ask(context, now)[2]
                _told(
                    said, wanted, f"where difference ± half-width is {middle:.3g} ± {reach:.3g}"
                )


def near_the_end(context: Context) -> None:
    """The verdict is right close to where it turns, and where splits do not differ at all."""
    for size in SIZES:
        for distance in (-1.03, -0.97, -0.995, 0.97, 1.005, 1.03):
            said = ask(context, _arms(context.rng, size, distance))[2]
            tells = "lower" if distance < 0 else "higher"
            words = f"where the difference is {abs(distance)} half-widths"
            _told(said, tells if abs(distance) > 1 else "cannot tell", words)
    for moved, tells in [(-2.0, "lower"), (0.0, "cannot tell"), (1.0, "higher")]:
        baseline = context.rng.integers(0, 9, (4, 2)).astype(float)
        difference, half_width, said = ask(context, (baseline + moved, baseline))
        reach = one_number(half_width, "the half-width")
        words = (
            f"where all splits differ by {moved:g}, {difference:.6g} ± {reach:.6g} came back"
        )
        require(max(abs(difference - moved), abs(reach)) <= 1e-6, f"{words}, not {moved:g} ± 0")
        _told(said, tells, f"where all splits differ by {moved:g}")


def exactness(context: Context) -> None:
    """Both numbers are exact up to rounding and to the digits of the table."""
    for size in SIZES:
        arms = _arms(context.rng, size, float(context.rng.uniform(-3, 3)))
        difference, half_width, _ = ask(context, arms)
        wanted, reach = expected(*arms)
        words = f"the difference is {difference:.12g} where {wanted:.12g} is expected"
        require(abs(difference - wanted) <= 1e-9 * 100, words)
        said = one_number(half_width, "the half-width")
        words = f"the half-width is {said:.9g} where {reach:.9g} is expected"
        require(abs(said - reach) <= 2e-4 * reach, words)


def types(context: Context) -> None:
    """Two numbers and a string; errors and baseline stay; transposed arrays are arrays."""
    for size in SIZES:
        arms = _arms(context.rng, size, float(context.rng.uniform(-3, 3)))
        context.at(_of(size))
        asked: dict[str, Any] = {"parts": (True,) * 3, "echo": [0, 1]}
        reply = context.call("compare", *arms, **asked, layouts=[(0, "F"), (1, "F")])
        plain_number(reply.parts[0], "the difference")
        plain_number(reply.parts[1], "the half-width")
        said = reply.parts[2]
        told = isinstance(said, str) and said in VERDICTS
        require(
            told, f"the verdict is {brief(said)} where one of the three strings is expected"
        )
        for name, before, after in zip(("errors", "baseline"), arms, reply.echo, strict=True):
            alike(after, before, f"{name} was modified: afterwards {name}")
    context.by_name("compare", errors=arms[0], baseline=arms[1])


COMPARE = Task(
    "compare",
    [
        Criterion(1, "the mean difference", mean_difference),
        Criterion(2, "the half-width", interval),
        Criterion(1, "errors of any size and sign, 2 to 16 splits", any_numbers),
        Criterion(0.75, "the verdict", verdict),
        Criterion(0.5, "the verdict, for errors of any size", any_size),
        Criterion(0.75, "the verdict where it turns", near_the_end),
        Criterion(0.5, "exact up to rounding", exactness),
        Criterion(0.5, "two numbers and a string; nothing is modified", types),
    ],
)
