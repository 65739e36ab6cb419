"""What checked cells print in the built book is what is stored."""

from pathlib import Path

import nbformat
import pytest
from chapter import FOLDER

EXECUTED = Path(__file__).parents[2] / "_build" / "jupyter_execute" / "chapters"
CHAPTERS = sorted(FOLDER.glob("[0-9]*.ipynb"))


def checked(path):
    """Return what the checked cells of a notebook show as text, by their ids."""
    return {
        cell.id: [
            output.get("text") or output.get("data", {}).get("text/plain")
            for output in cell.outputs
        ]
        for cell in nbformat.read(path, as_version=4).cells
        if "nbval-check-output" in cell.metadata.get("tags", [])
    }


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_book_shows_what_is_stored(path):
    executed = EXECUTED / path.name
    if not executed.exists():
        pytest.fail("There is no built book to look at. Run `make book` first.", pytrace=False)

    assert checked(executed) == checked(path)
