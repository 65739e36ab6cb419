"""Sliders for the arguments of any function that draws a figure."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import traitlets
from matplotlib.figure import Figure

from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.explore import frames
from dropoutlab.explorables.explore.choices import Choices
from dropoutlab.output import on_the_site, text_field
from dropoutlab.plots.figure import FigureOutput, forget
from dropoutlab.plots.svg import inline_svg

__all__ = ["Explore", "explore"]

Words = str | Callable[..., str]
UNNAMED = "dl-unnamed"  # begins the ids of a figure, until its content gives it a name


def explore(
    draw: Callable[..., Any],
    /,
    *,
    caption: str,
    alt: Words | None = None,
    title: str | None = None,
    start: Mapping[str, Any] | None = None,
    **grid: Iterable[Any],
) -> Explore:
    """Show a figure with a control for each argument of the function that draws it.

    In a notebook a control calls `draw` again, in the kernel. In the book, where there is no
    kernel, the figures for all settings were drawn when the book was built; there they may
    take 300 KB together. Keep the limits of the axes fixed, so that what moves is what changes.

    Parameters
    ----------
    draw : callable
        Takes the arguments named in `grid`, and returns a Matplotlib figure, or a pair: a
        figure, and what it shows, in words for who cannot see it.
    caption : str
        What to see, in plain text; what stands between backticks is set as code.
    alt : str or callable, optional
        Needed where `draw` returns no words: a text that is true of every figure, or a
        function of the same arguments that returns one.
    title : str, optional
        What assistive technology calls the whole; by default it names the controls.
    start : dict, optional
        The values shown first; by default each argument's first.
    **grid
        For each argument the values to choose from, two or more: numbers get a slider; text
        and bools a list. Other arguments than `caption`, `alt`, `title` and `start`.

    Returns
    -------
    Explore
        To be the last expression of a cell. Its ``setting`` is a dict of the values shown;
        assigning one moves the controls, and what it leaves out stays.

    Raises
    ------
    TypeError, ValueError
        An argument is not as described, or `draw` does not take the arguments of `grid`, or
        returns no figure. While a book is built, also if its figures take too much room.

    Examples
    --------
    >>> from dropoutlab.plots import new_axes
    >>> def draw(p):
    ...     fig, ax = new_axes()
    ...     ax.bar(["kept", "dropped"], [1 - p, p])
    ...     return fig, f"A share of {p} is dropped."
    >>> shown = explore(draw, p=[0.2, 0.5, 0.8], caption="Where units go.")
    >>> shown.setting = {"p": 0.5}
    >>> shown.setting
    {'p': 0.5}
    """
    return Explore(draw, Choices(grid), caption=caption, alt=alt, title=title, start=start)


class Explore(Explorable):
    """A figure and its controls: made by :func:`explore`.

    Attributes
    ----------
    at : list of int
        The place of each argument's value among its values.
    controls : list of dict
        Label, kind and values in words, for each argument.
    frame : dict
        The figure as it was drawn last: ``svg``, ``alt`` and ``shows``, its position. ``at``
        is the position last asked for, and ``problem`` why there is no figure of it, or empty.
    """

    folder = "explore"

    at: traitlets.List[int] = traitlets.List(traitlets.Int()).tag(sync=True)
    controls: traitlets.List[Any] = traitlets.List().tag(sync=True)
    frame: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        draw: Callable[..., Any],
        grid: Choices,
        *,
        caption: str,
        alt: Words | None,
        title: str | None,
        start: Mapping[str, Any] | None,
    ) -> None:
        self._draw, self._grid, self._alt = draw, grid, alt
        _check_arguments(draw, grid)
        self.caption = text_field(caption, "caption")
        names = " and ".join(grid.values)
        self.title = text_field(f"A figure by {names}" if title is None else title, "title")
        first = [0] * len(grid.values)
        at = first if start is None else grid.position(start, otherwise=first)
        svg, words = self._drawn(at)
        self.heights = _heights(svg, len(grid.values))
        super().__init__(at=at, controls=grid.controls())
        self.frame = {"svg": svg, "alt": words, "shows": at, "at": at, "problem": ""}

    @property
    def setting(self) -> dict[str, Any]:
        """The values shown, by argument; assigning moves the controls."""
        return self._grid.setting(self.at)

    @setting.setter
    def setting(self, values: Mapping[str, Any]) -> None:
        self.at = self._grid.position(values, otherwise=self.at)

    @traitlets.validate("at")
    def _one_of_the_grid(self, proposal: dict[str, Any]) -> list[int]:
        at: list[int] = proposal["value"]
        if not self._grid.holds(at):
            raise traitlets.TraitError(f"at must be a position of the grid, got {at}")
        return at

    @traitlets.observe("at")
    def _redraw(self, change: dict[str, Any]) -> None:
        """Draw what was asked for; show what went wrong, since nobody is there to catch it."""
        at = change["new"]
        if not self.frame or self.frame["at"] == at:
            return
        try:
            svg, words = self._drawn(at)
        except Exception as error:
            problem = f"draw({self._grid.words(at)}) raised {type(error).__name__}: {error}"
            self.frame = self.frame | {"at": at, "problem": problem}
        else:
            self.frame = {"svg": svg, "alt": words, "shows": at, "at": at, "problem": ""}

    def picture(self) -> str:
        """Return the figure as it was drawn last."""
        return str(self.frame["svg"])

    def html(self) -> str:
        """Return the figure: with its controls where frames are wanted, else without."""
        if on_the_site():
            return super().html()
        # Nothing would answer a control here.
        shown = FigureOutput([self.picture()], self.caption, [self.frame["alt"]])
        return shown._repr_mimebundle_()["text/html"]

    def state(self) -> dict[str, Any]:
        """Return what the module needs without a kernel: all figures, and their words."""
        start = self.frame["shows"]
        shown = (self.frame["svg"], self.frame["alt"])
        room = frames.Room(self._grid.n_positions)
        addresses, alts = [], []
        for at in self._grid.positions():
            svg, words = shown if at == start else self._drawn(at)
            addresses.append(None if at == start else room.take(frames.as_file(svg)))
            alts.append(words)
        # The first figure stands in the page.
        return {"at": start, "controls": self.controls, "frames": addresses, "alts": alts}

    def _drawn(self, at: list[int]) -> tuple[str, str]:
        """Return the figure at a position as an inline ``<svg>``, and its words."""
        setting = self._grid.setting(at)
        drawn = self._draw(**setting)
        fig, words = drawn if isinstance(drawn, tuple) and len(drawn) == 2 else (drawn, None)
        where = f"draw({self._grid.words(at)})"
        if not isinstance(fig, Figure):
            raise TypeError(f"{where} must return a Matplotlib figure, got {drawn!r}")
        if words is None:
            words = self._alt(**setting) if callable(self._alt) else self._alt
        if words is None:
            raise TypeError(
                f"{where} returned no words for who cannot see the figure: return a pair, "
                "figure and text, or give alt"
            )
        words = text_field(words, "alt")
        if words == self.caption:
            raise ValueError(
                "alt must say the finding in its own words, not repeat the caption"
            )
        svg = inline_svg(fig, alt=words, prefix=UNNAMED)
        content = f"{self.title}\x1f{self.caption}\x1f{svg}"
        svg = svg.replace(UNNAMED, f"dl{hashlib.sha256(content.encode()).hexdigest()[:8]}")
        forget([fig])
        return svg, words


def _heights(svg: str, n_controls: int) -> tuple[int, int, int]:
    """Return what figure and controls take on a phone, in a column, and between the two."""
    width, height = (pixels * 4 / 3 for pixels in frames.size(svg))
    phone, between, column = (
        round(height * min(1, room / width) + 72 * -(-n_controls // a_row) + 3)
        for room, a_row in ((354, 1), (520, 2), (704, 3))
    )
    return phone, between, column


def _check_arguments(draw: Callable[..., Any], grid: Choices) -> None:
    """Refuse a grid that does not fit the function, before anything is drawn."""
    if not callable(draw):
        raise TypeError(f"draw must be a function that draws a figure, got {draw!r}")
    try:
        inspect.signature(draw).bind(**dict.fromkeys(grid.values))
    except TypeError as error:
        names = ", ".join(grid.values)
        raise TypeError(f"draw cannot be called with {names}: {error}") from None
