"""Citations with round brackets, and links in place of the keys on claim cards.

A card names its paper as ``<cite data-cite="srivastava2014">srivastava2014</cite>``: in
Jupyter the key is all there is to show. Here it becomes "Srivastava et al. (2014)", linked
to the entry. A key that ``references.bib`` does not hold is a warning, and so a failed build;
so is an entry on the page without an ``annotation``, the line that says what it is good for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxTranslator
from sphinxcontrib.bibtex.citation_target import CitationTarget
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.roles import CitationRef
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from . import borrowed

logger = logging.getLogger(__name__)

CITE = re.compile(r'<cite data-cite="([^"]*)">.*?</cite>', re.DOTALL)


def round_brackets() -> BracketStyle:
    """Return what stands around a year."""
    return BracketStyle(left="(", right=")")


@dataclass
class RoundAuthorYear(AuthorYearReferenceStyle):
    """Hinton et al. (2012) in the text, (Hinton et al., 2012) beside it."""

    bracket_textual: BracketStyle = field(default_factory=round_brackets)
    bracket_parenthetical: BracketStyle = field(default_factory=round_brackets)


def cards(doctree: nodes.document) -> list[nodes.raw]:
    """Return the pieces of HTML on a page that cite something."""
    raw = doctree.findall(nodes.raw)
    return [n for n in raw if n.get("format") == "html" and CITE.search(n.astext())]


def note_citations(app: Sphinx, doctree: nodes.document) -> None:
    """Have the bibliography list what cards cite, as if the text had cited it."""
    docname = app.env.docname
    for node in cards(doctree):
        keys = [unescape(key) for key in CITE.findall(node.astext())]
        targets = [CitationTarget(key=key, pre="", post="") for key in keys]
        borrowed.cite(app.env, CitationRef(f"card-{keys[0]}", docname, node.line or 0, targets))


def author_year(entry) -> str:
    """Return "Gal & Ghahramani (2016)" for a BibTeX entry, as the text's citations do."""
    names = [" ".join(p.prelast_names + p.last_names) for p in entry.persons.get("author", [])]
    who = names[0] if names else entry.key
    if len(names) == 2:
        who = " and ".join(names)
    elif len(names) > 2:
        who += " et al."
    return re.sub(r"[{}]", "", f"{who} ({entry.fields.get('year', 'n.d.')})")


def link_citations(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write author, year and link in place of each key."""
    domain: BibtexDomain = app.env.get_domain("cite")
    known = {citation.key: citation for citation in domain.citations}

    def link(match: re.Match[str]) -> str:
        key = unescape(match[1])
        if key not in known:
            logger.warning(
                "a claim cites %r, which references.bib does not hold", key, location=node
            )
            return match[0]
        citation = known[key]
        target = citation.bibliography_key.docname
        href = f"{app.builder.get_relative_uri(docname, target)}#{citation.citation_id}"
        text = escape(author_year(citation.entry))
        return f'<cite data-cite="{escape(key)}"><a href="{escape(href)}">{text}</a></cite>'

    for node in cards(doctree):
        node.children[:] = [nodes.Text(CITE.sub(link, node.astext()))]


def visit_citation(self: SphinxTranslator, node: nodes.citation) -> None:
    """Write an entry of the bibliography without its label: the text says author and year.

    Docutils' own writer gives it a role that has been withdrawn from ARIA.
    """
    node.children[:] = [child for child in node.children if not isinstance(child, nodes.label)]
    self.body.append(self.starttag(node, "div", CLASS="citation"))


def depart_citation(self: SphinxTranslator, node: nodes.citation) -> None:
    """Close the entry."""
    self.body.append("</div>\n")


def annotate(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Say below each entry what it is good for: its field ``annotation``."""
    domain: BibtexDomain = app.env.get_domain("cite")
    known = {citation.citation_id: citation for citation in domain.citations}
    for node in doctree.findall(nodes.citation):
        citation = known[node["ids"][0]]
        annotation = citation.entry.fields.get("annotation")
        if annotation is None:
            logger.warning(
                "%s has no annotation in references.bib", citation.key, location=node
            )
        else:
            node += nodes.paragraph("", annotation, classes=["annotation"])


def setup(app: Sphinx) -> None:
    """Note the citations of each page as it is read, and link them when all are."""
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    register_plugin(
        "sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundAuthorYear
    )
    app.connect("doctree-read", note_citations)
    app.connect("doctree-resolved", link_citations)
    app.connect("doctree-resolved", annotate)
