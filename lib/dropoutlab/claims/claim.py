"""Check a statement against what was measured."""

from __future__ import annotations

import math
import numbers
import re

import numpy as np

from dropoutlab.claims import card
from dropoutlab.claims.evidence import Evidence, Reported
from dropoutlab.claims.expectation import Expectation, check_expectation
from dropoutlab.output import text_field
from dropoutlab.stats.interval import Interval

__all__ = ["Claim", "ClaimFailed", "claim"]


class Claim(Evidence):
    """A claim that held: made by :func:`claim`, shown as a card.

    Examples
    --------
    >>> from dropoutlab.claims import equal
    >>> print(claim("Eight masks of three units.", 2**3, equal(8), decimals=0))
    Eight masks of three units.
      measured  8
      must be   equal to 8
      verdict   holds
    """

    def __str__(self) -> str:
        return card.plain(self)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:
        return {"text/plain": card.plain(self), "text/html": card.html(self)}


class ClaimFailed(AssertionError):
    """The measurement is not what the claim expects of it."""


def claim(
    statement: str,
    measured: Interval | float,
    expect: Expectation,
    *,
    paper: Reported | None = None,
    source: str | None = None,
    recorded: str | None = None,
    unit: str = "",
    decimals: int = 2,
) -> Claim:
    """Check a statement against what was measured; return its card or raise.

    Parameters
    ----------
    statement : str
        One line of plain text, without maths.
    measured : Interval or int or float
        The evidence. Of an interval the *whole* must be as expected. A bool is
        refused: it shows nothing to a reader.
    expect : Expectation
        ``above(x)``, ``below(x)``, ``within(lo, hi)`` or ``equal(x, tolerance)``.
    paper : Reported or None
        What the literature reports, with the expectation it implies here. The
        verdict is computed: *agrees* where the whole interval satisfies it,
        *contradicts* where none of it does, else *not visible at our scale*.
    source : str or None
        BibTeX key, required with `paper`.
    recorded : str or None
        Name of the recorded experiment that the evidence comes from, as in
        ``load_recorded("how-much")``. Left out, it was measured where the claim stands.
    unit : str
        Of `measured` and of every threshold.
    decimals : int
        Digits after the point of the measured value.

    Returns
    -------
    Claim

    Raises
    ------
    ClaimFailed
        If `measured` is not as expected. The message states the statement, the
        expectation and the measured value.
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> from dropoutlab.claims import below
    >>> from dropoutlab.stats import paired_difference
    >>> change = paired_difference([2.1, 2.3, 2.2, 2.0], [3.6, 3.7, 3.8, 3.5])
    >>> print(claim("Dropout lowers the test error.", change, below(0), unit="points"))
    Dropout lowers the test error.
      measured  −1.50 ± 0.13 points (95 %, 4 seeds)
      must be   below 0 points
      verdict   holds
    """
    made = Claim(
        _one_line(statement),
        _evidence(measured),
        check_expectation(expect, "expect"),
        _check_paper(paper, source),
        source,
        None if recorded is None else text_field(recorded, "recorded"),
        unit,
        decimals,
    )
    if not made.expect.holds(made.low, made.high):
        whole = f", from {made.low:.6g} to {made.high:.6g}" if made.is_interval else ""
        raise ClaimFailed(
            f"{made.statement}\n"
            f"  expected  {made.expect.text(unit)}{' (the whole interval)' if whole else ''}\n"
            f"  measured  {made.measured_text}{whole}"
        )
    return made


def _one_line(statement: str) -> str:
    statement = text_field(statement, "statement")
    if "\n" in statement or re.search(r"\$.+\$", statement):
        raise ValueError(f"statement must be one line of plain text, got {statement!r}")
    return statement


def _evidence(measured: object) -> Interval | float:
    if isinstance(measured, Interval):
        return measured
    if isinstance(measured, bool | np.bool_):
        raise TypeError(
            f"measured must be an Interval or a number: a bare {bool(measured)} is no evidence"
        )
    if not isinstance(measured, numbers.Real):
        raise TypeError(f"measured must be an Interval or a number, got {measured!r}")
    if not math.isfinite(measured):
        raise ValueError(f"measured must be finite, got {measured!r}")
    return int(measured) if isinstance(measured, numbers.Integral) else float(measured)


def _check_paper(paper: object, source: object) -> Reported | None:
    if paper is not None and not isinstance(paper, Reported):
        raise TypeError(f"paper must be Reported(text, expect), got {paper!r}")
    if paper is not None and source is None:
        raise ValueError("source must name the citation key of the paper")
    if source is not None and not (
        isinstance(source, str) and re.fullmatch(r"[A-Za-z0-9][\w:.+/-]*", source)
    ):
        raise ValueError(
            f"source must be a BibTeX key such as 'srivastava2014', got {source!r}"
        )
    return paper
