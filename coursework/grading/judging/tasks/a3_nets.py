"""Small nets with one hidden layer of ReLU units: ours, to compare a learner's answers with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from grading.judging.task import Context, Wrong, alike, one_number, require
from grading.judging.wide import nudged
from grading.judging.words import brief
from grading.running.remote import is_array

__all__ = [
    "EXACT",
    "NEAR",
    "Floats",
    "Net",
    "all_masks",
    "any_examples",
    "any_net",
    "floats",
    "hidden",
    "intact",
    "log_q",
    "logits",
    "near",
    "net_of",
    "nudged_net",
    "plain_number",
    "untouched",
]

Floats = NDArray[np.float64]
Net = tuple[Floats, Floats, Floats, Floats]
NEAR = 1e-5  # of probabilities: what float32 reaches, and no other formula
EXACT = 1e-8  # rounding of float64 in another order of sums stays below 1e-11
PARTS = ("W1", "b1", "W2", "b2")


def net_of(rng: np.random.Generator, d: int, n_hidden: int, n_classes: int) -> Net:
    """Return a net with biases that matter, and with answers that are neither sure nor flat."""
    return (
        rng.normal(size=(n_hidden, d)) / np.sqrt(d),
        rng.normal(0.3, 0.7, n_hidden),
        rng.normal(size=(n_classes, n_hidden)) * 1.5 / np.sqrt(n_hidden),
        rng.normal(size=n_classes),
    )


def any_net(rng: np.random.Generator, d: int, n_hidden: int, n_classes: int) -> Net:
    """Return a net in which units may be silent, alike or unused, and classes alike."""
    w1, b1, w2, b2 = net_of(rng, d, n_hidden, n_classes)
    some = rng.random(n_hidden) < rng.choice([0.3, 0.7])
    kind = int(rng.integers(6))
    if kind == 1:
        b1[some] = -50.0
    elif kind == 2:
        w1[some], b1[some], w2[:, some] = w1[0], b1[0], w2[:, :1]
    elif kind == 3:
        w2[:, some] = 0.0
    elif kind == 4:
        w2[rng.integers(n_classes)] = w2[0]
    elif kind == 5:
        w1, b1 = np.abs(w1), np.abs(b1)
    b2 = b2 * rng.choice([0.0, 1.0, 3.0]) + rng.choice([0.0, 0.0, 20.0, -20.0])
    return w1, b1, w2, b2


def any_examples(rng: np.random.Generator, n: int, d: int) -> Floats:
    """Return examples of which some may be 0, alike, whole or large."""
    x = rng.normal(size=(n, d))
    kind = int(rng.integers(5))
    if kind == 1:
        x[rng.random(n) < 0.4] = 0.0
    elif kind == 2:
        x[rng.random(n) < 0.6] = x[0]
    elif kind == 3:
        x = np.round(2 * x)
    elif kind == 4:
        x *= 10.0 ** rng.uniform(-2, 1, (n, 1))
    return x


def nudged_net(rng: np.random.Generator, net: Net, x: Floats, place: int) -> tuple[Net, Floats]:
    """Return net and examples with one of the five arrays changed in one number."""
    arrays = [*net, x]
    # A silent unit hides what changes before it: all of these move far enough.
    arrays[place % 5] = nudged(rng, arrays[place % 5], int(rng.integers(3)))
    return (arrays[0], arrays[1], arrays[2], arrays[3]), arrays[4]


def hidden(net: Net, x: Floats) -> Floats:
    """Return what the hidden units put out."""
    return np.maximum(x @ net[0].T + net[1], 0.0)


def logits(net: Net, h: Floats) -> Floats:
    """Return the logits, from what the hidden units put out."""
    return np.asarray(h @ net[2].T + net[3])


def log_q(z: Floats) -> Floats:
    """Return the logarithms of the softmax over the last axis."""
    return np.asarray(log_softmax(z, axis=-1))


def all_masks(p: Floats) -> tuple[Floats, Floats]:
    """Return the factors m/(1 − p) of every mask, and the probability of each mask.

    Examples
    --------
    >>> all_masks(np.array([0.5]))
    (array([[0.], [2.]]), array([0.5, 0.5]))
    """
    kept = (np.arange(2 ** len(p))[:, None] >> np.arange(len(p))) & 1
    return kept / (1 - p), np.prod(np.where(kept, 1 - p, p), axis=1)


def floats(value: Any, shape: tuple[int, ...], what: str, *, strict: bool = False) -> Floats:
    """Return an array of this shape, of finite numbers, float64 if strict; or raise `Wrong`."""
    if not is_array(value):
        raise Wrong(f"{what} is {brief(value)} where an array is expected")
    if value.shape != shape:
        raise Wrong(f"{what} has shape {value.shape} where {shape} is expected")
    if value.dtype.kind != "f" or (strict and value.dtype != np.float64):
        raise Wrong(f"{what} has dtype {value.dtype} where float64 is expected")
    odd = value[~np.isfinite(value)][:1]
    require(odd.size == 0, f"{what} holds {odd} where finite numbers are expected")
    return np.asarray(value, dtype=np.float64)


def plain_number(value: Any, what: str) -> float:
    """Return a number of Python's or NumPy's as float; raise `Wrong` for arrays of one, too."""
    if is_array(value) and value.ndim:
        raise Wrong(f"{what} has shape {value.shape} where a number is expected")
    return one_number(value, what)


def near(value: Floats, wanted: Floats, otherwise: str, within: float = NEAR) -> None:
    """Raise `Wrong`, with the worst place, unless two arrays of probabilities agree."""
    apart = np.abs(value - wanted)
    if np.all(apart <= within):
        return
    place = tuple(int(i) for i in np.unravel_index(apart.argmax(), apart.shape))
    got, right = value[place], wanted[place]
    raise Wrong(f"{otherwise}: at {list(place)} it is {got:.9g}, not {right:.9g}")


def untouched(context: Context, name: str, *args: Any, data: Sequence[str]) -> None:
    """Raise `Wrong` if a call modifies the first arguments, which have these names."""
    arrays = [i for i, value in enumerate(args[: len(data)]) if is_array(value) and value.ndim]
    parts = [(i, "F" if args[i].ndim > 1 else "strided") for i in arrays]
    after = context.call(name, *args, echo=range(len(data)), layouts=parts, fresh=True).echo
    intact(args, after, data)


def intact(args: Sequence[Any], after: Sequence[Any], data: Sequence[str]) -> None:
    """Raise `Wrong` if the first arguments, which have these names, are others afterwards."""
    for what, old, new in zip(data, args, after, strict=False):
        if what != "net":
            alike(new, old, f"the call modifies {what}: afterwards {what}")
            continue
        require(len(new) == 4, f"after the call the net has {len(new)} arrays, not 4")
        for part, before, now in zip(PARTS, old, new, strict=True):
            alike(now, before, f"the call modifies {part} of the net: afterwards {part}")
