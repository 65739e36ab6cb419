"""The map of the course: a directive that lists the chapters that exist, by part.

It is drawn from ``_toc.yml`` and from the chapters themselves, so nothing is typed twice
and nothing that is not written is promised.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from . import curriculum


class CourseMapNode(nodes.General, nodes.Element):
    """The place of the map, until all pages have been read."""


class CourseMap(SphinxDirective):
    """Put the map here."""

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder."""
        return [CourseMapNode()]


def entry(app: Sphinx, here: str, docname: str) -> str:
    """Return the HTML of one chapter's line."""
    href = app.builder.get_relative_uri(here, docname)
    title = app.builder.render_partial(app.env.titles[docname])["title"]
    question = curriculum.opening(app.env.get_doctree(docname))
    number = curriculum.number(docname)
    return (
        f'<li><a href="{escape(href)}">'
        f'<span class="map-number">{"" if number is None else number}</span>'
        f'<span class="map-title">{title}</span>'
        f'<span class="map-question">{escape(question)}</span></a></li>'
    )


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace each placeholder by the map."""
    for node in list(doctree.findall(CourseMapNode)):
        html = "".join(
            f'<section class="map-part"><h3>{escape(part.title)}</h3><ul>'
            + "".join(entry(app, docname, d) for d in part.docnames)
            + "</ul></section>"
            for part in curriculum.outline(app.env)
            if part.numeral or not part.caption
        )
        node.replace_self(nodes.raw("", f'<div class="course-map">{html}</div>', format="html"))


def setup(app: Sphinx) -> None:
    """Offer ``{course-map}``."""
    app.add_node(CourseMapNode)
    app.add_directive("course-map", CourseMap)
    app.connect("doctree-resolved", fill)
