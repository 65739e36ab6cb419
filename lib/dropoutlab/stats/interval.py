"""A confidence interval, and how it is written."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from html import escape

__all__ = ["Interval", "check_level", "number"]

MINUS = "−"
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Interval:
    """A confidence interval: the estimate, its range, and what it rests on.

    Intervals do not compare: whether one lies above a threshold is a claim, and
    :func:`dropoutlab.claims.claim` decides it.

    Parameters
    ----------
    estimate, low, high : float
        Finite, with ``low <= estimate <= high``.
    level : float
        Confidence level, in ``(0, 1)``.
    n : int or None
        How many observations the interval rests on.
    method : str
        How it was computed, for example ``"t"`` or ``"Wilson"``.
    of : str
        What was counted in `n`: ``"seeds"``, ``"images"``.

    Raises
    ------
    ValueError
        If an end is not finite, the three are out of order, or `level` is not
        in ``(0, 1)``. The message shows the value that came.

    Examples
    --------
    >>> difference = Interval(-1.49, -1.71, -1.27, n=8, method="paired t")
    >>> print(difference)
    −1.49 ± 0.22 (95 %, 8 seeds)
    >>> print(difference.text(unit="points", decimals=1))
    −1.5 ± 0.2 points (95 %, 8 seeds)
    """

    estimate: float
    low: float
    high: float
    level: float = 0.95
    n: int | None = None
    method: str = ""
    of: str = "seeds"

    def __post_init__(self) -> None:
        ends = (self.low, self.estimate, self.high)
        if not all(math.isfinite(end) for end in ends):
            raise ValueError(f"low, estimate and high must be finite, got {ends}")
        if not self.low <= self.estimate <= self.high:
            raise ValueError(f"need low <= estimate <= high, got {ends}")
        check_level(self.level)

    def scaled(self, factor: float) -> Interval:
        """Return the same interval in another unit, every number times `factor`.

        Parameters
        ----------
        factor : float
            Positive; ``100`` turns a proportion into a percentage.

        Returns
        -------
        Interval

        Raises
        ------
        ValueError
            If `factor` is not positive.

        Examples
        --------
        >>> print(Interval(0.031, 0.022, 0.04, n=8).scaled(100).text(unit="%", decimals=1))
        3.1 ± 0.9 % (95 %, 8 seeds)
        """
        if not 0 < factor < math.inf:
            raise ValueError(f"factor must be positive and finite, got {factor!r}")
        ends = {k: getattr(self, k) * factor for k in ("estimate", "low", "high")}
        return replace(self, **ends)

    def text(self, *, unit: str = "", decimals: int | None = None) -> str:
        """Write the interval out, as ``estimate ± half-width`` where it is symmetric.

        Parameters
        ----------
        unit : str
            Written after the numbers: ``"points"``, ``"%"``.
        decimals : int or None
            Digits after the point. By default as many as give the interval's
            half-width two significant digits. More are used where it would
            otherwise be rounded to zero, as if there were no spread.

        Returns
        -------
        str

        Examples
        --------
        >>> Interval(0.5, 0.25, 0.75, n=3).text(decimals=2)
        '0.50 ± 0.25 (95 %, 3 seeds)'
        >>> Interval(0.1, 0.06, 0.19, n=80, of="images").text(unit="errors")
        '0.100 errors [0.060, 0.190] (95 %, 80 images)'
        """
        return f"{self.short(unit=unit, decimals=decimals)} ({self.basis})"

    def short(self, *, unit: str = "", decimals: int | None = None) -> str:
        """Write the numbers alone, where something else says what they rest on.

        Parameters
        ----------
        unit : str
            As for :meth:`text`.
        decimals : int or None
            As for :meth:`text`.

        Returns
        -------
        str

        Examples
        --------
        >>> Interval(-1.49, -1.71, -1.27, n=8).short(unit="points", decimals=1)
        '−1.5 ± 0.2 points'
        """
        half_width = (self.high - self.low) / 2
        if decimals is None:
            decimals = _significant(half_width, 2)
        elif float(f"{half_width:.{decimals}f}") == 0:
            decimals = max(decimals, _significant(half_width, 1))
        unit = f" {unit}" if unit else ""
        estimate, low, high = (
            number(v, decimals) for v in (self.estimate, self.low, self.high)
        )
        if self._symmetric:
            return f"{estimate} ± {number(half_width, decimals)}{unit}"
        return f"{estimate}{unit} [{low}, {high}]"

    def html(self, *, unit: str = "", decimals: int | None = None) -> str:
        """Write the same text for a page, where what it rests on is set small.

        Parameters
        ----------
        unit : str
            As for :meth:`text`.
        decimals : int or None
            As for :meth:`text`.

        Returns
        -------
        str
            Escaped, for use within a line.

        Examples
        --------
        >>> Interval(0.5, 0.25, 0.75, n=3).html(decimals=2).startswith("0.50 ± 0.25 <small>(95")
        True
        """
        value = self.short(unit=unit, decimals=decimals)
        basis = escape(f"({self.basis})")
        return f"{escape(value)} <small>{basis.replace(' ', NO_BREAK)}</small>"

    @property
    def _symmetric(self) -> bool:
        below, above = self.estimate - self.low, self.high - self.estimate
        return math.isclose(below, above, rel_tol=1e-6, abs_tol=1e-12)

    @property
    def basis(self) -> str:
        """What the interval rests on, as it is written behind it.

        Examples
        --------
        >>> Interval(0.5, 0.25, 0.75, n=3).basis
        '95 %, 3 seeds'
        """
        level = f"{100 * self.level:g} %"
        return level if self.n is None else f"{level}, {self.n:,} {self.of}"

    def __str__(self) -> str:
        return self.text()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": f"<span>{self.html()}</span>"}


def number(value: float, decimals: int) -> str:
    """Write `value` with a true minus sign, and without a minus before a zero.

    Examples
    --------
    >>> number(-0.5, 1), number(-0.001, 1)
    ('−0.5', '0.0')
    """
    written = f"{value:.{decimals}f}"
    if float(written) == 0:
        written = written.removeprefix("-")
    return written.replace("-", MINUS)


def check_level(level: float) -> float:
    """Return `level`, or raise ``ValueError`` if it is not in ``(0, 1)``.

    Examples
    --------
    >>> check_level(0.95)
    0.95
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be in (0, 1), got {level!r}")
    return level


def _significant(half_width: float, digits: int) -> int:
    if half_width == 0:
        return digits
    return min(max(digits - 1 - math.floor(math.log10(half_width)), 0), 12)
