"""An axis that a reader meets empty: its ends must not give the answer away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.ticker import MaxNLocator

from dropoutlab.output import text_field

__all__ = ["Scale", "scale"]

FEW = 7  # numbers that stand along an axis on a phone
ROUND = MaxNLocator(5, steps=[1, 2, 5, 10])


@dataclass(frozen=True)
class Scale:
    """An axis: its name, its ends, and the numbers that stand along it.

    Parameters
    ----------
    name : str
    ends : tuple of float
        The lower one first.
    log : bool
    ticks : tuple of float
    """

    name: str
    ends: tuple[float, float]
    log: bool
    ticks: tuple[float, ...]

    def state(self) -> dict[str, Any]:
        """Return the axis as the browser's chart takes it."""
        return {
            "name": f"{self.name}, log scale" if self.log else self.name,
            "ends": list(self.ends),
            "log": self.log,
            "ticks": list(self.ticks),
        }

    def digits(self) -> int:
        """Return how finely a guess is written: decimals, on a logarithmic axis digits."""
        if self.log:
            return 2
        return max(0, -math.floor(math.log10((self.ends[1] - self.ends[0]) / 20)))

    def holds(self, value: float) -> bool:
        """Whether a number lies on the axis."""
        return self.ends[0] <= value <= self.ends[1]


def scale(
    name: str,
    ends: Any,
    *,
    log: bool,
    argument: str,
    ticks: Sequence[float] | None = None,
    holding: Sequence[float] = (),
) -> Scale:
    """Return an axis after a look at what it is made of.

    Parameters
    ----------
    name : str
        What stands along it, with the unit.
    ends : pair of float
    log : bool
        Whether equal factors take equal room; then both ends must be positive.
    argument : str
        What `ends` is called, for the messages.
    ticks : sequence of float or None
        Round numbers by default.
    holding : sequence of float
        What was measured: an end gives way, to a round number, for a value beyond it.

    Examples
    --------
    >>> scale("test error (%)", (0, 60), log=False, argument="ylim").ticks
    (0.0, 20.0, 40.0, 60.0)
    >>> scale("digits", (100, 2000), log=True, argument="xlim").ticks
    (100.0, 200.0, 500.0, 1000.0, 2000.0)
    >>> scale("test error (%)", (0, 50), log=False, argument="ylim", holding=[77]).ends
    (0.0, 80.0)
    >>> scale("p", (0.9, 0), log=False, argument="xlim")
    Traceback (most recent call last):
    ValueError: xlim must be two numbers, the lower one first, got (0.9, 0)
    """
    try:
        low, high = (float(end) for end in ends)
    except (TypeError, ValueError):
        low, high = math.nan, math.nan
    if not -math.inf < low < high < math.inf:
        raise ValueError(f"{argument} must be two numbers, the lower one first, got {ends!r}")
    if log and not low > 0:
        raise ValueError(f"{argument} must be positive on a logarithmic axis, got {ends!r}")
    low, high = _giving_way(low, high, holding, log)
    if ticks is None:
        ticks = _powers(low, high) if log else ROUND.tick_values(low, high)
    slack = 1e-9 * (high - low)  # for ticks that rounding puts just beyond an end
    places = tuple(float(f"{t:.10g}") for t in ticks if low - slack <= t <= high + slack)
    return Scale(text_field(name, "the name of an axis"), (low, high), log, places)


def _giving_way(
    low: float, high: float, holding: Sequence[float], log: bool
) -> tuple[float, float]:
    """Return the ends of an axis that holds all of these values."""
    lowest, highest = min((low, *holding)), max((high, *holding))
    if log:
        if not lowest > 0:
            raise ValueError(f"a logarithmic axis holds positive values alone, got {lowest:g}")
        below, above = (10.0 ** math.floor(math.log10(v)) for v in (lowest, highest))
        down, up = math.floor(lowest / below) * below, math.ceil(highest / above) * above
    else:
        ticks = ROUND.tick_values(lowest, highest)
        down, up = float(ticks[0]), float(ticks[-1])
    return (low if lowest == low else down), (high if highest == high else up)


def _powers(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times powers of ten, or the powers alone where these are many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1, 2, 5), (1,)):
        found = [f * 10.0**power for power in powers for f in factors]
        inside = [value for value in found if low <= value <= high]
        if len(inside) <= FEW:
            return inside
    return inside[:: -(-len(inside) // FEW)]
