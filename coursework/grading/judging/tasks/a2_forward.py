"""Judges ``dropout_forward(x, p, rng, training=True) -> (out, cache)``."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.chance import fault_across_calls, fault_in_one_call
from grading.judging.probes import CHANGED, GLOBAL_STATE, remember, set_back, twin
from grading.judging.tails import alarm
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
from grading.judging.words import shape_of
from grading.running.calls import Call, Probe, Rng

__all__ = ["FORWARD", "away_from_zero", "forward", "power", "sizes", "some_p", "tolerance"]

Floats = NDArray[np.floating]
CALLS = 256
NEARLY = 1e-4
FAR = 0.35  # 20 standard deviations of the smallest array
SHOW_OUT = (True, False)


def away_from_zero(
    rng: np.random.Generator, shape: Sequence[int], dtype: Any = float
) -> Floats:
    """Return numbers of both signs, none near zero: a zero in the output means dropped."""
    sign = np.where(rng.random(shape) < 0.5, -1.0, 1.0)
    return np.asarray(sign * rng.uniform(0.25, 3.0, shape), dtype=dtype)


def some_p(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a probability that no rounding to percents or bytes hits."""
    return round(float(rng.uniform(low, high)), 4) + 1 / 65_536


def power(rng: np.random.Generator, low: float, high: float) -> float:
    """Return 10 to a power between two bounds: numbers of every size are as likely."""
    return float(10 ** rng.uniform(low, high))


def sizes(rng: np.random.Generator) -> list[tuple[float, str]]:
    """Return factors and dtypes for numbers near 1, tiny and huge ones."""
    return [
        (1.0, "f8"),
        (power(rng, -36, -20), "f4"),
        (power(rng, 6, 30), "f4"),
        (power(rng, -305, -250), "f8"),
        (power(rng, 20, 290), "f8"),
    ]


def tolerance(dtype: Any, p: float, *, exact: bool = False) -> float:
    """Return the relative error that is let pass.

    Exactness is a criterion of its own: there it is what rounding 1 − p to ``dtype`` can make,
    fourfold; everywhere else a factor that is nearly right passes, so that it costs once.
    """
    rounding = float(4 * np.finfo(dtype).eps * (1 + 1 / (1 - p)))
    return rounding if exact else max(rounding, NEARLY)


def forward(
    context: Context, x: Floats, p: Any, rng: Any, *, strict: bool = False, **options: Any
) -> Floats:
    """Call the learner's forward pass and return the output; ``strict`` asks for x's dtype."""
    context.at(asked(x, p, **options))
    out = context.call("dropout_forward", x, p, rng, parts=SHOW_OUT, **options).parts[0]
    if strict:
        return array_like(out, x, "out")
    out = numbers_of(out, "out")
    require(out.shape == x.shape, f"out has shape {out.shape}, not that of x")
    return out


KINDS = {"F": ", transposed in memory", "strided": ", every second of a larger array",
         "reversed": ", backwards in memory"}  # fmt: skip


def asked(x: Floats, p: Any, **options: Any) -> str:
    """Return what a call of forward is given, in words."""
    kind = "".join(KINDS.get(kind, "") for _, kind in options.get("layouts", ()))
    mode = options.get("kwargs", {}).get("training", True)
    off = "" if mode else " and training=False"
    return f"with x of {shape_of(x)}{kind}, p = {p:.5g}{off}"


def dropped_of(out: Floats, x: Floats, p: float, *, exact: bool = False) -> NDArray[np.bool_]:
    """Return where ``out`` is zero; raise `Wrong` unless all else is x/(1 − p), or nearly."""
    dropped = np.asarray(out == 0)
    wanted = x.astype(float) / (1 - p)
    close = np.isclose(out, wanted, rtol=tolerance(x.dtype, p, exact=exact), atol=0)
    expected = f"where about {p * dropped.size:.0f} are expected"
    words = f"none of {dropped.size} elements is dropped, {expected}"
    require(p < 0.3 or dropped.size < 100 or bool(dropped.any()), words)
    words = f"survivors are not {'exactly ' if exact else ''}x / (1 − p)"
    alike(out, wanted, f"{words}: out", dropped | close)
    return dropped


