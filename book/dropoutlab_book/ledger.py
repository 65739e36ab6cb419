"""The ledger: every claim of the course in a table, collected from the cards themselves.

Each card carries its evidence as JSON. As a page is read, its cards get names to link to; when
all pages have been read, ``{ledger}`` becomes the tables.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import count
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from . import curriculum

CARD = '<article class="dl-out dl-claim"'
NAMED_CARD = re.compile(CARD + r""" id="(claim-\d+)"[^>]*? data-claim='([^']*)'""")
VERDICTS = ("agrees", "not visible at our scale", "contradicts")
MANY_SEEDS = 5


@dataclass(frozen=True)
class Entry:
    """A claim, and where it stands."""

    docname: str
    anchor: str
    evidence: dict[str, Any]

    @property
    def is_stochastic(self) -> bool:
        """Whether an interval over runs is behind it."""
        return self.evidence["n"] is not None


class LedgerNode(nodes.General, nodes.Element):
    """The place of the ledger, until all pages have been read."""


class Ledger(SphinxDirective):
    """Put the ledger here."""

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder, and note the page."""
        self.env.dropoutlab_ledgers = self.ledgers(self.env) | {self.env.docname}
        return [LedgerNode()]

    @staticmethod
    def ledgers(env: BuildEnvironment) -> set[str]:
        """Return the pages with a ledger."""
        return getattr(env, "dropoutlab_ledgers", set())


def cards(doctree: nodes.document) -> Iterator[nodes.raw]:
    """Yield the pieces of HTML that hold claim cards."""
    for raw in doctree.findall(nodes.raw):
        if raw.get("format") == "html" and CARD in raw.astext():
            yield raw


def name_cards(app: Sphinx, doctree: nodes.document) -> None:
    """Give each card of a page an id: claim-1, claim-2, …."""
    number = count(1)
    for raw in cards(doctree):
        named = re.sub(CARD, lambda card: f'{card[0]} id="claim-{next(number)}"', raw.astext())
        raw.children[:] = [nodes.Text(named)]


def entries(env: BuildEnvironment) -> list[Entry]:
    """Return the claims of all chapters, in the order of reading."""
    return [
        Entry(docname, anchor, json.loads(unescape(evidence)))
        for part in curriculum.outline(env)
        for docname in part.docnames
        for raw in cards(env.get_doctree(docname))
        for anchor, evidence in NAMED_CARD.findall(raw.astext())
    ]


def summary(claims: list[Entry]) -> str:
    """Return what there is to count."""
    live = [c for c in claims if not c.evidence["recorded"]]
    stochastic = [c for c in live if c.is_stochastic]
    many = [c for c in stochastic if c.evidence["n"] >= MANY_SEEDS]
    verdicts = Counter(c.evidence["verdict"] for c in claims if c.evidence["verdict"])
    counts = ", ".join(f"{verdict}: {verdicts[verdict]}" for verdict in VERDICTS)
    return (
        f"<p><strong>{len(live)} claims are measured</strong> whenever the book is built: "
        f"{len(live) - len(stochastic)} are exact, {len(stochastic)} rest on an interval over "
        f"repeated runs, {len(many)} of these on {MANY_SEEDS} runs or more. "
        f"{len(claims) - len(live)} more rest on recorded runs. "
        f"{verdicts.total()} can be held against a paper ({counts}).</p>"
    )


def row(app: Sphinx, here: str, entry: Entry) -> str:
    """Return a claim's row."""
    said = entry.evidence
    href = f"{app.builder.get_relative_uri(here, entry.docname)}#{entry.anchor}"
    chapter = curriculum.number(entry.docname)
    cite = (
        f'<cite data-cite="{said["source"]}">{said["source"]}</cite>' if said["source"] else ""
    )
    cells = [
        "" if chapter is None else str(chapter),
        f'<a href="{escape(href)}">{escape(said["statement"])}</a>',
        escape(said["measured_text"]),
        escape(said["expect"]),
        f"{escape(said['paper'] or '')} {cite}".strip(),
        said["verdict"] or "",
    ]
    if said["recorded"]:
        cells.append(f"<code>{escape(said['recorded'])}</code>")
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def table(app: Sphinx, here: str, title: str, claims: list[Entry]) -> str:
    """Return claims as a table that can be scrolled sideways."""
    heads = ["Ch.", "Claim", "Measured", "Must be", "A paper reports", "Verdict"]
    if any(claim.evidence["recorded"] for claim in claims):
        heads.append("Recorded as")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(row(app, here, claim) for claim in claims)
    return (
        f'<div class="table-scroll"><table class="ledger"><caption>{title}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace each placeholder by the tables."""
    for node in list(doctree.findall(LedgerNode)):
        claims = entries(app.env)
        live = [c for c in claims if not c.evidence["recorded"]]
        recorded = [c for c in claims if c.evidence["recorded"]]
        html = summary(claims) + table(app, docname, "Measured when the book is built", live)
        if recorded:
            html += table(app, docname, "Measured once, in recorded runs", recorded)
        node.replace_self(nodes.raw("", html, format="html"))


def refresh(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Write the pages with a ledger whenever any page was read."""
    return Ledger.ledgers(env) & env.found_docs


def setup(app: Sphinx) -> None:
    """Offer ``{ledger}``."""
    app.add_node(LedgerNode)
    app.add_directive("ledger", Ledger)
    app.connect("doctree-read", name_cards)
    app.connect("env-updated", refresh)
    # Before citations are linked: the tables name papers as the cards do.
    app.connect("doctree-resolved", fill, priority=400)
