"""A1 is graded as it should be: by a crowd of right answers, and of wrong ones."""

import itertools

import numpy as np
import pytest

from crowd.a1_right import RIGHT
from crowd.a1_wrong import WRONG
from grading.assignment import load
from grading.release import release
from grading.settings import open_class
from grading.tasks.a1_choose import draw_case
from support import CLASS_SEED, FULL, grader, lost, side_by_side

SEEDS_OF_RIGHT = 200 if FULL else 1
SEEDS_OF_WRONG = 5 if FULL else 1
LONG = pytest.mark.timeout(7200 if FULL else 600)
HALVES = [
    ("fit_polynomial", "standardise", "stop_with_patience"),
    ("split_people", "choose", "compare"),
]


def submissions():
    """Return what is handed in: ``{name: cells}``.

    In the full size each wrong answer stands among right ones; in the small one up to three
    stand together, in every other task.
    """
    if FULL:
        return {f"{a.cell}: {a.name}": {a.cell: a.source} for a in WRONG}
    rows = []
    for half in HALVES:
        columns = [[a for a in WRONG if a.cell == cell] for cell in half]
        rows += itertools.zip_longest(*columns)
    answers = [[a for a in row if a is not None] for row in rows]
    return {
        " + ".join(f"{a.cell}: {a.name}" for a in row): {a.cell: a.source for a in row}
        for row in answers
    }


HANDED_IN = submissions()


def test_the_crowd_holds_every_wrong_answer_once():
    assert len(WRONG) >= 100
    assert sum(len(cells) for cells in HANDED_IN.values()) == len(WRONG)
    assert not any(a.also for a in WRONG)


@pytest.fixture(scope="module")
def a1():
    return load("A1", CLASS_SEED)


@pytest.fixture(scope="module")
def graded(a1, sandbox):
    return grader(a1)


@pytest.fixture(scope="module")
def verdicts(graded):
    jobs = [
        (name, (cells, f"{name} {seed}"))
        for name, cells in (RIGHT | HANDED_IN).items()
        for seed in range(SEEDS_OF_RIGHT if name in RIGHT else SEEDS_OF_WRONG)
    ]
    results = side_by_side(graded)([job for _, job in jobs])
    found = {}
    for (name, _), verdict in zip(jobs, results, strict=True):
        found.setdefault(name, []).append(verdict)
    return found


@LONG
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_gets_full_marks(verdicts, name):
    for verdict in verdicts[name]:
        assert lost(verdict) == {}
        assert verdict.points == 38


@LONG
@pytest.mark.parametrize("name", HANDED_IN)
def test_wrong_answers_lose_points_where_they_are_wrong_and_nowhere_else(verdicts, name):
    for verdict in verdicts[name]:
        assert set(lost(verdict)) == set(HANDED_IN[name]), lost(verdict)


def test_the_reference_gets_full_marks(graded):
    assert lost(graded({})) == {}


def test_what_was_handed_out_gets_nothing_and_says_so(graded, a1):
    verdict = graded(a1.stubs)

    assert verdict.points == 0
    for result in verdict.tasks.values():
        assert result.failed == ["not answered: the cell is as it was handed out"]


def test_an_error_in_the_fit_costs_nothing_in_the_choice(graded):
    broken = "def fit_polynomial(x, y, degree, weight_decay):\n    raise RuntimeError('mine')\n"

    assert set(lost(graded({"fit_polynomial": broken}))) == {"fit_polynomial"}


def test_every_case_tells_wrong_ways_of_choosing_from_the_right_one():
    assert all(draw_case(np.random.default_rng(seed)).telling() for seed in range(20))


def test_the_student_version_holds_no_solution(tmp_path):
    (tmp_path / "class.toml").write_text(f'seed = {CLASS_SEED}\nsecret = "for tests"\n')

    assignment, notebook = release(open_class(tmp_path), "A1")  # raises if it does

    assert sum(assignment.points.values()) == 44
    assert assignment.by_hand == ["leak"]
    assert [f"test_{task.cell}" for task in assignment.tasks.tasks] == [
        cell for cell in assignment.points if cell.startswith("test_")
    ]
    assert f"CLASS_SEED = {CLASS_SEED}" in notebook.cells[1].source


@pytest.mark.parametrize("class_seed", range(1000, 1010))
def test_the_reference_passes_every_visible_check(class_seed):
    notebook, space = load("A1", class_seed).notebook, {}

    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(cell.source, space)


def test_each_visible_check_fails_on_what_was_handed_out(a1):
    space = {}
    for _, source in itertools.chain(a1.setup, a1.stubs.items()):
        if "def " in source or "import " in source:
            exec(source, space)

    for cell in a1.notebook.cells:
        if cell.id.startswith("test_"):
            with pytest.raises(NotImplementedError):
                exec(cell.source, space)
