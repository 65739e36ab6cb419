"""What holds for every assignment: its cells, its self-checks, its student version."""

import json
import os
import subprocess
import sys

import pytest

from grading.judging.assignment import load
from grading.release import release
from support import CLASS_SEED, FULL, lost, make_class

NAMES = ["A1", "A2", "A3", "A4"]
SEEDS = [CLASS_SEED, *range(1000, 1010)] if FULL else [CLASS_SEED, 1000]
SUMS = {"A1": (38, 44), "A2": (38, 46), "A3": (37, 46), "A4": (42, 50)}  # by tests, in all
BY_HAND = {"A1": 1, "A2": 2, "A3": 2, "A4": 2}

# Runs cells one after another; writes which fail, and with which error.
VISIBLE = """
import json, sys
cells, found, space = json.load(sys.stdin), {}, {}
for name, source in cells:
    try:
        exec(compile(source, name, "exec"), space)
    except Exception as error:
        found[name] = type(error).__name__
print(json.dumps(found))
"""


def failing_cells(assignment, answers):
    """Return which code cells of the notebook fail, and with which error."""
    cells = [
        (cell.id, answers.get(cell.id, cell.source))
        for cell in assignment.notebook.cells
        # The experiment at the end of A4 takes minutes.
        if cell.cell_type == "code" and (FULL or cell.id != "experiment")
    ]
    done = subprocess.run(
        [sys.executable, "-c", VISIBLE], input=json.dumps(cells), capture_output=True, text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", NAMES)
def test_test_cells_carry_the_points_of_their_answer_cells(assignments, name):
    assignment = assignments[name]
    tests = [cell for cell in assignment.points if cell.startswith("test_")]

    assert tests == [f"test_{task.cell}" for task in assignment.tasks.tasks]
    assert sum(assignment.points[cell] for cell in tests) == SUMS[name][0]
    assert sum(assignment.points.values()) == SUMS[name][1]
    assert len(assignment.by_hand) == BY_HAND[name]
    assert {c.id for c in assignment.cells(solution=True)} == set(assignment.stubs)


@pytest.mark.parametrize("name", NAMES)
def test_the_student_version_holds_no_solution_and_the_seed_of_the_class(name, tmp_path):
    course, _ = make_class(tmp_path / "class")

    _, notebook = release(course, name)  # raises if it does

    text = "\n".join(cell.source for cell in notebook.cells)
    assert f"CLASS_SEED = {CLASS_SEED}\n" in text
    assert "raise NotImplementedError" in text
    assert "SOLUTION" not in text


@pytest.mark.parametrize("name", ["A1", "A3"])
def test_no_seed_of_a_class_fails_a_right_answer_in_the_self_checks(name):
    assignment, space = load(name, 1), {}
    for _, source in assignment.setup:
        exec(source, space)
    for task in assignment.tasks.tasks:
        exec(assignment.references[task.cell], space)

    for seed in range(150):
        space["CLASS_SEED"] = seed
        for source in assignment.checks.values():
            exec(source, space)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
def test_the_reference_passes_every_visible_check(name):
    for seed in SEEDS:
        assignment = load(name, seed)
        assert failing_cells(assignment, assignment.references) == {}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
def test_each_visible_check_fails_on_what_was_handed_out(assignments, name):
    assignment = assignments[name]

    failing = failing_cells(assignment, assignment.stubs)

    assert {f"test_{task.cell}" for task in assignment.tasks.tasks} <= set(failing)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NAMES)
def test_the_reference_gets_full_marks_and_what_was_handed_out_nothing(
    assignments, grade_all, name
):
    stubs = assignments[name].stubs
    reference, untouched = grade_all(name, [({}, "reference"), (stubs, "stubs")])

    assert lost(reference) == {}
    assert reference.points == SUMS[name][0]
    assert untouched.points == 0
    for result in untouched.tasks.values():
        assert result.failed == ["not answered: the cell is as it was handed out"]
