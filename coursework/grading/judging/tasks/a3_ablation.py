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


def accuracy_any(context: Context) -> None:
    """One example, one unit left of two, two classes; nothing or everything right."""
    rng = context.rng
    for n_hidden, n_classes, n, destroyed in [(2, 2, 1, 1), (3, 2, 7, 2), (40, 9, 333, 31)]:
        net = net_of(rng, 4, n_hidden, n_classes)
        x, units = 5 * rng.normal(size=(n, 4)), rng.permutation(n_hidden)[:destroyed]
        z = _damaged(net, x, units)
        x, z = x[_clear(z)], z[_clear(z)]
        for moved in (0, 1):
            y = (z.argmax(axis=1) + moved * (rng.random(len(z)) < 0.5)) % n_classes
            for label in (y, (z.argmax(axis=1) + moved) % n_classes):
                value = _accuracy(context, net, x, label, units)
                right = float(np.mean(z.argmax(axis=1) == label))
                words = f"with {n} examples and {n_classes} classes the accuracy is wrong"
                require(abs(value - right) < 1e-9, words)


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
        Criterion(3, "the accuracy of damaged nets", accuracy_values),
        Criterion(1, "few examples and many, small nets, all right or wrong", accuracy_any),
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


def greedy(net: Net, x: Floats, y: Ints, *, anew: bool) -> Ints:
    """Return the counts of who looks at the strongest rival only, at first or at each step."""
    h, numbers = hidden(net, x), np.full(len(x), len(net[1]) + 1)
    for i, right in enumerate(y):
        left, rival = h[i].copy(), -1
        for count in range(len(left) + 1):
            z = net[2] @ left + net[3]
            others = np.where(np.arange(len(z)) == right, -np.inf, z)
            if others.max() >= z[right]:
                numbers[i] = count
                break
            rival = int(others.argmax()) if anew or rival < 0 else rival
            push = (net[2][right] - net[2][rival]) * left
            left[push.argmax()] = 0.0
    return numbers


def tempting(context: Context) -> None:
    """The enemy's best choice, where following the strongest rival leads elsewhere."""
    for n_hidden, n_classes in [(6, 4), (8, 5), (10, 5), (9, 3)]:
        for _ in range(60):
            net = net_of(context.rng, 5, n_hidden, n_classes)
            x, y = _digits(context.rng, net, 300)
            wanted, clear = counts(net, x, y)
            other = [greedy(net, x, y, anew=anew) != wanted for anew in (False, True)]
            chosen = np.concatenate([np.flatnonzero(clear & o)[:20] for o in other])
            if all(np.any(clear & o) for o in other):
                break
        said = _asked(context, net, x[chosen], y[chosen])
        words = "a number is not the smallest where the strongest rival is not who wins"
        require(np.array_equal(said, wanted[chosen]), words)


def ties(context: Context) -> None:
    """In whole numbers, where logits are exactly equal: at least as large is enough."""
    rng = context.rng
    for n_hidden, n_classes in [(1, 2), (3, 2), (4, 3), (5, 4), (7, 5), (10, 3)] * 2:
        net = (
            rng.integers(-1, 2, (n_hidden, 3)).astype(float),
            rng.integers(0, 3, n_hidden).astype(float),
            rng.integers(-2, 4, (n_classes, n_hidden)).astype(float),
            rng.integers(-2, 3, n_classes).astype(float),
        )
        x = rng.integers(-1, 3, (int(rng.integers(1, 51)), 3)).astype(float)
        y = rng.integers(0, n_classes, len(x))
        best = logits(net, hidden(net, x)).argmax(axis=1)
        y = np.where(rng.random(len(x)) < 0.7, best, y)
        words = "a number is wrong where logits can be exactly equal"
        require(np.array_equal(_asked(context, net, x, y), counts(net, x, y)[0]), words)


FEWEST = Task(
    "fewest",
    [
        Criterion(0, "an array of n integers", fewest_form),
        Criterion(2, "the smallest number", _smallest),
        Criterion(1, "the smallest where the strongest rival does not win", tempting),
        Criterion(1, "equal logits", ties),
        Criterion(1, "0 where the example is misread already", _misread),
        Criterion(1, "H + 1 where nothing is enough; nothing is modified", fewest_edges),
    ],
)
