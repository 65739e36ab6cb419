"""Judges ``accuracy_without`` and ``fewest``, which destroy hidden units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import Context, Criterion, Task, Wrong, one_number, require
from grading.judging.tasks.a3_nets import (
    Floats,
    Net,
    any_examples,
    any_net,
    hidden,
    intact,
    logits,
    net_of,
    nudged_net,
    plain_number,
    untouched,
)
from grading.judging.wide import Reused, some_size
from grading.judging.words import brief
from grading.running.remote import is_array

__all__ = ["ACCURACY", "FEWEST"]

Ints = NDArray[np.int64]
MARGIN = 1e-7  # closer logits than that are not asked about: rounding could decide


def _damaged(net: Net, x: Floats, units: Ints) -> Floats:
    n_hidden = len(net[1])
    h = hidden(net, x) * n_hidden / (n_hidden - len(units))
    h[:, units] = 0.0
    return logits(net, h)


def _apart(z: Floats) -> Floats:
    """Return by how much the largest logit of each row exceeds the next one."""
    top = np.sort(z, axis=1)
    return np.asarray(top[:, -1] - top[:, -2])


def _clear(z: Floats) -> NDArray[np.bool_]:
    return np.asarray(_apart(z) > MARGIN)


def _digits(rng: np.random.Generator, net: Net, n: int) -> tuple[Floats, Ints]:
    """Return examples of which the net reads about seven in ten right."""
    x = rng.normal(size=(n, net[0].shape[1]))
    y = logits(net, hidden(net, x)).argmax(axis=1)
    return x, np.where(rng.random(n) < 0.3, rng.integers(len(net[3]), size=n), y)


def _given(context: Context, n_hidden: int, x: Floats, y: Ints, units: Ints) -> None:
    """Say which sizes a function is given."""
    words = f"{len(units)} of H = {n_hidden} units destroyed"
    context.at(f"with {words}, {len(x)} examples and y from {y.min()} to {y.max()}")


def _accuracy(context: Context, net: Any, *data: Any) -> float:
    if isinstance(net, tuple):
        _given(context, len(net[1]), *data)
    return one_number(context.call("accuracy_without", net, *data).value, "the result")


def _compare(
    context: Context, net: Net, x: Floats, y: Ints, units: Ints, within: float = 1e-9
) -> None:
    """Raise `Wrong` unless the accuracy is right, where rounding changes nothing."""
    z = _damaged(net, x, units)
    clear = _clear(z)
    x, y, z = x[clear], y[clear], z[clear]
    value, right = _accuracy(context, net, x, y, units), float(np.mean(z.argmax(axis=1) == y))
    words = f"the share is {value:.9g} where {right:.9g} is expected"
    require(abs(value - right) <= within, words)


def _with_biases(rng: np.random.Generator, n_hidden: int) -> Net:
    """Return a net whose biases decide, too, so that it matters what is rescaled."""
    net = net_of(rng, 6, n_hidden, 4)
    net[3][:] *= 2.0
    return net


def accuracy_form(context: Context) -> None:
    """One number comes back."""
    net = net_of(context.rng, 4, 6, 3)
    _accuracy(context, net, *_digits(context.rng, net, 20), np.array([1, 4]))


def accuracy_values(context: Context) -> None:
    """The accuracy is right for nets and damages of several sizes, to two digits."""
    rng = context.rng
    for n_hidden in (7, 20, 33):
        for share in (0.15, 0.4, 0.7):
            net = _with_biases(rng, n_hidden)
            units = rng.permutation(n_hidden)[: round(share * n_hidden)]
            _compare(context, net, *_digits(rng, net, 600), units, 0.006)


def accuracy_exact(context: Context) -> None:
    """A plain number, exact to the last example."""
    rng = context.rng
    for n, kind in [(601, "int64"), (333, "int32"), (3, "int64")]:
        net, units = _with_biases(rng, 11), rng.permutation(11)[:4]
        x, y = _digits(rng, net, n)
        _given(context, 11, x, y, units)
        plain_number(context.call("accuracy_without", net, x, y, units).value, "the result")
        _compare(context, net, x, y.astype(kind), units.astype(kind))


def accuracy_any(context: Context) -> None:
    """One example, one unit left of two, two classes; nothing or everything right."""
    rng = context.rng
    for n_hidden, n_classes, n, destroyed in [(2, 2, 1, 1), (3, 2, 4, 2), (40, 9, 50, 31)]:
        net, units = net_of(rng, 4, n_hidden, n_classes), rng.permutation(n_hidden)[:destroyed]
        x = 5 * rng.normal(size=(n, 4))
        best = _damaged(net, x, units).argmax(axis=1)
        some = best + (rng.random(n) < 0.5)
        for y in (best, best + 1, some, some + 1):
            _compare(context, net, x, y % n_classes, units)
    accuracy_wide(context)


def _share(context: Context, net: Net, x: Floats, y: Ints, units: Ints) -> None:
    """Raise `Wrong` unless the share is exact and nothing is modified."""
    if len(x):
        _given(context, len(net[1]), x, y, units)
        reply = context.call("accuracy_without", net, x, y, units, echo=[0, 1, 2, 3])
        value = one_number(reply.value, "the result")
        right = float(np.mean(_damaged(net, x, units).argmax(axis=1) == y))
        words = f"the share is {value:.9g} where {right:.9g} is expected"
        require(abs(value - right) <= 1e-9, words)
        intact((net, x, y, units), reply.echo, ("net", "x", "y", "units"))


def accuracy_wide(context: Context) -> None:
    """Any sizes and nets, large logits; units at any places; one number that is changed."""
    rng = context.rng
    for number in range(50):
        d, n_hidden, n_classes = (
            some_size(rng, 1, 12),
            some_size(rng, 1, 70),
            some_size(rng, 2, 12),
        )
        net, x = (
            any_net(rng, d, n_hidden, n_classes),
            any_examples(rng, some_size(rng, 1, 300), d),
        )
        scale = float(rng.choice([1.0, 1.0, 1e-3, 1e3, 1e5]))
        net = net[0], net[1], scale * net[2], scale * net[3]
        if number % 3 == 0:  # silent units count in H, too
            net[1][rng.random(n_hidden) < 0.5] = -1e3
        destroyed = int(rng.integers(n_hidden)) * int(rng.random() < 0.9)
        start = int(rng.integers(n_hidden - destroyed + 1))
        places = [np.arange(start, start + destroyed), np.arange(destroyed)]
        places += [rng.permutation(n_hidden)[:destroyed]] * 2
        places += [np.sort(places[2])]
        units = places[rng.integers(5)]
        if number % 10 == 0 and n_hidden > 1:
            units = np.array([[0], [n_hidden - 1]][number // 10 % 2])
        z = _damaged(net, x, units)
        x, z = x[_clear(z)], z[_clear(z)]
        y = z.argmax(axis=1)
        y = np.where(
            rng.random(len(y)) < rng.choice([0.0, 0.3, 1.0]),
            rng.integers(n_classes, size=len(y)),
            y,
        )
        if number % 4 == 1:
            y = np.minimum(y, rng.integers(n_classes))
        _share(context, net, x, y, units)
        if number % 5 == 2:  # logits that differ by little: by as much as a softmax can tell
            for small, offset, least in ((2.0**-30, 0.0, 1e-13), (2.0**-8, 1024.0, 1e-9)):
                by = small / scale
                close = (net[0], net[1], by * net[2], by * net[3] + offset)
                sure = _apart(_damaged(close, x, units)) > least
                if sure.any():
                    _share(context, close, x[sure], y[sure], units)
    for n_hidden in (3, 8):
        for unit in (0, n_hidden - 1):
            net = _with_biases(rng, n_hidden)
            net[1][unit] += 2.0  # it has something to say
            _compare(context, net, *_digits(rng, net, 300), np.array([unit]))
    for gone in (np.array([0, 1]), np.array([4, 5])):
        net = _with_biases(rng, 8)
        net[1][:4], net[1][4:] = -1e3, 2.0  # four are silent, and count
        _compare(context, net, *_digits(rng, net, 300), gone)
    for reused in (context, Reused(context)):
        net, x = _with_biases(rng, 9), rng.normal(size=(40, 6))
        net[1][:] += 1.0
        y = logits(net, hidden(net, x)).argmax(axis=1)
        units = rng.permutation(9)[:3]
        cases = [
            (net, x, y, units),
            *((*nudged_net(rng, net, x, i), y, units) for i in range(5)),
        ]
        cases += [(net, x, np.roll(y, 1), units), (net, x, y, (units + 1) % 9)]
        for each in [*cases, (net, 10 * x, y, units), (net, x, y, units), (net, x, y, units)]:
            if np.all(_clear(_damaged(each[0], each[1], each[3]))):
                _share(reused, *each)


def accuracy_edges(context: Context) -> None:
    """Nothing destroyed, one destroyed, all but one destroyed."""
    rng = context.rng
    for n_hidden, destroyed in [(9, 0), (12, 11), (12, 1), (1, 0)]:
        net, units = _with_biases(rng, n_hidden), rng.permutation(n_hidden)[:destroyed]
        _compare(context, net, *_digits(rng, net, 600), units, 0.006)


def accuracy_untouched(context: Context) -> None:
    """Nothing is modified, and the net is whole afterwards."""
    rng, names = context.rng, ("net", "x", "y", "units")
    for n, destroyed in [(100, 9), (1, 13), (8, 0)]:
        net = net_of(rng, 5, 14, 3)
        units = rng.permutation(14)[:destroyed]
        arguments = (net, *_digits(rng, net, n), units)
        _given(context, 14, *arguments[1:])
        untouched(context, "accuracy_without", *arguments, data=names)
    context.by_name("accuracy_without", **dict(zip(names, arguments, strict=True)))
    net, none = net_of(rng, 5, 14, 3), np.zeros(0, dtype=int)
    x, y = _digits(rng, net, 100)
    kept = context.keep(net)
    before = _accuracy(context, kept, x, y, none)
    _accuracy(context, kept, x, y, rng.permutation(14)[:9])
    later = _accuracy(context, kept, x, y, none)
    context.at("with no unit destroyed, before and after a call that destroys 9 of 14")
    words = (
        f"the net stays damaged: the share is {before:.6g} before, and afterwards {later:.6g}"
    )
    require(before == later, f"{words} where the same is expected")


ACCURACY = Task(
    "accuracy_without",
    [
        Criterion(0, "one number", accuracy_form),
        Criterion(2.5, "the accuracy of damaged nets", accuracy_values),
        Criterion(0.5, "a number, exact to the last example", accuracy_exact),
        Criterion(0.5, "nets and damages of any size, large logits", accuracy_any),
        Criterion(1, "none or nearly all units destroyed", accuracy_edges),
        Criterion(0.5, "nothing is modified", accuracy_untouched),
    ],
)


def counts(net: Net, x: Floats, y: Ints, enough: float = 0.0) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the smallest numbers of units, and where no rounding can change them.

    Parameters
    ----------
    enough : float
        The lead of the right class that is no lead any more: 0 as the task has it.
    """
    h, n_hidden = hidden(net, x), len(net[1])
    numbers, clear = np.full(len(x), n_hidden + 1), np.ones(len(x), dtype=bool)
    for rival in range(len(net[3])):
        push = (net[2][y] - net[2][rival]) * h
        lead = push.sum(axis=1) + net[3][y] - net[3][rival]
        gone = np.cumsum(-np.sort(-push, axis=1), axis=1)
        left = lead[:, None] - np.concatenate([np.zeros((len(x), 1)), gone], axis=1)
        left[y == rival] = np.inf
        clear &= np.all(np.abs(left) > MARGIN, axis=1)
        done = left <= enough
        first = np.where(np.any(done, axis=1), np.argmax(done, axis=1), n_hidden + 1)
        numbers = np.minimum(numbers, first)
    return numbers, clear


