"""What stands behind a claim: measurement, expectation, paper, verdict."""

from __future__ import annotations

from dataclasses import dataclass

from dropoutlab.claims.expectation import Expectation, check_expectation, threshold_text
from dropoutlab.output import text_field
from dropoutlab.stats.interval import Interval, number

__all__ = ["Evidence", "Reported"]

AGREES, CONTRADICTS, NOT_VISIBLE = "agrees", "contradicts", "not visible at our scale"


@dataclass(frozen=True)
class Reported:
    """What a paper reports, and what that leads us to expect of our measurement.

    Parameters
    ----------
    text : str
        The paper's finding in a sentence of plain text.
    expect : Expectation
        The same finding as a range for the number that *we* measure.

    Raises
    ------
    TypeError, ValueError
        If `text` is not a sentence, or `expect` not an expectation.

    Examples
    --------
    >>> from dropoutlab.claims import below
    >>> print(Reported("Dropout lowers the test error on MNIST.", below(0)).expect)
    below 0
    """

    text: str
    expect: Expectation

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", text_field(self.text, "text"))
        check_expectation(self.expect, "expect")


@dataclass(frozen=True)
class Evidence:
    """All that is known of a claim.

    Parameters
    ----------
    statement : str
    measured : Interval or int or float
    expect : Expectation
    paper : Reported or None
    source : str or None
        BibTeX key.
    recorded : str or None
        Name of a recorded experiment; None where it was measured on the spot.
    unit : str
    decimals : int

    Examples
    --------
    >>> from dropoutlab.claims import claim, equal
    >>> claim("Eight masks of three units.", 2**3, equal(8), decimals=0).low
    8
    """

    statement: str
    measured: Interval | float
    expect: Expectation
    paper: Reported | None = None
    source: str | None = None
    recorded: str | None = None
    unit: str = ""
    decimals: int = 2

    @property
    def estimate(self) -> float:
        """The measured number."""
        return self.measured.estimate if isinstance(self.measured, Interval) else self.measured

    @property
    def low(self) -> float:
        """Lower end of the interval; the number itself where it is exact."""
        return self.measured.low if isinstance(self.measured, Interval) else self.measured

    @property
    def high(self) -> float:
        """Upper end of the interval; the number itself where it is exact."""
        return self.measured.high if isinstance(self.measured, Interval) else self.measured

    @property
    def is_interval(self) -> bool:
        """Whether the evidence is an interval over runs, not an exact number."""
        return isinstance(self.measured, Interval)

    @property
    def measured_text(self) -> str:
        """The measured value as the card writes it."""
        if isinstance(self.measured, Interval):
            return self.measured.text(unit=self.unit, decimals=self.decimals)
        return f"{_exact_text(self.measured, self.decimals)} {self.unit}".rstrip()

    @property
    def verdict(self) -> str | None:
        """Against the paper: agrees, contradicts, not visible at our scale; or None."""
        if self.paper is None:
            return None
        if self.paper.expect.holds(self.low, self.high):
            return AGREES
        return CONTRADICTS if self.paper.expect.excludes(self.low, self.high) else NOT_VISIBLE

    def record(self) -> dict[str, object]:
        """Return the evidence as plain data, for the ledger of claims.

        Returns
        -------
        dict
            JSON-ready; ``n`` and ``level`` are None where the number is exact,
            ``paper``, ``paper_expect``, ``source`` and ``verdict`` where no paper
            is named, ``recorded`` where the number was measured on the spot.
        """
        return {
            "statement": self.statement,
            "measured": self.estimate,
            "measured_text": self.measured_text,
            "low": self.low,
            "high": self.high,
            "level": self.measured.level if isinstance(self.measured, Interval) else None,
            "n": self.measured.n if isinstance(self.measured, Interval) else None,
            "unit": self.unit,
            "expect": self.expect.text(self.unit),
            "paper": self.paper.text if self.paper else None,
            "paper_expect": self.paper.expect.text(self.unit) if self.paper else None,
            "source": self.source,
            "recorded": self.recorded,
            "verdict": self.verdict,
        }


def _exact_text(value: float, decimals: int) -> str:
    if value == 0:
        return "0"
    if isinstance(value, int) or 0 < abs(value) < 10**-decimals:
        return threshold_text(float(f"{value:.2g}") if isinstance(value, float) else value)
    return number(value, decimals)
