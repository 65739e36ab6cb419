"""What a net sees of a drawing: ink, turned, scaled and centred as MNIST's digits were.

The browser does the same in ``ink.js``; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["CANVAS", "PEN", "normalised", "rasterised", "turned", "turned_strokes"]

Stroke = Sequence[Sequence[float]]

CANVAS = 280  # units of a side of the canvas, in which strokes are given
PEN = 10.0  # units from the middle of a stroke to its edge
CELL = 2.0  # units of a side of a cell, when strokes become ink
SIDE, BOX = 28, 20  # of MNIST's images, and of the box that holds a digit's ink
FINE = 4  # cells a pixel, when an image is turned
EMPTY = 1e-6  # ink below this is paper


def rasterised(strokes: Sequence[Stroke]) -> NDArray[np.float64]:
    """Ink the strokes of a round pen, on a grid just large enough for them.

    Parameters
    ----------
    strokes : sequence of strokes
        Each a sequence of points [x, y], joined by straight lines; one point is a dot.

    Returns
    -------
    ndarray, shape (rows, columns)
        From 0, paper, to 1, ink; one cell is 2 units wide. Shape (0, 0) without strokes.
    """
    points = np.array([point for stroke in strokes for point in stroke], dtype=float)
    if points.size == 0:
        return np.zeros((0, 0))
    low = points.min(axis=0) - PEN - CELL
    columns, rows = np.ceil((points.max(axis=0) + PEN + CELL - low) / CELL).astype(int)
    x = low[0] + CELL * (np.arange(columns) + 0.5)
    y = low[1] + CELL * (np.arange(rows)[:, None] + 0.5)
    nearest = np.full((rows, columns), np.inf)
    for stroke in strokes:
        for (ax, ay), (bx, by) in zip(stroke, [*stroke[1:], stroke[-1]], strict=True):
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy or 1.0
            along = np.clip(((x - ax) * dx + (y - ay) * dy) / length, 0, 1)
            away = (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2
            np.minimum(nearest, away, out=nearest)
    ink: NDArray[np.float64] = np.clip((PEN - np.sqrt(nearest)) / CELL + 0.5, 0, 1)
    return ink


def turned_strokes(strokes: Sequence[Stroke], degrees: float) -> list[list[list[float]]]:
    """Turn strokes clockwise about the middle of the canvas."""
    c, s = _direction(degrees)
    middle = CANVAS / 2
    return [
        [
            [
                middle + c * (x - middle) - s * (y - middle),
                middle + s * (x - middle) + c * (y - middle),
            ]
            for x, y in stroke
        ]
        for stroke in strokes
    ]


def turned(image: ArrayLike, degrees: float) -> NDArray[np.float64]:
    """Turn a square image clockwise about its middle, interpolating linearly.

    Parameters
    ----------
    image : array_like, shape (side, side)
    degrees : float
        0 returns the image as it is.

    Returns
    -------
    ndarray
        On a finer grid, 4 cells a pixel, large enough for every corner.
    """
    image = np.array(image, dtype=float)
    if degrees == 0:
        return image
    side = len(image)
    n = FINE * int(np.ceil(side * np.sqrt(2)))
    c, s = _direction(degrees)
    at = (np.arange(n) + 0.5 - n / 2) / FINE
    x, y = at[None, :], at[:, None]
    # Where each cell comes from, in pixels of the image; a margin of paper around it.
    column = np.clip(c * x + s * y + side / 2 + 0.5, 0, side + 1)
    row = np.clip(-s * x + c * y + side / 2 + 0.5, 0, side + 1)
    padded = np.pad(image, ((1, 2), (1, 2)))
    i, j = np.floor(row).astype(int), np.floor(column).astype(int)
    v, u = row - i, column - j
    ink: NDArray[np.float64] = (1 - v) * ((1 - u) * padded[i, j] + u * padded[i, j + 1]) + v * (
        (1 - u) * padded[i + 1, j] + u * padded[i + 1, j + 1]
    )
    return ink


def normalised(ink: ArrayLike) -> NDArray[np.float64]:
    """Scale and centre ink as MNIST's digits were.

    The box around the ink is scaled so that its longer side is 20 pixels; each pixel is the
    mean of the ink that it covers. It is then placed in 28 × 28 pixels so that the centre of
    mass lies in the middle, to the nearest pixel. A digit of MNIST comes back as it was.

    Parameters
    ----------
    ink : array_like, shape (rows, columns)
        From 0 to 1.

    Returns
    -------
    ndarray, shape (28, 28)
        Blank if the ink is.
    """
    ink = np.array(ink, dtype=float)
    image = np.zeros((SIDE, SIDE))
    inked = ink > EMPTY
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if len(rows) == 0:
        return image
    top, left = rows[0], columns[0]
    height, width = rows[-1] + 1 - top, columns[-1] + 1 - left
    size = max(height, width) / BOX  # of a pixel, in cells
    small = _means(ink[top : top + height], size)
    small = _means(small[:, left : left + width].T, size).T
    mass, starts = small.sum(), []
    for axis, side in enumerate(small.shape):
        centre = small.sum(axis=1 - axis) @ np.arange(side) / mass
        start = int(np.clip(np.floor(SIDE / 2 - centre + 0.5 + 1e-9), 0, SIDE - side))
        starts.append(start)
    (i, j), (rows_used, columns_used) = starts, small.shape
    image[i : i + rows_used, j : j + columns_used] = small
    return image


def _means(rows: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """Return the means of bands of `size` rows, the bands centred on the rows."""
    n = len(rows)
    bands = int(np.ceil(n / size - 1e-9))
    first = (n - bands * size) / 2
    edges = first + size * np.arange(bands + 1)
    cells = np.arange(n)
    covered = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    result: NDArray[np.float64] = np.maximum(covered, 0) @ rows / size
    return result


def _direction(degrees: float) -> tuple[float, float]:
    return float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))
