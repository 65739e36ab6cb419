"""Axes in the house style, without touching Matplotlib's global settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.textpath import TextPath

from dropoutlab.plots.palette import INK

__all__ = ["FONT_SIZE", "HOUSE", "legend", "narrow", "new_axes", "ticks"]

FONT_SIZE = 12  # points on a figure 4.8 inches wide: about 12 pixels at 350 pixels' width

ABOVE = "dl-legend-above"  # marks the legends that `narrow` may rearrange

HOUSE = {
    "font.family": "DejaVu Sans",
    "font.size": FONT_SIZE,
    "axes.titlesize": FONT_SIZE,
    "axes.labelsize": FONT_SIZE,
    "xtick.labelsize": FONT_SIZE - 1,
    "ytick.labelsize": FONT_SIZE - 1,
    "legend.fontsize": FONT_SIZE - 1,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.8,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.grid": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "lines.linewidth": 2.0,
    "lines.markersize": 6.5,
    "lines.solid_capstyle": "round",
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-4, 6),
    "axes.formatter.min_exponent": 3,  # 10 and 0.01 rather than powers of ten
}


def new_axes(width: float = 4.8, height: float = 3.1) -> tuple[Figure, Axes]:
    """Return a new figure with one Axes in the house style.

    The figure belongs to nobody but the caller: Matplotlib's global list does not
    know it, so a notebook does not draw it a second time and nothing has to be
    closed.

    Parameters
    ----------
    width, height : float
        In inches; 5.6 fits a phone and the column of the site. Figures shown side
        by side are narrowed to 4.

    Returns
    -------
    Figure, Axes

    Examples
    --------
    >>> fig, ax = new_axes()
    >>> ax.figure is fig
    True
    """
    with rc_context(HOUSE):
        figure = Figure(figsize=(width, height))
        return figure, figure.add_subplot()


def legend(ax: Axes, **options: Any) -> Legend:
    """Draw the legend of `ax` above it, where it covers nothing, without a frame.

    An axes with a title needs the room: give it ``loc="best"``.

    Parameters
    ----------
    ax : Axes
    **options
        Passed to ``ax.legend``: ``loc``, ``title``, ``ncols``. With ``loc`` the
        legend goes inside.

    Returns
    -------
    Legend

    Examples
    --------
    >>> fig, ax = new_axes()
    >>> _ = ax.plot([0, 1], label="dropout")
    >>> legend(ax, loc="upper left").get_frame_on()
    False
    """
    house: dict[str, Any] = {"frameon": False, "handlelength": 2.6, "borderaxespad": 0.2}
    if "loc" not in options:
        house |= {"loc": "lower left", "bbox_to_anchor": (0, 1.02), "borderpad": 0}
        house |= {"ncols": _columns(ax)}
    with rc_context(HOUSE):
        drawn = ax.legend(**{**house, **options})
    drawn.set_gid(None if "loc" in options else ABOVE)
    return drawn


def ticks(axis: Axis, places: Sequence[float], names: Sequence[str] | None = None) -> Axis:
    """Mark these places of an axis and no others, with numbers as a reader writes them.

    For logarithmic axes: Matplotlib marks them with powers of ten, and with small ticks
    in between, which go from both axes.

    Parameters
    ----------
    axis : Axis
        ``ax.xaxis`` or ``ax.yaxis``, whose scale is set already.
    places : sequence of float
    names : sequence of str or None
        What to write in place of the numbers.

    Returns
    -------
    Axis

    Examples
    --------
    >>> fig, ax = new_axes()
    >>> _ = ax.set(xscale="log")
    >>> [name.get_text() for name in ticks(ax.xaxis, [0.01, 1, 1000]).get_ticklabels()]
    ['0.01', '1', '1,000']
    """
    axis.set_ticks(places, names or [f"{place:,}" for place in places])
    axis.axes.minorticks_off()
    return axis


def narrow(fig: Figure, width: float) -> None:
    """Redraw `fig` at most `width` inches wide, its text at full size: for panels.

    Parameters
    ----------
    fig : Figure
        Changed in place; its layout adapts.
    width : float
        In inches.

    Examples
    --------
    >>> fig, ax = new_axes(8, 4)
    >>> narrow(fig, 4)
    >>> float(fig.get_figwidth())
    4.0
    """
    now, height = fig.get_size_inches()
    if now <= width:
        return
    fig.set_size_inches(width, height * (width / now) ** 0.5)
    for ax in fig.axes:
        drawn = ax.get_legend()
        if drawn is not None and drawn.get_gid() == ABOVE:
            legend(ax)


def _columns(ax: Axes) -> int:
    """Return how many columns the labels leave room for, one at least."""
    labels = ax.get_legend_handles_labels()[1]
    widths = [
        TextPath((0, 0), label, size=FONT_SIZE - 1).get_extents().width for label in labels
    ]
    figure = ax.get_figure(root=True)
    assert figure is not None
    room = 72 * figure.get_figwidth() - 50  # points, less the labels of the vertical axis
    columns = int(max(1, min(room // (max(widths, default=0) + 62), len(labels))))
    return 2 if (len(labels), columns) == (4, 3) else columns
