"""Right answers keep their points and wrong ones lose them, for a crowd an assignment.

By default wrong answers are handed in together where their errors cannot meet. In the full
size each stands alone, and right answers are judged on many inputs.
"""

import re

import pytest

from crowd import CROWDS, together
from support import FULL, lost

pytestmark = [pytest.mark.crowd, pytest.mark.timeout(7200 if FULL else 900)]
SEEDS_OF_RIGHT = {"A1": 100, "A2": 30, "A3": 100, "A4": 20} if FULL else {}
SEEDS_OF_WRONG = 2 if FULL else 1
RIGHT = [(name, right) for name, (all_right, _) in CROWDS.items() for right in all_right]
# What was called, and with what; what should have come back, or what else came.
ASKED = re.compile("(with|without|in|of|for|after|called by|mean_loss,|line|dropout_forward) ")
EXPECTED = re.compile(
    "expected|, not |where|has to|than before|it raised|, as in|none is|process"
)
WRONG = [(name, case.name) for name, (_, wrong) in CROWDS.items() for case in wrong]


@pytest.fixture(scope="module")
def crowd_of(assignments, grade_all):
    """Return a function that grades a crowd once: verdicts by name, and groups by name."""
    done = {}

    def graded(name):
        if name not in done:
            right, wrong = CROWDS[name]
            order = [task.cell for task in assignments[name].tasks.tasks]
            groups = [[case] for case in wrong] if FULL else together(wrong, order)
            jobs = [
                (answers, f"{who} {seed}")
                for who, answers in right.items()
                for seed in range(SEEDS_OF_RIGHT.get(name, 1))
            ]
            jobs += [
                ({k: v for case in group for k, v in case.cells.items()}, f"{number} {seed}")
                for number, group in enumerate(groups)
                for seed in range(SEEDS_OF_WRONG)
            ]
            of_right = [who for who in right for _ in range(SEEDS_OF_RIGHT.get(name, 1))]
            of_wrong = [group for group in groups for _ in range(SEEDS_OF_WRONG)]
            verdicts = grade_all(name, jobs)
            found = {}
            for who, verdict in zip(of_right, verdicts, strict=False):
                found.setdefault(who, []).append((verdict, frozenset()))
            for group, verdict in zip(of_wrong, verdicts[len(of_right) :], strict=True):
                tasks = frozenset().union(*(case.tasks for case in group))
                for case in group:
                    found.setdefault(case.name, []).append((verdict, tasks))
            done[name] = found
        return done[name]

    return graded


@pytest.mark.parametrize(("name", "who"), RIGHT)
def test_a_right_answer_gets_full_marks(crowd_of, name, who):
    for verdict, _ in crowd_of(name)[who]:
        assert lost(verdict) == {}


@pytest.mark.parametrize(("name", "who"), WRONG)
def test_a_wrong_answer_loses_points_where_it_is_wrong_and_nowhere_else(crowd_of, name, who):
    for verdict, tasks in crowd_of(name)[who]:
        assert set(lost(verdict)) == tasks, lost(verdict)


@pytest.mark.parametrize("name", CROWDS)
def test_each_reason_names_what_was_asked_and_what_was_expected(crowd_of, assignments, name):
    reasons = {
        (task.cell, criterion.title, words.removeprefix(f"{criterion.title}: "))
        for verdicts in crowd_of(name).values()
        for verdict, _ in verdicts
        for task in assignments[name].tasks.tasks
        for criterion in task.criteria
        for words in verdict.tasks[task.cell].failed
        if words.startswith(f"{criterion.title}: ") and task.cell != "diagnosis"
    }

    assert len(reasons) > 50
    assert [each for each in reasons if not ASKED.match(each[2])] == []
    assert [each for each in reasons if not EXPECTED.search(each[2])] == []


def test_the_crowds_are_as_large_as_promised():
    sizes = {name: (len(right), len(wrong)) for name, (right, wrong) in CROWDS.items()}

    for name, (least_right, least_wrong) in {
        "A1": (5, 100), "A2": (12, 45), "A3": (6, 60), "A4": (5, 125)
    }.items():  # fmt: skip
        assert sizes[name][0] >= least_right
        assert sizes[name][1] >= least_wrong
        assert len({case.name for case in CROWDS[name][1]}) == sizes[name][1]