def share_of(dropped: NDArray[np.bool_], p: float) -> None:
    """Raise `Wrong` unless as many are dropped as p says."""
    if seen := alarm(dropped.sum(), dropped.size, p, unit="elements"):
        raise Wrong(f"the share of dropped elements is not p: {seen}")


def values(context: Context) -> None:
    """Every element is dropped or x/(1 − p), and about as many are dropped as p says.

    Masks whose elements depend on one another miss p by more than chance allows. That is for
    `chance` to find: here it would cost the whole task, or not, by luck.
    """
    rng = context.rng
    for low, high in [(0.02, 0.08), (0.2, 0.3), (0.45, 0.48), (0.57, 0.67), (0.85, 0.95)]:
        p = some_p(rng, low, high)
        for shape in [(30, 40), (25, 40), (200, 5)]:
            x = away_from_zero(rng, shape)
            dropped = dropped_of(forward(context, x, p, Rng(context.seed())), x, p)
            share = dropped.mean()
            if abs(share - p) > FAR:
                raise Wrong(f"a share {share:.3g} of x is dropped where p is expected")
    p = some_p(rng, 0.3, 0.4)
    x = away_from_zero(rng, (20, 20)) * (rng.random((20, 20)) < 0.5)
    dropped_of(forward(context, x, p, Rng(context.seed())), x, p)


def exactness(context: Context) -> None:
    """Survivors are x/(1 − p) up to rounding, for x of any size."""
    rng = context.rng
    for p in (power(rng, -12, -5), some_p(rng, 0.1, 0.3), 0.5, some_p(rng, 0.6, 0.8)):
        for factor, dtype in sizes(rng):
            x = (factor * away_from_zero(rng, (9, 30))).astype(dtype)
            out = forward(context, x, p, Rng(context.seed()))
            share = dropped_of(out, x, p, exact=True).mean()
            words = f"where x is near {factor:.1g}, a share {share:.3g} of it is dropped"
            require(p > 1 - FAR or share < p + FAR, f"{words}, and p is expected")
    whole = rng.integers(-9, 10, (20, 20)).astype(float)
    dropped_of(forward(context, whole, 0.25, Rng(context.seed())), whole, 0.25, exact=True)


def extremes(context: Context) -> None:
    """With p = 0 all stays; near 1, survivors are x/(1 − p) up to the rounding of out."""
    for dtype in (np.float64, np.float32):
        x = away_from_zero(context.rng, (20, 30), dtype)
        for p in (0, 0.0):
            out = forward(context, x, p, Rng(context.seed()))
            alike(out, x, "with p = 0 out is not x: out", np.isclose(out, x, NEARLY, 0))
        x = away_from_zero(context.rng, (100, 200), dtype)
        for p in (some_p(context.rng, 0.9, 0.98), 0.999, 1 - power(context.rng, -3.8, -3.4)):
            out = forward(context, x, p, Rng(context.seed()))
            dropped = dropped_of(out, x, p)
            share_of(dropped, p)
            huge = np.full((20, 30), np.finfo(dtype).max / 4, dtype)
            words = "where x is huge, a dropped element of out is not 0: out"
            full = forward(context, huge, 0.9, Rng(context.seed()))
            alike(full, np.zeros_like(full), words, (full == 0) | np.isposinf(full))
            near = 8 * float(np.finfo(dtype).eps)
            wanted = x.astype(float) / (1 - p)
            words = "survivors are not x / (1 − p) up to the rounding of out: out"
            alike(out, wanted, words, dropped | np.isclose(out, wanted, rtol=near, atol=0))
    x = x.astype(float)
    dropped_of(forward(context, x, np.float64(0.375), Rng(context.seed())), x, 0.375)


def evaluate(context: Context, x: Floats, p: float, **options: Any) -> None:
    """Raise `Wrong` unless evaluation gives the values of x."""
    off: dict[str, Any] = {"kwargs": {"training": False}}
    out = forward(context, x, p, Rng(context.seed()), **off, **options)
    alike(out, x, "out has not the values of x: out")