def _asked(context: Context, net: Net, x: Floats, y: Ints, *, whole: bool = False) -> Any:
    """Return what can be read as n numbers; if asked, see that nothing is modified."""
    context.at(f"with n = {len(x)}, H = {len(net[1])} and C = {len(net[3])}")
    options: dict[str, Any] = {"echo": [0, 1, 2], "fresh": True} if whole else {}
    reply = context.call("fewest", net, x, y, **options)
    value = reply.value
    if whole:
        intact((net, x, y), reply.echo, ("net", "x", "y"))
    if isinstance(value, (list, tuple)):
        value = np.array([one_number(item, "an entry of the result") for item in value])
    require(is_array(value), f"the result is {brief(value)} where an array is expected")
    words = f"the result has dtype {value.dtype} where integers are expected"
    require(value.dtype.kind in "iuf", words)
    require(value.shape == (len(x),), f"the result has shape {value.shape}, not ({len(x)},)")
    return value


def _count(
    context: Context, net: Net, x: Floats, y: Ints, words: str, *, whole: bool = False
) -> None:
    """Raise `Wrong`, with the first place, unless the numbers are right."""
    said, wanted = _asked(context, net, x, y, whole=whole), counts(net, x, y)[0]
    wrong = np.flatnonzero(said != wanted)
    if len(wrong):
        i = wrong[0]
        raise Wrong(f"{words}: the number of example {i} is {said[i]:g}, not {wanted[i]}")


