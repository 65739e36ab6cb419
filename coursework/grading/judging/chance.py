"""Are these masks independent draws, one an element? Each test ends in an exact tail."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grading.judging.tails import BUDGET, alarm, pmf

__all__ = ["fault_across_calls", "fault_in_one_call"]

Masks = NDArray[np.bool_]
SHORT, LONG = 64, 200


def fault_across_calls(dropped: Masks, p: float) -> str | None:
    """Return what is wrong with the masks of many calls on one shape, or None.

    Parameters
    ----------
    dropped : ndarray of bool, shape (calls, *shape)
        True where an element was dropped; ``calls`` is a multiple of 8.
    p : float
        Probability of dropping.
    """
    calls, shape = dropped.shape[0], dropped.shape[1:]
    flat = dropped.reshape(calls, -1).astype(float)
    seen = alarm(flat.sum(), flat.size, p, unit="elements")
    rate = float(flat.mean()) if seen else p  # a wrong share is no dependence
    again = _repeats(flat, rate) or _same_twice(flat, rate)
    if again:
        return f"calls do not draw independent masks: {again}"
    if seen:
        return f"the share of dropped elements is not p: in {calls} calls {seen}"
    if seen := alarm(flat.sum(axis=0), calls, p, unit="calls"):
        return f"some positions are dropped more often than others, one in {seen}"
    for axis in range(len(shape)):
        others = tuple(a for a in range(dropped.ndim) if a != axis + 1)
        size = dropped.size // shape[axis]
        if seen := alarm(dropped.sum(axis=others), size, p, unit="elements"):
            words = "some rows or columns are dropped more often than others"
            return f"{words}, one in {seen}"
    return _pairs(flat, p) or _fixed_counts(dropped, p)


def _repeats(flat: NDArray[np.float64], p: float) -> str:
    """Compare each call with the one 1, 2 and 4 calls later, each call in one pair only."""
    same = p**2 + (1 - p) ** 2
    for lag in (1, 2, 4):
        blocks = flat.reshape(-1, 2, lag, flat.shape[1])
        agree = blocks[:, 0] == blocks[:, 1]
        words = f"in a call and the one {lag} later, "
        if seen := alarm(agree.sum(), agree.size, same, unit="cases"):
            return f"{words}an element shares its fate in {seen}"
        if seen := alarm(agree.sum(axis=(0, 1)), agree.shape[0] * lag, same, unit="cases"):
            return f"{words}an element at one position shares its fate in {seen}"
    return ""


def _same_twice(flat: NDArray[np.float64], p: float) -> str:
    """Look for two equal masks among all calls, where chance makes none."""
    calls, size = flat.shape
    by_chance = calls * (calls - 1) / 2 * (p**2 + (1 - p) ** 2) ** size
    different = len(np.unique(flat, axis=0))
    if by_chance >= BUDGET or different == calls:
        return ""
    return f"{calls} calls have {different} different masks, where chance makes {calls}"


def _pairs(flat: NDArray[np.float64], p: float) -> str | None:
    """Compare every two positions."""
    calls, size = flat.shape
    both = flat.T @ flat
    neither = (1 - flat).T @ (1 - flat)
    first, second = np.triu_indices(size, 1)
    agree = (both + neither)[first, second]
    seen = alarm(agree, calls, p**2 + (1 - p) ** 2, unit="calls")
    words = "elements of one call are not drawn independently: two positions share their fate"
    return f"{words} in {seen}" if seen else None


def _fixed_counts(dropped: Masks, p: float) -> str | None:
    """Count dropped elements a call and a line; compare how often each count occurs."""
    groups = [dropped.reshape(len(dropped), -1)]
    for axis in range(1, dropped.ndim):
        lines = np.moveaxis(dropped, axis, -1).reshape(-1, dropped.shape[axis])
        groups.append(lines)
    for number, lines in enumerate(groups):
        size = lines.shape[1]
        if len(lines) == 1:
            continue
        seen = np.bincount(lines.sum(axis=1), minlength=size + 1)
        chances = pmf(size, p)
        of: dict[str, int] = {"comparisons": size + 1}
        unit = "rows or columns" if number else "calls"
        # The most frequent first: it says most.
        for k in np.argsort(-seen) if alarm(seen, len(lines), chances) else ():
            if found := alarm(seen[k], len(lines), chances[k], unit=unit, **of):
                return (
                    "the number of dropped elements is fixed, or varies less or more than by "
                    f"chance: exactly {k} of {size} are dropped in {found}"
                )
    return None


def fault_in_one_call(dropped: Masks, p: float) -> str | None:
    """Return what is wrong with the mask of one large matrix, or None.

    Parameters
    ----------
    dropped : ndarray of bool, shape (rows, columns)
        True where an element was dropped.
    p : float
        Probability of dropping.
    """
    rows, columns = dropped.shape
    if seen := alarm(dropped.sum(), dropped.size, p, unit="elements"):
        return f"the share of dropped elements is not p: in one call {seen}"
    for axis, size in enumerate((rows, columns)):
        if seen := alarm(dropped.sum(axis=axis), size, p, unit="elements"):
            words = "some rows or columns are dropped more often than others"
            return f"{words}, one in {seen}"
    flat, same = dropped.ravel(), p**2 + (1 - p) ** 2
    alone = "elements of one call are not drawn independently"
    lags = {1, 2, 3, 4, 8, 16, 64, 256, 1024, 4096, 16_384, 32_768, 65_536, flat.size // 2}
    lags |= {columns, 2 * columns, rows}
    for lag in sorted(lag for lag in lags if lag <= flat.size // 2):
        blocks = flat[: flat.size // (2 * lag) * 2 * lag].reshape(-1, 2, lag)
        agree = blocks[:, 0] == blocks[:, 1]
        of = {"comparisons": 2 * len(lags)}
        if seen := alarm(agree.sum(), agree.size, same, unit="cases", **of):
            return f"{alone}: one shares the fate of that {lag} further on in {seen}"
    if again := _passage_twice(flat, same):
        return f"{alone}: {again}"
    threes = flat[: flat.size // 3 * 3].reshape(-1, 3).sum(axis=1)
    counts = np.bincount(threes, minlength=4)
    if alarm(counts, len(threes), pmf(3, p)):
        usual = ", ".join(f"{len(threes) * share:.0f}" for share in pmf(3, p))
        found = ", ".join(map(str, counts))
        return f"{alone}: 0, 1, 2, 3 of three in a row are dropped {found} times, not {usual}"
    return _fixed_counts(dropped[None], p)


def _passage_twice(flat: Masks, same: float) -> str:
    """Look for a passage of the mask that occurs again anywhere, where chance makes none."""
    share = (1 + np.sqrt(2 * same - 1)) / 2  # of the more frequent fate, which makes long runs
    apart = np.log(BUDGET / flat.size**2) / np.log(same)
    length = int(max(SHORT, 2 + apart, 2 + np.log(BUDGET / flat.size) / np.log(share)))
    if length > LONG:
        return ""
    codes = flat.astype(np.uint64)
    for width in (1, 2, 4, 8, 16, 32):
        codes = (codes[:-width] << np.uint64(width)) | codes[width:]
    order = np.argsort(codes, kind="stable")
    twice = np.flatnonzero(codes[order[:-1]] == codes[order[1:]])
    for first, second in zip(order[twice], order[twice + 1], strict=True):
        one, other = flat[first : first + length], flat[second : second + length]
        if len(one) == len(other) and np.array_equal(one, other):
            return (
                f"the fates of the {length} elements from number {first} on occur again "
                f"from number {second} on, where none is expected to"
            )
    return ""
