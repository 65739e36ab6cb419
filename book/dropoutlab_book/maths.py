"""Render formulae with KaTeX while the book is built.

The page then needs KaTeX's style sheet and the few fonts it uses, and no script at all.
KaTeX runs in V8, through ``mini-racer``; nothing outside the Python environment is needed.
Macros are deliberately not offered: Jupyter and GitHub would not know them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from . import curriculum

logger = logging.getLogger(__name__)

KATEX = Path(__file__).parents[1] / "vendor" / "katex" / "katex.min.js"


@cache
def engine() -> MiniRacer:
    """Return a JavaScript engine with KaTeX loaded, started on first use."""
    context = MiniRacer()
    context.eval(KATEX.read_text(encoding="utf-8"))
    return context


@cache
def render(tex: str, display: bool) -> str:
    """Return the HTML and MathML of a formula.

    Raises
    ------
    ValueError
        With KaTeX's own message, when the formula does not parse.
    """
    options = {"displayMode": display, "throwOnError": True, "strict": "error"}
    call = f"katex.renderToString({json.dumps(tex)}, {json.dumps(options)})"
    try:
        return str(engine().eval(call))
    except JSEvalException as error:
        message = str(error).strip().split("\n")
        raise ValueError(next((m for m in message if "Error" in m), message[0])) from None


def rendered(node: nodes.Element, tex: str, display: bool) -> str:
    """Return the HTML of a formula; a faulty one is warned about and shown as typed."""
    try:
        return render(tex, display)
    except ValueError as error:
        logger.warning("formula not understood: %s", error, location=node, type="dropoutlab")
        return f"<code>{nodes.unescape(tex)}</code>"


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(rendered(node, node.astext(), display=False) + "</span>")
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number when it has one."""
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    tex = node.astext()
    # Sphinx allows several lines without an environment around them.
    if "\\\\" in tex and "\\begin" not in tex:
        tex = f"\\begin{{aligned}}{tex}\\end{{aligned}}"
    self.body.append(rendered(node, tex, display=True) + "</div>")
    raise nodes.SkipNode


def number_equations(app: Sphinx, doctree: nodes.document) -> None:
    """Count a page's labelled formulae: (5.1), (5.2) in chapter 5.

    Sphinx counts in the order in which pages happen to be read, so a formula's number would
    change when its chapter alone is read again.
    """
    docname = app.env.docname
    chapter = curriculum.number(docname)
    labelled = [b for b in doctree.findall(nodes.math_block) if b.get("number")]
    for count, block in enumerate(labelled, start=1):
        block["number"] = f"{chapter}.{count}" if chapter is not None else str(count)
        app.env.get_domain("math").equations[block["label"]] = (docname, block["number"])


def setup(app: Sphinx) -> None:
    """Register the renderer and choose it."""
    app.connect("doctree-read", number_equations)
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_block, None))
    app.config.html_math_renderer = "katex"