def fewest_form(context: Context) -> None:
    """One number for each example comes back."""
    net = net_of(context.rng, 4, 6, 3)
    _asked(context, net, *_digits(context.rng, net, 9))


SIZES = [(4, 3), (6, 5), (8, 4), (10, 2), (10, 5), (9, 3)]
Choose = Callable[[Ints, int], NDArray[np.bool_]]


def _some(
    rng: np.random.Generator, n_hidden: int, n_classes: int, choose: Choose
) -> tuple[Net, Floats, Ints]:
    """Return a net with up to 30 examples whose right answers are as chosen."""
    for _ in range(50):
        net = net_of(rng, 5, n_hidden, n_classes)
        x, y = _digits(rng, net, 300)
        wanted, clear = counts(net, x, y)
        chosen = np.flatnonzero(clear & choose(wanted, n_hidden))[:30]
        if len(chosen) >= 5:
            break
    return net, x[chosen], y[chosen]


def _where(choose: Choose, words: str) -> Any:
    def check(context: Context) -> None:
        for n_hidden, n_classes in SIZES:
            _count(context, *_some(context.rng, n_hidden, n_classes, choose), words)

    return check


_smallest = _where(lambda k, most: (k > 0) & (k <= most), "where units have to go")
_misread = _where(lambda k, most: k == 0, "where some other class is at least as large already")
_never = _where(lambda k, most: k > most, "where no choice of units is enough")


