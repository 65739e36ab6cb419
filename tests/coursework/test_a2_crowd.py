"""A2 is graded as it should be: by a crowd of right answers, and of wrong ones."""

import pytest

from crowd.a2_backward_wrong import PAIRS
from crowd.a2_backward_wrong import WRONG as BACKWARD
from crowd.a2_forward_wrong import WRONG as FORWARD
from crowd.a2_other_wrong import WRONG as OTHER
from crowd.a2_right import RIGHT
from crowd.a2_subtle_wrong import SUBTLE
from support import FULL, lost

SEEDS_OF_RIGHT = 200 if FULL else 1
SEEDS_OF_WRONG = 5 if FULL else 1
WRONG = {
    f"{a.cell}: {a.name}": ({a.cell: a.source}, {a.cell, *a.also})
    for a in FORWARD + BACKWARD + OTHER
}
WRONG |= {
    f"pair: {name}": ({"dropout_forward": f, "dropout_backward": b}, {"dropout_backward"})
    for name, f, b in PAIRS
}
WRONG |= {name: (cells, set(name.split(": ")[1].split(", "))) for name, cells in SUBTLE.items()}


def test_the_crowd_is_as_large_as_promised():
    assert len(WRONG) >= 45
    assert len(RIGHT) >= 12
    assert sum(map(len, (FORWARD, BACKWARD, OTHER, PAIRS, SUBTLE))) == len(WRONG)


@pytest.fixture(scope="module")
def verdicts(grade_all):
    jobs = [
        (name, seed, (cells, f"{name} {seed}"))
        for name, cells in [*RIGHT.items(), *((n, c) for n, (c, _) in WRONG.items())]
        for seed in range(SEEDS_OF_RIGHT if name in RIGHT else SEEDS_OF_WRONG)
    ]
    results = grade_all([job for _, _, job in jobs])
    found = {}
    for (name, _, _), verdict in zip(jobs, results, strict=True):
        found.setdefault(name, []).append(verdict)
    return found


@pytest.mark.timeout(7200 if FULL else 600)
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_gets_full_marks(verdicts, name):
    for verdict in verdicts[name]:
        assert lost(verdict) == {}
        assert verdict.points == 38


@pytest.mark.timeout(7200 if FULL else 600)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_loses_points_where_it_is_wrong(verdicts, name):
    expected = WRONG[name][1]
    for verdict in verdicts[name]:
        assert set(lost(verdict)) == expected, lost(verdict)


def test_the_reference_gets_full_marks(grade):
    assert lost(grade({})) == {}


def test_what_was_handed_out_gets_nothing_and_says_so(grade, a2):
    verdict = grade(a2.stubs)

    assert verdict.points == 0
    for result in verdict.tasks.values():
        assert result.failed == ["not answered: the cell is as it was handed out"]


def test_the_two_public_functions_are_worth_at_most_a_quarter(a2):
    points = a2.points

    public = points["test_dropout_forward"] + points["test_dropout_backward"]

    assert public <= sum(points.values()) / 4


def test_an_error_in_the_functions_costs_nothing_in_the_layer(grade):
    broken = "def dropout_forward(x, p, rng, training=True):\n    raise RuntimeError('mine')\n"

    verdict = grade({"dropout_forward": broken})

    assert set(lost(verdict)) == {"dropout_forward", "dropout_backward"}


def test_the_same_file_is_judged_on_the_same_inputs(grade):
    wrong = FORWARD[0]

    first, second = (grade({wrong.cell: wrong.source}, seed="file") for _ in range(2))

    assert [t.failed for t in first.tasks.values()] == [t.failed for t in second.tasks.values()]
