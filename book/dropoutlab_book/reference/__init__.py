"""The library reference: one page for each public module, made from the docstrings.

Below ``chapters/reference.md``, which lists all modules, each has a page of its own. A new
module, or a new name in an ``__all__``, appears there without anything else being done.

A change in the library reaches them because it changes the key of the execution cache, which
makes Sphinx read every page again (``dropoutlab_book/execution.py``).

``sources``
    which there are, and the sources of their pages, written before the build looks for pages
``public``
    what a module offers, and where it is described
``directives``
    ``library-module``, which describes a module through autodoc, and ``library-index``
``docstrings``
    NumPy-style docstrings as reStructuredText, by numpydoc
``links``
    links to the source; references that lead nowhere
"""

from __future__ import annotations

from sphinx.application import Sphinx

from . import directives, links, sources


def setup(app: Sphinx) -> None:
    """Set up autodoc and every part of the reference."""
    app.setup_extension("sphinx.ext.autodoc")
    for part in (sources, directives, links):
        part.setup(app)