def ladder(rng: np.random.Generator, n_hidden: int, n_classes: int) -> tuple[Net, Floats, Ints]:
    """Return examples that take any number of units, from none to all."""
    net = (
        rng.uniform(0.2, 1.0, (n_hidden, 3)),
        rng.uniform(0.0, 0.1, n_hidden),
        rng.normal(0, 0.1, (n_classes, n_hidden)),
        rng.normal(0, 0.1, n_classes),
    )
    right = int(rng.integers(n_classes))
    net[2][right] += rng.uniform(0.5, 1.5, n_hidden)
    net[3][right] -= 1.0
    x = rng.uniform(0.5, 1.0, (400, 3)) * 10.0 ** rng.uniform(-1.5, 1.5, (400, 1))
    y = np.full(400, right)
    wanted, clear = counts(net, x, y)
    places = [np.flatnonzero(clear & (wanted == k))[:2] for k in range(1, n_hidden + 1)]
    chosen = rng.permutation(np.concatenate(places))
    return net, x[chosen], y[chosen]


def smallest(context: Context) -> None:
    """The number is the smallest, be it one or all units."""
    _smallest(context)
    for n_hidden, n_classes in [(5, 3), (7, 2), (10, 3)]:
        _count(context, *ladder(context.rng, n_hidden, n_classes), "where units have to go")


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
            x, y = _digits(context.rng, net, 200)
            wanted, clear = counts(net, x, y)
            other = [greedy(net, x, y, anew=anew) != wanted for anew in (False, True)]
            chosen = np.concatenate([np.flatnonzero(clear & o)[:20] for o in other])
            if all(np.any(clear & o) for o in other):
                break
        words = "where the strongest rival is not who wins in the end"
        _count(context, net, x[chosen], y[chosen], words)


