"""How sure?: the same points, and three methods that say how far they can be trusted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from dropoutlab.explorables.browser_random import BrowserRandom
from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.how_sure.bands_picture import bands_picture
from dropoutlab.explorables.how_sure.nets import Setting, lines
from dropoutlab.explorables.how_sure.process import NOISE, gaussian_process
from dropoutlab.explorables.traits import Bounded, OneOf

__all__ = ["HowSure"]

N_POINTS, MIN_POINTS, MAX_POINTS = 14, 2, 40
X_MAX, Y_MAX = 2.0, 2.5
POINTS = 3  # stream of random numbers

Band = tuple[NDArray[np.float64], NDArray[np.float64]]


class HowSure(Explorable):
    r"""Points with a gap between them, and the doubts of three methods about the curve.

    The points lie around :math:`\sin 2x`, at 0.6 to 1.6 on both sides of 0, with normal noise
    of 0.15. A net with dropout that stays on, five nets without, and a Gaussian process each
    give a mean and a standard deviation. Views of one widget share the settings; each trains
    its own nets.

    Attributes
    ----------
    points : list of [x, y]
        Points that were moved, added or removed, 2 to 40, x within ±2 and y within ±2.5; empty
        while they are the drawn ones.
    p : float
        Probability of dropping a hidden unit in the net with dropout, 0.05 to 0.7.
    width : int
        Units in each of the two hidden layers: 8, 16 or 32.
    count : int
        How often each point counts: 1, 10 or 100 times.
    ask_at : float
        The x that is asked about, −2 to 2.
    seed : int
        Decides over points, weights and masks, from 0.

    Raises
    ------
    traitlets.TraitError
        A value is out of its range, or NaN.

    Examples
    --------
    >>> widget = HowSure()
    >>> gap, data = widget.gaussian_process([0.0, 1.0])[1]
    >>> bool(gap > 5 * data)
    True
    """

    folder = "how_sure"
    title = "How sure?"
    caption = (
        "Mean ± 2 standard deviations of three methods, through the same points: a net with "
        "dropout left on, five nets without dropout (all with weight decay 0.0001), and a "
        "Gaussian process. The process doubts where there are no points, and less where each "
        "counts more. Dropout doubts on the data nearly as much as in the gap: p sets how "
        "much, and more points do not make it surer."
    )
    heights = (1710, 1075, 680)

    points: traitlets.List[Any] = traitlets.List(default_value=[]).tag(sync=True)
    p = Bounded(0.2, 0.05, 0.7).tag(sync=True)
    width = OneOf([8, 16, 32], 16).tag(sync=True)
    count = OneOf([1, 10, 100], 1).tag(sync=True)
    ask_at = Bounded(0, -X_MAX, X_MAX).tag(sync=True)
    seed = traitlets.Int(0, min=0, max=2**32 - 1).tag(sync=True)

    @traitlets.validate("points")
    def _pairs(self, proposal: dict[str, Any]) -> list[list[float]]:
        pairs = proposal["value"]
        if pairs and not MIN_POINTS <= len(pairs) <= MAX_POINTS:
            raise traitlets.TraitError(
                f"points must hold from {MIN_POINTS} to {MAX_POINTS} pairs, or none, got "
                f"{len(pairs)}"
            )
        return [_pair(pair) for pair in pairs]

    def training_points(self) -> NDArray[np.float64]:
        """Return the points as they stand, shape (n, 2)."""
        return np.array(self.points or self._drawn())

    def gaussian_process(self, x: ArrayLike) -> Band:
        """Return the exact mean and standard deviation of the Gaussian process at `x`.

        Parameters
        ----------
        x : array_like, shape (m,)

        Returns
        -------
        mean, sd : ndarray, shape (m,)
        """
        return gaussian_process(self.training_points(), self.count, x)

    def dropout(self, x: ArrayLike) -> Band:
        """Return mean and standard deviation at `x` of 100 passes with dropout on.

        The net is trained here, for 1,000 steps: as in the browser when it opens.

        Parameters
        ----------
        x : array_like, shape (m,)

        Returns
        -------
        mean, sd : ndarray, shape (m,)
        """
        return _band(self._lines(x)["dropout"])

    def five_nets(self, x: ArrayLike) -> Band:
        """Return mean and standard deviation at `x` of five nets from different starts.

        Parameters
        ----------
        x : array_like, shape (m,)

        Returns
        -------
        mean, sd : ndarray, shape (m,)
        """
        return _band(self._lines(x)["five nets"])

    def picture(self) -> str:
        """Draw the three bands, with ten of the passes and the five nets."""
        grid, points = np.linspace(-X_MAX, X_MAX, 81), self.training_points()
        methods = {
            "dropout": self.dropout,
            "five nets": self.five_nets,
            "Gaussian process": self.gaussian_process,
        }
        alts = {}
        for name, method in methods.items():
            (gap,), on_data = method([self.ask_at])[1], method(points[:, 0])[1]
            alts[name] = (
                f"{name[0].upper()}{name[1:]}: plus or minus {2 * gap:.2f} at x = "
                f"{self.ask_at:.2f}, and {2 * on_data.mean():.2f} on average at the "
                f"{len(points)} points."
            )
        drawn = self._lines(grid)
        return bands_picture(
            points,
            grid,
            {name: method(grid) for name, method in methods.items()},
            {"dropout": drawn["dropout"][:10], "five nets": drawn["five nets"]},
            alts,
        )

    def _lines(self, x: ArrayLike) -> dict[str, NDArray[np.float64]]:
        points = tuple((x, y) for x, y in self.training_points().tolist())
        return lines(Setting(points, self.p, self.width, self.seed), x)

    def _drawn(self) -> list[list[float]]:
        rng = BrowserRandom(self.seed, POINTS)
        drawn = []
        for i in range(N_POINTS):
            x = (1 if i % 2 else -1) * (0.6 + rng.uniform())
            drawn.append([x, math.sin(2 * x) + NOISE * rng.normal()])
        return drawn


def _band(lines: NDArray[np.float64]) -> Band:
    return lines.mean(axis=0), lines.std(axis=0, ddof=1)


def _pair(pair: Any) -> list[float]:
    try:
        x, y = map(float, pair)
    except (TypeError, ValueError):
        raise traitlets.TraitError(f"points must hold pairs of numbers, got {pair!r}") from None
    if not (abs(x) <= X_MAX and abs(y) <= Y_MAX):
        raise traitlets.TraitError(
            f"points must have x within ±{X_MAX:g} and y within ±{Y_MAX:g}, got {pair!r}"
        )
    return [x, y]
