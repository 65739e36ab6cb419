"""Notebooks that stand alone: what a reader downloads says where `dropoutlab` comes from.

The notebooks of the repository need not say it, since the library lies beside them. The copy
that a page offers gets two cells in front: a sentence, and where the address of the repository
is known, the lines that install the library where it is missing. They install the library
alone, not our pinned versions: Colab has its own NumPy. The repository is fetched as a whole,
for chapters read the recorded results in its folder ``results``.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import nbformat
from sphinx.application import Sphinx

from . import repository

FOLDER = "dropout-lab"
INSTALL = f"""\
# Get the library of the course where it is missing, as on Colab.
import importlib.util

if importlib.util.find_spec("dropoutlab") is None:
    !git clone --quiet --depth 1 --branch {{branch}} {{url}} {FOLDER}
    %cd {FOLDER}
    %pip install --quiet ."""
ABOUT = (
    "This notebook is a chapter of {course}. Its code comes with `dropoutlab`, the library of "
    "the course. "
)
KNOWN = "Where that is missing, as on Colab, the next cell installs it; it needs git."
UNKNOWN = (
    f"That is in the course's repository: with its address, `git clone ADDRESS {FOLDER}`, then "
    f"`pip install ./{FOLDER}`, and start Jupyter in the folder `{FOLDER}`. This copy of the "
    "course does not know the address; whoever published it does."
)


def install_lines(app: Sphinx) -> str | None:
    """Return the code that gets the library in a notebook; None where no address is known."""
    url = app.config.dropoutlab_repository
    branch = repository.branch(Path(app.srcdir))
    return INSTALL.format(url=shlex.quote(url), branch=shlex.quote(branch)) if url else None


def first_cells(app: Sphinx) -> list[nbformat.NotebookNode]:
    """Return what stands in front of a notebook that has left its repository."""
    course, url = app.config.html_title, app.config.dropoutlab_repository
    words = ABOUT.format(course=f"[{course}]({url})" if url else course)
    cells = [nbformat.v4.new_markdown_cell(words + (KNOWN if url else UNKNOWN), id="about")]
    if code := install_lines(app):
        cells.append(nbformat.v4.new_code_cell(code, id="get-dropoutlab"))
    return cells


def complete_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Write the notebooks that pages offer anew, with these cells in front."""
    if exception is not None or app.builder.format != "html":
        return
    book, front = Path(app.srcdir), first_cells(app)
    for docname in app.env.found_docs:
        source = Path(app.env.doc2path(docname))
        if source.suffix == ".ipynb":
            notebook = nbformat.read(source, as_version=4)
            notebook.cells = [*front, *notebook.cells]
            copy = Path(app.outdir) / "_sources" / source.relative_to(book)
            nbformat.write(notebook, copy)


def setup(app: Sphinx) -> None:
    """Complete the downloads when the pages are there."""
    app.connect("build-finished", complete_downloads)
