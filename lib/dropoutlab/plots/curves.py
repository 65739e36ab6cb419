"""Curves over epochs, intervals as points, a fitted curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from dropoutlab.plots.axes import legend
from dropoutlab.plots.palette import arm_style
from dropoutlab.stats import Interval, mean_band

__all__ = ["curve_fit", "interval_points", "interval_rows", "learning_curves"]


def learning_curves(
    ax: Axes, epochs: ArrayLike, curves: ArrayLike, *, label: str, arm: str, level: float = 0.95
) -> Axes:
    """Draw the mean of curves over seeds, with its t interval as a band.

    Parameters
    ----------
    ax : Axes
    epochs : array_like, shape (n_epochs,)
        What the curves were measured at: epochs, or steps, or sizes.
    curves : array_like, shape (n_seeds, n_epochs)
        One curve a seed, ``n_seeds >= 2``, finite.
    label : str
        For the legend.
    arm : str
        A key of :data:`dropoutlab.plots.ARMS`.
    level : float
        Confidence level of the band.

    Returns
    -------
    Axes
        `ax`, with its legend renewed.

    Raises
    ------
    ValueError
        If the shapes do not fit, a value is not finite, or `arm` is unknown.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> fig, ax = new_axes()
    >>> errors = [[9.1, 5.2, 4.0], [9.7, 5.0, 4.4]]
    >>> _ = learning_curves(ax, [1, 2, 3], errors, label="with dropout", arm="dropout")
    >>> len(ax.lines), ax.get_xlabel()
    (1, 'epoch')
    """
    epochs, look = np.asarray(epochs), arm_style(arm)
    mean, low, high = mean_band(curves, level=level)
    if epochs.shape != mean.shape:
        raise ValueError(
            f"epochs must have shape {mean.shape} as the curves, got {epochs.shape}"
        )
    ax.fill_between(epochs, low, high, color=look["color"], alpha=0.25, linewidth=0)
    spacing = max(1, -(-len(epochs) // 8))  # some eight markers, however long the curve
    ax.plot(epochs, mean, label=label, markevery=spacing, markersize=5.5, linewidth=2, **look)
    if not ax.get_xlabel():
        ax.set_xlabel("epoch")
    legend(ax)
    return ax


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


def curve_fit(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    grid: ArrayLike,
    prediction: ArrayLike,
    truth: ArrayLike | None = None,
    *,
    label: str = "fit",
    arm: str = "first",
) -> Axes:
    """Draw a sample, the curve fitted to it, and the curve it was drawn from.

    Parameters
    ----------
    ax : Axes
    x, y : array_like, shape (n,)
        The sample.
    grid : array_like, shape (m,)
        Where the curves are evaluated, ascending.
    prediction : array_like, shape (m,)
    truth : array_like, shape (m,), or None
    label : str
        Of the fitted curve.
    arm : str
        A key of :data:`dropoutlab.plots.ARMS`.

    Returns
    -------
    Axes
        `ax`; its vertical range shows the sample and the truth, and lets a wild
        prediction leave the picture.

    Raises
    ------
    ValueError
        If the shapes do not fit or `arm` is unknown.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> fig, ax = new_axes()
    >>> _ = curve_fit(ax, [0, 1], [0, 1], [0, 0.5, 1], [0, 9, 1], [0, 0.5, 1])
    >>> bool(ax.get_ylim()[1] < 2)
    True
    """
    x, y, grid, prediction = (np.asarray(v, dtype=float) for v in (x, y, grid, prediction))
    if x.shape != y.shape:
        raise ValueError(f"x and y must have one shape, got {x.shape} and {y.shape}")
    if prediction.shape != grid.shape:
        raise ValueError(
            f"prediction must have shape {grid.shape} as grid, got {prediction.shape}"
        )
    kept = y
    if truth is not None:
        truth = np.asarray(truth, dtype=float)
        ax.plot(
            grid, truth, label="truth", **arm_style("truth") | {"marker": "", "linewidth": 1.6}
        )
        kept = np.concatenate([y, truth])
    ax.plot(grid, prediction, label=label, **arm_style(arm) | {"marker": "", "linewidth": 2})
    ax.plot(x, y, "o", color=arm_style("truth")["color"], markersize=5, label="sample")
    room = 0.15 * (np.ptp(kept) or 1.0)
    ax.set_ylim(kept.min() - room, kept.max() + room)
    legend(ax)
    return ax


def _error_bars(names: Sequence, intervals: Sequence[Interval], arm: str) -> dict[str, object]:
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
