"""The figure as output: drawings, a caption, and words for who cannot see them."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Sequence
from html import escape

from matplotlib.figure import Figure

from dropoutlab.output import drawing, prose, style, text_field
from dropoutlab.plots.axes import narrow
from dropoutlab.plots.svg import inline_svg

__all__ = ["FigureOutput", "forget", "show"]

PANEL_WIDTH = 4.0  # inches: two of them fit the column of the site with text still legible


class FigureOutput:
    """Figures with their caption and alternative text: made by :func:`show`.

    Parameters
    ----------
    panels : sequence of str
        Inline ``<svg>`` elements.
    caption : str
    alts : sequence of str
        One a panel, or one for all.

    Examples
    --------
    >>> print(FigureOutput(["<svg></svg>"], "Errors fall.", ["Both curves fall to 2 %."]))
    Figure: Errors fall.
    [Both curves fall to 2 %.]
    """

    def __init__(self, panels: Sequence[str], caption: str, alts: Sequence[str]) -> None:
        self.panels, self.caption, self.alts = tuple(panels), caption, tuple(alts)

    def __str__(self) -> str:
        return "\n".join([f"Figure: {self.caption}", *(f"[{alt}]" for alt in self.alts)])

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:
        panels = "".join(_cell(drawing(panel)) for panel in self.panels)
        role = ""
        if len(self.alts) < len(self.panels):
            name = escape(self.alts[0])
            role = f' role="img" aria-label="{name}"'
            # An image keeps its words where roles are stripped; the first speaks for all.
            panels = panels.replace('alt=""', f'alt="{name}"', 1)
        html = (
            f'{style("figure")}<figure class="dl-out dl-figure">'
            f'<div class="dl-panels"{role}>{panels}</div>'
            f"<figcaption>{prose(self.caption)}</figcaption></figure>"
        )
        return {"text/plain": str(self), "text/html": html}


def show(*figs: Figure, caption: str, alt: str | Sequence[str]) -> FigureOutput:
    """Render figures side by side as one output, with caption and alternative text.

    On the site what is drawn in black takes the text colour of the page, and backgrounds are
    transparent; in a notebook the drawings are images, which also show where the notebook is
    not trusted. The same figures give the same HTML, byte for byte. Several figures
    are narrowed to 4 inches, so that their text stays legible side by side; on a
    narrow screen they stand one below the other.

    Parameters
    ----------
    *figs : Figure
        One or several; finished, for they are rendered now.
    caption : str
        What to see, in plain text; what stands between backticks is set as code.
    alt : str or sequence of str
        The finding, for who cannot see it. One text, or one a figure.

    Returns
    -------
    FigureOutput
        To be the last expression of a cell.

    Raises
    ------
    TypeError, ValueError
        If there is no figure, `caption` or `alt` is missing or empty, or they are
        the same.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> fig, ax = new_axes()
    >>> _ = ax.plot([4.0, 2.0])
    >>> show(fig, caption="The error falls.", alt="A line falls from 4 to 2.")
    Figure: The error falls.
    [A line falls from 4 to 2.]
    """
    for fig in figs:
        if not isinstance(fig, Figure):
            raise TypeError(f"figs must be Matplotlib figures, got {fig!r}")
    if not figs:
        raise ValueError("figs must hold at least one figure")
    caption = text_field(caption, "caption")
    given = (alt,) if isinstance(alt, str) else tuple(alt)
    alts = [text_field(one, "alt") for one in given]
    if len(alts) not in (1, len(figs)):
        raise ValueError(
            f"alt must be one text or one a figure, got {len(alts)} for {len(figs)}"
        )
    if caption in alts:
        raise ValueError("alt must say the finding in its own words, not repeat the caption")
    if len(figs) > 1:
        for fig in figs:
            narrow(fig, PANEL_WIDTH)
    names = alts if len(alts) == len(figs) else [None] * len(figs)
    panels = [
        inline_svg(fig, alt=name, prefix=_prefix(i, caption, *alts))
        for i, (fig, name) in enumerate(zip(figs, names, strict=True))
    ]
    forget(figs)
    return FigureOutput(panels, caption, alts)


def _cell(panel: str) -> str:
    """Wrap a panel so that it may shrink to three quarters before the row wraps."""
    width = re.search(r'width="(\d+)"', panel)
    least = f' style="min-width:min(100%,{0.77 * int(width[1]):.0f}px)"' if width else ""
    return f"<div{least}>{panel}</div>"


def _prefix(index: int, *words: str) -> str:
    digest = hashlib.sha256("\x1f".join([str(index), *words]).encode()).hexdigest()
    return f"dl{digest[:8]}"


def forget(figs: Sequence[Figure]) -> None:
    """Take figures made by pyplot off its list, so that a notebook does not draw them again."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        for fig in figs:
            pyplot.close(fig)
