"""Where the reference leads: to the source of what it describes, and never nowhere."""

from __future__ import annotations

import inspect
from functools import reduce
from html import escape
from importlib import import_module
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from .. import repository
from .public import class_homes
from .sources import INDEX, PACKAGE

logger = logging.getLogger(__name__)


def source_line(module: str, name: str) -> tuple[Path, int] | None:
    """Return the file and the line in which a class or a function begins."""
    thing = getattr(import_module(module), name, None)
    try:
        thing = inspect.unwrap(thing)
        return Path(inspect.getsourcefile(thing)), inspect.getsourcelines(thing)[1]
    except (TypeError, OSError):
        return None


def source_link(href: str, name: str) -> str:
    """Return a link in HTML. What it is the source of, only screen readers say."""
    return (
        f'<a class="to-source" href="{escape(href)}">source<span> of {escape(name)}</span></a>'
    )


def link_sources(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put a link to the source beside each signature, where the repository is known."""
    url, book = app.config.dropoutlab_repository, Path(app.srcdir)
    if not url or not docname.startswith(f"{INDEX}/"):
        return
    for signature in doctree.findall(addnodes.desc_signature):
        name = signature.get("fullname", "")
        place = source_line(signature["module"], name) if "." not in name else None
        if place and place[0].is_relative_to(book):
            path = place[0].relative_to(book).as_posix()
            href = repository.source_url(url, repository.branch(book), path, line=place[1])
            signature += nodes.raw("", source_link(href, name), format="html")


def exists(target: str) -> bool:
    """Whether a dotted name leads to something.

    Examples
    --------
    >>> exists("dropoutlab.stats.interval.number"), exists("dropoutlab.stats.meen_interval")
    (True, False)
    """
    parts = target.split(".")
    for depth in range(len(parts), 0, -1):
        try:
            thing = import_module(".".join(parts[:depth]))
        except ImportError:
            continue
        try:
            reduce(getattr, parts[depth:], thing)
        except AttributeError:
            return False
        return True
    return False


def find_class(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.Element
) -> nodes.Element | None:
    """Resolve the name of a class, or of something in it, that another module describes."""
    name, dot, member = node.get("reftarget", "").partition(".")
    place = class_homes().get(name)
    if node.get("refdomain") != "py" or place is None:
        return None
    domain = env.get_domain("py")
    return domain.resolve_xref(
        env, node["refdoc"], app.builder, "obj", place + dot + member, node, content
    )


def refuse_dead_references(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.Element
) -> None:
    """Warn about a reference to something that does not exist.

    Sphinx lets references to Python objects fail in silence. That is right for what other
    libraries define, and for whatever stands between single backticks; it is wrong for a name
    of ours, and for what an author has called a function or a class.
    """
    target = node.get("reftarget", "")
    is_checked = node.rawsource.startswith(":") or target.startswith(f"{PACKAGE}.")
    if node.get("refdomain") != "py" or not is_checked:
        return
    module, owner = node.get("py:module"), node.get("py:class")
    scopes = ("", "builtins.", f"{module}.", f"{module}.{owner}.")
    if not any(exists(scope + target) for scope in scopes):
        logger.warning("nothing is called %s", target, location=node, type="dropoutlab")


def setup(app: Sphinx) -> None:
    """Add links when pages are written, and watch what Sphinx does not find."""
    app.connect("doctree-resolved", link_sources)
    app.connect("missing-reference", find_class)
    app.connect("missing-reference", refuse_dead_references, priority=900)
