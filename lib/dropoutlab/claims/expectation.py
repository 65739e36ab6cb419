"""What a claim expects of a measurement: above, below, within, equal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from dropoutlab.stats.interval import MINUS

__all__ = ["Expectation", "above", "below", "equal", "within"]

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Expectation:
    """A set of numbers without gaps that a measurement is expected to lie in.

    Made by :func:`above`, :func:`below`, :func:`within` and :func:`equal`.

    Parameters
    ----------
    kind : {"above", "below", "within", "equal"}
    thresholds : tuple of float
        The numbers given: one, or two for ``"within"``.
    tolerance : float
        How far off ``"equal"`` may be.

    Examples
    --------
    >>> print(within(0.25, 0.5))
    between 0.25 and 0.5
    """

    kind: Literal["above", "below", "within", "equal"]
    thresholds: tuple[float, ...]
    tolerance: float = 0.0

    def side(self, value: float) -> int:
        """Return 0 if `value` is as expected, else −1 if too small, +1 if too large.

        Examples
        --------
        >>> above(0).side(0.1), above(0).side(0.0), within(1, 2).side(2.5)
        (0, -1, 1)
        """
        first, last = self.thresholds[0], self.thresholds[-1]
        if self.kind == "above":
            return 0 if value > first else -1
        if self.kind == "below":
            return 0 if value < first else 1
        if self.kind == "within":
            return -1 if value < first else int(value > last)
        if abs(value - first) <= self.tolerance:
            return 0
        return -1 if value < first else 1

    def holds(self, low: float, high: float) -> bool:
        """Whether the whole range from `low` to `high` is as expected.

        Examples
        --------
        >>> below(0).holds(-1.7, -1.3), below(0).holds(-0.4, 0.1)
        (True, False)
        """
        return self.side(low) == self.side(high) == 0

    def excludes(self, low: float, high: float) -> bool:
        """Whether nothing in the range from `low` to `high` is as expected.

        Examples
        --------
        >>> below(0).excludes(0.2, 0.4), below(0).excludes(-0.4, 0.1)
        (True, False)
        """
        return self.side(low) == self.side(high) != 0

    def text(self, unit: str = "") -> str:
        """Write the expectation out, with the unit of the measurement.

        Examples
        --------
        >>> above(0).text("points")
        'above 0 points'
        >>> equal(1, tolerance=1e-10).text()
        'equal to 1, to within 10⁻¹⁰'
        """
        unit = f" {unit}" if unit else ""
        first, last = (threshold_text(t) for t in (self.thresholds[0], self.thresholds[-1]))
        if self.kind == "within":
            return f"between {first} and {last}{unit}"
        if self.kind == "equal":
            slack = f", to within {threshold_text(self.tolerance)}" if self.tolerance else ""
            return f"equal to {first}{unit}{slack}"
        return f"{self.kind} {first}{unit}"

    def __str__(self) -> str:
        return self.text()


def above(x: float) -> Expectation:
    """Expect more than `x`, strictly.

    Examples
    --------
    >>> print(above(0))
    above 0
    """
    return Expectation("above", (_finite(x, "x"),))


def below(x: float) -> Expectation:
    """Expect less than `x`, strictly.

    Examples
    --------
    >>> print(below(-1.5))
    below −1.5
    """
    return Expectation("below", (_finite(x, "x"),))


def within(lo: float, hi: float) -> Expectation:
    """Expect a value from `lo` to `hi`, both included.

    Raises
    ------
    ValueError
        If `lo` is not below `hi`.

    Examples
    --------
    >>> print(within(0.9, 1.1))
    between 0.9 and 1.1
    """
    lo, hi = _finite(lo, "lo"), _finite(hi, "hi")
    if not lo < hi:
        raise ValueError(f"lo must be below hi, got lo={lo!r}, hi={hi!r}")
    return Expectation("within", (lo, hi))


def equal(x: float, tolerance: float = 0.0) -> Expectation:
    """Expect `x`, give or take `tolerance`: for results that are exact.

    Raises
    ------
    ValueError
        If `tolerance` is negative or not finite.

    Examples
    --------
    >>> equal(0.5, tolerance=1e-12).holds(0.5, 0.5)
    True
    """
    if not _finite(tolerance, "tolerance") >= 0:
        raise ValueError(f"tolerance must not be negative, got {tolerance!r}")
    return Expectation("equal", (_finite(x, "x"),), float(tolerance))


def threshold_text(x: float) -> str:
    """Write a threshold as short as it was given, with a true minus sign.

    Examples
    --------
    >>> threshold_text(-2.0), threshold_text(1e-10), threshold_text(60000)
    ('−2', '10⁻¹⁰', '60000')
    """
    mantissa, _, exponent = f"{x:.10g}".replace("-", MINUS).partition("e")
    if not exponent:
        return mantissa
    power = "10" + f"{int(exponent.replace(MINUS, '-'))}".translate(SUPERSCRIPTS)
    return power if mantissa == "1" else f"{mantissa} × {power}"


def check_expectation(expect: object, name: str) -> Expectation:
    """Return `expect` if it is an expectation, else raise a ``TypeError`` that names it.

    Examples
    --------
    >>> print(check_expectation(above(0), "expect"))
    above 0
    """
    if not isinstance(expect, Expectation):
        kinds = "above(x), below(x), within(lo, hi) or equal(x)"
        raise TypeError(f"{name} must be {kinds}, got {expect!r}")
    return expect


def _finite(x: float, name: str) -> float:
    if isinstance(x, bool) or not math.isfinite(x):
        raise ValueError(f"{name} must be a finite number, got {x!r}")
    return float(x)
