"""Makes the notebook that formgrader and nbgrader's feedback show: ours, with their answers.

It is built from the student version, so it holds no hidden test and no solution, and of the
learner's file it takes the text of the answers alone.
"""

from __future__ import annotations

import copy
from typing import Any

from grading.harmless import without_html
from grading.judging.assignment import Assignment, grade_id
from grading.judging.judge import Verdict

__all__ = ["autograded_notebook", "summary_of_task"]


def autograded_notebook(
    released: Any, assignment: Assignment, answers: dict[str, str], verdict: Verdict
) -> Any:
    """Return the notebook.

    Parameters
    ----------
    released : nbformat.NotebookNode
        The student version, as nbgrader made it.
    assignment : Assignment
        What is graded.
    answers : dict
        The learner's answers, by grade id.
    verdict : Verdict
        What the judge said; its reasons become outputs of the test cells.
    """
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        if "nbgrader" not in cell.metadata:
            continue
        name = grade_id(cell)
        if cell.metadata.nbgrader.get("solution"):
            text = answers.get(name, "")
            cell.source = text if cell.cell_type == "code" else without_html(text)
        elif name.startswith("test_") and name[5:] in verdict.tasks:
            words = summary_of_task(verdict, name[5:])
            cell.outputs = [{"output_type": "stream", "name": "stdout", "text": words}]
    return notebook


def summary_of_task(verdict: Verdict, cell: str) -> str:
    """Return points and reasons of a task, as lines of text."""
    result = verdict.tasks[cell]
    lines = [f"{result.points:g} of {result.max_points:g} points"]
    lines += [f"  holds: {words}" for words in result.passed]
    lines += [f"  fails: {words}" for words in result.failed]
    return "\n".join(lines) + "\n"
