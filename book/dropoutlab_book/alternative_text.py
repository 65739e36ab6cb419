"""Refuse pictures that do not say in words what they show.

Figures come from ``dropoutlab.plots.show``, which insists on an alternative text. This
check catches every other way in: a bare Matplotlib output, ``![](picture.png)``, an
``<img>`` in HTML.
"""

from __future__ import annotations

from html.parser import HTMLParser

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

ADVICE = (
    "this picture has no alternative text. Show figures with "
    "dropoutlab.plots.show(figure, caption=..., alt=...); say in `alt` what the picture shows."
)


class UndescribedPictures(HTMLParser):
    """Count in a piece of HTML the pictures that have no words."""

    def __init__(self, html: str):
        super().__init__()
        self.count = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one opening tag."""
        attributes = dict(attrs)
        # alt="" is HTML's own way to say "decoration", so only its absence is a fault.
        undescribed_img = tag == "img" and attributes.get("alt") is None
        undescribed_role = attributes.get("role") == "img" and not (
            attributes.get("aria-label") or attributes.get("aria-labelledby")
        )
        self.count += undescribed_img or undescribed_role


def check_pictures(app: Sphinx, doctree: nodes.document) -> None:
    """Warn about each picture of a page that has no alternative text."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            logger.warning(ADVICE, location=image, type="dropoutlab", subtype="alt")
    for raw in doctree.findall(nodes.raw):
        if raw.get("format") == "html":
            for _ in range(UndescribedPictures(raw.astext()).count):
                logger.warning(ADVICE, location=raw, type="dropoutlab", subtype="alt")


def setup(app: Sphinx) -> None:
    """Check each page when it has been read."""
    app.connect("doctree-read", check_pictures)
