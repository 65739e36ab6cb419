"""Overfit it yourself: chapter 1's polynomial, with points to move."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import traitlets

from dropoutlab import data
from dropoutlab.explorables.browser_random import BrowserRandom
from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.traits import Bounded
from dropoutlab.plots import new_axes
from dropoutlab.plots.svg import inline_svg

__all__ = ["Overfit"]

MAX_POINTS = 40


class Overfit(Explorable):
    r"""A polynomial through points that the reader moves, and its errors against the degree.

    The points lie around :math:`\sin \pi x` for x in [−1, 1], with normal noise. The test error
    is what new points of that kind would cost on average, not that of a second sample.

    Attributes
    ----------
    degree : int
        Of the polynomial, 0 to 15.
    noise : float
        Standard deviation of the noise, 0 to 1.
    n_points : int
        2 to 40. Changing it, or ``noise``, forgets what was moved.
    seed : int
        Of the points, from 0: the same ones in the browser as here.
    points : list of [x, y]
        Points that were moved, added or removed; empty while they are the drawn ones.

    Raises
    ------
    traitlets.TraitError
        A value is out of its range, or NaN.

    Examples
    --------
    >>> widget = Overfit(degree=9)
    >>> widget.degree
    9
    """

    folder = "overfit"
    title = "Overfit it yourself"
    caption = (
        "A polynomial fitted to points around a sine (dashed). With a high degree it passes "
        "through the noise: the training error falls, the test error rises."
    )
    heights = (1020, 1100, 490)

    degree = traitlets.Int(12, min=0, max=15).tag(sync=True)
    noise = Bounded(0.3, 0, 1).tag(sync=True)
    n_points = traitlets.Int(16, min=2, max=MAX_POINTS).tag(sync=True)
    points: traitlets.List[Any] = traitlets.List(default_value=[]).tag(sync=True)
    seed = traitlets.Int(3, min=0, max=2**32 - 1).tag(sync=True)

    @traitlets.validate("points")
    def _pairs(self, proposal: dict[str, Any]) -> list[list[float]]:
        pairs = proposal["value"]
        if len(pairs) == 1 or len(pairs) > MAX_POINTS:
            raise traitlets.TraitError(
                f"points must hold from 2 to {MAX_POINTS} pairs, or none, got {len(pairs)}"
            )
        checked = []
        for pair in pairs:
            try:
                x, y = map(float, pair)
            except (TypeError, ValueError):
                raise traitlets.TraitError(
                    f"points must hold pairs of numbers, got {pair!r}"
                ) from None
            if not (-1 <= x <= 1 and math.isfinite(y)):
                raise traitlets.TraitError(
                    f"points must have x in [-1, 1] and a finite y, got {pair!r}"
                )
            checked.append([x, y])
        return checked

    def picture(self) -> str:
        """Draw the points and the fitted curve."""
        x, y = self.training_points()
        # The shortest solution, as in the browser, where points are fewer than coefficients.
        design = np.polynomial.legendre.legvander(x, self.degree)
        fit = np.polynomial.Legendre(np.linalg.lstsq(design, y, rcond=1e-10)[0])
        grid = np.linspace(-1, 1, 401)
        fig, ax = new_axes()
        ax.plot(grid, data.sine(grid), "--", color="black", alpha=0.5)
        ax.plot(grid, fit(grid))
        ax.plot(x, y, "o", color="black")
        ax.set(xlabel="x", ylabel="y", xticks=[-1, 0, 1], ylim=(-2.2, 2.2))
        at_points = np.sqrt(np.mean((fit(x) - y) ** 2))
        elsewhere = np.sqrt(np.mean((fit(grid) - data.sine(grid)) ** 2))
        alt = (
            f"A polynomial of degree {self.degree} misses {len(x)} noisy points by "
            f"{at_points:.2f} and the sine behind them by {elsewhere:.2f} (root mean squares)."
        )
        return inline_svg(fig, alt=alt, prefix="overfit")

    def training_points(self) -> tuple[np.ndarray, np.ndarray]:
        """Return x and y of the points as they stand."""
        if self.points:
            x, y = np.array(self.points).T
            return x, y
        x, z = self.sample()[: self.n_points].T
        return x, data.sine(x) + self.noise * z

    def sample(self) -> np.ndarray:
        """Return where 40 points of the seed lie, and their noise in standard deviations."""
        rng = BrowserRandom(self.seed)
        return np.array([[2 * rng.uniform() - 1, rng.normal()] for _ in range(MAX_POINTS)])
