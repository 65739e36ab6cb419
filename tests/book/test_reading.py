"""What a browser can keep of a chapter is named by the build: in the map, and in the page."""

import re

import nbformat
import pytest

from dropoutlab_book.reading import anchored

CODE = """from dropoutlab.predictions import predict_number
from dropoutlab.quiz import choice, quiz
predict_number("How many of {0}?", measured=4, limits=(0, 10), name="number {0}")"""
QUIZ = 'quiz("Which?", [choice("0", "Yes.", correct=True), choice("{0}", "No.")])'


@pytest.fixture
def chapter(book):
    """A book with a map, and a chapter of three sections, two predictions and a quiz."""
    book.write_intro("```{course-map}\n```\n\n{cite}`srivastava2014`")
    texts = ["# A page\n\nProse.", "## One & two\n\nText.", "### Below\n\nText.", "## Three"]
    cells = [
        nbformat.v4.new_markdown_cell(text, id=f"text-{i}") for i, text in enumerate(texts)
    ]
    code = [CODE.format(1), CODE.format(2), QUIZ.format(1)]
    cells[1:1] = [nbformat.v4.new_code_cell(c, id=f"code-{i}") for i, c in enumerate(code)]
    notebook = nbformat.v4.new_notebook(
        cells=cells,
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, book.folder / "chapters" / "01_page.ipynb")
    result = book.build()
    assert result.returncode == 0, result.stdout
    return book


def test_the_map_and_the_page_name_what_a_reader_can_do(chapter):
    page, intro = chapter.page(), chapter.page("intro")
    quiz = re.search(r'type="radio" name="(dl-\w+)"', page)[1]

    item = re.search(r'<li data-page="chapters/01_page"([^>]*)>', intro)[1]
    assert re.findall(r'data-(\w+)="([^"]*)"', item) == [
        ("sections", "one-two three"),
        ("predictions", "number-1 number-2"),
        ("answers", quiz),
    ]
    assert '<article class="bd-article" data-page="chapters/01_page" ' in page
    assert 'data-chapter="1 A page"' in page
    assert re.findall(r'id="(predict-[\w-]+)"', page) == [
        "predict-number-1",
        "predict-number-2",
    ]
    assert '<section class="yours"' in page


def test_pages_load_only_what_they_need(chapter):
    loads = {
        name: set(re.findall(r'<script defer src="[^"]*?([\w-]+)\.js\?', chapter.page(name)))
        for name in ("intro", "chapters/01_page", "chapters/bibliography")
    }

    assert loads == {
        "intro": {"book", "course-map"},
        "chapters/01_page": {"book", "reading"},
        "chapters/bibliography": {"book"},
    }
    assert "data-page" not in chapter.page("chapters/bibliography")


def test_only_predictions_are_anchored():
    html = '<p data-question="a" data-prediction="curve">'

    assert anchored(html) == html
