"""Judges ``gradient_error(forward, backward, x, w, p, seed, h)`` on right and wrong layers.

The layers are probes: they run in the worker for the learner's function and here for ours,
with generators of the same seed, so the right answer is known to many digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import (
    Context,
    Criterion,
    Task,
    alike,
    one_number,
    plain_number,
    require,
)
from grading.judging.tasks.a2_forward import away_from_zero, some_p
from grading.running.calls import Call, Probe

__all__ = ["GRADIENT"]

Floats = NDArray[np.floating]

PROBES = """
def is_array(value):
    return isinstance(value, np.ndarray)
def forward(x, p, rng, training=True):
    kept = rng.random(np.shape(x)) >= p
    return x * kept / (1 - p), (kept, p, x)
def spawning(x, p, rng):
    kept = rng.spawn(1)[0].random(np.shape(x)) >= p
    return x * kept / (1 - p), (kept, p, x)
BASE, NUDGED = [], set()
def base(x):
    BASE[:] = [x.copy()]
    NUDGED.clear()
def watched(x, p, rng):
    apart = np.ravel(x - BASE[0])
    for place in np.flatnonzero(np.abs(apart) > 1e-6)[:2]:
        NUDGED.add((int(place), bool(apart[place] > 0)))
    return forward(x, p, rng)
def nudged():
    return len(NUDGED)
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
def misplaced(grad_out, cache):
    grad_x = grad_out * cache[0] / (1 - cache[1])
    grad_x.reshape(-1)[PLACE] += 0.5
    return grad_x
def plain(x, p, rng):
    return 1.0 * x, None
def same(x, p, rng):
    return x, None
def passed_on(grad_out, cache):
    return grad_out
def silent(grad_out, cache):
    return 0 * grad_out
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
def dropout_forward(x, p, rng):
    kept = rng.random(np.shape(x)) >= p
    return np.where(kept, x, 0.25 * x), (kept, p)
def leaky(grad_out, cache):
    return np.where(cache[0], grad_out, 0.25 * grad_out)
def dropout_backward(grad_out, cache):
    return 1.5 * grad_out * cache[0]
