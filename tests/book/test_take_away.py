"""A notebook that leaves its repository says where the library comes from."""

import ast
import json
import re

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

LAB = "https://github.com/ada/dropout-lab"


def downloaded(book):
    copy = book.folder / "_build" / "html" / "_sources" / "chapters" / "01_page.ipynb"
    notebook = nbformat.read(copy, as_version=4)
    nbformat.validate(notebook)
    return notebook


def test_downloaded_notebook_installs_the_library_where_it_is_missing(book):
    original = book.folder / "chapters" / "01_page.ipynb"
    before = original.read_bytes()
    assert book.build(COURSE_REPOSITORY_URL=LAB).returncode == 0

    about, install, *chapter = downloaded(book).cells

    assert about.source.startswith(f"This notebook is a chapter of [Dropout Lab]({LAB}). ")
    assert "`dropoutlab`" in about.source
    lines = [line.strip() for line in install.source.splitlines()]
    assert f"!git clone --quiet --depth 1 --branch main {LAB} dropout-lab" in lines
    assert "%pip install --quiet ." in lines
    # No pinned versions: where it runs, there are others.
    assert "requirements" not in install.source
    ast.parse(TransformerManager().transform_cell(install.source))
    assert json.dumps(chapter) == json.dumps(nbformat.read(original, as_version=4).cells)
    assert original.read_bytes() == before


def test_downloaded_notebook_invents_no_address(book):
    assert book.build(COURSE_REPOSITORY_URL="").returncode == 0

    about, chapter, *_ = downloaded(book).cells

    assert "does not know the address" in about.source
    assert "http" not in about.source
    assert chapter.source.startswith("# A page")


@pytest.mark.parametrize(
    ("address", "colab"),
    [
        (LAB, "https://colab.research.google.com/github/ada/dropout-lab/blob/main/chapters/"),
        pytest.param("https://gitlab.com/ada/dropout-lab", None, marks=pytest.mark.full),
        pytest.param("", None, marks=pytest.mark.full),
    ],
)
def test_launch_link_for_colab_comes_with_what_to_run_first(book, address, colab):
    assert book.build(COURSE_REPOSITORY_URL=address).returncode == 0

    page = book.page()

    assert ("colab" in page.lower()) == (colab is not None)
    if colab:
        note = re.search(r'<div class="note" id="on-colab" popover>.*?Open this', page, re.S)[0]
        assert f'href="{colab}01_page.ipynb"' in note
        assert f"{LAB} dropout-lab" in note
        assert "colab" not in book.page("intro").lower()
