"""Arrays as pictures: digits, masks, small matrices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from dropoutlab.plots.axes import FONT_SIZE, HOUSE
from dropoutlab.plots.palette import BLUE, INK, ORANGE
from dropoutlab.stats.interval import number

__all__ = ["INK_IMAGE", "digits", "ink_image", "mask", "matrix"]

INK_IMAGE = "dl-ink-image"  # group id of images that `show` paints in the page's text colour
MAX_CELLS = 3000


def digits(
    ax: Axes,
    images: ArrayLike,
    titles: Sequence[str] | None = None,
    *,
    columns: int | None = None,
) -> Axes:
    """Draw square grey images as a grid, in the ink of the page.

    Parameters
    ----------
    ax : Axes
    images : array_like, shape (n, 784) or (n, 28, 28)
        Any square size; larger is inkier. The darkest ink is the largest value of
        all, blank paper the smallest.
    titles : sequence of str, length n, or None
        Under each image.
    columns : int or None
        By default a grid about twice as wide as high.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If an image is not square, there is none, or the titles do not match.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> fig, ax = new_axes()
    >>> digits(ax, np.eye(28).reshape(1, 784), titles=["a stroke"]) is ax
    True
    """
    images = _square_images(images)
    n, side = len(images), images.shape[1]
    if titles is not None and len(titles) != n:
        raise ValueError(f"titles must be one an image, got {len(titles)} for {n} images")
    columns = columns or max(1, min(n, round(np.sqrt(2 * n))))
    rows = -(-n // columns)
    gap = 3
    step, line = side + gap, side + gap + (side // 3 if titles else 0)
    ink = np.zeros((rows * line - gap, columns * step - gap))
    for i, image in enumerate(images):
        top, left = (i // columns) * line, (i % columns) * step
        ink[top : top + side, left : left + side] = image
    ink_image(ax, ink)
    for i, title in enumerate(titles or []):
        x, y = (i % columns) * step + side / 2 - 0.5, (i // columns) * line + side
        ax.text(x, y, title, ha="center", va="top", fontsize=FONT_SIZE - 1, color=INK)
    ax.set_axis_off()
    return ax


def mask(ax: Axes, mask: ArrayLike) -> Axes:
    """Draw a dropout mask: a filled square where a unit is kept, a cross where dropped.

    Parameters
    ----------
    ax : Axes
    mask : array_like of bool, shape (n_examples, n_units)
        True = kept. At most 3000 cells: more cannot be told apart.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the mask is not a boolean matrix, or too large.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> fig, ax = new_axes()
    >>> _ = mask(ax, [[True, False], [True, True]])
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('unit', 'example')
    """
    mask = np.asarray(mask)
    if mask.dtype != bool or mask.ndim != 2 or not 0 < mask.size <= MAX_CELLS:
        raise ValueError(
            f"mask must be a boolean matrix of 1 to {MAX_CELLS} cells, "
            f"got dtype {mask.dtype}, shape {mask.shape}"
        )
    square = np.array([(-0.4, -0.4), (0.4, -0.4), (0.4, 0.4), (-0.4, 0.4), (-0.4, -0.4)])
    cross = np.array([(-0.24, -0.24), (0.24, 0.24), (-0.24, 0.24), (0.24, -0.24)])
    box = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    kept = _repeat(square, box, np.argwhere(mask))
    dropped = _repeat(cross, [Path.MOVETO, Path.LINETO] * 2, np.argwhere(~mask))
    if kept:
        ax.add_patch(PathPatch(kept, facecolor=BLUE, edgecolor="none"))
    if dropped:
        ax.add_patch(PathPatch(dropped, facecolor="none", edgecolor=ORANGE, linewidth=1.4))
    _cells(ax, mask.shape)
    ax.set(xlabel="unit", ylabel="example")
    return ax


def matrix(
    ax: Axes, values: ArrayLike, *, limit: float | None = None, decimals: int = 2
) -> Axes:
    """Draw a small signed matrix: colour for the sign, strength for the size, and the number.

    Parameters
    ----------
    ax : Axes
    values : array_like, shape (rows, columns)
        Finite. Up to 64 cells carry their number.
    limit : float or None
        The absolute value drawn at full strength; by default the largest.
    decimals : int
        Of the numbers.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the values are not a finite matrix with something in it.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> fig, ax = new_axes()
    >>> _ = matrix(ax, [[1.0, -0.5]])
    >>> [cell.get_text() for cell in ax.texts]
    ['1.00', '−0.50']
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or values.size == 0 or not np.isfinite(values).all():
        raise ValueError(f"values must be a finite matrix, got shape {values.shape}")
    limit = limit or np.abs(values).max() or 1.0
    picture = np.empty((*values.shape, 4))
    picture[..., :3] = np.where((values >= 0)[..., None], to_rgb(BLUE), to_rgb(ORANGE))
    picture[..., 3] = 0.62 * np.clip(np.abs(values) / limit, 0, 1)
    ax.imshow(picture, interpolation="none", aspect="auto")
    if values.size <= 64:
        for (row, column), value in np.ndenumerate(values):
            text = number(value, decimals)
            ax.text(
                column, row, text, ha="center", va="center", fontsize=FONT_SIZE - 1, color=INK
            )
    _cells(ax, values.shape, aspect="auto")
    return ax


def _square_images(values: ArrayLike) -> NDArray[np.float64]:
    images = np.asarray(values, dtype=float)
    side = int(np.sqrt(images.shape[-1])) if images.ndim == 2 else images.shape[-1]
    if images.ndim not in (2, 3) or images.size == 0 or images[0].size != side**2:
        raise ValueError(f"images must have shape (n, 784) or (n, 28, 28), got {images.shape}")
    images = images.reshape(-1, side, side) - images.min()
    return images / (images.max() or 1.0)


def ink_image(ax: Axes, ink: NDArray[np.float64]) -> None:
    """Draw `ink` in [0, 1] as the transparency of a white image, for `show` to recolour."""
    picture = np.ones((*ink.shape, 4), dtype=np.uint8) * 255
    picture[..., 3] = np.round(255 * ink)
    ax.imshow(picture, interpolation="none", gid=INK_IMAGE)


def _repeat(
    shape: NDArray[np.float64], codes: Sequence[np.uint8], cells: NDArray[np.intp]
) -> Path | None:
    if len(cells) == 0:
        return None
    corners = (cells[:, None, ::-1] + shape).reshape(-1, 2)
    return Path(corners, np.tile(np.array(codes, dtype=Path.code_type), len(cells)))


def _cells(ax: Axes, shape: tuple[int, ...], aspect: str = "equal") -> None:
    rows, columns = shape
    ax.set(xlim=(-0.6, columns - 0.4), ylim=(rows - 0.4, -0.6), aspect=aspect)
    for axis, count in ((ax.xaxis, columns), (ax.yaxis, rows)):
        step = max(1, -(-count // 8))
        axis.set_ticks(range(0, count, step), [str(i + 1) for i in range(0, count, step)])
    with rc_context(HOUSE):
        ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
