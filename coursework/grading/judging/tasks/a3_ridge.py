"""Judges ``best_weights(X, y, p) -> (w, loss)`` against the closed form."""

from __future__ import annotations

import numpy as np

from grading.judging.task import Context, Criterion, Task, array_like, one_number, require
from grading.judging.tasks.a3_nets import Floats, untouched

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
    reply = context.call("best_weights", *case, parts=(True, True))
    w = array_like(reply.parts[0], case[2], "w")
    require(bool(np.all(np.isfinite(w))), "w holds NaN or infinity")
    return w, one_number(reply.parts[1], "loss")


def _weights(context: Context, case: Case, words: str) -> None:
    w, _ = _answer(context, case)
    wanted, length = solved(case), np.sqrt(np.sum(case[0] ** 2, axis=0))
    apart = np.abs(w - wanted) * length
    require(bool(apart.max() <= 1e-5 * np.max(np.abs(wanted) * length)), words)


def form(context: Context) -> None:
    """An array and a number come back."""
    _answer(context, _case(context.rng, 20, 3))


def weights(context: Context) -> None:
    """The weights are those that minimise the expected loss."""
    words = "w does not minimise the expected loss"
    for n, d in [(12, 1), (20, 3), (60, 12), (150, 40)]:
        _weights(context, _case(context.rng, n, d), words)
        x, y, p = _case(context.rng, n, d)
        _weights(context, (x, y, np.full(d, p[0])), f"{words}, with all p equal")


def loss(context: Context) -> None:
    """The loss is the expected loss of the weights that come with it."""
    for n, d in [(12, 1), (20, 3), (60, 12)]:
        case = _case(context.rng, n, d)
        w, value = _answer(context, case)
        wanted = expected_loss(case, w)
        words = "loss is not the expected loss of the weights that are returned"
        require(abs(value - wanted) <= 1e-6 * wanted, words)


def unusual(context: Context) -> None:
    """A bias, columns of very different lengths, more columns than examples."""
    rng = context.rng
    x, y, p = _case(rng, 40, 6)
    x[:, 2], p[2] = 1.0, 0.0
    _weights(context, (x, y + 5.0, p), "w is not right with a column that is never dropped")
    x, y, p = _case(rng, 40, 6)
    x *= 10.0 ** rng.permutation(np.linspace(-1.0, 1.5, 6))
    _weights(context, (x, y, p), "w is not right where columns have very different lengths")
    case = _case(rng, 8, 20)
    _weights(context, case, "w is not right with more columns than examples")
    untouched(context, "best_weights", *case, data=3)


def any_numbers(context: Context) -> None:
    """Columns and y in any unit, p of almost 0 and almost 1."""
    rng = context.rng
    for factor, low, high in [(1e-4, 0.001, 0.02), (1e5, 0.9, 0.99), (1.0, 0.0, 0.0)]:
        x, y, _ = _case(rng, 30, 5)
        p = rng.uniform(low, high, 5)
        case = x * 10.0 ** rng.permutation([-5.0, -2.0, 0.0, 1.0, 3.0]), factor * y, p
        words = f"with y near {factor:g} and p near {high:g}"
        _weights(context, case, f"w does not minimise the expected loss, {words}")
        w, value = _answer(context, case)
        wanted = expected_loss(case, w)
        require(abs(value - wanted) <= 1e-6 * wanted, f"loss is wrong, {words}")
    for n, d in [(8, 20), (1, 3)]:
        case = _case(rng, n, d)
        w, value = _answer(context, case)
        wanted = expected_loss(case, w)
        words = f"loss is wrong with {n} examples and {d} columns"
        require(abs(value - wanted) <= 1e-6 * wanted, words)


RIDGE = Task(
    "best_weights",
    [
        Criterion(0, "an array of shape (d,) and a number", form),
        Criterion(3, "the weights", weights),
        Criterion(2, "the loss that goes with them", loss),
        Criterion(1, "any unit, any p, few examples", any_numbers),
        Criterion(1, "a bias, other lengths, n < d; nothing is modified", unusual),
    ],
)