def evaluation(context: Context) -> None:
    """With training=False, x comes back, whatever p is; training=True is the default."""
    for p in (0.25, 0.5, some_p(context.rng, 0.6, 0.9)):
        for shape in [(5, 6), (40, 3)]:
            for dtype in (np.float64, np.float32):
                x = away_from_zero(context.rng, shape, dtype)
                context.at(asked(x, p))
                context.call("dropout_forward", x, p, Rng(context.seed()), parts=SHOW_OUT)
                evaluate(context, x, p)
    x, p, seed = away_from_zero(context.rng, (8, 9)), 0.5, context.seed()
    context.at("with False as the fourth argument")
    still = context.call("dropout_forward", x, p, Rng(seed), False, parts=SHOW_OUT).parts[0]
    alike(array_like(still, x, "out"), x, "out has not the values of x: out")
    on = forward(context, x, p, Rng(seed), kwargs={"training": True})
    dropped_of(on, x, p)
    usual = forward(context, x, p, Rng(context.seed()))
    context.at("without a fourth argument, which has to mean training")
    words = f"none of {x.size} elements is dropped at p = {p}, where about half are expected"
    require(bool(np.any(usual == 0)), words)


def any_values(context: Context) -> None:
    """Evaluation of infinite, missing, huge and tiny numbers, of any shape and layout."""
    odd = [np.inf, -np.inf, np.nan, 1e300, 5e-324, 0.0, -1e-300, 1.0]
    evaluate(context, np.array(odd * 3).reshape(4, 6), 0.4)
    evaluate(context, np.array([3e38, 1e-45, np.inf, np.nan, -1.0], np.float32), 0.4)
    for shape in [(), (1,), (7,), (0,), (0, 3), (3, 0), (2, 3, 4, 5)]:
        evaluate(context, away_from_zero(context.rng, shape), 0.6)
    for p in (0.0, 0.02, 0.95, 0.999):
        evaluate(context, away_from_zero(context.rng, (4, 6)), p)
    for kind in ("F", "strided", "reversed"):
        x = away_from_zero(context.rng, (4, 5, 6))
        evaluate(context, x, 0.6, layouts=[(0, kind)], readonly=[0])


def chance(context: Context) -> None:
    """Every element of every call is dropped independently, with probability p."""
    rng = context.rng
    deep = tuple(rng.permutation([*rng.integers(1, 4, 4), *[1] * rng.integers(2, 4)]).tolist())
    kinds = itertools.cycle(("PCG64", "Philox", "MT19937", "SFC64"))
    for shape, low, high in [
        ((), 0.2, 0.3),
        (deep, 0.6, 0.7),
        ((6, 8), 0.2, 0.3),
        ((7, 7), 0.6, 0.65),
        ((120,), 0.3, 0.4),
        ((2, 3, 2, 4), 0.45, 0.55),
        ((2, 2, 2, 2, 3), 0.3, 0.4),
        ((1,), 0.3, 0.4),
        ((2,), 0.3, 0.4),
        ((3, 4, 4), 0.2, 0.3),
        ((1, 30), 0.7, 0.8),
        ((30, 1), 0.2, 0.3),
    ]:
        p, single = some_p(rng, low, high), rng.integers(2)
        shared = context.generator(next(kinds))
        for source in (shared, Rng([context.seed() for _ in range(CALLS)])):
            many = {"times": CALLS, "parts": SHOW_OUT}
            x = away_from_zero(rng, shape, "f4" if single == (source is shared) else "f8")
            if rng.random() < 0.5:  # elements that are equal have fates of their own
                x = np.asarray(np.sign(x) * rng.choice([1, 1, 2], shape), dtype=x.dtype)
            each = "one generator" if source is shared else "a generator of its own each"
            context.at(f"in {CALLS} calls with {each}, x of {shape_of(x)} and p = {p:.3g}")
            outs = context.call("dropout_forward", x, p, source, **many).parts[0]
            outs = numbers_of(outs, "out")
            require(outs.shape == (CALLS, *shape), f"out has shape {outs.shape[1:]}, not x's")
            fault = fault_across_calls(outs == 0, p)
            require(fault is None, str(fault))
    context.worker.forget()
    _large(context)


