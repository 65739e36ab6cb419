"""Judges ``stop_with_patience(losses, patience) -> (best_epoch, last_epoch)``."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import (
    Context,
    Criterion,
    Task,
    Wrong,
    alike,
    array_like,
    one_number,
    plain_number,
    require,
)
from grading.judging.wide import Reused, some_size, some_unit
from grading.running.calls import Call, Name, Reply

__all__ = ["STOP", "expected"]

Floats = NDArray[np.float64]
Curve = tuple[Floats, int]
BOTH = ("the best epoch", "the last epoch")


def expected(losses: Floats, patience: int) -> tuple[int, int]:
    """Return the two epochs, from the definition.

    Examples
    --------
    >>> expected(np.array([3.0, 2.0, 2.0, 2.5, 1.0]), 2)
    (1, 3)
    """
    records, lowest = [], np.inf
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            records.append(epoch)
            lowest = loss
    for record, following in zip(records, [*records[1:], np.inf], strict=True):
        if following - record > patience and record + patience < len(losses):
            return record, record + patience
    return records[-1], len(losses) - 1


def _replies(context: Context, curves: Iterable[Curve]) -> list[tuple[Curve, Reply]]:
    curves = list(curves)
    lengths = [len(losses) for losses, _ in curves]
    context.at(f"of lists of {min(lengths)} to {max(lengths)} losses")
    calls = [
        Call(Name("stop_with_patience"), curve, parts=(True, True), echo=[0])
        for curve in curves
    ]
    return list(zip(curves, context.worker.calls(calls), strict=True))


def _compare(context: Context, curves: Iterable[Curve], part: int, words: str) -> None:
    for (losses, patience), reply in _replies(context, curves):
        value = one_number(reply.parts[part], BOTH[part])
        wanted = expected(losses, patience)[part]
        if value != wanted:
            context.at(_given(losses, patience))
            raise Wrong(f"{words}: {BOTH[part]} is {value:g}, not {wanted}")
        after = array_like(reply.echo[0], losses, "losses, after the call,")
        alike(after, losses, f"of {len(losses)} losses, losses was modified: afterwards losses")


def _given(losses: Floats, patience: int) -> str:
    with np.printoptions(precision=3, threshold=10, edgeitems=4, linewidth=1000):
        return f"of {losses} with patience {patience}"


def _compare_one(context: Context, curve: Curve) -> None:
    context.at(_given(*curve))
    parts = context.call("stop_with_patience", *curve, parts=(True, True)).parts
    for value, wanted, name in zip(parts, expected(*curve), BOTH, strict=True):
        value = one_number(value, name)
        require(value == wanted, f"{name} is {value:g}, not {wanted}")


def rugged(rng: np.random.Generator) -> Curve:
    """Return a curve that falls, turns and shakes, and a patience."""
    n, patience = int(rng.integers(8, 40)), int(rng.integers(1, 7))
    valley = np.abs(np.arange(n) - rng.integers(0, n)) / n
    return valley + rng.normal(0, 0.15, n) + 2, patience


def one_valley(context: Context) -> None:
    """On a smooth curve the best epoch is its lowest."""
    rng, curves = context.rng, []
    for turn in (2, 5, 9, 15):
        steps = np.concatenate([-rng.uniform(0.1, 0.5, turn), rng.uniform(0.1, 0.5, 20 - turn)])
        curves.append((9 + np.cumsum(steps), int(rng.integers(1, 6))))
    _compare(context, curves, 0, "on a curve with one valley")


def best_of_those_seen(context: Context) -> None:
    """On a rugged curve a later minimum does not count once training has ended."""
    curves = [rugged(context.rng) for _ in range(60)]
    _compare(context, curves, 0, "on a curve with several valleys")


def end_of_training(context: Context) -> None:
    """Training ends after `patience` epochs without a record, and not before."""
    curves = [rugged(context.rng) for _ in range(60)]
    _compare(context, curves, 1, "on a curve with several valleys")


def ties_and_ends(context: Context) -> None:
    """Ties are no records; curves may be short, patience long."""
    rng = context.rng
    curves: list[Curve] = [(np.array([0.7]), 1), (np.array([0.7]), 5), (np.full(9, 0.5), 3)]
    curves += [(np.array([1.0, 2.0]), 1), (np.array([2.0, 1.0]), 1), (np.arange(6.0), 6)]
    curves += [(3 - np.arange(12.0), 2), (np.array([3.0, 2.0, 2.0, 2.0, 1.0]), 3)]
    curves += [(np.array([2.0, 1.0, 1.0, 0.0]), patience) for patience in (1, 2, 50)]
    for _ in range(40):
        losses, patience = rugged(rng)
        curves.append((np.round(losses * 4) / 4, patience))
    for part in (0, 1):
        _compare(context, curves, part, "where losses are equal, or the list ends")


def any_numbers(context: Context) -> None:
    """Losses of any size and sign; a record may be lower by very little."""
    rng, curves = context.rng, []
    for factor, shift in [(1e-6, 0.0), (1e5, 0.0), (1.0, -2.0), (1e-9, 1.0), (1.0, -40.0)] * 8:
        losses, patience = rugged(rng)
        curves.append((factor * losses + shift, patience))
    for start in (1.0, -3.0, 1e-300):  # records by the least that floats can tell
        losses = np.full(30, start)
        for epoch in (4, 9, 10, 17):
            losses[epoch:] = np.nextafter(losses[epoch], -np.inf)
        curves += [(losses, patience) for patience in (3, 5, 6, 8)]
    for _ in range(20):
        n, patience = int(rng.integers(30, 300)), int(rng.integers(1, 12))
        curves.append((rng.integers(-3, 4, n).astype(float), patience))
    for part in (0, 1):
        _compare(context, curves, part, "where losses are small, large, negative or close")
    curves = [pieces(rng) for _ in range(150)]
    curves += [(losses, patience + 1) for losses, patience in curves[-20:]]
    for part in (0, 1):
        _compare(context, curves, part, "on a curve of several pieces")
    reused, (losses, patience) = Reused(context), rugged(rng)
    for place in range(6):
        _compare_one(reused, (losses, patience))
        losses = losses.copy()
        inside = rng.permutation(losses[1:-1]) - 0.3 * (place % 2)
        losses[1:-1] = inside if place < 4 else losses[1:-1][::-1]


def pieces(rng: np.random.Generator) -> Curve:
    """Return a curve of pieces that fall, rise, stay, shake or are missing, and a patience."""
    n = some_size(rng, 1, 400)
    parts: list[Floats] = []
    level = float(rng.uniform(-1, 3))
    while sum(len(part) for part in parts) < n:
        steps = np.arange(1.0, some_size(rng, 1, 40) + 1)
        kind = int(rng.integers(7))
        part = level + [-0.1, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0][kind] * steps
        if kind == 3:
            part += rng.normal(0, 0.3, len(steps))
        elif kind == 4:
            part += 0.25 * rng.integers(-1, 2, len(steps))
        elif kind == 5:
            part[:] = [np.nan, np.inf][rng.integers(2)]
        level = float(part[-1]) if kind != 5 else level
        parts.append(part)
    losses = np.concatenate(parts)[:n] * some_unit(rng, 9)
    losses[0] = (
        losses[0]
        if np.isfinite(losses[0])
        else 4.0 * np.nanmax(np.r_[1, np.abs(losses[np.isfinite(losses)])])
    )
    lowest = np.fmin.accumulate(losses)
    records = np.flatnonzero(np.r_[True, losses[1:] < lowest[:-1]])
    waits = np.diff(np.r_[records, n])
    some = [some_size(rng, 1, n + 5), int(rng.choice(waits)), int(waits.max())]
    return losses, max(1, int(rng.choice(some)) + int(rng.integers(-1, 2)))


def diverged(context: Context) -> None:
    """Neither NaN nor an infinite loss is a record."""
    rng, curves = context.rng, []
    for kind in range(40):
        losses, patience = rugged(rng)
        start = int(rng.integers(1, len(losses)))
        holes = np.arange(len(losses)) >= start
        if kind % 2:
            holes = rng.random(len(losses)) < 0.3
        holes[0] = False
        odd = np.where(rng.random(len(losses)) < 0.5, np.inf, np.nan)
        curves.append((np.where(holes, odd if kind % 4 > 1 else np.nan, losses), patience))
    for part in (0, 1):
        _compare(context, curves, part, "where losses are NaN or infinite")


def long_lists(context: Context) -> None:
    """A thousand epochs: for so many, who looks back at every step is not too slow either."""
    rng = context.rng
    falling = 5 - 1e-3 * np.arange(700.0)
    late = np.concatenate([falling, np.full(350, 9.0)])
    curves = [(falling, 3), (late, 320), (late, 500), (rng.permutation(late), 300)]
    for part in (0, 1):
        _compare(context, curves, part, "on a list of a thousand losses")


def types(context: Context) -> None:
    """Two whole numbers come back, for lists of all lengths; losses stays."""
    rng = context.rng
    curves = [rugged(rng) for _ in range(20)] + [(np.array([0.5]), 2), (np.array([1.0, 2]), 1)]
    for n in range(2, 9):
        curves += [(rng.permutation(n) + 0.0, patience) for patience in (1, 2, 5)]
    holes = np.array([2.0, np.nan, 1.0, np.nan])
    for (losses, _), reply in _replies(context, [*curves, (holes, 1), (holes, 3)]):
        for part in (0, 1):
            plain_number(reply.parts[part], f"{BOTH[part]} of {len(losses)} losses", whole=True)
        after = array_like(reply.echo[0], losses, "losses, after the call,")
        alike(after, losses, f"of {len(losses)} losses, losses was modified: afterwards losses")
    context.by_name("stop_with_patience", losses=holes, patience=2)


STOP = Task(
    "stop_with_patience",
    [
        Criterion(0.5, "one valley", one_valley),
        Criterion(1, "the best of the epochs that were trained", best_of_those_seen),
        Criterion(1.25, "the end of training", end_of_training),
        Criterion(0.75, "equal losses, short lists", ties_and_ends),
        Criterion(0.75, "losses of any size and sign", any_numbers),
        Criterion(0.75, "losses that are NaN or infinite", diverged),
        Criterion(0.5, "a thousand epochs", long_lists),
        Criterion(0.5, "two whole numbers; losses is not modified", types),
    ],
)
