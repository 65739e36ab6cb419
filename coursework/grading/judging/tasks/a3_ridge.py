"""Judges ``best_weights(X, y, p) -> (w, loss)`` against the closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, Wrong, alike, one_number, require
from grading.judging.tasks.a3_nets import Floats, floats, intact, plain_number, untouched
from grading.judging.wide import Reused, nudged, numbers, some_size, some_unit
from grading.running.remote import is_array

__all__ = ["RIDGE"]

Case = tuple[Floats, Floats, Floats]


def expected_loss(case: Case, w: Floats) -> float:
    """Return the summed squared error, averaged over all masks."""
    x, y, p = case
    penalty = p / (1 - p) * np.sum(x**2, axis=0)
    return float(np.sum((y - x @ w) ** 2) + penalty @ w**2)


def solved(case: Case) -> Floats:
    """Return the weights with the smallest expected loss, from columns of one length."""
    x, y, p = case
    length = np.sqrt(np.sum(x**2, axis=0))
    unit = x / length
    scaled = np.linalg.solve(unit.T @ unit + np.diag(p / (1 - p)), unit.T @ y)
    return np.asarray(scaled / length)


def _case(rng: np.random.Generator, n: int, d: int) -> Case:
    """Return a regression with columns of other lengths, that are neither centred nor alone."""
    x = (rng.normal(size=(n, d)) + 0.4 * rng.normal(size=(n, 1))) * rng.uniform(0.5, 3.0, d)
    x += rng.normal(0, 0.5, d)
    return x, x @ rng.normal(size=d) + rng.normal(size=n), rng.uniform(0.1, 0.8, d)


def _answer(context: Context, case: Case) -> tuple[Floats, float]:
    """Return what can be read as d weights and a loss."""
    context.at(_size(case))
    w, loss = context.call("best_weights", *case, parts=(True, True)).parts
    if isinstance(w, (list, tuple)):
        w = np.array([one_number(value, "an entry of w") for value in w])
    if is_array(w) and w.size == len(case[2]):
        w = w.reshape(-1)  # other shapes cost what `shapes` is worth
    return floats(w, case[2].shape, "w"), one_number(loss, "loss")


def _right_weights(case: Case, w: Floats, words: str = "") -> None:
    wanted, length = solved(case), np.sqrt(np.sum(case[0] ** 2, axis=0))
    apart = np.abs(w - wanted) * length
    rounding = 1e-12 * float(np.linalg.norm(case[1]))
    if apart.max() <= 1e-5 * np.max(np.abs(wanted) * length) + rounding:
        return
    j = int(apart.argmax())
    raise Wrong(f"{words}w[{j}] is {w[j]:.7g} where {wanted[j]:.7g} minimises the loss")


def _right_loss(case: Case, w: Floats, loss: float, words: str = "") -> None:
    wanted = expected_loss(case, w)
    said = (
        f"{words}loss is {loss:.7g} where the expected loss of the w returned is {wanted:.7g}"
    )
    require(abs(loss - wanted) <= 1e-6 * wanted, said)


def _both(context: Context, case: Case, words: str = "") -> None:
    w, loss = _answer(context, case)
    _right_weights(case, w, words)
    _right_loss(case, w, loss, words)


def _size(case: Case) -> str:
    return f"with {case[0].shape[0]} examples and {case[0].shape[1]} columns"


def form(context: Context) -> None:
    """Weights and a number come back."""
    _answer(context, _case(context.rng, 20, 3))


def weights(context: Context) -> None:
    """The weights are those that minimise the expected loss."""
    for n, d in [(12, 2), (20, 3), (60, 12), (150, 40)]:
        case = _case(context.rng, n, d)
        _right_weights(case, _answer(context, case)[0])
        x, y, p = _case(context.rng, n, d)
        equal = x, y, np.full(d, p[0])
        _right_weights(equal, _answer(context, equal)[0], "where all p are equal, ")


def loss(context: Context) -> None:
    """The loss is the expected loss of the weights that come with it."""
    for n, d in [(12, 2), (20, 3), (60, 12)]:
        case = _case(context.rng, n, d)
        _right_loss(case, *_answer(context, case))


def any_numbers(context: Context) -> None:
    """Columns and y in any unit, p of 0, of almost 0 and almost 1."""
    rng = context.rng
    for factor, low, high, unit in [
        (1e-4, 0.001, 0.02, 1.0),
        (1e-12, 0.2, 0.8, 1.0),
        (1e5, 0.9, 0.99, 100.0),
        (1.0, 0.0, 0.0, 10.0),
        (0.01, 0.999, 0.99999, 1.0),
    ]:
        x, y, _ = _case(rng, 30, 5)
        lengths = unit * 10.0 ** rng.permutation([-3.0, -1.0, 0.0, 0.5, 1.0])
        x *= lengths / np.sqrt(np.sum(x**2, axis=0))
        words = f"where y is near {factor:g}, p near {high:g} and columns have lengths from "
        words += f"{lengths.min():g} to {lengths.max():g}, "
        _both(context, (x, factor * y, rng.uniform(low, high, 5)), words)
    x, _, p = _case(rng, 9, 3)
    w, said = _answer(context, (x, np.zeros(9), p))
    alike(w, np.zeros(3), "where y is 0 everywhere, w", np.abs(w) < 1e-9)
    words = f"where y is 0 everywhere, loss is {said:.6g} where 0 is expected"
    require(abs(said) < 1e-9, words)
    apart(context)


def _any_case(rng: np.random.Generator) -> Case:
    """Return a regression of any size, with columns and y of any pattern and unit."""
    n, d = some_size(rng, 1, 120), some_size(rng, 1, 40)
    x, y, p = _case(rng, n, d)
    kind = int(rng.integers(7))
    if kind == 1:
        x = np.round(2 * x)
    elif kind == 2:
        x[rng.random((n, d)) < 0.6] = 0.0
    elif kind == 3:
        x[:, rng.random(d) < 0.5] = x[:, :1]
    elif kind == 4:
        x[: n // 2 + 1] = x[0]
    elif kind == 5:
        x[:, 0] = 1.0
    x[0, np.sum(x**2, axis=0) < 0.1] = 1.0
    lengths = 10.0 ** rng.uniform(-3, 3, d) if rng.random() < 0.3 else np.sqrt(np.sum(x**2, 0))
    lengths = np.clip(lengths, 1e-3, 1e3)
    x *= lengths / np.sqrt(np.sum(x**2, axis=0))
    rates = int(rng.integers(6))
    if rates == 1:
        p[:] = p[0]
    elif rates == 2:
        p = rng.uniform(0.001, 0.05, d)
    elif rates == 3:
        p = 1 - 10.0 ** rng.uniform(-6, -1, d)
    elif rates == 4:
        p[rng.random(d) < 0.5] = 0.5
    elif rates == 5 and n > 2 * d and kind in (0, 5):
        p[rng.random(d) < 0.5] = 0.0
    pattern = numbers(rng, n)
    y = pattern if rng.random() < 0.4 else y
    return x, (y if np.any(y) else y + 1.0) * some_unit(rng, 12), p


def any_case(context: Context) -> None:
    """Regressions of any size and pattern; some with one number that is another one."""
    rng = context.rng
    for number in range(40):
        x, y, p = _any_case(rng)
        if number % 8 == 0 and np.any(y[1:]):
            y[0] = 0.0
        _whole(context, (x, y, p))
    for reused in (context, Reused(context)):
        x, y, p = _case(rng, some_size(rng, 6, 40), 5)
        cases = [(x, y, p), (x, y[::-1].copy(), p), (x, y, p[::-1].copy())]
        cases += [(x, nudged(rng, y, place), p) for place in range(3)]
        cases += [(nudged(rng, x, place), y, p) for place in range(3)]
        for each in [*cases, (x, y, np.r_[p[:-1], 0.9]), (x, y, p), (x, y, p)]:
            _whole(reused, each)


def _whole(context: Context, case: Case) -> None:
    """Raise `Wrong` unless both are right and nothing is modified."""
    context.at(_size(case))
    options: dict[str, Any] = {"parts": (True, True), "echo": [0, 1, 2], "fresh": True}
    reply = context.call("best_weights", *case, **options)
    w = floats(reply.parts[0], case[2].shape, "w")
    words = f"where y is up to {np.abs(case[1]).max():.3g}, "
    _right_weights(case, w, words)
    value = one_number(reply.parts[1], "loss")
    wanted = expected_loss(case, w)
    words += f"loss is {value:.7g} where the expected loss of the w returned is {wanted:.7g}"
    require(abs(value - wanted) <= 1e-6 * wanted + 1e-9 * float(case[1] @ case[1]), words)
    intact(case, reply.echo, ("X", "y", "p"))


def apart(context: Context) -> None:
    """Columns of the smallest and the largest length, each in rows of its own."""
    rng = context.rng
    for d in (2, 3, 5):
        x = np.zeros((3 * d, d))
        for j in range(d):
            x[3 * j : 3 * j + 3, j] = rng.uniform(0.5, 2, 3)
        lengths = 10.0 ** rng.permutation(np.linspace(-2.99, 2.99, d))
        x *= lengths / np.sqrt(np.sum(x**2, axis=0))
        p = rng.uniform(0.1, 0.6, d) * rng.choice([0.0, 1.0])
        case = x, (x / lengths) @ rng.uniform(1, 2, d) + rng.normal(0, 0.1, 3 * d), p
        words = f"where columns have lengths from {lengths.min():.3g} to {lengths.max():.4g}, "
        _both(context, case, words)


def any_size(context: Context) -> None:
    """As many columns as examples, more columns than examples, one example."""
    for n, d in [(4, 4), (15, 15), (8, 20), (1, 3), (5, 40)]:
        x, y, p = _case(context.rng, n, d)
        _both(context, (x, y, p))
        if n > 1:
            x[:, 1], p[1] = 1.0, 0.0
            _both(context, (x, y, p), "where a column of ones is never dropped, ")
    any_case(context)


def never_dropped(context: Context) -> None:
    """A bias; columns of very different lengths; columns far from centred."""
    rng = context.rng
    x, y, p = _case(rng, 40, 6)
    x[:, 2], p[2] = 1.0, 0.0
    _both(context, (x, y + 5.0, p), "where a column of ones is never dropped, ")
    dropped = p.copy()
    dropped[2] = 0.4
    _both(context, (x, y + 5.0, dropped), "where a column of ones is dropped, too, ")
    p[[0, 4]] = 0.0
    _both(context, (x, y - 70.0, p), "where three columns are never dropped, ")
    x, y, p = _case(rng, 40, 6)
    x *= 10.0 ** rng.permutation(np.linspace(-1.0, 1.5, 6))
    _both(context, (x, y, p), "where columns have very different lengths, ")
    x, y, p = _case(rng, 40, 4)
    _both(context, (x + 30.0, y + 200.0, p), "where columns and y are far from centred, ")


def shapes(context: Context) -> None:
    """The shape is (d,), and the loss a number, also with one column or example."""
    for n, d in [(20, 3), (9, 1), (1, 1), (1, 4)]:
        case = _case(context.rng, n, d)
        context.at(_size(case))
        parts = context.call("best_weights", *case, parts=(True, True)).parts
        w = floats(parts[0], (d,), "w", strict=True)
        value = plain_number(parts[1], "loss")
        if d == 1:
            _right_weights(case, w)
            _right_loss(case, w, value)


def nothing_modified(context: Context) -> None:
    """X, y and p are as before."""
    for n, d in [(8, 20), (20, 4), (5, 5), (6, 1)]:
        x, y, p = _case(context.rng, n, d)
        p[d // 2] = 0.0 if n >= d > 1 else p[d // 2]
        context.at(_size((x, y, p)))
        untouched(context, "best_weights", x, y, p, data=("X", "y", "p"))
    context.by_name("best_weights", X=x, y=y, p=p)


RIDGE = Task(
    "best_weights",
    [
        Criterion(0, "d weights and a number", form),
        Criterion(2.5, "the weights", weights),
        Criterion(1.5, "the loss that goes with them", loss),
        Criterion(0.75, "y and columns in any unit, any p", any_numbers),
        Criterion(0.75, "square X, n < d, one example", any_size),
        Criterion(0.5, "a bias, other lengths, not centred", never_dropped),
        Criterion(0.5, "an array of shape (d,) and a number", shapes),
        Criterion(0.5, "nothing is modified", nothing_modified),
    ],
)
