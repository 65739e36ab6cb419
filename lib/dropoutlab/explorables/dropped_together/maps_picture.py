"""The maps of one digit under one mask of each kind."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib import rc_context
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from dropoutlab.plots.axes import HOUSE
from dropoutlab.plots.maps import maps as draw_maps
from dropoutlab.plots.svg import inline_svg

__all__ = ["maps_picture"]

NAMES = {"numbers": "number", "blocks": "block", "maps": "map", "places": "place"}


def maps_picture(maps: ArrayLike, masks: Mapping[str, ArrayLike], alt: str) -> str:
    """Return maps as ``<svg>``, two by two, once for each mask.

    Parameters
    ----------
    maps : array_like, shape (8, rows, columns)
    masks : mapping of str to array_like of bool, shape of ``maps``
        By what is dropped together; True = kept.
    alt : str
        Accessible name.
    """
    with rc_context(HOUSE):  # type: ignore[arg-type]
        fig = Figure(figsize=(4.8, 3.4), layout="constrained")
        for ax, (kind, mask) in zip(fig.subplots(2, 2).flat, masks.items(), strict=True):
            draw_maps(ax, maps, mask, columns=4)
            ax.set_title(f"a coin for each {NAMES[kind]}")
    return inline_svg(fig, alt=alt, prefix="dropped-together")
