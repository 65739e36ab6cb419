"""Folded parts of a page: solutions and scaffolding, as plain ``<details>``.

Cells tagged ``hide-cell`` hold solutions, cells tagged ``hide-input`` scaffolding, and
``hide-output`` long results; the summary says which. An admonition of the class ``dropdown``
folds as well, under its own title. None of it needs a script.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxTranslator

# By the last word of MyST-NB's own prompt, "Show code cell content".
HIDDEN = {"content": "the solution", "source": "the code", "output": "the output"}


def visit_folded(self: SphinxTranslator, node: HideCodeCellNode) -> None:
    """Open the ``<details>``. Its name is what it shows, so it carries no other label."""
    kind = str(node["prompt_show"]).rsplit(" ", 1)[-1]
    what = HIDDEN.get(kind, kind)
    classes = " ".join(["fold", f"fold-{kind}", *node["classes"]])
    self.body.append(
        f'<details class="{classes}"><summary>'
        f'<span class="fold-show">Show {escape(what)}</span>'
        f'<span class="fold-hide">Hide {escape(what)}</span></summary>\n<div>\n'
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
    app.add_node(HideCodeCellNode, override=True, html=(visit_folded, depart_folded))
    app.add_node(Dropdown, html=(visit_dropdown, depart_folded))
    app.connect("doctree-read", fold_admonitions)
