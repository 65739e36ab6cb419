"""Judges ``paired_interval(a, b) -> (difference, low, high)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from grading.judging.task import (
    Context,
    Criterion,
    Task,
    Wrong,
    must_raise,
    one_number,
    require,
)
from grading.judging.tasks.a3_nets import plain_number
from grading.judging.wide import Reused, numbers, some_size, some_unit

__all__ = ["INTERVAL"]

Runs = Mapping[int, float]
NAMES = ("difference", "low", "high")
# The table has four decimals, which are half of 1e-4 of the smallest quantiles.
CLOSE = 2e-4


def _runs(
    rng: np.random.Generator, shared: int, alone: tuple[int, int] = (0, 0)
) -> tuple[Runs, Runs]:
    """Return two arms in orders of their own; runs of one seed go up and down together."""
    seeds = rng.permutation(500)[: shared + sum(alone)] + 1
    of_seed = rng.normal(20, 6, len(seeds))
    first = np.arange(shared + alone[0])
    second = np.concatenate([np.arange(shared), np.arange(shared + alone[0], len(seeds))])
    arms = []
    for shift, own in [(rng.normal(0, 2), first), (0.0, second)]:
        order = rng.permutation(own)
        points = of_seed[order] + shift + rng.normal(0, 1, len(order))
        arms.append({int(s): float(v) for s, v in zip(seeds[order], points, strict=True)})
    return arms[0], arms[1]


def expected(a: Runs, b: Runs) -> NDArray[np.float64]:
    """Return the mean difference and its 95 % interval."""
    differences = np.array([a[seed] - b[seed] for seed in sorted(a.keys() & b.keys())])
    r = len(differences)
    half = t.ppf(0.975, r - 1) * differences.std(ddof=1) / np.sqrt(r)
    return np.asarray(differences.mean() + half * np.array([0.0, -1.0, 1.0]))


def _given(context: Context, a: Runs, b: Runs) -> None:
    """Say how many seeds a and b have."""
    shared = len(a.keys() & b.keys())
    context.at(f"with {shared} seeds in common, a of {len(a)} and b of {len(b)}")


def _asked(context: Context, a: Runs, b: Runs, *, whole: bool = False) -> NDArray[np.float64]:
    _given(context, a, b)
    echo = [0, 1] if whole else []
    reply = context.call("paired_interval", a, b, parts=(True,) * 3, echo=echo)
    _intact((a, b), reply.echo)
    pairs = zip(reply.parts, NAMES, strict=True)
    return np.array([one_number(v, name) for v, name in pairs])


def _intact(arms: tuple[Runs, Runs], after: Sequence[object]) -> None:
    """Raise `Wrong` unless both dictionaries are as they were, if they came back."""
    for old, new, name in zip(arms, after, "ab", strict=False):
        was, now = list(old.items()), list(new.items()) if isinstance(new, dict) else new
        words = f"{name} was modified: before it had {len(was)} entries"
        size_now = len(now) if isinstance(now, list) else "no"
        require(
            was == now,
            f"{words}, afterwards {size_now}, or others, not the same in the same order",
        )


def _compare(context: Context, a: Runs, b: Runs, words: str, *, whole: bool = False) -> None:
    """Raise `Wrong`, with the number that is wrong, unless all three are right."""
    said, wanted = _asked(context, a, b, whole=whole), expected(a, b)
    values = np.array([*a.values(), *b.values()])
    rounding = 1e-13 * np.abs(values).max()  # of numbers as large as the measurements
    close = CLOSE * (wanted[2] - wanted[1]) * np.array([0.01, 1, 1]) + rounding
    for name, got, right, within in zip(NAMES, said, wanted, close, strict=True):
        require(abs(got - right) <= within, f"{words}{name} is {got:.9g}, not {right:.9g}")


def form(context: Context) -> None:
    """Three numbers come back."""
    a = {seed: float(v) for seed, v in enumerate(context.rng.normal(20, 5, 6), 1)}
    b = {seed: v + float(context.rng.normal()) for seed, v in a.items()}
    _asked(context, a, b)


SIZES = (2, 3, 6, 9, 21, 30)


def difference(context: Context) -> None:
    """The difference is the mean of a − b, to two digits behind the point."""
    for shared in SIZES:
        a, b = _runs(context.rng, shared)
        got, right = _asked(context, a, b)[0], expected(a, b)[0]
        words = f"difference is {got:.6g} where a − b has mean {right:.6g}"
        require(abs(got - right) < 0.006, words)


def interval(context: Context) -> None:
    """The interval is that of the paired differences, for few runs and for many."""
    for shared in SIZES:
        a, b = _runs(context.rng, shared)
        said, wanted = _asked(context, a, b), expected(a, b)
        close = 0.006 + CLOSE * (wanted[2] - wanted[1])
        if np.abs(said - wanted)[1:].max() > close:
            found, right = (f"({v[1]:.6g}, {v[2]:.6g})" for v in (said, wanted))
            words = f"the interval is {found}"
            raise Wrong(f"{words} where that of the paired differences is {right}")


def alone(context: Context) -> None:
    """Seeds that only one of them has count for nothing."""
    for shared, others in [(2, (1, 0)), (3, (2, 2)), (4, (0, 3)), (9, (3, 1)), (30, (3, 4))]:
        a, b = _runs(context.rng, shared, others)
        _compare(context, a, b, "")


def any_runs(context: Context) -> None:
    """Any seeds and measurements: zeros, small, large, whole and negative numbers."""
    rng = context.rng
    for r in range(2, 31):
        seeds = [int(seed) for seed in rng.permutation(r) - (r % 3)]  # 0 is one of them
        factor, shift = [(1e-6, 0.0), (1e4, 0.0), (1.0, -30.0)][r % 3]
        a = {seed: factor * float(rng.normal()) + shift for seed in seeds}
        b = {seed: factor * float(rng.normal()) + shift for seed in reversed(seeds)}
        a[seeds[0]], b[seeds[0]], b[seeds[-1]] = 0.0, factor, 0.0
        words = f"measurements near {shift or factor:g} and of 0, a seed of 0"
        _compare(context, a, b, f"{words}: ")
    whole = [dict(enumerate((rng.permutation(9) - 4).tolist())) for _ in "ab"]
    _compare(context, whole[0], whole[1], "measurements that are whole numbers: ")
    a, b = {7: -1.5, -3: 2.5}, {-3: 1.0, 7: -3.0}
    _compare(context, {10**9: 0.25, **a}, {**b, 10**9: 1.0}, "seeds of −3 and of 10⁹: ")
    large = [2**60 + int(k) for k in rng.permutation(9)]
    a = {seed: float(v) for seed, v in zip(large[:6], rng.normal(size=6), strict=True)}
    b = {seed: float(v) for seed, v in zip(large[3:], rng.normal(size=6), strict=True)}
    _compare(context, a, b, "seeds near 2⁶⁰: ")
    runs_of_any_kind(context)


def _in_numpy(runs: Runs) -> Runs:
    """Return runs whose measurements are numbers of NumPy, as experiments often have them."""
    return {seed: np.float64(value) for seed, value in runs.items()}


def _any_runs(rng: np.random.Generator) -> tuple[Runs, Runs]:
    """Return runs of any number, under any seeds, with measurements of any pattern and unit."""
    shared, lone = (
        int(rng.integers(2, 31)),
        [0 if rng.random() < 0.4 else some_size(rng, 1, 40) for _ in "ab"],
    )
    count = shared + sum(lone)
    low = int(rng.choice([0, 1, -20, 2026, 10**7]))
    seeds = rng.permutation(np.arange(low, low + count * int(rng.choice([1, 7])) + 1))[:count]
    scale, shift = some_unit(rng, 8), float(rng.choice([0.0, 0.0, 50.0, -3.0]))
    b = 3 * rng.normal(size=shared + lone[1])
    a = np.r_[b[:shared], rng.normal(size=lone[0])]
    moved = numbers(rng, shared)
    if np.ptp(moved) < 1e-3:
        moved = rng.normal(size=shared)  # no spread at all: see `spreads`
    a[:shared] += moved + rng.choice([0.0, 2.0])
    if rng.random() < 0.3:
        a, b = a.round(), b.round()
        if np.ptp(a[:shared] - b[:shared]) == 0:
            a[0] += 1.0
    arms = []
    of = [seeds[: shared + lone[0]], np.r_[seeds[:shared], seeds[shared + lone[0] :]]]
    for points, own in zip((a, b), of, strict=True):
        order = [np.arange(len(own)), rng.permutation(len(own)), np.argsort(own)]
        now = order[rng.integers(3)][:: rng.choice([-1, 1])]
        values = scale * (points + shift)
        arms.append({int(own[i]): float(values[i]) for i in now})
    return arms[0], arms[1]


def runs_of_any_kind(context: Context) -> None:
    """Any runs; some that share all but one number with an earlier call."""
    rng = context.rng
    for number in range(60):
        a, b = _any_runs(rng)
        if number % 4 == 0:
            a, b = _in_numpy(a), _in_numpy(b)
        _compare(context, a, b, "", whole=True)
    for reused in (context, Reused(context)):
        a, b = _runs(rng, 5, (2, 2))
        shared = [seed for seed in a if seed in b]
        for seed in (None, shared[0], shared[-1], shared[2], None, None):
            for arm in range(2):
                arms = dict(a), dict(b)
                if seed is not None:
                    arms[arm][seed] += 3.0
                _compare(reused, *arms, "")
        _compare(reused, b, a, "")


def spreads(context: Context) -> None:
    """Differences that are all the same, or large beside their spread."""
    rng = context.rng
    for moved in (0, 3, 0.1, 0.7, -1 / 3, 1e-3, 2.3e4):
        for r in (2, 3, 6, 7, 11):
            b = dict.fromkeys(range(10, 10 + r), 2.0)
            a = dict.fromkeys(range(10, 10 + r), 2.0 + moved)
            said = _asked(context, a, b)
            found = ", ".join(f"{v:.12g}" for v in said)
            words = f"where all differences are {moved:.12g}, ({found}) is returned, not "
            words += f"({', '.join([f'{moved:.12g}'] * 3)})"
            require(np.allclose(said, moved, rtol=1e-9, atol=1e-12), words)
    for offset, spread in [(1e6, 0.1), (-1e5, 1e-3), (1e8, 1.0)]:
        for r in (3, 12):
            b = {seed: float(v) for seed, v in enumerate(rng.normal(0, 1, r), 1)}
            a = {seed: v + offset + spread * float(rng.normal()) for seed, v in b.items()}
            words = f"where differences near {offset:g} spread by {spread:g}, "
            _compare(context, a, b, words)


def refuses(context: Context) -> None:
    """Too few pairs raise ValueError."""
    cases = [(1, (0, 0)), (1, (3, 4)), (0, (3, 3)), (0, (2, 0)), (0, (0, 0)), (0, (0, 3))]
    cases += [(1, (1, 0)), (1, (0, 1)), (0, (1, 1)), (1, (29, 30)), (0, (40, 2)), (1, (0, 12))]
    for shared, others in cases:
        a, b = _runs(context.rng, shared, others)
        _given(context, a, b)
        for arms in ((a, b), (_in_numpy(a), _in_numpy(b))):
            must_raise(partial(context.call, "paired_interval", *arms), "ValueError", "it")


def untouched(context: Context) -> None:
    """Three plain numbers come back, and nothing is modified."""
    for shared, others in [(4, (1, 2)), (2, (0, 0)), (12, (2, 0))]:
        a, b = _runs(context.rng, shared, others)
        _given(context, a, b)
        reply = context.call("paired_interval", a, b, parts=(True,) * 3, echo=[0, 1])
        for value, name in zip(reply.parts, NAMES, strict=True):
            plain_number(value, name)
        _intact((a, b), reply.echo)
    context.by_name("paired_interval", a=a, b=b)


INTERVAL = Task(
    "paired_interval",
    [
        Criterion(0, "three numbers", form),
        Criterion(1, "the difference", difference),
        Criterion(1.5, "the interval", interval),
        Criterion(0.75, "seeds that only one has", alone),
        Criterion(0.5, "zeros, whole and negative numbers; 2 to 30 pairs", any_runs),
        Criterion(0.25, "no spread, or little beside the difference", spreads),
        Criterion(0.5, "fewer than two pairs", refuses),
        Criterion(0.5, "plain numbers; nothing is modified", untouched),
    ],
)
