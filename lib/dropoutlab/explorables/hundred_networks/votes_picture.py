"""Images, and under each how a crowd of networks votes on it."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from dropoutlab.plots import digits as draw_digits
from dropoutlab.plots.axes import HOUSE
from dropoutlab.plots.palette import BLUE
from dropoutlab.plots.svg import inline_svg

__all__ = ["votes_picture"]


def votes_picture(images: Sequence[ArrayLike], votes: Sequence[ArrayLike], *, alt: str) -> str:
    """Return images side by side as ``<svg>``, with bars of the votes for each digit.

    Parameters
    ----------
    images : sequence of array_like, shape (28, 28)
    votes : sequence of array_like, shape (10,)
        Of 100 networks, image by image.
    alt : str
        Accessible name.
    """
    with rc_context(HOUSE):  # type: ignore[arg-type]
        fig = Figure(figsize=(4.8, 3.2))
        shape = {"height_ratios": (4, 5)}
        axes = fig.subplots(2, len(images), sharey="row", squeeze=False, gridspec_kw=shape)
        for above, below, image, counts in zip(*axes, images, votes, strict=True):
            draw_digits(above, [image])
            below.bar(range(10), counts, color=BLUE)
            below.set(xlabel="digit", ylim=(0, 104), xticks=[0, 3, 6, 9])
        axes[1, 0].set(ylabel="votes of 100")
    return inline_svg(fig, alt=alt, prefix="hundred-networks")
