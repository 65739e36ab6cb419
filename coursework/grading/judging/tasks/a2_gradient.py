"""Judges ``gradient_error(forward, backward, x, w, p, seed, h)`` on right and wrong layers.

The layers are probes: they run in the worker for the learner's function and here for ours,
with generators of the same seed, so the right answer is known to many digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import Context, Criterion, Task, one_number, require
from grading.judging.tasks.a2_forward import away_from_zero, some_p
from grading.running.calls import Probe

__all__ = ["GRADIENT"]

Floats = NDArray[np.floating]

PROBES = """
def forward(x, p, rng, training=True):
    kept = rng.random(np.shape(x)) >= p
    return x * kept / (1 - p), (kept, p, x)
def right(grad_out, cache):
    return grad_out * cache[0] / (1 - cache[1])
def unscaled(grad_out, cache):
    return grad_out * cache[0]
def unmasked(grad_out, cache):
    return grad_out / (1 - cache[1])
def flipped(grad_out, cache):
    return -grad_out * cache[0] / (1 - cache[1])
def one_wrong(grad_out, cache):
    grad_x = grad_out * cache[0] / (1 - cache[1])
    grad_x.reshape(-1)[-1] += 0.125
    return grad_x
def one_below(grad_out, cache):
    grad_x = grad_out * cache[0] / (1 - cache[1])
    grad_x.reshape(-1)[0] += 0.25
    return grad_x
def mixing(x, p, rng, training=True):
    kept = rng.random(np.shape(x)) >= p
    return x * kept / (1 - p) - np.mean(x, axis=-1, keepdims=True), (kept, p, x)
def mixing_right(grad_out, cache):
    scaled = grad_out * cache[0] / (1 - cache[1])
    return scaled - np.mean(grad_out, axis=-1, keepdims=True)
def cubic(x, p, rng, training=True):
    kept = rng.random(np.shape(x)) >= p
    return x**3 * kept / (1 - p), (kept, p, x)
def cubic_right(grad_out, cache):
    return grad_out * 3 * cache[2] ** 2 * cache[0] / (1 - cache[1])
"""
OURS: dict[str, Any] = {"np": np}
exec(PROBES, OURS)


def expected(
    pair: tuple[str, str], x: Floats, w: Floats, p: float, seed: int, h: float
) -> float:
    """Return the largest difference between the two gradients, from the definition."""
    forward, backward = OURS[pair[0]], OURS[pair[1]]

    def loss(values: Floats) -> float:
        return float(np.sum(w * forward(values, p, np.random.default_rng(seed))[0]))

    numeric = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        numeric[index] = (loss(up) - loss(down)) / (2 * h)
    analytic = backward(w, forward(x, p, np.random.default_rng(seed))[1])
    return float(np.abs(numeric - analytic).max())


def _compare(
    context: Context,
    pair: tuple[str, str],
    shape: tuple[int, ...],
    h: float,
    words: str,
    factor: float = 1.0,
) -> None:
    rng, seed = context.rng, context.seed() if factor == 1 else 0
    x, w, p = away_from_zero(rng, shape), away_from_zero(rng, shape), some_p(rng, 0.2, 0.6)
    w = factor * w
    functions = [Probe(name) for name in pair]
    reply = context.call("gradient_error", *functions, x, w, p, seed, h, echo=[2, 3])
    value, wanted = one_number(reply.value, "the result"), expected(pair, x, w, p, seed, h)
    # The losses are sums of a few dozen numbers below 100, in float64.
    require(abs(value - wanted) <= 1e-4 * wanted + 1e-10 * factor / h, words)
    require(np.array_equal(reply.echo[0], x), "x was modified")
    require(np.array_equal(reply.echo[1], w), "w was modified")


def finds_errors(context: Context) -> None:
    """Wrong backward passes are found, and how wrong they are; right ones pass."""
    context.worker.probe(PROBES)
    for name in ("right", "unscaled", "unmasked", "flipped"):
        words = (
            "a right backward pass is accused"
            if name == "right"
            else ("for a wrong backward pass the result is not the largest difference")
        )
        for shape in [(12,), (4, 5)]:
            _compare(context, ("forward", name), shape, 1e-5, words)


def every_element(context: Context) -> None:
    """An error in a single element shows, whichever it is, at full size."""
    context.worker.probe(PROBES)
    words = "an error in a single element of the gradient is missed, or shrinks"
    for name in ("one_wrong", "one_below"):
        for shape in [(9,), (3, 4), (2, 3, 2)]:
            _compare(context, ("forward", name), shape, 1e-5, words)
    words = (
        "where an output depends on other inputs too, the result is not the largest difference"
    )
    for name in ("mixing_right", "right"):
        _compare(context, ("mixing", name), (3, 4), 1e-5, words)
    words = "for arrays without dimensions the result is not the largest difference"
    for name in ("right", "unscaled"):
        _compare(context, ("forward", name), (), 1e-5, words)


def central(context: Context) -> None:
    """The differences are central, and ``h`` and ``seed`` are those that are given."""
    context.worker.probe(PROBES)
    words = "on a curved function the result is not that of central differences with this h"
    for h in (1e-2, 1e-3):
        _compare(context, ("cubic", "cubic_right"), (6,), h, words)


def any_numbers(context: Context) -> None:
    """Small and large losses, other h, seed 0, more dimensions."""
    context.worker.probe(PROBES)
    for factor in (1e-5, 1e4):
        for h in (1e-6, 0.5):
            words = f"with gradients near {factor:g}, seed 0 and h = {h:g} the result is wrong"
            for name in ("right", "unscaled", "flipped"):
                _compare(context, ("forward", name), (2, 1, 2, 3), h, words, factor)


GRADIENT = Task(
    "gradient_error",
    [
        Criterion(3, "finds wrong backward passes and spares right ones", finds_errors),
        Criterion(1, "small and large numbers, other h", any_numbers),
        Criterion(2, "looks at every element", every_element),
        Criterion(2, "central differences with the given h", central),
    ],
    given=("dropout_forward", "dropout_backward"),
)