"""
# What learners may hear of the layers.
LAYERS = {
    "forward": "inverted dropout",
    "watched": "inverted dropout",
    "spawning": "inverted dropout that draws from a child of its generator",
    "mixing": "dropout less the mean of each row",
    "cubic": "dropout of x³",
    "dropout_forward": "a layer that leaves a quarter of what it drops",
    "right": "its right backward pass",
    "mixing_right": "its right backward pass",
    "cubic_right": "its right backward pass",
    "leaky": "its right backward pass",
    "unscaled": "a backward pass without the factor",
    "unmasked": "a backward pass without the mask",
    "flipped": "a backward pass with the wrong sign",
    "one_wrong": "a backward pass that is off by 0.125 at the last element",
    "one_below": "a backward pass that is off by 0.25 at the first element",
    "plain": "a layer that does nothing",
    "same": "a layer that returns its argument",
    "passed_on": "a backward pass that returns its argument",
    "misplaced": "a backward pass that is off by 0.5 at one element",
    "silent": "a backward pass that returns 0",
    "dropout_backward": "a backward pass of 1.5 times the mask",
}
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
    *,
    factor: float = 1.0,
    size: float = 1.0,
    p: float | None = None,
    holes: bool = False,
    **options: Any,
) -> None:
    """Raise `Wrong` unless the result is right, for x of a size and w times a factor.

    With ``holes`` about half of w is 0.
    """
    rng, seed = context.rng, context.seed() if factor == 1 else 0
    x, w = (np.asarray(by * away_from_zero(rng, shape)) for by in (size, factor))
    w = np.asarray(w * (rng.random(shape) < 0.5)) if holes else w
    p = some_p(rng, 0.2, 0.6) if p is None else p
    functions = [Probe(name) for name in pair]
    layer = " and ".join(LAYERS[name] for name in pair if name in LAYERS)
    layer = f"for {layer}, " if layer else ""
    context.at(f"{layer}with x of shape {shape}, p = {p:.4g}, seed {seed} and h = {h:g}")
    if pair[0] == "watched":
        context.worker.call(Call(Probe("base"), [x]))
    reply = context.call("gradient_error", *functions, x, w, p, seed, h, **options)
    value = one_number(reply.value, "the result")
    # Of a linear layer the measured gradient is the right one.
    wanted = 0.5 if pair[1] == "misplaced" else expected(pair, x, w, p, seed, h)
    # The losses are sums of a few dozen numbers below 100, in float64.
    close = abs(value - wanted) <= 1e-4 * wanted + 1e-10 * factor * max(1, size) / h
    require(close, f"{words}: {value:.6g} came where {wanted:.6g} is expected")


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
        for shape in [(9,), (3, 4), (2, 3, 2), (7, 9)]:
            _compare(context, ("forward", name), shape, 1e-5, words)
    _anywhere(context, words)
    words = "an error in a single element is missed, or shrinks, where some of w is 0"
    for pair in [("forward", "one_wrong"), ("mixing", "right"), ("mixing", "mixing_right")]:
        for shape in [(7,), (4, 5)]:
            _compare(context, pair, shape, 1e-5, words, holes=True)
    words = "an error of the gradient at an element that is 0 is missed, or shrinks"
    for name in ("one_wrong", "one_below"):
        _compare(context, ("forward", name), (4, 5), 1e-5, words, size=0.0)
    words = "an error of a gradient that is 0, where it should not be, is missed"
    _compare(context, ("forward", "silent"), (3, 4), 1e-5, words)
    words = (
        "where an output depends on other inputs too, the result is not the largest difference"
    )
    for name in ("mixing_right", "right"):
        _compare(context, ("mixing", name), (3, 4), 1e-5, words)


def _anywhere(context: Context, words: str) -> None:
    """Raise `Wrong` where an error at any place is missed, in arrays of any size."""
    sizes = [(3, 20), (20, 64), (65, 100), *[(101, 150)] * 4, (151, 350), (400, 500)]
    for low, high in sizes:
        size = int(context.rng.integers(low, high))
        shape = (size,) if context.rng.random() < 0.5 else (-(-size // 7), 7)
        context.worker.probe(f"PLACE = {context.rng.integers(np.prod(shape))}")
        _compare(context, ("watched", "misplaced"), shape, 1e-5, words)
        nudged = context.worker.call(Call(Probe("nudged"))).value
        said = f"forward sees {nudged} elements of x that are h larger or smaller"
        require(
            nudged == 2 * np.prod(shape), f"{said}, not {2 * np.prod(shape)}: each, both ways"
        )


def any_shape(context: Context) -> None:
    """Any number of dimensions, none included; transposed arrays, parts of others."""
    context.worker.probe(PROBES)
    words = "without dimensions the result is wrong"
    for name in ("right", "unscaled"):
        _compare(context, ("forward", name), (), 1e-5, words)
    for shape in [(1,), (1, 1), (2, 1, 2, 3)]:
        words = "an error in the last element is missed, or shrinks"
        _compare(context, ("forward", "one_wrong"), shape, 1e-5, words)
    for name, shape in [("mixing_right", (3, 4)), ("unscaled", (2, 2, 3))]:
        for kind in ("F", "strided", "reversed"):
            words = "for arrays that are transposed, or parts of larger ones, it is wrong"
            there: dict[str, Any] = {"layouts": [(2, kind), (3, kind)]}
            _compare(context, ("mixing", name), shape, 1e-5, words, **there)


def central(context: Context) -> None:
    """The differences are central, and ``h`` and ``seed`` are those that are given."""
    context.worker.probe(PROBES)
    words = "on a curved function the result is not that of central differences with this h"
    for h in (1e-2, 1e-3):
        _compare(context, ("cubic", "cubic_right"), (6,), h, words)
    for h in (0.3, 0.7):
        _compare(context, ("cubic", "right"), (6,), h, words)
        _compare(context, ("cubic", "silent"), (6,), h, words)


def any_numbers(context: Context) -> None:
    """Small and large losses, x, h and p, seed 0, more dimensions."""
    context.worker.probe(PROBES)
    for factor in (1e-5, 1e4):
        for h in (1e-6, 0.5):
            words = f"where gradients are near {factor:g}, the result is wrong"
            for name in ("right", "unscaled", "flipped"):
                _compare(context, ("forward", name), (2, 1, 2, 3), h, words, factor=factor)
    for size, h in [(1e-3, 1e-2), (1e-3, 0.3), (30.0, 0.1), (30.0, 0.5)]:
        words = f"on a curved function, where x is near {size:g}, the result is wrong"
        _compare(context, ("cubic", "cubic_right"), (5,), h, words, size=size)
    for p in (0, 0.0, 0.95):
        for name in ("right", "unmasked"):
            words = "the result is wrong"
            _compare(context, ("forward", name), (12,), 1e-5, words, p=p)


def any_pair(context: Context) -> None:
    """The functions that are used are those that are given, whatever they are called."""
    context.worker.probe(PROBES)
    words = "a wrong forward pass with its right gradient: those that are given do not count"
    for pair in [("dropout_forward", "leaky"), ("dropout_forward", "right")]:
        _compare(context, pair, (4, 5), 1e-5, words)
    words = "for a forward pass that returns its argument the result is wrong"
    for name in ("passed_on", "silent"):
        _compare(context, ("same", name), (4, 5), 1e-5, words)
    words = "for a forward pass that draws from rng.spawn(1)[0] the result is wrong"
    _compare(context, ("spawning", "right"), (4, 5), 1e-5, words)
    words = "for a wrong backward pass the result is not the largest difference"
    for name in ("forward", "dropout_forward"):
        _compare(context, (name, "dropout_backward"), (4, 5), 1e-5, words)


def types(context: Context) -> None:
    """One number comes back; x and w stay."""
    context.worker.probe(PROBES)
    pairs = [("forward", "right"), ("forward", "one_wrong"), ("plain", "passed_on")]
    for shape in [(1,), (7,), (3, 4), (2, 3, 2), ()]:
        for forward, name in pairs if shape else pairs[::2]:
            x, w = away_from_zero(context.rng, shape), away_from_zero(context.rng, shape)
            layer = f"for {LAYERS[forward]} and {LAYERS[name]}"
            context.at(f"{layer}, with x of shape {shape}, p = 0.4 and h = 1e-05")
            arguments = Probe(forward), Probe(name), x, w, 0.4, context.seed(), 1e-5
            reply = context.call("gradient_error", *arguments, echo=[2, 3], keep=True)
            plain_number(reply.value, "the result")
            kind = context.worker.call(Call(Probe("is_array"), [reply.object])).value
            require(not kind, "the result is an array, where one number is expected")
            for letter, before, after in zip("xw", (x, w), reply.echo, strict=True):
                alike(after, before, f"{letter} was modified: afterwards {letter}")
    pair = {"forward": Probe("forward"), "backward": Probe("right")}
    context.by_name("gradient_error", **pair, x=x, w=w, p=0.4, seed=1, h=1e-5)


GRADIENT = Task(
    "gradient_error",
    [
        Criterion(2.5, "finds wrong backward passes and spares right ones", finds_errors),
        Criterion(1, "small and large numbers, other h", any_numbers),
        Criterion(1.5, "looks at every element", every_element),
        Criterion(1.5, "central differences with the given h", central),
        Criterion(0.5, "any shape and layout", any_shape),
        Criterion(0.5, "any pair of functions", any_pair),
        Criterion(0.5, "one number; x and w are not modified", types),
    ],
    given=("dropout_forward", "dropout_backward"),
)
