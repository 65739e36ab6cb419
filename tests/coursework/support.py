"""What the tests of the coursework import."""

import atexit
import json
import os
import shutil
import tempfile
from pathlib import Path

from grading.class_folder import open_class
from grading.release import release

FULL = os.environ.get("COURSEWORK") == "full"
CLASS_SEED = 3141
WORKERS = min(4, os.cpu_count() or 1)
SCRATCH = Path(tempfile.mkdtemp(prefix="class-"))
TEMPLATE = SCRATCH / "class"
# In which ``python -m grading`` runs.
ENVIRONMENT = os.environ | {
    "PYTHONPATH": str(Path(__file__).parents[2] / "coursework"),
    "PYTHONUNBUFFERED": "1",
}
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)


def lost(verdict):
    """Return the tasks that lost points, with the reasons."""
    return {k: r.failed for k, r in verdict.tasks.items() if r.points < r.max_points}


def handed_in(released, answers):
    """Return the notebook of a learner as a dictionary: the student version with answers."""
    notebook = json.loads(json.dumps(released))
    for cell in notebook["cells"]:
        grading = cell["metadata"].get("nbgrader", {})
        if grading.get("grade_id") in answers and grading.get("solution"):
            cell["source"] = answers[grading["grade_id"]]
    return notebook


def make_class(folder, settings=""):
    """Return a new class with our seed, and the student version of A2."""
    if not TEMPLATE.exists():
        _write_settings(TEMPLATE, "")
        release(open_class(TEMPLATE), "A2")  # takes seconds; the others are copies
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    _write_settings(folder, settings)
    course = open_class(folder)
    return course, release(course, "A2")[1]


def _write_settings(folder, settings):
    folder.mkdir(parents=True, exist_ok=True)
    text = f'seed = {CLASS_SEED}\nsecret = "for tests"\n{settings}\n'
    (folder / "class.toml").write_text(text, encoding="utf-8")


def hand_in(folder, notebook, name="A2.ipynb"):
    """Write what a learner hands in: a notebook, or bytes as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    (folder / name).write_bytes(data)
