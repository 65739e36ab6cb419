"""Tables that a phone can scroll and a screen reader can read."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx


def mend_tables(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let wide tables scroll within a frame, and empty header cells be no headers.

    pandas writes the corner of a table as a header without text.
    """
    for table in list(doctree.findall(nodes.table)):
        frame = nodes.container(classes=["table-scroll"])
        table.replace_self(frame)
        frame += table
    for raw in doctree.findall(nodes.raw):
        if raw.get("format") == "html" and "<th></th>" in raw.astext():
            raw.children[:] = [nodes.Text(raw.astext().replace("<th></th>", "<td></td>"))]


def setup(app: Sphinx) -> None:
    """Mend tables before pages are written."""
    app.connect("doctree-resolved", mend_tables)
