"""Axes in the house style, without touching Matplotlib's global settings."""

from __future__ import annotations

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from dropoutlab.plots.palette import INK

__all__ = ["FONT_SIZE", "HOUSE", "legend", "new_axes"]

FONT_SIZE = 12  # points on a figure 5.6 inches wide: about 10 pixels at 350 pixels' width

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
}


def new_axes(width: float = 5.6, height: float = 3.4) -> tuple[Figure, Axes]:
    """Return a new figure with one Axes in the house style.

    The figure belongs to nobody but the caller: Matplotlib's global list does not
    know it, so a notebook does not draw it a second time and nothing has to be
    closed.

    Parameters
    ----------
    width, height : float
        In inches; 5.6 fills a phone's width and a column of the site.

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


def legend(ax: Axes, **options: object) -> Legend:
    """Draw the legend of `ax` without a frame, with lines long enough to tell apart.

    Parameters
    ----------
    ax : Axes
    **options
        Passed to ``ax.legend``: ``loc``, ``title``, ``ncols``.

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
    with rc_context(HOUSE):
        return ax.legend(**{"frameon": False, "handlelength": 2.6, **options})
