"""Figures in the house style: drawn on an Axes that is given, shown with words.

Every drawing function takes an Axes first and returns it. :func:`show` turns
figures into output with a caption and an alternative text, legible on a phone,
in the dark and without colour.
"""

from dropoutlab.plots.axes import legend, new_axes, ticks
from dropoutlab.plots.curves import curve_fit, learning_curves, points
from dropoutlab.plots.figure import FigureOutput, show
from dropoutlab.plots.images import digits, mask, matrix
from dropoutlab.plots.intervals import interval_points, interval_rows
from dropoutlab.plots.maps import maps
from dropoutlab.plots.palette import ARMS, Arm, arm_style

__all__ = [
    "ARMS",
    "Arm",
    "FigureOutput",
    "arm_style",
    "curve_fit",
    "digits",
    "interval_points",
    "interval_rows",
    "learning_curves",
    "legend",
    "maps",
    "mask",
    "matrix",
    "new_axes",
    "points",
    "show",
    "ticks",
]
