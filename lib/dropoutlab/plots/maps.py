"""Feature maps, and what dropout leaves of them."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from numpy.typing import ArrayLike, NDArray

from dropoutlab.plots.images import ink_image
from dropoutlab.plots.palette import ORANGE

__all__ = ["maps"]

DOTS = 5  # a side of a number's cell: enough for a cross with a margin
GAP = 2  # numbers between two maps


def maps(
    ax: Axes, values: ArrayLike, mask: ArrayLike | None = None, *, columns: int | None = None
) -> Axes:
    """Draw feature maps as a grid of grey images, with a cross where a number is dropped.

    Parameters
    ----------
    ax : Axes
    values : array_like, shape (n_maps, rows, columns)
        Not negative; larger is inkier, the largest of all the darkest.
    mask : array_like of bool, shape of ``values``, or None
        True = kept.
    columns : int or None
        Maps beside one another; by default all.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the values are not maps, are negative or not finite, or the mask does not fit.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> fig, ax = new_axes()
    >>> maps(ax, np.ones((2, 4, 4)), np.arange(32).reshape(2, 4, 4) > 15) is ax
    True
    """
    values = np.asarray(values, dtype=float)
    kept = np.ones(values.shape, dtype=bool) if mask is None else np.asarray(mask)
    if (
        values.ndim != 3
        or values.size == 0
        or not np.isfinite(values).all()
        or values.min() < 0
    ):
        raise ValueError(
            "values must be maps of finite numbers of at least 0, of shape (n, rows, columns), "
            f"got shape {values.shape}"
        )
    if kept.dtype != bool or kept.shape != values.shape:
        raise ValueError(
            f"mask must be boolean, of the shape {values.shape} of values, got dtype "
            f"{kept.dtype}, shape {kept.shape}"
        )
    columns = columns or len(values)
    dots = np.ones((DOTS, DOTS), dtype=bool)
    cross = np.pad(np.eye(DOTS - 2, dtype=bool) | np.eye(DOTS - 2, dtype=bool)[::-1], 1)
    ink = np.kron(np.where(kept, values, 0) / (values.max() or 1.0), dots)
    gone = np.kron(~kept, cross)
    ink_image(ax, _grid(ink, columns))
    crosses = np.zeros((*_grid(gone, columns).shape, 4))
    crosses[_grid(gone, columns) > 0] = to_rgba(ORANGE)
    ax.imshow(crosses, interpolation="none")
    ax.set_axis_off()
    return ax


def _grid(images: NDArray[np.generic], columns: int) -> NDArray[np.float64]:
    """Lay images out in rows, with gaps."""
    n, height, width = images.shape
    gap = GAP * DOTS
    down, across = -(-n // columns), min(n, columns)
    grid = np.zeros((down * (height + gap) - gap, across * (width + gap) - gap))
    for i, image in enumerate(images):
        top, left = i // columns * (height + gap), i % columns * (width + gap)
        grid[top : top + height, left : left + width] = image
    return grid
