"""What `make test-full` would say of a chapter that no longer tells the truth."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]

CLAIM = (
    "from dropoutlab.claims import below, claim\n"
    "claim('Six is below the limit', measured=6, expect=below({limit}))"
)
FAULTS = {
    "a claim that stops holding": (CLAIM.format(limit=5), [], "ClaimFailed"),
    "a cell that raises": ("1 / 0", [], "ZeroDivisionError"),
    "a changed checked number": ("print(40 + 1)", ["nbval-check-output"], "41"),
}
SOUND = [
    (CLAIM.format(limit=7), []),
    ("print(42)", ["nbval-check-output"]),
    ("print(41)", []),  # a changed number, in a cell that is not checked
]


def run_nbval(folder, *sources_and_tags):
    """Run a chapter as `make test-full` runs the chapters; every stored output is 42."""
    notebook = nbformat.v4.new_notebook()
    for source, tags in sources_and_tags:
        cell = nbformat.v4.new_code_cell(source, execution_count=1, metadata={"tags": tags})
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="42\n")]
        notebook.cells.append(cell)
    chapter = folder / "chapter.ipynb"
    nbformat.write(notebook, chapter)
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider"),
            *("-c", str(ROOT / "tests" / "notebooks" / "nbval.ini"), f"--rootdir={folder}"),
            *("--nbval-lax", str(chapter)),
        ],
        capture_output=True,
        text=True,
        cwd=folder,
    )


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """A chapter with every fault, and what is said of its cells, by their numbers."""
    cells = [(source, tags) for source, tags, _ in FAULTS.values()]
    process = run_nbval(tmp_path_factory.mktemp("faulty"), *cells, *SOUND)
    _, *said = re.split(r"^_+ chapter\.ipynb::Cell (\d+) _+$", process.stdout, flags=re.M)
    return process, dict(zip(map(int, said[::2]), said[1::2], strict=True))


@pytest.mark.parametrize(("cell", "fault"), [*enumerate(FAULTS)])
def test_faulty_cell_fails(faulty, cell, fault):
    _, said = faulty

    assert FAULTS[fault][2] in said[cell]


def test_chapter_with_faulty_cells_fails_for_them_alone(faulty):
    process, said = faulty

    assert process.returncode == 1
    assert len(said) == len(FAULTS)


def test_sound_chapter_passes(tmp_path):
    process = run_nbval(tmp_path, *SOUND)

    assert process.returncode == 0, process.stdout
