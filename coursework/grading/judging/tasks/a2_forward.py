"""Judges ``dropout_forward(x, p, rng, training=True) -> (out, cache)``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.chance import fault_across_calls, fault_in_one_call
from grading.judging.probes import GLOBAL_STATE, remember, set_back, twin
from grading.judging.tails import alarm
from grading.judging.task import (
    Context,
    Criterion,
    Task,
    Wrong,
    array_like,
    numbers_of,
    require,
)
from grading.running.calls import Call, Probe, Rng

__all__ = ["FORWARD", "away_from_zero", "forward", "some_p", "tolerance"]

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
    out = context.call("dropout_forward", x, p, rng, parts=SHOW_OUT, **options).parts[0]
    if strict:
        return array_like(out, x, "out")
    out = numbers_of(out, "out")
    require(out.shape == x.shape, f"out has shape {out.shape} where {x.shape} is expected")
    return out


def dropped_of(out: Floats, x: Floats, p: float, *, exact: bool = False) -> NDArray[np.bool_]:
    """Return where ``out`` is zero; raise `Wrong` unless all else is x/(1 − p), or nearly."""
    dropped = np.asarray(out == 0)
    wanted = x.astype(float) / (1 - p)
    close = np.isclose(out, wanted, rtol=tolerance(x.dtype, p, exact=exact), atol=0)
    require(p < 0.3 or dropped.size < 100 or bool(dropped.any()), "nothing is dropped")
    require(
        bool(np.all(dropped | close)),
        f"survivors are not {'exactly ' if exact else ''}x / (1 − p), at p = {p:.3g}",
    )
    return dropped


def share_of(dropped: NDArray[np.bool_], p: float) -> None:
    """Raise `Wrong` unless as many are dropped as p says."""
    if alarm(dropped.sum(), dropped.size, p):
        raise Wrong(f"the share of dropped elements is not p, at p = {p:.3g}")


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
            if abs(dropped.mean() - p) > FAR:
                raise Wrong(f"the share of dropped elements is far from p, at p = {p:.3g}")
    p = some_p(rng, 0.3, 0.4)
    x = away_from_zero(rng, (20, 20)) * (rng.random((20, 20)) < 0.5)
    dropped_of(forward(context, x, p, Rng(context.seed())), x, p)


def exactness(context: Context) -> None:
    """Survivors are x/(1 − p) up to rounding, for x of any size."""
    rng = context.rng
    for p in (1e-5, some_p(rng, 0.1, 0.3), 0.5, some_p(rng, 0.6, 0.8)):
        for factor, dtype in [(1.0, "f8"), (1e-30, "f4"), (1e12, "f4"), (1e-200, "f8")]:
            x = (factor * away_from_zero(rng, (9, 30))).astype(dtype)
            dropped_of(forward(context, x, p, Rng(context.seed())), x, p, exact=True)
    whole = rng.integers(-9, 10, (20, 20)).astype(float)
    dropped_of(forward(context, whole, 0.25, Rng(context.seed())), whole, 0.25, exact=True)


def extremes(context: Context) -> None:
    """With p = 0 all stays; near 1, survivors are x/(1 − p) up to the rounding of out."""
    for dtype in (np.float64, np.float32):
        x = away_from_zero(context.rng, (20, 30), dtype)
        for p in (0, 0.0):
            out = forward(context, x, p, Rng(context.seed()))
            require(np.allclose(out, x, rtol=NEARLY, atol=0), "with p = 0 the output is not x")
        x = away_from_zero(context.rng, (100, 200), dtype)
        for p in (some_p(context.rng, 0.9, 0.98), 0.99, 0.999):
            out = forward(context, x, p, Rng(context.seed()))
            dropped = dropped_of(out, x, p)
            share_of(dropped, p)
            near = 8 * float(np.finfo(dtype).eps)
            close = np.isclose(out, x.astype(float) / (1 - p), rtol=near, atol=0)
            words = f"survivors are not x / (1 − p) up to the rounding of out, at p = {p:.4g}"
            require(bool(np.all(dropped | close)), f"{words} and dtype {x.dtype}")
    x = x.astype(float)
    dropped_of(forward(context, x, np.float64(0.375), Rng(context.seed())), x, 0.375)


def evaluate(context: Context, x: Floats, p: float, **options: Any) -> None:
    """Raise `Wrong` unless evaluation gives the values of x."""
    rng, off = Rng(context.seed()), {"training": False}
    reply = context.call("dropout_forward", x, p, rng, kwargs=off, parts=SHOW_OUT, **options)
    out = numbers_of(reply.parts[0], "out")
    words = f"with training=False, out has not the values of x, of shape {x.shape}"
    require(np.array_equal(out, x, equal_nan=True), f"{words} and dtype {x.dtype}, p = {p:.3g}")


def evaluation(context: Context) -> None:
    """With training=False, x comes back, whatever p is; training=True is the default."""
    for p in (0.25, 0.5, some_p(context.rng, 0.6, 0.9)):
        for shape in [(5, 6), (40, 3)]:
            for dtype in (np.float64, np.float32):
                x = away_from_zero(context.rng, shape, dtype)
                context.call("dropout_forward", x, p, Rng(context.seed()), parts=SHOW_OUT)
                evaluate(context, x, p)
    x, p, seed = away_from_zero(context.rng, (8, 9)), 0.5, context.seed()
    still = context.call("dropout_forward", x, p, Rng(seed), False, parts=SHOW_OUT).parts[0]
    require(np.array_equal(still, x), "training is not the fourth argument")
    on = forward(context, x, p, Rng(seed), kwargs={"training": True})
    dropped_of(on, x, p)
    usual = forward(context, x, p, Rng(context.seed()))
    require(bool(np.any(usual == 0)), "training is not the default")


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
    for shape, low, high in [
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
        p, x = some_p(rng, low, high), away_from_zero(rng, shape)
        shared = context.generator("Philox" if len(shape) == 1 else "PCG64")
        for source in (shared, Rng([context.seed() for _ in range(CALLS)])):
            many = {"times": CALLS, "parts": SHOW_OUT}
            outs = context.call("dropout_forward", x, p, source, **many).parts[0]
            outs = numbers_of(outs, "out")
            require(outs.shape == (CALLS, *shape), f"out has not shape {shape}, as x has")
            fault = fault_across_calls(outs == 0, p)
            require(fault is None, f"{fault}, at p = {p:.3g} and shape {shape}")
    context.worker.forget()
    _large(context)


def _large(context: Context) -> None:
    """One call on a large matrix, and the next one."""
    rng, shared = context.rng, context.generator()
    for shape, p in [
        ((400, 500), round(rng.uniform(1e-4, 2e-4), 7)),
        ((500, 400), some_p(rng, 0.33, 0.43)),
        ((300, 400), some_p(rng, 0.97, 0.99)),
        ((200, 300), 0.5),
    ]:
        x = away_from_zero(rng, shape)
        dropped = forward(context, x, p, shared) == 0
        fault = fault_in_one_call(dropped, p)
        require(fault is None, f"{fault}, at p = {p:.3g} and shape {shape}")
    both = dropped & (forward(context, x, p, shared) == 0)
    require(not alarm(both.sum(), both.size, p**2), "calls do not draw independent masks")


def generator(context: Context) -> None:
    """The generator is the only source of chance, and nothing global is touched."""
    context.worker.probe(GLOBAL_STATE)
    state = Call(Probe("global_state"))
    before = context.worker.call(state).value
    p = some_p(context.rng, 0.4, 0.6)
    for shape in [(9, 8), (20, 5)]:
        x, y = away_from_zero(context.rng, shape), away_from_zero(context.rng, shape)
        for kind in ("PCG64", "MT19937"):
            seed = context.seed()
            first = forward(context, x, p, Rng(seed, kind))
            forward(context, y, p, Rng(context.seed(), kind))
            again = forward(context, x, p, Rng(seed, kind))
            require(np.array_equal(first, again), "the same generator gives another mask")
            other = forward(context, y, p, Rng(seed, kind))
            require(np.array_equal(first == 0, other == 0), "the mask depends on x's values")
            holes = y * (context.rng.random(shape) < 0.5)
            among = forward(context, holes, p, Rng(seed, kind))
            same = (among == 0) == (first == 0)
            words = "where x has zeros, the other elements get another mask"
            require(bool(np.all(same | (holes == 0))), words)
            set_back_and_on(context, x, p, kind)
    require(
        context.worker.call(state).value == before,
        "a global setting or a global random generator was changed",
    )


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
        require(np.array_equal(first == 0, again == 0), words)


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
    """Neither x nor an earlier output is modified."""
    for training in (True, False):
        for shape, dtype in [((6, 7), "f8"), ((6, 7), "f4"), ((9, 1), "f8"), ((1, 20), "f4")]:
            x = away_from_zero(context.rng, shape, dtype)
            mode: dict[str, Any] = {"kwargs": {"training": training}, "echo": [0]}
            rng = Rng(context.seed())
            reply = context.call("dropout_forward", x, 0.4, rng, parts=SHOW_OUT, **mode)
            words = f"x was modified, with training={training} and shape {shape}"
            require(np.array_equal(reply.echo[0], x), words)
    x, shared = away_from_zero(context.rng, (20, 30)), context.generator()
    first = context.call("dropout_forward", x, 0.5, shared, parts=SHOW_OUT)
    context.call("dropout_forward", -x, 0.5, shared, parts=SHOW_OUT)
    later = context.worker.call(Call(Probe("same"), [first.kept[0]])).value
    require(np.array_equal(first.parts[0], later), "a later call changed an earlier output")


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
