"""What a chapter holds that a reader can predict, answer and read, by name.

The browser keeps a reader's guesses, answers and places under these names
(``book/scripts/reading``). The map of the course shows how many of them there are, so it is
told them when the book is built: nobody types a total.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx

PREDICTION = re.compile(
    r'<div class="dl-out dl-prediction" data-prediction="\w+" data-question="([^"]+)"'
)
QUIZ = re.compile(r'<input type="radio" name="(dl-[0-9a-f]+)" id="[^"]*-0"')


@dataclass(frozen=True)
class Contents:
    """The names of a chapter's sections, predictions and quizzes, in their order."""

    sections: tuple[str, ...]
    predictions: tuple[str, ...]
    answers: tuple[str, ...]


def contents(doctree: nodes.document) -> Contents:
    """Return what a chapter holds. Sections are those right below its title."""
    outputs = [raw.astext() for raw in doctree.findall(nodes.raw)]
    top = next(iter(doctree.findall(nodes.section)), None)
    sections = [] if top is None else [s for s in top.children if isinstance(s, nodes.section)]
    return Contents(
        tuple(section["ids"][0] for section in sections),
        tuple(name for html in outputs for name in PREDICTION.findall(html)),
        tuple(name for html in outputs for name in QUIZ.findall(html)),
    )


def anchored(html: str) -> str:
    """Return HTML in which each prediction can be linked to.

    Examples
    --------
    >>> opening = '<div class="dl-out dl-prediction" data-prediction="{}" data-question="{}"'
    >>> anchored(opening.format("curve", "rate") + ">").partition("data-question")[2]
    '="rate" id="predict-rate">'
    """
    return PREDICTION.sub(lambda found: f'{found[0]} id="predict-{found[1]}"', html)


def add_anchors(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Do so with the body of a page."""
    if "body" in context:
        context["body"] = anchored(context["body"])


def setup(app: Sphinx) -> None:
    """Do so as pages are written, before their templates are filled."""
    app.connect("html-page-context", add_anchors)
