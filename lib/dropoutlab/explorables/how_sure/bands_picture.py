"""Three bands through the same points, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.plots import new_axes
from dropoutlab.plots.palette import BLUE, ORANGE, TEAL
from dropoutlab.plots.svg import inline_svg

__all__ = ["bands_picture"]

COLORS = {"dropout": BLUE, "five nets": ORANGE, "Gaussian process": TEAL}


def bands_picture(
    points: NDArray[np.float64],
    x: NDArray[np.float64],
    bands: Mapping[str, tuple[ArrayLike, ArrayLike]],
    lines: Mapping[str, NDArray[np.float64]],
    alts: Mapping[str, str],
) -> str:
    """Return a panel for each method as HTML.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
    x : ndarray, shape (m,)
    bands : mapping of str to (mean, sd), both of shape (m,)
        By the name of the method.
    lines : mapping of str to ndarray, shape (k, m)
        Thin lines, where a method has some.
    alts : mapping of str to str
        Accessible names.
    """
    panels = []
    for name, (mean, sd) in bands.items():
        fig, ax = new_axes(3.0, 2.7)
        mean, sd = np.asarray(mean), np.asarray(sd)
        ax.fill_between(x, mean - 2 * sd, mean + 2 * sd, color=COLORS[name], alpha=0.25, lw=0)
        for line in lines.get(name, []):
            ax.plot(x, line, color=COLORS[name], linewidth=0.8, alpha=0.7)
        ax.plot(x, mean, color=COLORS[name])
        ax.plot(*points.T, "o", color="black", markersize=4)
        ax.set_title(f"{name[0].upper()}{name[1:]}", loc="left")
        ax.set(xlim=(-2, 2), ylim=(-2.5, 2.5), xticks=[-2, 0, 2], yticks=[-2, 0, 2], xlabel="x")
        svg = inline_svg(fig, alt=alts[name], prefix=f"how-sure-{name.replace(' ', '-')}")
        panels.append(f"<div>{svg}</div>")
    return f'<div class="dl-panels">{"".join(panels)}</div>'
