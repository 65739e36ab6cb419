"""A book of one or two pages that is built with the real configuration and extension."""

import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")


class Book:
    """A small book in a folder of its own."""

    def __init__(self, builder: subprocess.Popen, folder: Path):
        self.builder = builder
        self.folder = folder
        shutil.copy(ROOT / "_config.yml", folder)
        shutil.copy(ROOT / "references.bib", folder)
        shutil.copytree(ROOT / "book", folder / "book")
        (folder / "lib").mkdir()
        (folder / "lib" / "library.py").write_text("answer = 42\n")
        (folder / "chapters").mkdir()
        (folder / "chapters" / "bibliography.md").write_text(
            "# Bibliography\n\n```{bibliography}\n```\n"
        )
        (folder / "_toc.yml").write_text(
            "format: jb-book\nroot: intro\n"
            "chapters:\n- file: chapters/01_page\n- file: chapters/bibliography\n"
        )
        self.write_intro()
        self.write_chapter()

    def write_intro(self, text="A small book, {cite}`srivastava2014`."):
        """Write the landing page."""
        (self.folder / "intro.md").write_text(f"# A book\n\n{text}\n")

    def write_chapter(self, text="Prose.", code="print(6 * 7)", more=(), name="01_page"):
        """Write a chapter: a title, some prose, a code cell, and more of them."""
        cells = [nbformat.v4.new_markdown_cell(f"# A page\n\n{text}", id="prose")]
        for n, (source, metadata) in enumerate([(code, {}), *more]):
            cells.append(nbformat.v4.new_code_cell(source, id=f"code-{n}", metadata=metadata))
        notebook = nbformat.v4.new_notebook(
            cells=cells,
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, self.folder / "chapters" / f"{name}.ipynb")

    def build(self, **environment):
        """Build the book as a reader would, and return the finished process."""
        log = self.folder / "build.log"
        request = {"folder": str(self.folder), "environment": surroundings(environment)}
        print(json.dumps(request | {"log": str(log)}), file=self.builder.stdin, flush=True)
        status = int(self.builder.stdout.readline())
        return subprocess.CompletedProcess(JUPYTER_BOOK, status, log.read_text(), "")

    def build_anew(self, **environment):
        """Build it in a process that has loaded nothing yet, not even our library."""
        return subprocess.run(
            [str(JUPYTER_BOOK), "build", "."],
            cwd=self.folder,
            env=surroundings(environment),
            capture_output=True,
            text=True,
        )

    def page(self, name="chapters/01_page"):
        """Return the HTML of a built page."""
        return (self.folder / "_build" / "html" / f"{name}.html").read_text()


def surroundings(environment):
    """Return the variables that a build is given, these among them."""
    return os.environ | {"NO_COLOR": "1"} | environment


@pytest.fixture(scope="session")
def builder():
    """What builds all the books; see ``builder.py``."""
    command = [sys.executable, Path(__file__).with_name("builder.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        yield process


@pytest.fixture
def book(builder, tmp_path):
    """A clean small book, not yet built."""
    return Book(builder, tmp_path)


@pytest.fixture(scope="session")
def book_in(builder):
    """Return a function that begins a small book in a folder."""
    return partial(Book, builder)
