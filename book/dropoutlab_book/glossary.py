"""Glossary terms, linked where a chapter first uses them.

The terms are those of ``{glossary}``. Notebooks name them in plain words, so they read well
everywhere; on the site the first mention in a chapter becomes a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from . import curriculum

# What running text may stand in and yet hold no link.
CLOSED = (nodes.reference, nodes.title, nodes.literal, nodes.math, nodes.raw, nodes.caption)


def terms(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return each term of the glossary, in lower case: its page, and its id there."""
    objects = env.get_domain("std").objects
    return {name.lower(): where for (kind, name), where in objects.items() if kind == "term"}


def pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of the names as a word, in the singular or plural.

    Examples
    --------
    >>> pattern(["mask", "thinned network"]).findall("Masks of thinned networks, unmasked")
    ['Masks', 'thinned networks']
    """
    longest_first = sorted(names, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![\w-])(?:{words})(?:s|es)?(?![\w-])", re.IGNORECASE)


def named(text: str, names: Iterable[str]) -> str | None:
    """Return which of the names a text is, in the singular or plural.

    Examples
    --------
    >>> named("Losses", {"loss", "mask"})
    'loss'
    """
    text = text.lower()
    spellings = (text, text.removesuffix("s"), text.removesuffix("es"))
    return next((spelling for spelling in spellings if spelling in names), None)


def around(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what a node stands in, from the inside out."""
    while (node := node.parent) is not None:
        yield node


def takes_links(text: nodes.Text, question: nodes.Node | None) -> bool:
    """Return whether a text is running text, outside of the chapter's opening question."""
    places = list(around(text))
    return (
        any(isinstance(place, nodes.paragraph) for place in places)
        and not any(isinstance(place, CLOSED) for place in places)
        and question not in places
    )


def linked(text: str, links: dict[str, str]) -> list[nodes.Node]:
    """Return a text in pieces, the first mention of each term a link; strike it from `links`.

    Examples
    --------
    >>> links = {"mask": "glossary.html#mask"}
    >>> [piece.astext() for piece in linked("One mask, two masks.", links)], links
    (['One ', 'mask', ', two masks.'], {})
    """
    pieces: list[nodes.Node] = []
    at = 0
    for match in pattern(links).finditer(text) if links else ():
        if term := named(match[0], links):
            pieces.append(nodes.Text(text[at : match.start()]))
            link = {"internal": True, "refuri": links.pop(term), "classes": ["term"]}
            pieces.append(nodes.reference("", match[0], **link))
            at = match.end()
    return [*pieces, nodes.Text(text[at:])]


def link_terms(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the first mention of each term on a chapter's page."""
    if curriculum.number(docname) is None:
        return
    links = {
        term: f"{app.builder.get_relative_uri(docname, page)}#{label}"
        for term, (page, label) in terms(app.env).items()
    }
    question = next(iter(doctree.findall(nodes.paragraph)), None)
    for text in list(doctree.findall(nodes.Text)):
        if takes_links(text, question):
            text.parent.replace(text, linked(text.astext(), links))


def setup(app: Sphinx) -> None:
    """Link when all pages have been read."""
    app.connect("doctree-resolved", link_terms)
