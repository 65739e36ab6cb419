"""The search index: headings and text of every page, by section.

It is made from the built pages, and written as a script that hands the data over
(``dropoutlabIndex(...)``), because a page opened from disk may load a script and may not
fetch a file. ``book/scripts/search.js`` loads it when a reader first searches.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx

from . import curriculum

VOID = {"br", "img", "input", "hr", "meta", "link", "wbr", "source", "col"}
SKIPPED_TAGS = {"script", "style", "svg", "math", "button", "summary"}
SKIPPED_CLASSES = {"headerlink", "katex-html", "math", "course-map"}
BLOCKS = {"p", "li", "div", "pre", "td", "th", "dt", "dd", "figcaption", "legend", "label"}


class Sections(HTMLParser):
    """Split the article of a page into sections: anchor, heading and text."""

    def __init__(self, html: str):
        super().__init__()
        self.sections: list[tuple[str, list[str], list[str]]] = []
        self.depth = 0  # inside the article
        self.skipping = 0  # inside something that is not searched
        self.heading = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        attributes = dict(attrs)
        classes = set((attributes.get("class") or "").split())
        if tag in VOID or not (self.depth or tag == "article"):
            return
        self.depth += 1
        if self.skipping or tag in SKIPPED_TAGS or classes & SKIPPED_CLASSES:
            if not self.skipping and "math" in classes:
                self.handle_data("…")
            self.skipping += 1
        elif tag == "section" and attributes.get("id"):
            self.sections.append((attributes["id"], [], []))
        elif re.fullmatch("h[1-6]", tag):
            self.heading = True
        elif tag in BLOCKS:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag in VOID or not self.depth:
            return
        self.depth -= 1
        if self.skipping:
            self.skipping -= 1
        elif re.fullmatch("h[1-6]", tag):
            self.heading = False

    def handle_data(self, data: str) -> None:
        """Keep text."""
        if self.depth and not self.skipping and self.sections:
            self.sections[-1][1 if self.heading else 2].append(data)

    def entries(self) -> list[list[str]]:
        """Return ``[anchor, heading, text]`` for each section."""
        return [
            [anchor, *(" ".join("".join(pieces).split()) for pieces in (heading, text))]
            for anchor, heading, text in self.sections
        ]


def write_index(app: Sphinx, exception: Exception | None) -> None:
    """Write the index of all pages."""
    if exception is not None:
        return
    pages = []
    for docname in sorted(app.env.found_docs):
        html = Path(app.builder.get_outfilename(docname)).read_text(encoding="utf-8")
        uri = app.builder.get_target_uri(docname)
        title = app.env.titles[docname].astext()
        pages.append([uri, curriculum.number(docname), title, Sections(html).entries()])
    index = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    target = Path(app.outdir) / "_static" / "search-index.js"
    target.write_text(f"dropoutlabIndex({index});\n", encoding="utf-8")


def collect_search_page(app: Sphinx):
    """Add the page that shows results at an address of their own."""
    yield "search", {"title": "Search"}, "search.html"


def setup(app: Sphinx) -> None:
    """Replace Sphinx's search, whose index is loaded with every page."""
    app.connect("builder-inited", lambda app: setattr(app.builder, "search", False))
    app.connect("html-collect-pages", collect_search_page)
    app.connect("build-finished", write_index)
