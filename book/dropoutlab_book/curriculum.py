"""The course's outline, read from ``_toc.yml`` and from the names of the files.

A chapter's number is the one its file name begins with (``05_forward_and_backward``), so
chapters that are not yet written leave gaps. Parts that hold numbered chapters are counted
in Roman numerals. Side bar, course map, page heads and titles all take them from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from . import borrowed

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


@dataclass(frozen=True)
class Part:
    """Some chapters under one caption."""

    caption: str
    numeral: str
    docnames: tuple[str, ...]

    @property
    def title(self) -> str:
        """The caption, with the part's number where it has one."""
        return f"Part {self.numeral} · {self.caption}" if self.numeral else self.caption


def number(docname: str) -> int | None:
    """Return the number of a chapter, None for a page that has none.

    Examples
    --------
    >>> number("chapters/05_forward_and_backward")
    5
    >>> number("chapters/bibliography") is None
    True
    """
    match = re.match(r"(\d+)_", PurePosixPath(docname).name)
    return int(match[1]) if match else None


def docname(item: str) -> str:
    """Return the name of a page from the table of contents, where it may have a suffix.

    Examples
    --------
    >>> docname("chapters/bibliography.md"), docname("intro")
    ('chapters/bibliography', 'intro')
    """
    return re.sub(r"\.(md|ipynb)$", "", str(item))


def outline(env: BuildEnvironment) -> list[Part]:
    """Return the parts of the course, with the pages that exist."""
    parts: list[Part] = []
    numerals = iter(ROMAN)
    for tree in borrowed.parts_of_the_course(env):
        docnames = tuple(d for d in map(docname, tree.items) if d in env.found_docs)
        if docnames:
            numbered = tree.caption and any(number(d) is not None for d in docnames)
            parts.append(Part(tree.caption or "", next(numerals) if numbered else "", docnames))
    return parts


def part_of(env: BuildEnvironment, docname: str) -> Part | None:
    """Return the part that a page belongs to."""
    return next((part for part in outline(env) if docname in part.docnames), None)


def parent(env: BuildEnvironment, docname: str) -> str | None:
    """Return the page that a page stands below: the one that its folder is named like."""
    folder = PurePosixPath(docname).parent.as_posix()
    return folder if folder in env.found_docs else None


def opening(doctree: nodes.document) -> str:
    """Return the first paragraph of a page: by house style, the question it answers."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            return " ".join(paragraph.astext().split())
    return ""


def refresh_navigation(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Write every page again when the outline or a title changed: each page shows it.

    Where only a chapter's text changed, Sphinx itself writes the landing page again, which
    quotes it: that page holds the table of contents.
    """
    titles = {d: env.titles[d].astext() for part in outline(env) for d in part.docnames}
    state = repr((outline(env), titles))
    changed = getattr(env, "dropoutlab_outline", None) != state
    env.dropoutlab_outline = state
    return env.found_docs if changed else []


def setup(app: Sphinx) -> None:
    """Watch the outline."""
    app.connect("env-updated", refresh_navigation)
