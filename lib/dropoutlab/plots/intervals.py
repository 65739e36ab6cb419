"""Intervals as points with error bars, side by side or one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from dropoutlab.plots.axes import legend
from dropoutlab.plots.palette import arm_style
from dropoutlab.stats import Interval

__all__ = ["interval_points", "interval_rows"]


def interval_points(
    ax: Axes,
    labels_or_x: Sequence[str] | ArrayLike,
    intervals: Sequence[Interval],
    *,
    arm: str = "first",
    label: str | None = None,
    line: bool = True,
) -> Axes:
    """Draw intervals as points with error bars, along the horizontal axis.

    Parameters
    ----------
    ax : Axes
    labels_or_x : sequence of str or array_like, shape (n,)
        Names, or positions on a numeric axis; the points of a numeric axis are
        joined.
    intervals : sequence of Interval, length n
    arm : str
        A key of :data:`dropoutlab.plots.ARMS`.
    label : str or None
        For the legend.
    line : bool
        Whether to join the points of a numeric axis.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the lengths differ or `arm` is unknown.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> from dropoutlab.stats import Interval
    >>> fig, ax = new_axes()
    >>> points = [Interval(4.0, 3.8, 4.2, n=8), Interval(2.9, 2.6, 3.2, n=8)]
    >>> interval_points(ax, [0.0, 0.5], points, arm="dropout") is ax
    True
    """
    named = len(labels_or_x) > 0 and isinstance(labels_or_x[0], str)
    look = _error_bars(labels_or_x, intervals, arm)
    if named or not line:
        look["linestyle"] = "none"
    position = np.arange(len(intervals)) if named else np.asarray(labels_or_x)
    middle, reach = _reach(intervals)
    ax.errorbar(position, middle, yerr=reach, label=label, **look)
    if named:
        ax.set_xticks(position, labels_or_x)
        ax.set_xlim(-0.6, len(intervals) - 0.4)
    if label:
        legend(ax)
    return ax


def interval_rows(
    ax: Axes,
    labels: Sequence[str],
    intervals: Sequence[Interval],
    *,
    arm: str = "first",
    label: str | None = None,
) -> Axes:
    """Draw intervals one below the other, names at the left: for long names.

    Parameters
    ----------
    ax : Axes
    labels : sequence of str, length n
        From top to bottom.
    intervals : sequence of Interval, length n
    arm : str
        A key of :data:`dropoutlab.plots.ARMS`.
    label : str or None
        For the legend.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the lengths differ or `arm` is unknown.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> from dropoutlab.stats import Interval
    >>> fig, ax = new_axes()
    >>> _ = interval_rows(ax, ["no dropout", "dropout"], [Interval(4, 3, 5)] * 2)
    >>> [name.get_text() for name in ax.get_yticklabels()]
    ['no dropout', 'dropout']
    """
    look = _error_bars(labels, intervals, arm) | {"linestyle": "none"}
    rows = np.arange(len(intervals))
    middle, reach = _reach(intervals)
    ax.errorbar(middle, rows, xerr=reach, label=label, **look)
    ax.set_yticks(rows, labels)
    ax.set_ylim(len(intervals) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    if label:
        legend(ax)
    return ax


def _error_bars(
    names: Sequence[Any], intervals: Sequence[Interval], arm: str
) -> dict[str, Any]:
    if len(names) != len(intervals):
        raise ValueError(f"need one interval a point, got {len(names)} and {len(intervals)}")
    return arm_style(arm) | {
        "capsize": 3.5,
        "elinewidth": 1.8,
        "linewidth": 1.4,
        "markersize": 6,
    }


def _reach(intervals: Sequence[Interval]) -> tuple[list[float], list[list[float]]]:
    middle = [i.estimate for i in intervals]
    reach = [
        [i.estimate - i.low for i in intervals],
        [i.high - i.estimate for i in intervals],
    ]
    return middle, reach
