"""What we use of other packages that they do not promise to keep: one place that would break.

Where one of them is gone, the build stops with a sentence that names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import import_module, metadata
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError


def part(owner: object, name: str, package: str) -> Any:
    """Return an attribute of something that a package made, or say that it is gone.

    Examples
    --------
    >>> part("a string", "upper", "sphinx")()
    'A STRING'
    >>> part("a string", "shout", "sphinx")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    sphinx.errors.ExtensionError: sphinx ... has no 'shout' any more. The book needs ...
    """
    try:
        return getattr(owner, name)
    except AttributeError:
        raise ExtensionError(
            f"{package} {metadata.version(package)} has no {name!r} any more. The book needs "
            "that or something in its place: see book/dropoutlab_book/borrowed.py."
        ) from None


def warnings_so_far(app: Sphinx) -> int:
    """Return how many warnings a build has raised."""
    return part(app, "_warncount", "sphinx")


def folded_cell() -> type[nodes.Element]:
    """Return the kind of node that a cell becomes of which something is hidden."""
    return part(import_module("myst_nb.sphinx_"), "HideCodeCellNode", "myst-nb")


def run_of(env: BuildEnvironment, docname: str) -> dict[str, Any] | None:
    """Return what is known of a notebook's execution, None where there was none."""
    collector = part(import_module("myst_nb.sphinx_"), "NbMetadataCollector", "myst-nb")
    return part(collector, "get_doc_data", "myst-nb")(env)[docname].get("exec_data")


def run_notebooks_with(**options: Any) -> None:
    """Have nbclient run the notebooks with options that MyST-NB has no setting for."""
    module = import_module("myst_nb.core.execute.cache")
    run = part(module, "single_nb_execution", "myst-nb")
    module.single_nb_execution = partial(run, **options)


def parts_of_the_course(env: BuildEnvironment) -> Sequence[Any]:
    """Return the parts of ``_toc.yml``, each with a ``caption`` and ``items``."""
    return part(env, "external_site_map", "sphinx-external-toc").root.subtrees


def cite(env: BuildEnvironment, citation: object) -> None:
    """Have the bibliography list what a ``CitationRef`` cites."""
    domain = env.get_domain("cite")
    part(domain, "citation_refs", "sphinxcontrib-bibtex").append(citation)
