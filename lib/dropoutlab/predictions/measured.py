"""What was measured, in one form: intervals, whatever the chapter has at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dropoutlab.stats import Interval, mean_interval
from dropoutlab.stats.interval import MINUS

__all__ = ["Measured", "as_interval", "as_intervals", "basis", "ends", "labelled", "written"]

#: An interval, a number that is exact, or one value a run.
Measured = Interval | float | ArrayLike


def as_interval(measured: Any, name: str) -> Interval:
    """Return a measured number as an interval; one that is exact has no width.

    Examples
    --------
    >>> print(as_interval([8.0, 9.0, 8.5], "measured"))
    8.5 ± 1.2 (95 %, 3 seeds)
    >>> as_interval(160, "measured").low
    160.0
    """
    if isinstance(measured, Interval):
        return measured
    values = _numbers(measured, name)
    if values.ndim == 0:
        value = float(values)
        return Interval(value, value, value)
    if values.ndim == 1:
        return mean_interval(values)
    raise ValueError(
        f"{name} must be an Interval, a number, or one value a run, got shape {values.shape}"
    )


def as_intervals(measured: Any, n: int, name: str) -> list[Interval]:
    """Return a measured curve as an interval at each of `n` x.

    Examples
    --------
    >>> [interval.estimate for interval in as_intervals([[1.0, 4.0], [2.0, 5.0]], 2, "error")]
    [1.5, 4.5]
    >>> as_intervals([1.0, 2.0, 3.0], 2, "error")
    Traceback (most recent call last):
    ValueError: error must hold 2 values, one for each x, got 3
    """
    is_sequence = isinstance(measured, Sequence) and not isinstance(measured, str)
    if is_sequence and any(isinstance(each, Interval) for each in measured):
        intervals = [as_interval(each, name) for each in measured]
    else:
        values = _numbers(measured, name)
        if values.ndim == 1:
            intervals = [as_interval(value, name) for value in values]
        elif values.ndim == 2:
            intervals = [mean_interval(runs) for runs in values.T]
        else:
            raise ValueError(
                f"{name} must have shape ({n},) or (runs, {n}), or hold Intervals, "
                f"got shape {values.shape}"
            )
    if len(intervals) != n:
        raise ValueError(f"{name} must hold {n} values, one for each x, got {len(intervals)}")
    return intervals


def labelled(measured: Any, kind: str) -> dict[str, Any]:
    """Return what was measured by its labels, as it must come, one at least.

    Examples
    --------
    >>> labelled({}, "curve")
    Traceback (most recent call last):
    ValueError: measured must hold at least one curve
    """
    if not isinstance(measured, dict):
        raise TypeError(f"measured must be a dict, a {kind} by its label, got {measured!r}")
    if not measured:
        raise ValueError(f"measured must hold at least one {kind}")
    for label in measured:
        if not isinstance(label, str) or not label.strip():
            raise ValueError(f"each {kind} must have a label, got {label!r}")
    return measured


def ends(interval: Interval) -> list[float]:
    """Return estimate, low and high, with the digits that a screen can show."""
    return [float(f"{v:.7g}") for v in (interval.estimate, interval.low, interval.high)]


def written(interval: Interval, unit: str, decimals: int | None) -> str:
    """Write an interval for a sentence: without its width where it has none.

    Examples
    --------
    >>> written(Interval(0.5, 0.25, 0.75, n=3), "%", None)
    '0.50 ± 0.25 %'
    >>> written(Interval(160.0, 160.0, 160.0), "", None)
    '160'
    """
    if interval.low < interval.high:
        return interval.short(unit=unit, decimals=decimals)
    value = interval.estimate
    text = f"{value:,.6g}" if decimals is None else f"{value:,.{decimals}f}"
    return text.replace("-", MINUS) + (f" {unit}" if unit else "")


def basis(intervals: Sequence[Interval]) -> str:
    """Return what intervals rest on; empty where they have no width.

    Examples
    --------
    >>> basis([Interval(4, 3, 5, n=6), Interval(5, 4, 6, n=8)])
    '95 %, 6 to 8 seeds'
    """
    wide = [interval for interval in intervals if interval.low < interval.high]
    if not wide:
        return ""
    level, of = f"{100 * wide[0].level:g} %", wide[0].of
    counts = sorted({interval.n for interval in wide if interval.n is not None})
    if not counts:
        return level
    if len(counts) == 1:
        return f"{level}, {counts[0]:,} {of}"
    return f"{level}, {counts[0]:,} to {counts[-1]:,} {of}"


def _numbers(measured: Any, name: str) -> np.ndarray:
    try:
        values = np.asarray(measured, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must hold numbers or Intervals, got {measured!r}") from None
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must be finite")
    return values