def _large(context: Context) -> None:
    """One call on a large matrix, and the next one."""
    rng, shared = context.rng, context.generator()
    for shape, p in [
        ((400, 500), round(rng.uniform(1e-4, 2e-4), 7)),
        ((*rng.integers(500, 700, 2).tolist(),), some_p(rng, 0.33, 0.43)),
        ((300, 400), some_p(rng, 0.97, 0.99)),
        ((200, 300), 0.5),
    ]:
        x = away_from_zero(rng, shape, "f4" if rng.random() < 0.5 else "f8")
        dropped = forward(context, x, p, shared) == 0
        fault = fault_in_one_call(dropped, p)
        require(fault is None, str(fault))
    both = dropped & (forward(context, x, p, shared) == 0)
    seen = alarm(both.sum(), both.size, p**2, unit="cases")
    words = "calls do not draw independent masks: an element is dropped in both of two calls in"
    require(not seen, f"{words} {seen}")


def generator(context: Context) -> None:
    """The generator is the only source of chance, and nothing global is touched."""
    context.worker.probe(GLOBAL_STATE)
    state = Call(Probe("global_state"))
    before = context.worker.call(state).value
    p = some_p(context.rng, 0.4, 0.6)
    for shape in [(9, 8), (20, 5)]:
        dtype = "f4" if context.rng.random() < 0.5 else "f8"
        x, y = (away_from_zero(context.rng, shape, dtype) for _ in range(2))
        for kind in ("PCG64", "MT19937"):
            seed = context.seed()
            first = forward(context, x, p, Rng(seed, kind))
            forward(context, y, p, Rng(context.seed(), kind))
            again = forward(context, x, p, Rng(seed, kind))
            same_mask(first, again, "a generator of the same seed gives another mask")
            other = forward(context, y, p, Rng(seed, kind))
            same_mask(first, other, "with other values of x the same seed gives another mask")
            holes = (y * (context.rng.random(shape) < 0.5)).astype(dtype)
            among = forward(context, holes, p, Rng(seed, kind))
            words = (
                "where some of x is 0, the other elements get another mask from the same seed"
            )
            same_mask(first, among, words, holes != 0)
            set_back_and_on(context, x, p, kind)
    _same_for_one_number(context)
    _same_after_many_calls(context, x, p)
    _any_branch(context, p)
    require(context.worker.call(state).value == before, CHANGED)


def _any_branch(context: Context, p: float) -> None:
    """Call in both modes, for all sorts of arrays, at p = 0 too, for what else it may do."""
    for shape in [(), (0, 3), (7,), (40, 30), (2, 3, 4)]:
        for dtype in (np.float64, np.float32):
            x = away_from_zero(context.rng, shape, dtype)
            for rate, training in [(p, True), (0.0, True), (p, False)]:
                mode = {"training": training}
                context.at(asked(x, rate, kwargs=mode))
                again = Rng(context.seed())
                context.call("dropout_forward", x, rate, again, parts=SHOW_OUT, kwargs=mode)


def _same_for_one_number(context: Context) -> None:
    """Raise `Wrong` unless the mask of an array without dimensions follows from the seed."""
    seeds, many = [context.seed() for _ in range(40)], {"times": 40, "parts": SHOW_OUT}
    context.at("with x of shape (), p = 0.5 and 40 generators, in two rounds")
    first, again = (
        numbers_of(
            context.call("dropout_forward", np.array(2.0), 0.5, Rng(seeds), **many).parts[0],
            "out",
        )
        for _ in range(2)
    )
    same_mask(first, again, "generators of the same seeds give other masks")


def _same_after_many_calls(context: Context, x: Floats, p: float) -> None:
    """Raise `Wrong` unless the mask of a seed is the same after hundreds of calls."""
    seed, many = context.seed(), {"times": 400, "parts": SHOW_OUT}
    first = forward(context, x, p, Rng(seed))
    context.call("dropout_forward", x[:1, :1], p, context.generator(), **many)
    words = "after 400 more calls a generator of the same seed gives another mask"
    same_mask(first, forward(context, x, p, Rng(seed)), words)


def same_mask(first: Floats, again: Floats, words: str, among: Any = True) -> None:
    """Raise `Wrong`, with their number, where elements have another fate in two outputs."""
    other = ((first == 0) != (again == 0)) & among
    of_all = f"{other.sum()} of {other.size} elements are dropped in one and kept in the other"
    require(not np.any(other), f"{words}: {of_all}, where none is expected")


