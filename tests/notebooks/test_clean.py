"""What is committed in chapters/ is the clean notebook."""

import json

import clean
import nbformat
import pytest
from chapter import FOLDER

CHAPTERS = sorted(FOLDER.glob("*.ipynb"))


def code_cells(path):
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_chapters_to_check():
    assert CHAPTERS


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_notebook_is_committed_clean(path):
    text = path.read_text(encoding="utf-8")

    assert text == clean.cleaned(text), f"{path} is not clean. Mend it with: make tidy"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_checked_cells_have_the_output_they_are_checked_against(path):
    for cell in code_cells(path):
        checked = "nbval-check-output" in cell.metadata.get("tags", [])
        assert checked == bool(cell.metadata.get("keep_output")), cell.source
        assert not checked or cell.outputs, f"no stored output in {path}:\n{cell.source}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_no_chapter_lets_a_cell_raise_or_be_skipped(path):
    for cell in code_cells(path):
        tags = set(cell.metadata.get("tags", []))
        assert not tags & {"raises-exception", "nbval-skip", "nbval-raises-exception"}


def test_cleaning_removes_outputs_counts_and_foreign_metadata():
    dirty = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "1", execution_count=7, metadata={"collapsed": True, "tags": ["hide-input"]}
            )
        ]
    )
    dirty.cells[0].outputs = [nbformat.v4.new_output("stream", text="1")]
    dirty.metadata["widgets"] = {"state": {}}

    notebook = json.loads(clean.cleaned(nbformat.writes(dirty)))

    (cell,) = notebook["cells"]
    assert (cell["execution_count"], cell["outputs"]) == (None, [])
    assert cell["metadata"] == {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}
    assert "widgets" not in notebook["metadata"]


def test_cleaning_keeps_and_numbers_checked_outputs():
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("1"),
            nbformat.v4.new_code_cell("2", execution_count=9, metadata={"keep_output": True}),
        ]
    )
    notebook.cells[1].outputs = [
        nbformat.v4.new_output("execute_result", data={"text/plain": "2"}, execution_count=9)
    ]

    first, second = json.loads(clean.cleaned(nbformat.writes(notebook)))["cells"]

    assert first["execution_count"] is None
    assert second["execution_count"] == second["outputs"][0]["execution_count"] == 1
