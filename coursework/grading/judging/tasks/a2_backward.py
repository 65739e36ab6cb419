"""Judges ``dropout_backward(grad_out, cache) -> grad_x``, on the learner's own caches.

The mask is read off the learner's own output, so that an error in the forward pass alone is
not counted here a second time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import Context, Criterion, Task, Wrong, array_like, require
from grading.judging.tasks.a2_forward import SHOW_OUT, away_from_zero, some_p, tolerance
from grading.running.calls import Call, Probe, Rng

__all__ = ["BACKWARD"]

Floats = NDArray[np.floating]


def run(context: Context, x: Floats, p: Any, rng: Any, **options: Any) -> tuple[Floats, Any]:
    """Return the learner's output, and the cache, which stays in the worker."""
    reply = context.call("dropout_forward", x, p, rng, parts=SHOW_OUT, **options)
    require(isinstance(reply.parts[0], np.ndarray), "dropout_forward returns no array to go on")
    require(reply.parts[0].shape == x.shape, "dropout_forward returns another shape than x has")
    return reply.parts[0], reply.kept[1]


def backward(context: Context, grad_out: Floats, cache: Any, **options: Any) -> Floats:
    """Return the checked result of the learner's backward pass."""
    reply = context.call("dropout_backward", grad_out, cache, **options)
    return array_like(reply.value, grad_out, "grad_x")


def agree(
    grad_x: Floats, grad_out: Floats, kept: Any, p: float, *, exact: bool = False
) -> None:
    """Raise `Wrong` unless ``grad_x`` is the gradient through the mask."""
    require(bool(np.all(grad_x[~kept] == 0)), "dropped elements get a gradient")
    wanted = grad_out.astype(float)[kept] / (1 - p)
    limit = tolerance(grad_out.dtype, p, exact=exact)
    close = np.isclose(grad_x[kept], wanted, rtol=limit, atol=0)
    words = (
        f"the gradient of kept elements is not {'exactly ' if exact else ''}grad_out / (1 − p)"
    )
    require(bool(np.all(close)), words)


def gradient(context: Context) -> None:
    """The forward mask is replayed and rescaled, on gradients that forward never saw."""
    rng = context.rng
    for low, high in [(0.03, 0.08), (0.2, 0.3), (0.57, 0.67), (0.85, 0.93)]:
        for shape in [(12, 15), (80,), (3, 4, 5, 2), (300, 300)][: 4 if low < 0.1 else 3]:
            p, x = some_p(rng, low, high), away_from_zero(rng, shape)
            out, cache = run(context, x, p, Rng(context.seed()))
            grad_out = away_from_zero(rng, shape)
            agree(backward(context, grad_out, cache), grad_out, out != 0, p)


def exactness(context: Context) -> None:
    """The factor is 1/(1 − p) up to rounding, for p and gradients of any size."""
    rng = context.rng
    for p in (0.0, 1e-5, some_p(rng, 0.1, 0.3), 0.5, some_p(rng, 0.6, 0.9)):
        for factor, dtype in [(1.0, "f8"), (1e-25, "f4"), (1e12, "f8")]:
            x = away_from_zero(rng, (9, 20), dtype)
            grad_out = (factor * away_from_zero(rng, x.shape)).astype(dtype)
            out, cache = run(context, x, p, Rng(context.seed()))
            agree(backward(context, grad_out, cache), grad_out, out != 0, p, exact=True)


def callers_arrays(context: Context) -> None:
    """After both passes, in both modes, x and grad_out are what they were."""
    for training in (True, False):
        x, grad_out = (away_from_zero(context.rng, (6, 7)) for _ in range(2))
        x_there, grad_there = context.keep(x), context.keep(grad_out)
        mode: dict[str, Any] = {"kwargs": {"training": training}}
        there = [x_there, 0.4, Rng(context.seed())]
        reply = context.call("dropout_forward", *there, parts=SHOW_OUT, **mode)
        # What forward itself does to x has cost points there.
        x = context.worker.call(Call(Probe("same"), [x_there])).value
        for _ in range(2):
            context.call("dropout_backward", grad_there, reply.kept[1], keep=True)
        now = [
            context.worker.call(Call(Probe("same"), [value])).value
            for value in (x_there, grad_there, reply.kept[0])
        ]
        words = f"after forward (training={training}) and backward, {{}} is not what it was"
        require(np.array_equal(now[0], x), words.format("x"))
        require(np.array_equal(now[1], grad_out), words.format("grad_out"))
        require(np.array_equal(now[2], reply.parts[0]), words.format("out"))


def zeros_in_x(context: Context) -> None:
    """A kept element gets its gradient even where x is 0."""
    p, seed = some_p(context.rng, 0.35, 0.45), context.seed()
    x = away_from_zero(context.rng, (12, 12))
    seen, _ = run(context, x, p, Rng(seed))
    _, cache = run(context, x * (context.rng.random(x.shape) < 0.5), p, Rng(seed))
    same, _ = run(context, -x, p, Rng(seed))
    if np.array_equal(seen == 0, same == 0):  # else forward has lost points for its masks
        grad_out = away_from_zero(context.rng, x.shape)
        agree(backward(context, grad_out, cache), grad_out, seen != 0, p)


