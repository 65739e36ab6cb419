"""A measured interval on a number line, beside what was expected of it."""

from __future__ import annotations

from html import escape

from dropoutlab.claims.evidence import Evidence
from dropoutlab.claims.expectation import Expectation, threshold_text

__all__ = ["number_line"]

WIDTH, LEFT, RIGHT = 320, 6, 314
AXIS = 30  # height of the line in the drawing, in its own units


def number_line(claim: Evidence) -> str:
    """Draw the measured range, the expected region and, where it differs, the paper's.

    Parameters
    ----------
    claim : Evidence

    Returns
    -------
    str
        An ``<svg>`` element with its finding as accessible name; it takes its
        colours from the card. Empty where the measurement is a single number: a
        point beside a threshold, with no width to give the scale, shows nothing.

    Examples
    --------
    >>> from dropoutlab.claims import above, claim
    >>> from dropoutlab.stats import Interval
    >>> number_line(claim("More is kept than not.", Interval(0.75, 0.7, 0.8), above(0.5)))[:40]
    '<svg class="dl-line" viewBox="0 0 320 58'
    """
    if not claim.is_interval:
        return ""
    x = _Scale(claim)
    parts = [
        _region(claim.expect, x),
        f'<path d="M{LEFT} {AXIS}H{RIGHT}" stroke="var(--dl-rule, #ccc)"/>',
        *(_tick(t, x) for t in dict.fromkeys(_edges(claim.expect))),
        *_paper(claim, x),
        _measured(claim, x),
    ]
    return (
        f'<svg class="dl-line" viewBox="0 0 {WIDTH} 58" width="{WIDTH}" role="img" '
        f'font-size="12" fill="currentColor" aria-label="{escape(_alt(claim))}">'
        f"{''.join(parts)}</svg>"
    )


class _Scale:
    """Where a value lies on the line, in drawing units."""

    def __init__(self, claim: Evidence) -> None:
        values = [claim.low, claim.high, *_edges(claim.expect)]
        if claim.paper:
            values += _edges(claim.paper.expect)
        self.low, self.high = min(values), max(values)
        if self.low == self.high:
            self.low, self.high = self.low - 1, self.high + 1

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(LEFT + (RIGHT - LEFT) * (0.16 + 0.68 * share), 1)


def _edges(expect: Expectation) -> list[float]:
    if expect.kind == "equal":
        return [
            expect.thresholds[0] - expect.tolerance,
            expect.thresholds[0] + expect.tolerance,
        ]
    return list(expect.thresholds)


def _region(expect: Expectation, x: _Scale) -> str:
    start, end = x(_edges(expect)[0]), x(_edges(expect)[-1])
    if expect.kind == "above":
        end = RIGHT
    if expect.kind == "below":
        start = LEFT
    return (
        f'<path d="M{start} {AXIS}H{end}" stroke="var(--dl-good, #189ca8)" stroke-width="14" '
        f'stroke-opacity=".28"/>'
    )


def _tick(value: float, x: _Scale) -> str:
    at = x(value)
    return (
        f'<path d="M{at} {AXIS - 11}v22" stroke="currentColor"/>'
        f'<text x="{at}" y="{AXIS + 25}" text-anchor="middle">{threshold_text(value)}</text>'
    )


def _paper(claim: Evidence, x: _Scale) -> list[str]:
    if claim.paper is None or claim.paper.expect == claim.expect:
        return []
    # The range, and not "paper" alone: a mark without words reads as a value that it measured.
    label = f"paper: {claim.paper.expect.text()}"
    at = x(sum(_edges(claim.paper.expect)) / len(_edges(claim.paper.expect)))
    half = 3.2 * len(label)  # half the label's width, so that it stays in the drawing
    at = min(max(at, LEFT + half), RIGHT - half)
    ticks = [
        f'<path d="M{x(t)} {AXIS - 14}v28" stroke="currentColor" stroke-dasharray="3 2"/>'
        for t in _edges(claim.paper.expect)
    ]
    return [*ticks, f'<text x="{at:.1f}" y="{AXIS - 19}" text-anchor="middle">{label}</text>']


def _measured(claim: Evidence, x: _Scale) -> str:
    low, middle, high = x(claim.low), x(claim.estimate), x(claim.high)
    bar = (
        f'<path d="M{low} {AXIS}H{high}M{low} {AXIS - 5}v10M{high} {AXIS - 5}v10" '
        'stroke="currentColor" stroke-width="2.5"/>'
    )
    dot = f'<circle cx="{middle}" cy="{AXIS}" r="4.5" fill="currentColor"/>'
    return bar + dot


def _alt(claim: Evidence) -> str:
    alt = (
        f"Number line: measured {claim.measured_text}, must be {claim.expect.text(claim.unit)}"
    )
    if claim.paper and claim.paper.expect != claim.expect:
        alt += f", paper {claim.paper.expect.text(claim.unit)}"
    return alt + "."
