"""The drawing of a small net with a mask, in the colours of the page."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["net_picture", "number"]

WIDTH, HEIGHT, RADIUS = 340, 260, 22
NAMES = ("inputs", "hidden 1", "hidden 2", "output")


def net_picture(
    passed: Sequence[ArrayLike],
    mask: Sequence[bool],
    weights: Sequence[Sequence[Sequence[float]]],
    factors: Sequence[float],
    *,
    alt: str,
) -> str:
    """Return the net as ``<svg>``: a number in each unit, a cross over each dropped one.

    Parameters
    ----------
    passed : sequence of array_like
        What the units of each layer pass on, the output last.
    mask : sequence of bool
        Which units are kept, layer by layer, the output excepted.
    weights : sequence of matrices
        Their size is the width of the connections; negative ones are dashed.
    factors : sequence of float
        What stands under each layer but the last: the factor of the survivors.
    alt : str
        Accessible name.
    """
    layers = [np.asarray(values, dtype=float) for values in passed]
    kept = iter([*mask, True])
    alive = [[next(kept) for _ in values] for values in layers]
    links, units, texts = [], [], []
    for k, rows in enumerate(weights):
        for b, a in itertools.product(range(len(rows)), range(len(rows[0]))):
            if alive[k][a] and alive[k + 1][b]:
                (x1, y1), (x2, y2) = _rims(_place(layers, k, a), _place(layers, k + 1, b))
                dash = ' stroke-dasharray="4 3"' if rows[b][a] < 0 else ""
                wide = 0.5 + 2 * min(abs(rows[b][a]), 1.5)
                links.append(
                    f'<path{dash} stroke-width="{wide:.1f}" d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>'
                )
    for k, values in enumerate(layers):
        for i, value in enumerate(values):
            x, y = _place(layers, k, i)
            units.append(_unit(x, y, alive[k][i]))
            texts.append(_text(x, y + 5, number(value)))
        x, _ = _place(layers, k, 0)
        texts.append(_text(x, 16, NAMES[k]))
        if k < len(factors):
            texts.append(_text(x, HEIGHT - 6, f"× {number(factors[k])}"))
    return (
        f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="currentColor">'
        f'<g opacity=".6">{"".join(links)}</g>{"".join(units)}'
        '<g fill="currentColor" stroke="none" text-anchor="middle" font-size="14">'
        f"{''.join(texts)}</g></svg>"
    )


def number(value: float) -> str:
    """Return a value with three digits at most or so, as it fits in a unit.

    Examples
    --------
    >>> [number(v) for v in (1.876, 0.5, 2, -0.004, -12.34, 250, 31_000)]
    ['1.88', '0.5', '2', '0', '−12.3', '250', '31k']
    """
    size = abs(float(value))
    digits = 2 if size < 9.995 else 1 if size < 99.95 else 0
    text = f"{value / 1000:.0f}k" if size >= 9999.5 else f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def _place(layers: Sequence[ArrayLike], k: int, i: int) -> tuple[float, float]:
    x = 36 + k * (WIDTH - 72) / (len(layers) - 1)
    return round(x, 1), 128 + (i - (np.size(layers[k]) - 1) / 2) * 51


def _rims(
    start: tuple[float, float], end: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Shorten a line between two centres: units are hollow."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    x, y = RADIUS * dx / np.hypot(dx, dy), RADIUS * dy / np.hypot(dx, dy)
    ends = (start[0] + x, start[1] + y), (end[0] - x, end[1] - y)
    return tuple((round(float(a), 1), round(float(b), 1)) for a, b in ends)  # type: ignore[return-value]


def _unit(x: float, y: float, kept: bool) -> str:
    circle = f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS}"'
    if kept:
        return f'{circle} stroke-width="2"/>'
    near, far = 10, 16
    strokes = "".join(
        f"M{x + a * near:g} {y + b * near:g}L{x + a * far:g} {y + b * far:g}"
        for a, b in itertools.product((-1, 1), repeat=2)
    )
    return (
        f'{circle} stroke-dasharray="3 4" opacity=".7"/><path stroke-width="2" d="{strokes}"/>'
    )


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:g}" y="{y:g}">{text}</text>'
