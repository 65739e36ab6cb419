"""Judges ``accuracy_without`` and ``fewest``, which destroy hidden units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import Context, Criterion, Task, one_number, require
from grading.judging.tasks.a3_nets import Floats, Net, hidden, logits, net_of, untouched
from grading.running.remote import is_array

__all__ = ["ACCURACY", "FEWEST"]

Ints = NDArray[np.int64]
MARGIN = 1e-7  # closer logits than that are not asked about: rounding could decide


def _damaged(net: Net, x: Floats, units: Ints) -> Floats:
    n_hidden = len(net[1])
    h = hidden(net, x) * n_hidden / (n_hidden - len(units))
    h[:, units] = 0.0
    return logits(net, h)


def _clear(z: Floats) -> NDArray[np.bool_]:
    top = np.sort(z, axis=1)
    return np.asarray(top[:, -1] - top[:, -2] > MARGIN)


def _digits(rng: np.random.Generator, net: Net, n: int) -> tuple[Floats, Ints]:
    """Return examples of which the net reads about seven in ten right."""
    x = rng.normal(size=(n, net[0].shape[1]))
    y = logits(net, hidden(net, x)).argmax(axis=1)
    return x, np.where(rng.random(n) < 0.3, rng.integers(len(net[3]), size=n), y)


def _accuracy(context: Context, net: Any, *data: Any, **options: Any) -> float:
    reply = context.call("accuracy_without", net, *data, **options)
    return one_number(reply.value, "the result")


def _compare(context: Context, n_hidden: int, destroyed: int) -> None:
    rng = context.rng
    net = net_of(rng, 6, n_hidden, 4)
    net[3][:] *= 2.0  # biases decide too, so it matters whether the rest is rescaled
    x, y = _digits(rng, net, 600)
    units = rng.permutation(n_hidden)[:destroyed]
    z = _damaged(net, x, units)
    clear = _clear(z)
    x, y, z = x[clear], y[clear], z[clear]
    value = _accuracy(context, net, x, y, units)
    words = "the accuracy is not that of the damaged net"
    words = f"{words}, with {destroyed} of {n_hidden} units destroyed"
    require(abs(value - float(np.mean(z.argmax(axis=1) == y))) < 1e-6, words)


def accuracy_form(context: Context) -> None:
    """One number comes back, from 0 to 1."""
    net = net_of(context.rng, 4, 6, 3)
    value = _accuracy(context, net, *_digits(context.rng, net, 20), np.array([1, 4]))
    require(0 <= value <= 1, "the result is no share from 0 to 1")


def accuracy_values(context: Context) -> None:
    """The accuracy is right for nets and damages of several sizes."""
    for n_hidden in (7, 20, 33):
        for share in (0.15, 0.4, 0.7):
            _compare(context, n_hidden, round(share * n_hidden))


def accuracy_edges(context: Context) -> None:
    """Nothing destroyed, all but one destroyed; the net is whole afterwards."""
    for n_hidden, destroyed in [(9, 0), (12, 11), (12, 1)]:
        _compare(context, n_hidden, destroyed)
    rng = context.rng
    net = net_of(rng, 5, 14, 3)
    x, y = _digits(rng, net, 100)
    units, none = rng.permutation(14)[:9], np.zeros(0, dtype=int)
    untouched(context, "accuracy_without", net, x, y, units, data=4)
    kept = context.keep(net)
    before = _accuracy(context, kept, x, y, none)
    _accuracy(context, kept, x, y, units)
    require(
        before == _accuracy(context, kept, x, y, none), "the net stays damaged after a call"
    )


ACCURACY = Task(
    "accuracy_without",
    [
        Criterion(0, "a share from 0 to 1", accuracy_form),
        Criterion(4, "the accuracy of damaged nets", accuracy_values),
        Criterion(1, "none or nearly all destroyed; nothing modified", accuracy_edges),
    ],
)


def counts(net: Net, x: Floats, y: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the smallest numbers of units, and where no rounding can change them."""
    h, n_hidden = hidden(net, x), len(net[1])
    numbers, clear = np.full(len(x), n_hidden + 1), np.ones(len(x), dtype=bool)
    for rival in range(len(net[3])):
        push = (net[2][y] - net[2][rival]) * h
        lead = push.sum(axis=1) + net[3][y] - net[3][rival]
        gone = np.cumsum(-np.sort(-push, axis=1), axis=1)
        left = lead[:, None] - np.concatenate([np.zeros((len(x), 1)), gone], axis=1)
        left[y == rival] = np.inf
        clear &= np.all(np.abs(left) > MARGIN, axis=1)
        first = np.where(np.any(left <= 0, axis=1), np.argmax(left <= 0, axis=1), n_hidden + 1)
        numbers = np.minimum(numbers, first)
    return numbers, clear


def _asked(context: Context, net: Net, x: Floats, y: Ints) -> Any:
    value = context.call("fewest", net, x, y).value
    require(is_array(value) or isinstance(value, list), "the result is not an array")
    value = np.asarray(value)
    require(value.dtype.kind in "iuf", "the result does not hold integers")
    require(value.shape == (len(x),), f"the result has shape {value.shape}, not (n,)")
    return value


def fewest_form(context: Context) -> None:
    """An array with one integer for each example comes back."""
    net = net_of(context.rng, 4, 6, 3)
    _asked(context, net, *_digits(context.rng, net, 9))


def fewest_edges(context: Context) -> None:
    """Nothing is modified, and H + 1 stands where no choice of units is enough."""
    _never(context)
    net = net_of(context.rng, 4, 6, 3)
    untouched(context, "fewest", net, *_digits(context.rng, net, 9), data=3)


SIZES = [(1, 2), (4, 3), (6, 5), (8, 4), (10, 2), (10, 5), (9, 3)]
Choose = Callable[[Ints, int], NDArray[np.bool_]]


def _some(
    rng: np.random.Generator, n_hidden: int, n_classes: int, choose: Choose
) -> tuple[Net, Floats, Ints, Ints]:
    """Return a net with up to 50 examples whose right answers are as chosen, and these."""
    for _ in range(50):
        net = net_of(rng, 5, n_hidden, n_classes)
        x, y = _digits(rng, net, 300)
        wanted, clear = counts(net, x, y)
        chosen = np.flatnonzero(clear & choose(wanted, n_hidden))[:50]
        if len(chosen) >= 5:
            break
    return net, x[chosen], y[chosen], wanted[chosen]


def _where(choose: Choose, words: str) -> Any:
    def check(context: Context) -> None:
        for n_hidden, n_classes in SIZES:
            net, x, y, wanted = _some(context.rng, n_hidden, n_classes, choose)
            require(np.array_equal(_asked(context, net, x, y), wanted), words)

    return check


_smallest = _where(lambda k, most: (k > 0) & (k <= most), "a number is not the smallest")
_misread = _where(
    lambda k, most: k == 0, "a number is not 0 where some other class is as large already"
)
_never = _where(
    lambda k, most: k > most, "a number is not H + 1 where no choice of units is enough"
)

FEWEST = Task(
    "fewest",
    [
        Criterion(0, "an array of n integers", fewest_form),
        Criterion(4, "the smallest number", _smallest),
        Criterion(1, "0 where the example is misread already", _misread),
        Criterion(1, "H + 1 where nothing is enough; nothing is modified", fewest_edges),
    ],
)
