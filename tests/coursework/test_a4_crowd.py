"""A4 is graded as it should be: by a crowd of right answers, and of wrong ones.

PyTorch takes seconds to import. So by default one worker judges all, each answer in its own
task only; the full size hands each in by itself and looks at all tasks.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np
import pytest

from crowd.a4_right import RIGHT
from crowd.a4_wrong import WRONG
from grading.assignment import load
from grading.judge import _judge_task, judge
from grading.release import check_release, release
from grading.sandbox import Limits
from grading.session import Conditions, Session
from grading.submission import Submission
from support import CLASS_SEED, FULL, lost, make_class

pytestmark = pytest.mark.timeout(7200 if FULL else 600)
WORKERS = min(4, os.cpu_count() or 1)
SEEDS_OF_RIGHT = 40 if FULL else 1
BY_NAME = {f"{a.cell}: {a.name}": a for a in WRONG}
MANY = Limits(cpu_seconds=3600, total_seconds=7200)

VISIBLE = """
import json, sys
import torch
cells, found, space = json.load(sys.stdin), {}, {}
for name, source in cells:
    try:
        exec(compile(source, name, "exec"), space)
    except Exception as error:
        found[name] = type(error).__name__
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def a4():
    return load("A4", CLASS_SEED)


@pytest.fixture(scope="module")
def graded(a4, sandbox):
    """Return a function that judges ``(cells, seed)``, ... side by side, in order."""
    slots = SimpleQueue()
    for slot in range(WORKERS):
        slots.put(slot)

    def one(job):
        slot, (cells, seed) = slots.get(), job
        try:
            submission = Submission(a4.references | cells, digest=seed)
            return judge(a4, submission, Conditions(Limits(), slot))
        finally:
            slots.put(slot)

    def all_of(jobs):
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, jobs))

    return all_of


@pytest.fixture(scope="module")
def judged(a4, sandbox):
    """Return a function that judges an answer in its own task, all in one worker."""
    session = Session(a4, {}, Conditions(MANY))
    tasks = {task.cell: task for task in a4.tasks.tasks}

    def one(answers, cell, seed=0):
        session.answers = a4.references | answers
        session.loaded.pop(cell, None)
        session.failures.clear()
        return _judge_task(session, tasks[cell], np.random.default_rng(seed))

    yield one
    session.close()


def test_the_crowd_is_as_large_as_promised():
    assert len(BY_NAME) == len(WRONG) >= 125
    assert len(RIGHT) >= 5


@pytest.mark.parametrize("name", BY_NAME)
def test_a_wrong_answer_loses_points(judged, name):
    wrong = BY_NAME[name]

    result = judged({wrong.cell: wrong.source}, wrong.cell)

    assert result.points < result.max_points
    assert "KeyError" not in result.failed[0]


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_keeps_them(judged, name):
    for cell in RIGHT[name]:
        for seed in range(5 * SEEDS_OF_RIGHT if FULL else 1):
            assert judged(RIGHT[name], cell, seed).failed == []


@pytest.mark.skipif(not FULL, reason="a worker for each answer: COURSEWORK=full")
def test_alone_a_wrong_answer_loses_points_in_its_task_and_in_no_other(graded):
    verdicts = graded([({a.cell: a.source}, n) for n, a in BY_NAME.items()])

    for attempt, verdict in zip(WRONG, verdicts, strict=True):
        assert set(lost(verdict)) == {attempt.cell}, attempt.name


@pytest.mark.skipif(not FULL, reason="a worker for each answer: COURSEWORK=full")
def test_alone_a_right_answer_gets_full_marks(graded):
    jobs = [(cells, f"{n}") for n in range(SEEDS_OF_RIGHT) for cells in RIGHT.values()]

    for verdict in graded(jobs):
        assert lost(verdict) == {}


def test_the_reference_gets_full_marks_and_what_was_handed_out_nothing(graded, a4):
    reference, stubs = graded([({}, "reference"), (a4.stubs, "stubs")])

    assert lost(reference) == {}
    assert reference.points == 42
    assert stubs.points == 0
    for result in stubs.tasks.values():
        assert result.failed == ["not answered: the cell is as it was handed out"]


def visible_checks(a4, answers):
    """Return which cells of the notebook fail, and with which error."""
    cells = [
        (cell.id, answers.get(cell.id, cell.source))
        for cell in a4.notebook.cells
        if cell.cell_type == "code" and (FULL or cell.id != "experiment")
    ]
    command = [sys.executable, "-c", VISIBLE]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, input=json.dumps(cells), capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_visible_checks_pass_on_the_reference(a4):
    assert visible_checks(a4, a4.references) == {}


def test_the_visible_checks_fail_on_what_was_handed_out(a4):
    failing = visible_checks(a4, a4.stubs)

    assert {f"test_{task.cell}" for task in a4.tasks.tasks} <= set(failing)


def test_the_student_version_holds_no_answer(a4, tmp_path):
    course, _ = make_class(tmp_path / "class")
    assignment, notebook = release(course, "A4")

    check_release(assignment, notebook)
    assert "raise NotImplementedError" in notebook.cells[3].source


def test_test_cells_carry_the_points_of_their_answer_cells(a4):
    tests = [cell for cell in a4.points if cell.startswith("test_")]

    assert tests == [f"test_{task.cell}" for task in a4.tasks.tasks]
    assert sum(a4.points.values()) == 50
    assert len(a4.by_hand) == 2
