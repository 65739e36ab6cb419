"""Say which notebooks are not committed clean, and mend them: ``make tidy``.

Clean means: no outputs, except in cells that carry ``"keep_output": true`` (those whose
text output nbval compares); these are numbered in order, all other cells carry no number;
no widget state, no editor's metadata; a trailing newline. Then a change in a chapter is a
change in the diff, and nothing else is. What the site folds (by a cell's tags) is folded in
JupyterLab too.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat

NOTEBOOK_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
CELL_METADATA = {"tags", "jupyter", "keep_output", "mystnb"}
FOLDED = {
    "hide-input": {"source_hidden": True},
    "remove-input": {"source_hidden": True},
    "hide-cell": {"source_hidden": True, "outputs_hidden": True},
}


def cleaned(text: str) -> str:
    """Return the clean form of a notebook.

    Parameters
    ----------
    text
        The notebook as JSON, of any format version that nbformat can read.

    Returns
    -------
    str
        The notebook as JSON of format 4.5.
    """
    notebook = nbformat.reads(text, as_version=4)
    # Keys beside these (myst front matter, say) are the author's and stay.
    for key in ("widgets", "toc", "vscode", "colab"):
        notebook.metadata.pop(key, None)
    notebook.metadata.update(nbformat.from_dict(NOTEBOOK_METADATA))
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    kept = 0
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{number:02}")
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in CELL_METADATA}
        if cell.cell_type != "code":
            continue
        for tag in FOLDED.keys() & set(cell.metadata.get("tags", [])):
            cell.metadata["jupyter"] = nbformat.from_dict(FOLDED[tag])
        if cell.metadata.get("keep_output"):
            kept += 1
            cell.execution_count = kept
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = kept
        else:
            cell.execution_count, cell.outputs = None, []
    return nbformat.writes(notebook) + "\n"


def main(paths: list[str]) -> None:
    """Clean the notebooks at ``paths`` in place, and name those that changed."""
    for path in map(Path, paths):
        before = path.read_text(encoding="utf-8")
        after = cleaned(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"cleaned {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
