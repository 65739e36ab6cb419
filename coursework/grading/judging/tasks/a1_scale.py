"""Judges ``standardise(x, train) -> scaled`` against the definition."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import (
    Context,
    Criterion,
    Task,
    Wrong,
    alike,
    array_like,
    numbers_of,
    require,
)
from grading.judging.wide import Reused, nudged, numbers, some_size, some_unit
from grading.judging.words import apart

__all__ = ["SCALE"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
NEARLY = 1e-4  # what is nearly right fails one criterion, and not all
CONSTANTS = np.array([0.0, 3.0, -1.5, 1024.0])  # sums of these are exact


def expected(x: Floats, train: Rows) -> Floats:
    """Return the scaled rows."""
    centred = x - x[train].mean(axis=0)
    sd = np.sqrt(np.mean(centred[train] ** 2, axis=0))
    constant = x[train].max(axis=0) == x[train].min(axis=0)  # rounding may make sd 1e-17
    return np.asarray(centred / np.where(constant, 1.0, sd))


def _data(rng: np.random.Generator, n: int, d: int) -> tuple[Floats, Rows]:
    """Return rows of which the training rows differ from the others, and their numbers."""
    x = rng.normal(rng.uniform(-5, 5, d), rng.uniform(0.5, 4, d), (n, d))
    train = rng.permutation(n)[: max(2, n // 3)]
    x[train] = 2 + 0.5 * x[train]
    return x, train.astype(np.int64)


def _compare(
    context: Context,
    x: Floats,
    train: Rows,
    otherwise: str,
    tolerance: float = NEARLY,
    **options: Any,
) -> None:
    """Raise `Wrong` unless the rows are right, in whatever they come: `exactness` asks that."""
    context.at(f"with x of shape {x.shape} and {len(train)} training rows")
    reply = context.call("standardise", x, train, echo=[0, 1], **options)
    for name, before, after in zip(("x", "train"), (x, train), reply.echo, strict=True):
        alike(after, before, f"{name} was modified: afterwards {name}")
    scaled = numbers_of(reply.value, "the result")
    words = f"the result has shape {scaled.shape}, not that of x"
    require(scaled.shape == x.shape, words)
    wanted = expected(x, train)
    constant = x[train].max(axis=0) == x[train].min(axis=0)
    within = np.where(constant, np.abs(x).max(axis=0), 1.0) + np.abs(wanted)
    close = np.abs(scaled - wanted) <= tolerance * within
    if not np.all(close):
        row, column = (int(place[0]) for place in np.nonzero(~close))
        place = f"row {row}, feature {column}"
        came, right = apart(scaled[row, column], wanted[row, column])
        raise Wrong(f"{otherwise} ({place}: {came} came, {right} is expected)")


def _any_case(rng: np.random.Generator) -> tuple[Floats, Rows]:
    """Return rows and features of any number, pattern and unit, far from zero as well."""
    n, d = some_size(rng, 2, 150), some_size(rng, 1, 12)
    train = rng.permutation(n)[: int(rng.integers(2, n + 1))].astype(np.int64)
    train = np.sort(train) if rng.random() < 0.3 else train
    columns = []
    for _ in range(d):
        column = rng.choice([1.0, 1e3]) * rng.normal(size=n)
        column[train] = numbers(rng, len(train))
        shift = float(rng.choice([0.0, 0.0, -3.0, 1e3]))
        columns.append((column + shift) * some_unit(rng, 30))
    return np.stack(columns, axis=1), train


def any_case(context: Context) -> None:
    """Rows of any number, in any unit; some that need no scaling, or next to none."""
    rng = context.rng
    words = "the rows are not shifted and scaled by mean and s.d. of the training rows"
    close: dict[str, Any] = {"tolerance": 1e-9}
    for _ in range(40):
        _compare(context, *_any_case(rng), words, **close, fresh=True)
    words = "rows that are, or nearly are, standardised already do not come back right and new"
    for n, d in [(2, 1), (12, 1), (9, 3)]:
        x, train = _data(rng, n, d)
        done = expected(x, train)
        signs = np.where(np.isin(np.arange(n), train[::2])[:, None], 1.0, -1.0) + 0 * x
        for now in (done, signs, done + 1e-6, done * (1 + 1e-6), done * 1.01, done + 0.01):
            _compare(context, now, train, words, **close, fresh=True)
    words = "features whose first or last training rows are equal are not scaled right"
    for n_equal in (2, 3, 6):
        x, train = _data(rng, 24, 2)
        x[train[:n_equal], 0] = x[train[0], 0]
        x[train[-n_equal:], 1] = x[train[-1], 1]
        _compare(context, x, train, words, **close)
        x[train] = x[np.sort(train)]
        _compare(context, x, np.sort(train), words, **close)
    words = "with one number changed since an earlier call the rows are not scaled right"
    x, train = _data(rng, some_size(rng, 6, 60), 3)
    for reused in (context, Reused(context)):
        for now in [x, *(nudged(rng, x, place) for place in range(3)), x[:, ::-1].copy(), x, x]:
            _compare(reused, now, train, words, **close)
        _compare(reused, x, rng.permutation(len(x))[: len(train)], words, **close)


def training_rows(context: Context) -> None:
    """All rows are shifted and scaled by what the training rows say."""
    for n, d in [(6, 1), (9, 4), (40, 3), (30, 30), (400, 2), (5000, 1)]:
        x, train = _data(context.rng, n, d)
        words = "the rows are not shifted and scaled by mean and s.d. of the training rows"
        _compare(context, x, train, words)


def constants(context: Context) -> None:
    """Features that are constant in the training rows are shifted only."""
    x, train = _data(context.rng, 24, 6)
    x[:, 1] = 3.0
    x[train, 3] = context.rng.choice(CONSTANTS)
    x[train, 5] = context.rng.choice(CONSTANTS[1:])
    words = "a feature that is constant over the training rows is not just shifted"
    _compare(context, x, train, words)
    x, train = _data(context.rng, 9, 1)
    x[train] = 0.0
    _compare(context, x, train, words)


def any_numbers(context: Context) -> None:
    """Features in any unit: tiny, huge, far from zero, whole numbers, hardly spread."""
    rng = context.rng
    x, train = _data(rng, 30, 6)
    x *= np.array([1e-9, 1e-5, 1.0, 1e4, 1e8, 1.0])
    x[:, 2] = rng.integers(-3, 4, 30)
    x[train[:2], 2] = 0, 1  # not constant
    words = "a feature in very small, very large or whole numbers is not scaled by its s.d."
    _compare(context, x, train, words)
    x[train, 3] = 0.1  # their mean is 0.1 and their s.d. is 0 but for rounding
    words = "a feature that is constant but for rounding is not just shifted"
    _compare(context, x, train, words)
    x[:, 5] = 3 + 1e-6 * x[:, 5]
    x[:, 4] = 1e6 + np.arange(30)
    words = "a feature that is hardly spread is still not constant"
    # How many digits are left here is a matter of the formula, of which the task says nothing.
    _compare(context, x, train, words, tolerance=0.01)
    x[:, 4] = 1e8 + rng.integers(0, 5, 30)  # the mean squared deviation cancels nothing
    x[train[:2], 4] = 1e8 + 1, 1e8 + 4
    _compare(context, x, train, words, tolerance=0.01)
    x, train = _data(rng, 12, 2)
    far = np.setdiff1d(np.arange(12), train)[:2]
    x[far] = [[1e4, -2e5], [-3e6, 5e3]]
    _compare(context, x, train, "a row far from the training rows is not scaled as they are")
    any_case(context)


def edges(context: Context) -> None:
    """Two training rows, all rows, all other rows alike, every order."""
    rng = context.rng
    words = "with {} the rows are not shifted and scaled by mean and s.d. of the training rows"
    x, _ = _data(rng, 8, 3)
    _compare(context, x, np.array([7, 2]), words.format("two training rows"))
    _compare(context, x, rng.permutation(8), words.format("all rows for training"))
    _compare(context, x, np.arange(8)[::-1].copy(), words.format("all rows, the last first,"))
    layout: dict[str, Any] = {"layouts": [(0, "F")]}
    _compare(context, x, np.array([5, 0, 4]), words.format("a transposed array"), **layout)
    x[3:] = x[3]
    train = np.array([2, 0, 1])
    _compare(context, x, train, words.format("equal rows outside the training set"))
    x, _ = _data(rng, 2, 4)
    _compare(context, x, np.array([1, 0]), words.format("two rows in all"))


def exactness(context: Context) -> None:
    """The result is a float64 array, exact up to rounding; nothing is modified."""
    for n, d in [(12, 4), (50, 2)]:
        x, train = _data(context.rng, n, d)
        context.at(f"with x of shape {x.shape} and {len(train)} training rows")
        reply = context.call("standardise", x, train, echo=[0, 1], fresh=True)
        scaled, wanted = array_like(reply.value, x, "the result"), expected(x, train)
        close = np.isclose(scaled, wanted, rtol=1e-9, atol=1e-9)
        alike(scaled, wanted, "the result is off by more than rounding: result", close)
        for name, before, after in zip(("x", "train"), (x, train), reply.echo, strict=True):
            alike(after, before, f"{name} was modified: afterwards {name}")
    context.by_name("standardise", x=x, train=train)


SCALE = Task(
    "standardise",
    [
        Criterion(1.5, "mean and s.d. of the training rows", training_rows),
        Criterion(1, "constant features", constants),
        Criterion(0.5, "features in any unit", any_numbers),
        Criterion(0.5, "few and many training rows", edges),
        Criterion(0.5, "a float array, exact up to rounding; nothing is modified", exactness),
    ],
)
