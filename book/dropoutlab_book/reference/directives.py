"""``library-module`` describes all that a module offers, ``library-index`` lists it."""

from __future__ import annotations

import inspect

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .docstrings import restructured
from .public import class_homes, docstring, home, public, public_names, summary
from .sources import docname, grouped

logger = logging.getLogger(__name__)


class Library(SphinxDirective):
    """What both directives need."""

    def parse(self, lines: list[str], into: nodes.Element) -> None:
        """Parse reStructuredText into an element."""
        content = StringList(lines, self.get_source_info()[0])
        self.state.nested_parse(content, self.content_offset, into)

    def section(self, name: str, title: nodes.Node, kind: str) -> nodes.section:
        """Return a section that only has a title; its anchor is the name."""
        section = nodes.section(ids=[name], classes=[kind])
        self.state.document.ids[name] = section
        section += nodes.title("", "", title)
        return section

    def listing(self, module: str, names: list[str]) -> nodes.Element:
        """Return a list of names, each with the first line of what is said about it."""
        lines = []
        for name in names:
            lines += [f":py:obj:`{name} <{home(module, name)}>`"]
            lines += [f"    {summary(module, name)}"]
        listing = nodes.container(classes=["listing"])
        self.parse(lines, listing)
        return listing


class LibraryModule(Library):
    """Describe a module: ``.. library-module:: dropoutlab.nn``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return what the module says of itself, and a section for each name."""
        module = self.arguments[0]
        self.warn_where_silent(module)
        self.env.ref_context["py:module"] = module
        page, names = nodes.Element(), public_names(module)
        about = restructured(docstring(module), class_homes())
        self.parse([*about, "", f".. py:module:: {module}"], page)
        own = [name for name in names if home(module, name) == f"{module}.{name}"]
        others = [name for name in names if name not in own]
        # Below the first paragraph, which says what the module is for.
        page.insert(1, self.jumps([*own, *others]))
        page += [self.described(module, name) for name in own]
        if others:
            page += self.described_elsewhere(module, others)
        return page.children

    def jumps(self, names: list[str]) -> nodes.Element:
        """Return a line with a link to each name."""
        line = nodes.bullet_list(classes=["names"])
        for name in names:
            code = nodes.literal("", name)
            link = nodes.reference("", "", code, refuri=f"#{name}", internal=True)
            line += nodes.list_item("", nodes.paragraph("", "", link))
        return line

    def described(self, module: str, name: str) -> nodes.section:
        """Return the section on one name."""
        section = self.section(name, nodes.literal("", name), "described")
        place, thing = f"{module}.{name}", public(module, name)
        if inspect.isclass(thing):
            kind = "exception" if issubclass(thing, BaseException) else "class"
            lines = [f".. auto{kind}:: {place}", "   :members:"]
            lines += ["   :show-inheritance:"] if thing.__bases__ != (object,) else []
            described = [base.__name__ for base in thing.__mro__[1:] if has_a_section(base)]
            lines += [f"   :inherited-members: {', '.join(described)}"]
        elif callable(thing):
            lines = [f".. autofunction:: {place}"]
        else:
            words = docstring(module, name)
            lines = [f".. py:data:: {name}", "", *(f"   {line}" for line in words)]
        self.parse(lines, section)
        return section

    def described_elsewhere(self, module: str, names: list[str]) -> nodes.section:
        """Return the section on what the module passes on, with an anchor for each name."""
        section = self.section("also-here", nodes.Text("Also here"), "described")
        listed = self.listing(module, names)
        for term, name in zip(listed.findall(nodes.term), names, strict=True):
            term["ids"].append(name)
        section += listed
        return section

    def warn_where_silent(self, module: str) -> None:
        """Warn about what has no docstring."""
        for name in ("", *public_names(module)):
            if not summary(module, name):
                what = f"{module}.{name}".rstrip(".")
                logger.warning("%s has no docstring", what, location=self.get_location())


class LibraryIndex(Library):
    """List all modules and what they offer: ``.. library-index::``."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each group of modules."""
        groups = []
        for title, members in grouped().items():
            group = nodes.section(ids=[nodes.make_id(title)])
            group += nodes.title("", title)
            group += [self.listed(module) for module in members]
            groups.append(group)
        return groups

    def listed(self, module: str) -> nodes.section:
        """Return the section on one module."""
        uri = self.env.app.builder.get_relative_uri(self.env.docname, docname(module))
        code = nodes.literal("", module)
        link = nodes.reference("", "", code, refuri=uri, internal=True)
        section = self.section(module, link, "listed")
        self.env.ref_context["py:module"] = module
        self.parse([summary(module)], section)
        names = public_names(module)
        section += self.listing(
            module, [name for name in names if home(module, name) == f"{module}.{name}"]
        )
        return section


def has_a_section(base: type) -> bool:
    """Whether what a class inherits from another is described there, ours or not."""
    return not base.__module__.startswith("dropoutlab") or base.__name__ in class_homes()


def process_docstring(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Turn a docstring into reStructuredText for autodoc."""
    lines[:] = restructured(lines, class_homes(), thing)


def setup(app: Sphinx) -> None:
    """Offer the directives."""
    app.add_directive("library-module", LibraryModule)
    app.add_directive("library-index", LibraryIndex)
    app.connect("autodoc-process-docstring", process_docstring)