def in_whole_numbers(
    rng: np.random.Generator, size: tuple[int, int], unit: float, offset: float, lead: float
) -> tuple[Net, Floats, Ints]:
    """Return examples in which it decides whether a lead of so many units is one.

    Units and offsets are powers of two, so that no order of the sums rounds anything.
    """
    n_hidden, n_classes = size
    found: list[tuple[Net, Floats, Ints]] = []
    while not found:
        net = (
            rng.integers(-1, 2, (n_hidden, 3)).astype(float),
            rng.integers(0, 3, n_hidden).astype(float),
            unit * rng.integers(-2, 4, (n_classes, n_hidden)).astype(float),
            unit * rng.integers(-2, 3, n_classes).astype(float) + offset,
        )
        x = rng.integers(-1, 3, (200, 3)).astype(float)
        z = logits(net, hidden(net, x))
        last = n_classes - 1 - z[:, ::-1].argmax(axis=1)
        y = np.where(rng.random(200) < 0.5, z.argmax(axis=1), last)
        telling = counts(net, x, y)[0] != counts(net, x, y, lead * unit)[0]
        chosen = np.flatnonzero(telling)[:25]
        if len(chosen) > 4:
            found.append((net, x[chosen], y[chosen]))
    return found[0]


def ties(context: Context) -> None:
    """Where logits are exactly equal: at least as large is enough."""
    for size in [(1, 2), (3, 2), (4, 3), (5, 4), (7, 5), (9, 3)]:
        case = in_whole_numbers(context.rng, size, 1.0, 0.0, -0.5)
        _count(context, *case, "where logits become exactly equal")


def small_leads(context: Context) -> None:
    """A lead is one, however small it is, and however large the logits are."""
    for size, unit, offset in [
        ((4, 3), 1.0, 0.0),
        ((6, 3), 1.0, 2.0**30),
        ((5, 4), 2.0**-26, 0.0),
        ((4, 2), 2.0**-10, -(2.0**10)),
        ((7, 3), 2.0**20, 0.0),
    ]:
        case = in_whole_numbers(context.rng, size, unit, offset, 1.5)
        words = f"where logits near {abs(offset) or unit:.2g} differ by {unit:.2g}"
        _count(context, *case, words)


def _any_counts(rng: np.random.Generator, alike: bool) -> tuple[Net, Floats, Ints]:
    """Return a net of any size, and examples of it that rounding cannot change."""
    while True:
        n_hidden, n_classes, d = (int(i) for i in rng.integers([1, 2, 1], [11, 6, 9]))
        net, x = any_net(rng, d, n_hidden, n_classes), any_examples(rng, 100, d)
        net[3][:] += 0.5 * rng.normal(size=n_classes)
        y = logits(net, hidden(net, x)).argmax(axis=1)
        other = rng.integers(n_classes, size=100)
        y = np.where(rng.random(100) < rng.choice([0.0, 0.3]), other, y)
        if alike:
            y[:] = y[0]
        chosen = np.flatnonzero(counts(net, x, y)[1])
        if len(chosen) > 5:
            chosen = chosen[: some_size(rng, 1, 50)]
            return net, x[chosen], y[chosen]


