"""The map of the course: a directive that lists the chapters that exist, by part.

It is drawn from ``_toc.yml`` and from the chapters themselves, so nothing is typed twice
and nothing that is not written is promised. In a browser it also says how far its reader is,
and offers to save, to load and to forget that: ``book/scripts/reading/map.js``. What stands
here for it keeps its room, so that nothing moves when it is filled.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from . import curriculum, reading

ON = '<p class="map-on"></p>'
KEPT = """\
<section class="map-reading" id="your-reading" aria-labelledby="your-reading-title">
<h3 id="your-reading-title">Your reading</h3>
<p class="kept-where">Your predictions, your answers to the quizzes and the sections that you
have read stay in this browser alone.</p>
<p class="kept-buttons">
<button type="button" data-does="load">Load a file</button>
<button type="button" data-does="save" disabled>Save as a file</button>
<button type="button" data-does="forget" disabled>Forget everything</button>
<input type="file" accept=".json,application/json" hidden>
</p>
<div class="kept-ask" role="group" aria-labelledby="kept-question" hidden>
<p id="kept-question"></p>
<p class="kept-buttons"><button type="button" data-does="really">Forget it</button>
<button type="button" data-does="never">Keep it</button></p>
</div>
<p class="kept-said" role="status"></p>
</section>"""


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
    doctree = app.env.get_doctree(docname)
    question = curriculum.opening(doctree)
    number = curriculum.number(docname)
    kept = "" if number is None else '<p class="map-kept"></p>'
    return (
        f"<li{names(docname, doctree)}>"
        f'<a href="{escape(href)}">'
        f'<span class="map-number">{"" if number is None else number}</span>'
        f'<span class="map-title">{title}</span>'
        f'<span class="map-question">{escape(question)}</span></a>{kept}</li>'
    )


def names(docname: str, doctree: nodes.document) -> str:
    """Return what a chapter holds as attributes; none for a page that keeps no reading."""
    if curriculum.number(docname) is None:
        return ""
    holds = vars(reading.contents(doctree))
    lists = {"page": docname} | {kind: " ".join(each) for kind, each in holds.items()}
    return "".join(f' data-{kind}="{escape(value)}"' for kind, value in lists.items())


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
        html = f'<div class="course-map">{ON}{html}{KEPT}</div>'
        node.replace_self(nodes.raw("", html, format="html"))


def setup(app: Sphinx) -> None:
    """Offer ``{course-map}``."""
    app.add_node(CourseMapNode)
    app.add_directive("course-map", CourseMap)
    app.connect("doctree-resolved", fill)
