"""A book of one or two pages that is built with the real configuration and extension."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")


class Book:
    """A small book in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        shutil.copy(ROOT / "_config.yml", folder)
        shutil.copy(ROOT / "references.bib", folder)
        shutil.copytree(ROOT / "site", folder / "site")
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

    def write_chapter(self, text="Prose.", code="print(6 * 7)"):
        """Write the one chapter: some prose and a code cell."""
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_markdown_cell(f"# A page\n\n{text}", id="prose"),
                nbformat.v4.new_code_cell(code, id="code"),
            ],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, self.folder / "chapters" / "01_page.ipynb")

    def build(self, **environment):
        """Build the book as a reader would, and return the finished process."""
        return subprocess.run(
            [str(JUPYTER_BOOK), "build", "."],
            cwd=self.folder,
            env=os.environ | {"NO_COLOR": "1"} | environment,
            capture_output=True,
            text=True,
        )

    def page(self, name="chapters/01_page"):
        """Return the HTML of a built page."""
        return (self.folder / "_build" / "html" / f"{name}.html").read_text()


@pytest.fixture
def book(tmp_path):
    """A clean small book, not yet built."""
    return Book(tmp_path)


@pytest.fixture(scope="session")
def book_in():
    """Return a function that begins a small book in a folder."""
    return Book
