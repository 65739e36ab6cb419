"""The picture on the landing page: a net, and one of the thinned nets inside it.

Drawn as SVG in the colours of the page, so it is at home in light and dark mode and needs no
file. With a script, a button draws other masks (``book/scripts/thinned-net.js``); it only
sets the class ``dropped`` on units and on the connections that end at them.
"""

from __future__ import annotations

import random
from itertools import pairwise

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

LAYERS = (4, 7, 7, 3)
WIDTH, HEIGHT, RADIUS = 360, 300, 10
SEED = 14  # a draw that leaves four of seven units in one hidden layer, three in the other

WHOLE = "A network of four layers in which every unit is connected to all units of the next."
THINNED = (
    "The same network with half of its hidden units dropped. Their connections are "
    "gone too; what remains is a smaller network between the same inputs and outputs."
)
CAPTION = (
    "The net we keep, and the net that one example meets in training: each hidden unit stayed "
    "with the toss of a coin. The next example tosses again."
)


def place(layer: int, unit: int) -> tuple[float, float]:
    """Return the centre of a unit."""
    x = RADIUS + 4 + layer * (WIDTH - 2 * RADIUS - 8) / (len(LAYERS) - 1)
    step = (HEIGHT - 2 * RADIUS - 8) / (max(LAYERS) - 1)
    return round(x, 1), round(HEIGHT / 2 + (unit - (LAYERS[layer] - 1) / 2) * step, 1)


def draw_mask(rng: random.Random) -> set[tuple[int, int]]:
    """Toss a coin for each hidden unit; return those that are dropped."""
    hidden = [(k, i) for k in (1, 2) for i in range(LAYERS[k])]
    return {unit for unit in hidden if rng.random() < 0.5}


def drawing(dropped: set[tuple[int, int]], description: str) -> str:
    """Return the net as SVG, with some units dropped."""
    lines, circles = [], []
    for (k, size), (_, following) in pairwise(enumerate(LAYERS)):
        for a in range(size):
            for b in range(following):
                (x1, y1), (x2, y2) = place(k, a), place(k + 1, b)
                gone = ' class="dropped"' if {(k, a), (k + 1, b)} & dropped else ""
                ends = f'data-ends="{k}-{a} {k + 1}-{b}"'
                lines.append(f'<path{gone} {ends} d="M{x1:g} {y1:g}L{x2:g} {y2:g}"/>')
    for k, size in enumerate(LAYERS):
        for i in range(size):
            x, y = place(k, i)
            gone = ' class="dropped"' if (k, i) in dropped else ""
            unit = f'data-unit="{k}-{i}"'
            circles.append(f'<circle{gone} {unit} cx="{x:g}" cy="{y:g}" r="{RADIUS}"/>')
    return (
        f'<svg role="img" aria-label="{description}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">'
        f'<g class="links">{"".join(lines)}</g><g class="units">{"".join(circles)}</g></svg>'
    )


class ThinnedNet(SphinxDirective):
    """Put the picture here."""

    def run(self) -> list[nodes.Node]:
        """Draw both nets."""
        whole = drawing(set(), WHOLE)
        thinned = drawing(draw_mask(random.Random(SEED)), THINNED)
        html = (
            f'<figure class="thinned-net">{whole}{thinned}'
            f'<figcaption>{CAPTION} <button type="button" hidden>Toss again</button>'
            "</figcaption></figure>"
        )
        return [nodes.raw("", html, format="html")]


def setup(app: Sphinx) -> None:
    """Offer ``{thinned-net}``."""
    app.add_directive("thinned-net", ThinnedNet)
