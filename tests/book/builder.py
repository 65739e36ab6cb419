"""Builds books on request, each in a process of its own that finds Sphinx already loaded.

To load it takes longer than to build a book of two pages. Nothing of ours is loaded before:
what a book is built with comes from its own folder.
"""

import gc
import json
import os
import sys
from importlib import import_module

LOADED = [
    *(
        "jupyter_book.cli.main",
        "jupyter_book.sphinx",
        "sphinx.application",
        "sphinx.ext.autodoc",
    ),
    *("myst_nb.sphinx_ext", "sphinx_design.extension", "sphinxcontrib.bibtex.style.template"),
    *("anywidget", "matplotlib.pyplot", "pandas", "scipy.stats"),
]


def load() -> None:
    """Load what takes long, and what Sphinx would load at its start."""
    for name in LOADED:
        import_module(name)
    for name in sys.modules["sphinx.application"].builtin_extensions:
        import_module(name)
    gc.freeze()  # so that the builds share its memory


def become_build(folder: str, environment: dict[str, str], log: str) -> None:
    """Do as ``jupyter-book build .`` does in a folder; what is said goes into a file."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for ours, new in enumerate((nothing, said, said)):
        os.dup2(new, ours)
    sys.modules["jupyter_book.cli.main"].main(["build", "."])


def serve() -> None:
    """Answer each request, a line of JSON, with the exit status of a build."""
    load()
    for request in sys.stdin:
        if child := os.fork():
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        else:
            become_build(**json.loads(request))


if __name__ == "__main__":
    serve()
