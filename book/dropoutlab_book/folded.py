"""Folded parts of a page: solutions and scaffolding, as plain ``<details>``.

A cell may say what it hides (``code_prompt_show`` and ``code_prompt_hide`` in its metadata).
Where it does not, ``hide-cell`` hides a solution, ``hide-input`` code and ``hide-output`` an
output. An admonition of the class ``dropdown`` folds as well, under its own title. None of
it needs a script.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxTranslator

from . import borrowed

# MyST-NB's own words for what a cell hides, and ours.
OWN_WORDS = {
    "code cell content": "the solution",
    "code cell source": "the code",
    "code cell output": "the output",
}


def plain(prompt: str) -> str:
    """Return a prompt in our words, where a cell has not chosen its own.

    Examples
    --------
    >>> plain("Show code cell source"), plain("Show how the figure is drawn")
    ('Show the code', 'Show how the figure is drawn')
    """
    for theirs, ours in OWN_WORDS.items():
        prompt = prompt.replace(theirs, ours)
    return prompt


def visit_folded(self: SphinxTranslator, node: nodes.Element) -> None:
    """Open the ``<details>``. Its name is what it shows, so it carries no other label."""
    show, hide = plain(node["prompt_show"]), plain(node["prompt_hide"])
    # Solutions invite; scaffolding stays quiet.
    kind = "fold-solution" if "solution" in show.lower() else "fold-quiet"
    classes = " ".join(["fold", kind, *node["classes"]])
    self.body.append(
        f'<details class="{classes}"><summary>'
        f'<span class="fold-show">{escape(show)}</span>'
        f'<span class="fold-hide">{escape(hide)}</span></summary>\n<div>\n'
    )


def depart_folded(self: SphinxTranslator, node: nodes.Element) -> None:
    """Close the ``<details>``."""
    self.body.append("</div></details>\n")


class Dropdown(nodes.General, nodes.Element):
    """An admonition that folds."""


def visit_dropdown(self: SphinxTranslator, node: Dropdown) -> None:
    """Open the ``<details>`` under the admonition's title."""
    title = escape(node["title"])
    self.body.append(f'<details class="fold"><summary>{title}</summary>\n<div>\n')


def fold_admonitions(app: Sphinx, doctree: nodes.document) -> None:
    """Make admonitions of the class ``dropdown`` fold."""
    for node in list(doctree.findall(nodes.admonition)):
        if "dropdown" in node["classes"]:
            title, *content = node.children
            node.replace_self(Dropdown("", *content, title=title.astext()))


def setup(app: Sphinx) -> None:
    """Write folded cells our way."""
    app.add_node(borrowed.folded_cell(), override=True, html=(visit_folded, depart_folded))
    app.add_node(Dropdown, html=(visit_dropdown, depart_folded))
    app.connect("doctree-read", fold_admonitions)