def fewest_any(context: Context) -> None:
    """Any sizes, nets and units of the logits; nets and examples with one number changed."""
    rng = context.rng
    for number in range(60):
        net, x, y = _any_counts(rng, alike=number % 5 == 0)
        # Powers of two change the logits, and round nothing.
        exponents = [0, 0, int(rng.integers(-60, -30)), int(rng.integers(-30, 50))]
        scale = 2.0 ** exponents[number % 4]
        scaled = (net[0], net[1], scale * net[2], scale * net[3])
        words = f"where logits are near {scale:.2g}" if scale != 1 else "a number is wrong"
        _count(context, scaled, x, y, words, whole=True)
    for reused in (context, Reused(context)):
        net, x = net_of(rng, 4, 6, 3), rng.normal(size=(12, 4))
        net[1][:] += 1.0
        y = logits(net, hidden(net, x)).argmax(axis=1)
        cases = [(net, x, y), *((*nudged_net(rng, net, x, i), y) for i in range(5))]
        for each in [*cases, (net, x, (y + 1) % 3), (net, x[::-1].copy(), y), (net, x, y)]:
            if np.all(counts(*each)[1]):
                _count(reused, *each, "a number is wrong", whole=True)


def fewest_types(context: Context) -> None:
    """An array of n integers, for one example and for 50, one unit and silent units."""
    rng = context.rng
    for n_hidden, n_classes, n in [(1, 2, 9), (4, 3, 1), (3, 5, 50), (5, 3, 6)]:
        net = net_of(rng, 4, n_hidden, n_classes)
        x, y = _digits(rng, net, 4 * n)
        if n == 6:
            net[1][:] = -9.0  # no unit puts anything out
        chosen = np.flatnonzero(counts(net, x, y)[1])[:n]
        size = f"with n = {len(chosen)}, H = {n_hidden} and C = {n_classes}"
        context.at(f"{size}, y of dtype int32")
        value = context.call("fewest", net, x[chosen], y[chosen].astype(np.int32)).value
        good = is_array(value) and value.dtype.kind in "iu" and value.shape == (len(chosen),)
        words = f"the result is {brief(value)}, not an array of {len(chosen)} integers"
        require(good, words)
        _count(context, net, x[chosen], y[chosen], "a number is wrong")
    fewest_any(context)


def fewest_untouched(context: Context) -> None:
    """Nothing is modified, wherever the numbers come from."""
    rng, names = context.rng, ("net", "x", "y")
    for n_hidden, n_classes, n in [(6, 3, 30), (1, 2, 1), (5, 4, 12)]:
        net = net_of(rng, 4, n_hidden, n_classes)
        x, y = _digits(rng, net, n)
        if n == 12:
            net[1][:] = -3.0  # some examples leave all units silent
            x[:4] *= 0.1
        context.at(f"with n = {n}, H = {n_hidden} and C = {n_classes}")
        untouched(context, "fewest", net, x, y, data=names)
    context.by_name("fewest", net=net, x=x, y=y)


FEWEST = Task(
    "fewest",
    [
        Criterion(0, "n numbers", fewest_form),
        Criterion(2, "the smallest number", smallest),
        Criterion(1, "the smallest where the strongest rival does not win", tempting),
        Criterion(0.5, "equal logits", ties),
        Criterion(0.5, "small leads, large logits", small_leads),
        Criterion(0.5, "0 where the example is misread already", _misread),
        Criterion(0.5, "H + 1 where nothing is enough", _never),
        Criterion(0.5, "an array of n integers; one example, 50, silent units", fewest_types),
        Criterion(0.5, "nothing is modified", fewest_untouched),
    ],
)
