"""Are these masks independent draws, one an element? Each test ends in an exact tail."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grading.judging.tails import BUDGET, alarm, pmf

__all__ = ["fault_across_calls", "fault_in_one_call"]

Masks = NDArray[np.bool_]


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
    if _repeats(flat, p) or _same_twice(flat, p):
        return "calls do not draw independent masks"
    if alarm(flat.sum(), flat.size, p):
        return "the share of dropped elements is not p"
    if alarm(flat.sum(axis=0), calls, p):
        return "some positions are dropped more often than others"
    for axis in range(len(shape)):
        others = tuple(a for a in range(dropped.ndim) if a != axis + 1)
        if alarm(dropped.sum(axis=others), dropped.size // shape[axis], p):
            return "some rows or columns are dropped more often than others"
    if _pairs(flat, p):
        return "elements of one call are not drawn independently"
    if _fixed_counts(dropped, p):
        return "the number of dropped elements is fixed, or varies less or more than by chance"
    return None


def _repeats(flat: NDArray[np.float64], p: float) -> bool:
    """Compare each call with the one 1, 2 and 4 calls later, each call in one pair only."""
    same = p**2 + (1 - p) ** 2
    for lag in (1, 2, 4):
        blocks = flat.reshape(-1, 2, lag, flat.shape[1])
        agree = blocks[:, 0] == blocks[:, 1]
        if alarm(agree.sum(), agree.size, same):
            return True
        if alarm(agree.sum(axis=(0, 1)), agree.shape[0] * lag, same):
            return True
    return False


def _same_twice(flat: NDArray[np.float64], p: float) -> bool:
    """Look for two equal masks among all calls, where chance makes none."""
    calls, size = flat.shape
    by_chance = calls * (calls - 1) / 2 * (p**2 + (1 - p) ** 2) ** size
    return bool(by_chance < BUDGET) and len(np.unique(flat, axis=0)) < calls


def _pairs(flat: NDArray[np.float64], p: float) -> bool:
    """Compare every two positions."""
    calls, size = flat.shape
    both = flat.T @ flat
    neither = (1 - flat).T @ (1 - flat)
    first, second = np.triu_indices(size, 1)
    agree = (both + neither)[first, second]
    return alarm(agree, calls, p**2 + (1 - p) ** 2)


def _fixed_counts(dropped: Masks, p: float) -> bool:
    """Count dropped elements a call and a line; compare how often each count occurs."""
    groups = [dropped.reshape(len(dropped), -1)]
    for axis in range(1, dropped.ndim):
        lines = np.moveaxis(dropped, axis, -1).reshape(-1, dropped.shape[axis])
        groups.append(lines)
    for lines in groups:
        size = lines.shape[1]
        if len(lines) == 1:
            continue
        seen = np.bincount(lines.sum(axis=1), minlength=size + 1)
        if alarm(seen, len(lines), pmf(size, p)):
            return True
    return False


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
    if alarm(dropped.sum(), dropped.size, p):
        return "the share of dropped elements is not p"
    if alarm(dropped.sum(axis=0), rows, p) or alarm(dropped.sum(axis=1), columns, p):
        return "some rows or columns are dropped more often than others"
    flat, same = dropped.ravel(), p**2 + (1 - p) ** 2
    lags = {1, 2, 3, 4, 8, 16, 64, 256, 1024, 4096, 16_384, 32_768, 65_536, flat.size // 2}
    lags |= {columns, 2 * columns, rows}
    for lag in sorted(lag for lag in lags if lag <= flat.size // 2):
        blocks = flat[: flat.size // (2 * lag) * 2 * lag].reshape(-1, 2, lag)
        agree = blocks[:, 0] == blocks[:, 1]
        if alarm(agree.sum(), agree.size, same, comparisons=2 * len(lags)):
            return "elements of one call are not drawn independently"
    threes = flat[: flat.size // 3 * 3].reshape(-1, 3).sum(axis=1)
    if alarm(np.bincount(threes, minlength=4), len(threes), pmf(3, p)):
        return "elements of one call are not drawn independently"
    if _fixed_counts(dropped[None], p):
        return "the number of dropped elements is fixed, or varies less or more than by chance"
    return None
