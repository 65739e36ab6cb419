"""What ran for the book: each chapter with its seconds, and the recorded experiments."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from . import borrowed, curriculum


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> nodes.raw:
    """Return cells of HTML as a table that can be scrolled sideways."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    html = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return nodes.raw("", f'<div class="table-scroll">{html}</div>', format="html")


def recorded(manifest: dict[str, Any]) -> list[str]:
    """Return a recording's row."""
    # Older manifests know the machine that called, and that alone.
    caller = {**manifest["machine"], "versions": manifest["versions"]}
    machines = manifest.get("machines", [caller])
    runs = f"{manifest['runs']['total']:,}"
    if manifest.get("partial"):
        runs += f" of {len(manifest['settings']) * len(manifest['seeds']):,}, partial"
    return [
        f"<code>{escape(manifest['experiment'])}</code>",
        escape(manifest["description"]),
        runs,
        f"{manifest['runs']['seconds'] / 60:.0f} min",
        f"{manifest['finished'][:10]}, {'; '.join(map(described, machines))}",
        f"<code>{escape(manifest['command'])}</code>",
    ]


def described(machine: dict[str, Any]) -> str:
    """Return what a machine was, and what it computed with."""
    if "versions" not in machine:
        return "unknown"
    return (
        f"{escape(machine['platform'].split('-')[0])}, {machine['processors']} processors, "
        f"NumPy {escape(machine['versions']['numpy'])}"
    )


class RecordedRuns(SphinxDirective):
    """Put a table of the manifests under ``results/`` here."""

    def run(self) -> list[nodes.Node]:
        """Read the manifests; the page follows them."""
        paths = sorted(Path(self.env.srcdir, "results").glob("*/manifest.json"))
        for path in paths:
            self.env.note_dependency(str(path))
        heads = ["Name", "What it measures", "Runs", "Processor time", "When, where", "Command"]
        return [table(heads, (recorded(json.loads(path.read_text())) for path in paths))]


class ChapterTimesNode(nodes.General, nodes.Element):
    """The place of the chapters' times, until all chapters have run."""


class ChapterTimes(SphinxDirective):
    """Put a table of the seconds that each chapter took here."""

    def run(self) -> list[nodes.Node]:
        """Leave a placeholder, and note the page."""
        self.env.dropoutlab_timetables = timetables(self.env) | {self.env.docname}
        return [ChapterTimesNode()]


def timetables(env: BuildEnvironment) -> set[str]:
    """Return the pages with chapters' times."""
    return getattr(env, "dropoutlab_timetables", set())


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace each placeholder by the table."""
    for node in list(doctree.findall(ChapterTimesNode)):
        rows, total = [], 0.0
        for part in curriculum.outline(app.env):
            for chapter in part.docnames:
                ran = borrowed.run_of(app.env, chapter)
                if ran and ran["runtime"] is not None:
                    total += ran["runtime"]
                    rows.append(time(app, docname, chapter, ran))
        rows.append(["", "All", f"{total:.0f} s", ""])
        node.replace_self(table(["Ch.", "Chapter", "Time", "Run on"], rows))


def time(app: Sphinx, here: str, docname: str, ran: dict[str, Any]) -> list[str]:
    """Return a chapter's row."""
    href = escape(app.builder.get_relative_uri(here, docname))
    title = app.builder.render_partial(app.env.titles[docname])["title"]
    day = datetime.fromtimestamp(ran["mtime"], UTC).date().isoformat()
    number = curriculum.number(docname)
    return [
        "" if number is None else str(number),
        f'<a href="{href}">{title}</a>',
        f"{ran['runtime']:.0f} s",
        day,
    ]


def refresh(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Write the pages with times whenever any page was read."""
    return timetables(env) & env.found_docs


def setup(app: Sphinx) -> None:
    """Offer ``{recorded-runs}`` and ``{chapter-times}``."""
    app.add_node(ChapterTimesNode)
    app.add_directive("recorded-runs", RecordedRuns)
    app.add_directive("chapter-times", ChapterTimes)
    app.connect("env-updated", refresh)
    app.connect("doctree-resolved", fill)