def set_back_and_on(context: Context, x: Floats, p: float, kind: str) -> None:
    """Raise `Wrong` unless the mask follows from the generator's state alone."""
    shared = context.generator(kind)
    forward(context, x, p, shared)
    state, like = remember(context, shared), twin(context, shared)
    first = forward(context, x, p, shared)
    forward(context, -x, p, shared)
    set_back(context, shared, state)
    for rng in (shared, like):
        again = forward(context, x, p, rng)
        words = "a generator that is set back to an earlier state gives another mask than then"
        same_mask(first, again, words)


def arrays(context: Context) -> None:
    """Any shape, layout and float dtype, in both modes."""
    rng = context.rng
    for dtype in (np.float64, np.float32):
        for shape in [(), (1,), (0,), (3, 0), (0, 4), (3, 4), (9,), (2, 3, 4), (2, 2, 3, 3)]:
            x, p = away_from_zero(rng, shape, dtype), some_p(rng, 0.3, 0.6)
            out = forward(context, x, p, Rng(context.seed()), strict=True)
            dropped_of(out, x, p)
            off: dict[str, Any] = {"kwargs": {"training": False}}
            forward(context, x, p, Rng(context.seed()), strict=True, **off)
    for shape in [(20, 30), (5, 6, 20)]:
        x = away_from_zero(rng, shape)
        for kind in ("F", "strided", "reversed"):
            options: dict[str, Any] = {"layouts": [(0, kind)], "readonly": [0]}
            out = forward(context, x, 0.3, Rng(context.seed()), strict=True, **options)
            share_of(dropped_of(out, x, 0.3), 0.3)


def stays(context: Context) -> None:
    """Neither x nor an earlier output is modified, in either mode."""
    rng = context.rng
    for training in (True, False):
        mode: dict[str, Any] = {"kwargs": {"training": training}}
        for shape in [(), (20,), (6, 7), (9, 1), (1, 20), (2, 3, 4), (60, 70)]:
            for dtype in ("f8", "f4"):
                x, p = away_from_zero(rng, shape, dtype), float(rng.choice([0, 0.1, 0.4, 0.9]))
                context.at(asked(x, p, **mode))
                arguments = x, p, Rng(context.seed())
                reply = context.call(
                    "dropout_forward", *arguments, parts=SHOW_OUT, echo=[0], **mode
                )
                alike(reply.echo[0], x, "x was modified: afterwards x")
        for dtype in ("f8", "f4"):
            for shape in [(7,), (20, 30)]:
                _earlier_stays(context, away_from_zero(rng, shape, dtype), mode)
    x = away_from_zero(rng, (20, 30))
    context.by_name("dropout_forward", x=x, p=0.5, rng=Rng(1), training=True)


def _earlier_stays(context: Context, x: Floats, mode: dict[str, Any]) -> None:
    """Raise `Wrong` where later calls write into the output of the first one."""
    shared, p = context.generator(), float(context.rng.choice([0, 0.3, 0.5]))
    context.at(f"{asked(x, p, **mode)}, in calls one after the other")
    first = context.call("dropout_forward", x, p, shared, parts=SHOW_OUT, **mode)
    for other in (-x, 2 * x):
        context.call("dropout_forward", other, 0.5, shared, parts=SHOW_OUT, **mode)
    later = context.worker.call(Call(Probe("same"), [first.kept[0]])).value
    alike(later, first.parts[0], "a later call changed the first one's output: out")


FORWARD = Task(
    "dropout_forward",
    [
        Criterion(
            1,
            "dropped elements are 0, all others x / (1 − p), about a share p is dropped",
            values,
        ),
        Criterion(0.5, "exact up to rounding", exactness),
        Criterion(0.5, "p = 0, and p near 1", extremes),
        Criterion(0.75, "evaluation returns x", evaluation),
        Criterion(0.25, "evaluation of any values, shapes and layouts", any_values),
        Criterion(1, "one independent draw an element", chance),
        Criterion(1, "the given generator is the only source of chance", generator),
        Criterion(0.5, "any shape, layout and dtype", arrays),
        Criterion(0.5, "neither x nor an earlier output is modified", stays),
    ],
)
