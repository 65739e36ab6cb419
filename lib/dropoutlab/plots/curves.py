"""Curves, over epochs with their spread over seeds or fitted to a sample; and points alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from dropoutlab.plots.axes import legend
from dropoutlab.plots.palette import arm_style
from dropoutlab.stats import mean_band

__all__ = ["curve_fit", "learning_curves", "points"]


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


def points(
    ax: Axes, x: ArrayLike, y: ArrayLike, *, arm: str, label: str | None = None, **look: Any
) -> Axes:
    """Draw points that no line joins, in the colour and with the marker of an arm.

    Parameters
    ----------
    ax : Axes
    x, y : array_like, shape (n,)
    arm : str
        A key of :data:`dropoutlab.plots.ARMS`.
    label : str or None
        For a legend.
    **look
        Passed to ``ax.plot``: ``markersize``, ``marker``.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If `arm` is unknown.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> fig, ax = new_axes()
    >>> points(ax, [1, 2], [9.1, 5.2], arm="dropout").lines[0].get_linestyle()
    'None'
    """
    ax.plot(x, y, label=label, **arm_style(arm) | {"linestyle": "none"} | look)
    return ax
