"""How a submission is judged: an error costs once, and the same file gets the same inputs."""

import numpy as np
import pytest

from crowd.a2_forward_wrong import WRONG
from grading.judging.tasks.a1_choose import draw_case
from support import lost

BROKEN = "def {}(*arguments):\n    raise RuntimeError('mine')\n"


@pytest.mark.parametrize(
    ("name", "cell", "costs"),
    [
        ("A1", "fit_polynomial", {"fit_polynomial"}),
        ("A2", "dropout_forward", {"dropout_forward", "dropout_backward"}),
    ],
)
def test_an_error_costs_nothing_in_the_tasks_that_build_on_it(grade, name, cell, costs):
    assert set(lost(grade(name, {cell: BROKEN.format(cell)}))) == costs


def test_the_same_file_is_judged_on_the_same_inputs(grade):
    cells = {WRONG[0].cell: WRONG[0].source}

    first, second = (grade("A2", cells, seed="file") for _ in range(2))

    assert [t.failed for t in first.tasks.values()] == [t.failed for t in second.tasks.values()]


def test_the_two_public_functions_are_worth_at_most_a_quarter(a2):
    public = a2.points["test_dropout_forward"] + a2.points["test_dropout_backward"]

    assert public <= sum(a2.points.values()) / 4


def test_every_case_of_a1_tells_wrong_ways_of_choosing_from_the_right_one():
    assert all(draw_case(np.random.default_rng(seed)).telling() for seed in range(20))


def test_what_fails_the_self_check_alone_loses_the_least_criterion(
    grade, assignments, monkeypatch
):
    checks = assignments["A1"].checks | {"compare": "x = 1\nassert x == 2, 'not two'"}
    monkeypatch.setitem(vars(assignments["A1"]), "checks", checks)

    verdict = grade("A1", {})

    assert set(lost(verdict)) == {"compare"}
    result = verdict.tasks["compare"]
    assert result.points == 6.5
    assert result.failed == [
        "the self-check below the answer: AssertionError in line 2: not two"
    ]


def test_the_self_check_may_use_the_learners_other_answers_or_ours(grade):
    own = "def fit_polynomial(x, y, degree, weight_decay):\n    raise RuntimeError('mine')\n"

    assert set(lost(grade("A1", {"fit_polynomial": own}))) == {"fit_polynomial"}
