"""How a claim is shown: a card in HTML, the same in plain text."""

from __future__ import annotations

import json
from html import escape

from dropoutlab.claims.evidence import Evidence
from dropoutlab.claims.number_line import number_line
from dropoutlab.output import drawing, style
from dropoutlab.stats.interval import NO_BREAK, Interval

__all__ = ["html", "plain"]

# Drawn in a 16 × 16 box: a tick, a dash in a ring, a cross. The word always stands beside it.
GLYPHS = {
    "agrees": ("var(--dl-good)", '<path d="M2.5 8.5l4 4 7-9"/>'),
    "contradicts": ("var(--dl-bad)", '<path d="M3.5 3.5l9 9m0-9l-9 9"/>'),
    "not visible at our scale": (
        "currentColor",
        '<circle cx="8" cy="8" r="6"/><path d="M5 8h6"/>',
    ),
}
WORDS = {"agrees": "agrees with the paper", "contradicts": "contradicts the paper"}
# The sample of colour that tells which stretch of the number line is meant.
REGION_KEY = '<span class="dl-key" aria-hidden="true"></span>'
MARKS = {"agrees": "✓", "contradicts": "✗", "not visible at our scale": "⊖"}


def html(claim: Evidence) -> str:
    """Return the card as HTML that stands by itself.

    The root element carries the evidence as JSON in ``data-claim``, from which the
    ledger is collected; the source is ``<cite data-cite="key">``.

    Examples
    --------
    >>> from dropoutlab.claims import claim, equal
    >>> card = html(claim("Two is even.", 2 % 2, equal(0), decimals=0))
    >>> "<article" in card and "Two is even." in card
    True
    """
    data = json.dumps(claim.record(), ensure_ascii=False, allow_nan=False)
    data = escape(data, quote=False).replace("'", "&#39;")
    line = drawing(number_line(claim))
    key = REGION_KEY if line else ""
    required = escape(claim.expect.text(claim.unit)) + key
    facts = _row("Measured", _measured(claim)) + _row("Must be", required)
    return (
        f'{style("claim")}<article class="dl-out dl-claim" aria-label="Claim" '
        f"data-claim='{data}'>"
        f'<p class="dl-kind">{_kind(claim)}</p>'
        f'<p class="dl-statement">{escape(claim.statement)}</p>'
        f'<div class="dl-evidence"><dl>{facts}</dl>{line}</div>'
        f"{_paper(claim)}</article>"
    )


def plain(claim: Evidence) -> str:
    """Return the card as plain text, one fact a line.

    Examples
    --------
    >>> from dropoutlab.claims import claim, equal
    >>> print(plain(claim("Two is even.", 2 % 2, equal(0), decimals=0)))
    Two is even.
      measured  0
      must be   equal to 0
      verdict   holds
    """
    lines = [
        claim.statement,
        f"  measured  {claim.measured_text}",
        f"  must be   {claim.expect.text(claim.unit)}",
    ]
    if claim.recorded:
        lines += [f"  recorded  {claim.recorded}"]
    if claim.paper and claim.verdict:
        lines += [f"  paper     {claim.paper.text} [{claim.source}]"]
        lines += [f"  verdict   {MARKS[claim.verdict]} {claim.verdict}"]
    else:
        lines += ["  verdict   holds" + (f" [{claim.source}]" if claim.source else "")]
    return "\n".join(lines)


def _kind(claim: Evidence) -> str:
    if claim.recorded is None:
        return "Checked claim"
    return f"Checked claim · recorded runs, <code>{escape(claim.recorded)}</code>"


def _row(name: str, value: str) -> str:
    return f"<dt>{name}</dt><dd>{value}</dd>"


def _measured(claim: Evidence) -> str:
    if not isinstance(claim.measured, Interval):
        return escape(claim.measured_text)
    html = claim.measured.html(unit=claim.unit, decimals=claim.decimals)
    # The style keeps what an interval rests on in one line, but where that is too long for it.
    return html.replace(NO_BREAK, " ")


def _paper(claim: Evidence) -> str:
    cite = f'<cite data-cite="{claim.source}">{claim.source}</cite>' if claim.source else ""
    if claim.paper is None or claim.verdict is None:
        return f'<div class="dl-paper"><dl>{_row("Source", cite)}</dl></div>' if cite else ""
    colour, shape = GLYPHS[claim.verdict]
    glyph = (
        f'<svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="{colour}" '
        f'stroke-width="2.4">{shape}</svg>'
    )
    rows = _row("Paper", f"{escape(claim.paper.text)} {cite}")
    verdict = (
        f'<span class="dl-verdict">{glyph}{WORDS.get(claim.verdict, claim.verdict)}</span>'
    )
    return f'<div class="dl-paper"><dl>{rows}{_row("Verdict", verdict)}</dl></div>'
