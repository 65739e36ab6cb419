"""Makes the student version of an assignment with nbgrader's preprocessors, and checks it."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from dropoutlab.atomic import write_atomically
from grading.class_folder import ClassFolder
from grading.judging.assignment import Assignment, as_json, grade_id, load, read_notebook
from grading.nbgrader_tools import COURSE, surroundings

__all__ = ["Leak", "check_release", "pack", "release", "secret_lines"]

MARKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "END HIDDEN", "MARK SCHEME")


class Leak(RuntimeError):
    """The student version holds a piece of a solution or of a hidden test."""


def release(course: ClassFolder, name: str) -> tuple[Assignment, Any]:
    """Return an assignment and its student version, made anew where the source has changed.

    The gradebook learns of the assignment's cells on the way.

    Raises
    ------
    Leak
        The student version holds what learners must not see.
    RuntimeError
        nbgrader could not make it; the message is nbgrader's.
    """
    assignment = load(name, course.seed, course.private)
    text = as_json(assignment.notebook)
    source = course.root / "source" / name / f"{name}.ipynb"
    released = course.root / "release" / name / f"{name}.ipynb"
    stamp = course.root / "release" / f".{name}-made-from"  # not in what learners get
    digest = hashlib.sha256(text.encode()).hexdigest()
    there = released.exists() and course.gradebook.exists()
    if not (stamp.exists() and stamp.read_text() == digest and there):
        write_atomically(source, text.encode())
        _generate(course, name)
        write_atomically(stamp, digest.encode())
    notebook = read_notebook(released)
    check_release(assignment, notebook)
    return assignment, notebook


def _generate(course: ClassFolder, name: str) -> None:
    config = Config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.course_id = COURSE
    with surroundings():
        api = NbGraderAPI(config=config)
        result = api.generate_assignment(name, force=True, create=True)
    if not result["success"]:
        raise RuntimeError(
            f"nbgrader could not make {name}:\n{result['log']}{result.get('error', '')}"
        )


def check_release(assignment: Assignment, notebook: Any) -> None:
    """Raise `Leak` if a student version holds a solution or a hidden test.

    Every answer cell must be its stub, and no line of a solution or title of a hidden
    criterion may stand anywhere.
    """
    text = "\n".join(cell.source for cell in notebook.cells)
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    found = [mark for mark in MARKS if mark in text]
    found += ["an output"] if outputs else []
    cells = {grade_id(c): c for c in notebook.cells if "nbgrader" in c.metadata}
    for name, stub in assignment.stubs.items():
        if cells[name].source.strip() != stub.strip():
            found.append(f"an answer in the cell {name}")
        for line in secret_lines(assignment.references[name], stub):
            if line in text:
                found.append(f"a line of the solution of {name}: {line}")
    titles = [c.title for task in assignment.tasks.tasks for c in task.criteria]
    found += [f"a hidden criterion: {t}" for t in titles if len(t) > 24 and t in text]
    if found:
        raise Leak(f"The student version of {assignment.name} holds {'; '.join(found)}.")


def secret_lines(solution: str, stub: str) -> list[str]:
    """Return the lines that only the solution has, short and common ones aside."""
    public = {line.strip() for line in stub.splitlines()}
    lines = (line.strip() for line in solution.splitlines())
    return [
        line
        for line in lines
        if len(line) > 30 and line not in public and not line.startswith(("#", '"'))
    ]


def pack(course: ClassFolder, name: str, into: Path) -> Path:
    """Write the student version, and a zip of it for an LMS; return the zip."""
    release(course, name)
    released = course.root / "release" / name / f"{name}.ipynb"
    target = into / name / f"{name}.ipynb"
    write_atomically(target, released.read_bytes())
    path = into / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(target, f"{name}/{name}.ipynb")
    return path
