"""What the tests of the coursework import."""

import atexit
import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from grading.judge import judge
from grading.release import release
from grading.sandbox import Limits
from grading.session import Conditions
from grading.settings import open_class
from grading.submission import Submission

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


def grader(assignment):
    """Return a function that grades right answers in which some cells are replaced."""

    def graded(cells, seed="", limits=None, slot=0, without=()):
        answers = {k: v for k, v in (assignment.references | cells).items() if k not in without}
        submission = Submission(answers, digest=seed)
        return judge(assignment, submission, Conditions(limits or Limits(), slot))

    return graded


def side_by_side(grade):
    """Return a function that grades many pairs of cells and seed, in order."""

    def graded(jobs):
        slots = SimpleQueue()
        for slot in range(WORKERS):
            slots.put(slot)

        def one(job):
            slot = slots.get()
            try:
                return grade(job[0], seed=job[1], slot=slot)
            finally:
                slots.put(slot)

        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, jobs))

    return graded


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
