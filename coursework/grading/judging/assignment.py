"""An assignment as its source notebook and its task module describe it."""

from __future__ import annotations

import copy
import importlib.util
import json
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import ClearSolutions

from grading.handin.answers import Form
from grading.judging.task import Task, Tasks

__all__ = ["COURSEWORK", "Assignment", "as_json", "grade_id", "load", "read_notebook"]

COURSEWORK = Path(__file__).parents[2]
SOLUTION_MARK = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION\n?", re.MULTILINE)
SEED_LINE = re.compile(r"^CLASS_SEED = \d+", re.MULTILINE)


@dataclass(frozen=True)
class Assignment:
    """An assignment for one class.

    Attributes
    ----------
    name : str
        Such as ``"A2"``; the notebook is ``A2.ipynb``.
    notebook : nbformat.NotebookNode
        The source, with solutions and with the seed of the class.
    tasks : Tasks
        The hidden tests.
    class_seed : int
        The seed of the class.
    """

    name: str
    notebook: Any
    tasks: Tasks
    class_seed: int

    def cells(self, **flags: bool) -> list[Any]:
        """Return the cells whose nbgrader metadata has these flags."""
        return [
            cell
            for cell in self.notebook.cells
            if "nbgrader" in cell.metadata
            and all(cell.metadata.nbgrader.get(k, False) == v for k, v in flags.items())
        ]

    @cached_property
    def setup(self) -> list[tuple[str, str]]:
        """Names and texts of the locked code cells that are no tests: imports, things given."""
        cells = self.cells(grade=False, solution=False, locked=True)
        return [(grade_id(c), c.source) for c in cells if c.cell_type == "code"]

    @cached_property
    def references(self) -> dict[str, str]:
        """Our solutions, by grade id."""
        return {
            grade_id(cell): SOLUTION_MARK.sub("", cell.source)
            for cell in self.cells(solution=True)
        }

    @cached_property
    def stubs(self) -> dict[str, str]:
        """What learners are given in each answer cell, by grade id."""
        return {grade_id(cell): stub(cell) for cell in self.cells(solution=True)}

    @cached_property
    def points(self) -> dict[str, float]:
        """The points of every graded cell, by its grade id."""
        return {grade_id(cell): float(cell.metadata.nbgrader.points) for cell in self.graded}

    @cached_property
    def titles(self) -> dict[str, str]:
        """The heading above every graded cell, without what stands in brackets."""
        found, heading = {}, ""
        for cell in self.notebook.cells:
            lines = cell.source.splitlines()
            if cell.cell_type == "markdown" and lines and lines[0].startswith("## "):
                heading = lines[0].removeprefix("## ").split(" (")[0]
            if cell in self.graded:
                found[grade_id(cell)] = heading or grade_id(cell)
        return found

    @property
    def graded(self) -> list[Any]:
        """The cells that carry points: visible tests, and answers that people grade."""
        return self.cells(grade=True)

    @cached_property
    def by_hand(self) -> list[str]:
        """Grade ids of the answers that people grade."""
        return [grade_id(cell) for cell in self.cells(grade=True, solution=True)]

    @cached_property
    def form(self) -> Form:
        """What learners were given to fill in."""
        names = {task.cell: tuple(task.names) for task in self.tasks.tasks}
        questions, others, above = {}, set(), ""
        for cell in self.notebook.cells:
            answer = "nbgrader" in cell.metadata and cell.metadata.nbgrader.get("solution")
            if answer and grade_id(cell) not in names:
                questions[grade_id(cell)] = above
            elif not answer:
                others.add(cell.source.strip())
            above = cell.source
        return Form(self.stubs, names, questions, frozenset(others), self.class_seed)

    @cached_property
    def checks(self) -> dict[str, str]:
        """The visible check of every autograded answer, by the answer's grade id."""
        cells = {grade_id(cell): cell.source for cell in self.graded}
        return {task.cell: cells[f"test_{task.cell}"] for task in self.tasks.tasks}

    def max_of(self, task: Task) -> float:
        """Return the points of an autograded task."""
        return self.points[f"test_{task.cell}"]


def grade_id(cell: Any) -> str:
    """Return the grade id of a cell."""
    return str(cell.metadata.nbgrader.grade_id)


def stub(cell: Any) -> str:
    """Return what nbgrader leaves of a solution cell for learners."""
    copied = copy.deepcopy(cell)
    resources = {"language": "python"}
    cleared, _ = ClearSolutions().preprocess_cell(copied, resources, 0)
    return str(cleared.source)


def load(name: str, class_seed: int, private: Path | None = None) -> Assignment:
    """Return an assignment.

    Parameters
    ----------
    name : str
        Such as ``"A2"``.
    class_seed : int
        Goes into the notebook, in place of the seed that is committed.
    private : Path, optional
        A folder of the instructor's. What it has of ``source/A2/A2.ipynb`` and
        ``tasks/a2.py`` takes the place of ours.

    Raises
    ------
    FileNotFoundError
        There is no such assignment.
    """
    path = _first(Path("source") / name / f"{name}.ipynb", [private, COURSEWORK])
    notebook = read_notebook(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = SEED_LINE.sub(f"CLASS_SEED = {class_seed}", cell.source)
    return Assignment(name, notebook, _tasks(name, private), class_seed)


def read_notebook(path: Path) -> Any:
    """Return a notebook of ours."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def as_json(notebook: Any) -> str:
    """Return the notebook as it is written to a file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _tasks(name: str, private: Path | None) -> Tasks:
    path = _first(Path("tasks") / f"{name.lower()}.py", [private, Path(__file__).parent])
    label = f"grading_tasks_{name.lower()}_{abs(hash(str(path)))}"
    spec = importlib.util.spec_from_file_location(label, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[label] = module
    spec.loader.exec_module(module)
    tasks: Tasks = module.TASKS
    return tasks


def _first(path: Path, folders: list[Path | None]) -> Path:
    for folder in folders:
        if folder is not None and (folder / path).is_file():
            return folder / path
    raise FileNotFoundError(f"There is no {path} in the coursework.")
