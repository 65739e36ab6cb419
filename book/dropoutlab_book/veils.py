"""What gives the answer of a prediction away is veiled, as far as the author marks.

The comment ``<!-- veil ends -->``, a block of its own in a text cell, closes the veil that the
last prediction before it in the same section opens. What stands between the two becomes one
element, ``dl-veiled``, right behind the prediction's cell: styles hide what is in it while the
prediction is open (book/styles/52-veils.css). Without scripts nothing is open. Other hosts of
a notebook show neither the comment nor a veil.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

END = re.compile(r"<!--\s*veil ends\s*-->")
PREDICTION = "data-prediction="

logger = logging.getLogger(__name__)


def ends(doctree: nodes.document) -> list[nodes.raw]:
    """Return the marks of a page, in their order."""
    return [raw for raw in doctree.findall(nodes.raw) if END.fullmatch(raw.astext().strip())]


def predicts(node: nodes.Node) -> bool:
    """Whether a block holds a prediction."""
    if isinstance(node, nodes.section):
        return False
    return any(PREDICTION in raw.astext() for raw in node.findall(nodes.raw))


def veil(app: Sphinx, doctree: nodes.document) -> None:
    """Wrap what stands between a prediction and the end of its veil."""
    for end in ends(doctree):
        section = end.parent
        at = section.index(end)
        first = next((i for i in reversed(range(at)) if predicts(section[i])), None)
        between = [] if first is None else section[first + 1 : at]
        if any(isinstance(node, nodes.section) for node in between):
            first = None
        if first is None or not between:
            logger.warning(
                "a veil ends where none is open: a prediction must stand before it in the "
                "same section, and something between the two",
                location=end,
            )
            continue
        section[first + 1 : at + 1] = [nodes.container("", *between, classes=["dl-veiled"])]


def setup(app: Sphinx) -> None:
    """Veil when a page has been read: late, since others look at the blocks of a section."""
    app.connect("doctree-read", veil, priority=900)