def caches(context: Context) -> None:
    """A cache works after other forward calls, and twice; nothing is modified."""
    rng, shared = context.rng, context.generator()
    x, p = away_from_zero(rng, (7, 11)), some_p(rng, 0.3, 0.6)
    out, cache = run(context, x, p, shared)
    for other_p, shape in [(0.1, (7, 11)), (0.8, (7, 11)), (0.5, (3,)), (0.5, (2, 2, 2))]:
        run(context, away_from_zero(rng, shape), other_p, shared)
    run(context, x, p, shared, kwargs={"training": False})
    grads = [away_from_zero(rng, x.shape) for _ in range(3)]
    first = context.call("dropout_backward", grads[0], cache, keep=True, echo=[0])
    agree(array_like(first.value, x, "grad_x"), grads[0], out != 0, p)
    require(np.array_equal(first.echo[0], grads[0]), "grad_out was modified")
    for grad_out in grads[1:]:
        grad_x = backward(context, grad_out, cache, readonly=[0])
        _agree_later(grad_x, grad_out, out != 0, p)
    later = context.worker.call(Call(Probe("same"), [first.object])).value
    require(np.array_equal(later, first.value), "a later call changed an earlier gradient")
    _two_caches(context)
    _same_array(context)


def _agree_later(*arguments: Any) -> None:
    try:
        agree(*arguments)
    except Wrong as reason:
        raise Wrong(f"when the cache is used later, or again, {reason}") from None


def _same_array(context: Context) -> None:
    """Two forward passes on the very same array, with the same p, have caches of their own."""
    x, shared = away_from_zero(context.rng, (8, 9)), context.generator()
    there = context.keep(x)
    replies = [
        context.call("dropout_forward", there, 0.4, shared, parts=SHOW_OUT, echo=[0])
        for _ in range(2)
    ]
    if not all(np.array_equal(reply.echo[0], x) for reply in replies):
        return  # forward has lost points for it
    for reply in replies:
        out = array_like(reply.parts[0], x, "out")
        _agree_later(backward(context, -x, reply.kept[1]), -x, out != 0, 0.4)


def _two_caches(context: Context) -> None:
    """Two caches live side by side, and going back through one leaves the other."""
    rng, shared = context.rng, context.generator()
    x, p, q = away_from_zero(rng, (6, 9)), 0.25, 0.75
    runs = [(p, *run(context, x, p, shared)), (q, *run(context, x, q, shared))]
    for share, out, cache in [*runs, *reversed(runs)]:
        grad_out = away_from_zero(rng, x.shape)
        _agree_later(backward(context, grad_out, cache), grad_out, out != 0, share)


def arrays(context: Context) -> None:
    """Evaluation passes the gradient on; any shape, layout and float dtype."""
    rng = context.rng
    for dtype in (np.float64, np.float32):
        for shape in [(), (1,), (0,), (3, 0), (3, 4), (2, 2, 3, 3)]:
            x, p = away_from_zero(rng, shape, dtype), some_p(rng, 0.3, 0.6)
            grad_out = away_from_zero(rng, shape, dtype)
            out, cache = run(context, x, p, Rng(context.seed()))
            agree(backward(context, grad_out, cache), grad_out, out != 0, p)
            out, cache = run(context, x, p, Rng(context.seed()), kwargs={"training": False})
            if np.array_equal(out, x):  # else forward has lost points for it
                grad_x = backward(context, grad_out, cache)
                require(
                    np.array_equal(grad_x, grad_out), "in evaluation grad_x is not grad_out"
                )
    x = away_from_zero(rng, (6, 10))
    out, cache = run(context, x, 0.3, Rng(context.seed()))
    for kind in ("F", "strided", "reversed"):
        layout: dict[str, Any] = {"layouts": [(0, kind)], "readonly": [0]}
        agree(backward(context, -x, cache, **layout), -x, out != 0, 0.3)
        there = {"layouts": layout["layouts"]}
        out_there, cache_there = run(context, x, 0.3, Rng(context.seed()), **there)
        for options in ({}, layout):
            agree(backward(context, -x, cache_there, **options), -x, out_there != 0, 0.3)


BACKWARD = Task(
    "dropout_backward",
    [
        Criterion(1, "the mask of the forward pass, and its factor", gradient),
        Criterion(1, "exact up to rounding", exactness),
        Criterion(0.5, "right where x is 0", zeros_in_x),
        Criterion(0.5, "a cache works later, and twice; nothing is modified", caches),
        Criterion(
            0.5, "neither pass writes into what it was given, in both modes", callers_arrays
        ),
        Criterion(0.5, "evaluation; any shape, layout and dtype", arrays),
    ],
)
