"""The built book holds no graded solution: reads ``_build/html``, so ``make book`` comes first."""

import html
import json
import re
from pathlib import Path

import pytest

from grading.judging.assignment import COURSEWORK, load
from grading.release import secret_lines

BOOK = COURSEWORK.parent / "_build" / "html"
KINDS = {".html", ".js", ".json", ".md", ".ipynb", ".txt"}
NAMES = [path.name for path in sorted((COURSEWORK / "source").iterdir())]


def words(path: Path) -> str:
    """Return what is written on a page, or in any other file of the book."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".html":
        return html.unescape(re.sub(r"<[^>]+>", "", text))
    if path.suffix == ".ipynb":
        return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return text


def solved_in(text: str, assignment) -> list[str]:
    """Return the tasks of whose solution at least half stands in a text, line by line.

    A line of its own says nothing: the chapters use the same idioms.
    """
    found = []
    for cell, solution in assignment.references.items():
        lines = secret_lines(solution, assignment.stubs[cell])
        there = sum(line in text for line in lines)
        if lines and 2 * there >= len(lines):
            found.append(cell)
    return found


@pytest.fixture(scope="module")
def book():
    if not (BOOK / "index.html").exists():
        pytest.fail("There is no built book to look at. Run `make book` first.")
    files = [path for path in BOOK.rglob("*") if path.suffix in KINDS and path.is_file()]
    return {path.relative_to(BOOK).as_posix(): words(path) for path in files}


@pytest.mark.parametrize("name", NAMES)
def test_no_page_holds_a_graded_solution(book, name):
    assignment = load(name, 1)

    assert {
        page: found for page, text in book.items() if (found := solved_in(text, assignment))
    } == {}
    assert not [page for page in book if page.endswith(f"{name}.ipynb")]


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_would_be_noticed(name):
    assignment = load(name, 1)
    source = words(COURSEWORK / "source" / name / f"{name}.ipynb")

    assert len(solved_in(source, assignment)) >= len(assignment.references) - 1
