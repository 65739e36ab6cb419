"""What gives the answer of a prediction away is veiled, from its cell to the author's mark."""

import re

import nbformat
import pytest

END = "<!-- veil ends -->"
ASKS = """from dropoutlab.predictions import predict_number
predict_number("How many of {0}?", measured=4, limits=(0, 10))"""


def write(book, *cells):
    """Write a chapter: code where a number stands for a prediction, else text."""
    path = book.folder / "chapters" / "01_page.ipynb"
    notebook = nbformat.read(path, as_version=4)
    made = [
        nbformat.v4.new_code_cell(ASKS.format(cell), id=f"cell-{i}")
        if isinstance(cell, int)
        else nbformat.v4.new_markdown_cell(cell, id=f"cell-{i}")
        for i, cell in enumerate(cells)
    ]
    notebook.cells = [nbformat.v4.new_markdown_cell("# A page\n\nProse.", id="title"), *made]
    nbformat.write(notebook, path)


def veiled(book):
    """Return the paragraphs of each veil."""
    veils = re.findall(r'<div class="dl-veiled[^>]*>(.*?)</div>', book.page(), flags=re.S)
    return [re.findall("<p>(.*?)</p>", veil) for veil in veils]


def test_each_prediction_veils_as_far_as_its_own_mark(book):
    write(
        book,
        "Before.",
        1,
        f"One.\n\nTwo.\n\n{END}\n\nFree.",
        2,
        "Three.",
        END,
        "After.",
        3,
        "Free.",
    )

    result = book.build()

    assert result.returncode == 0, result.stdout
    assert veiled(book) == [["One.", "Two."], ["Three."]]
    assert "veil ends" not in book.page()
    # Styles find the veil right behind the cell that it belongs to.
    assert len(re.findall(r'</div>\s*<div class="dl-veiled', book.page())) == 2


def test_module_and_host_stand_in_the_page_once(book):
    write(book, 1, 2, 3)

    assert book.build().returncode == 0

    page = book.page()
    modules = re.findall(r'class="dl-module">(.*?)</script>', page, flags=re.S)
    assert [bool(module) for module in modules] == [True, False, False]
    assert page.count("dropoutlabHost ??=") == 1
    assert page.count("dropoutlabHost(document.currentScript") == 3
    assert len(set(re.findall('data-question="([^"]+)"', page))) == 3


NOWHERE = {
    "no prediction": [("Text.", END)],
    "nothing to veil": [(1, END)],
    "another section": [(1, f"## A section\n\nText.\n\n{END}")],
    "two sections": [(1, "## A section", f"## Another\n\n{END}")],
}


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(
            *case, id=name, marks=[] if name == "another section" else pytest.mark.full
        )
        for name, case in NOWHERE.items()
    ],
)
def test_a_veil_that_ends_nowhere_fails_the_build(book, cells):
    write(book, *cells)

    result = book.build()

    assert result.returncode != 0
    assert "a veil ends where none is open" in result.stdout
