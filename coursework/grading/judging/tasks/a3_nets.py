"""Small nets with one hidden layer of ReLU units: ours, to compare a learner's answers with."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from grading.judging.task import Context, array_like, require

__all__ = [
    "Floats",
    "Net",
    "all_masks",
    "hidden",
    "log_q",
    "logits",
    "near",
    "net_of",
    "probabilities",
    "untouched",
]

Floats = NDArray[np.float64]
Net = tuple[Floats, Floats, Floats, Floats]
TOLERANCE = 1e-8  # of probabilities; rounding in another order of sums stays below 1e-11


def net_of(rng: np.random.Generator, d: int, n_hidden: int, n_classes: int) -> Net:
    """Return a net with biases that matter, and with answers that are neither sure nor flat."""
    return (
        rng.normal(size=(n_hidden, d)) / np.sqrt(d),
        rng.normal(0.3, 0.7, n_hidden),
        rng.normal(size=(n_classes, n_hidden)) * 1.5 / np.sqrt(n_hidden),
        rng.normal(size=n_classes),
    )


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


def probabilities(value: Any, shape: tuple[int, ...], what: str) -> Floats:
    """Return ``value`` if it is an array of probabilities of this shape; else raise `Wrong`."""
    q = array_like(value, np.empty(shape), what)
    require(bool(np.all(np.isfinite(q))), f"{what} holds NaN or infinity")
    return q


def near(value: Floats, wanted: Floats, otherwise: str) -> None:
    """Raise `Wrong` unless two arrays of probabilities agree."""
    require(bool(np.all(np.abs(value - wanted) <= TOLERANCE)), otherwise)


def untouched(context: Context, name: str, *args: Any, data: int) -> None:
    """Raise `Wrong` if a call modifies the first ``data`` arguments, nets among them."""
    after = context.call(name, *args, echo=range(data)).echo
    for old, new in zip(args[:data], after, strict=True):
        old, new = (v if isinstance(v, tuple) else (v,) for v in (old, new))
        same = len(old) == len(new) and all(map(np.array_equal, old, new))
        require(same, "the net was modified" if len(old) > 1 else "an argument was modified")
