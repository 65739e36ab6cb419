"""Whatever a function returns, the judge ends with points and a reason, and never fails itself."""

import pytest

ODD = [
    "None",
    "'text'",
    "[1, [2, 3]]",
    "{'a': 1}",
    "object()",
    "10**30",
    "np.array(['a'])",
    "np.array([1j, 2])",
    "float('nan')",
    "(np.full((2, 2), np.nan),) * {count}",
    "('lower',) * {count}",
    "[[None], (), b'x', set()][:{count}]",
    "(np.array([[1], [2]]), [1, 'a'], True, -np.inf)[:{count}]",
    "([np.nan, np.inf], [-1e300], [2**62], [0.5])[:{count}]",
    "np.zeros(({count}, 3), bool)",
    "np.zeros({count}, 'f2')",
]
COUNTS = {
    "split_people": 3, "choose": 4, "stop_with_patience": 2, "compare": 3,
    "dropout_forward": 2, "exact_moments": 2,
}  # fmt: skip


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("name", ["A1", "A2"])
def test_an_odd_result_costs_points_and_stops_nothing(grade, assignments, name, value):
    answers = {
        task.cell: f"def {task.cell}(*a, **k):\n    return {value.replace('{count}', str(count))}\n"
        for task in assignments[name].tasks.tasks
        for count in [COUNTS.get(task.cell, 3)]
    }
    if name == "A2":
        answers["dropout_layer"] = (
            "class Dropout:\n    def __init__(self, p, rng):\n        self.p = p\n"
            f"    def forward(self, x):\n        return {value.replace('{count}', '3')}\n"
            "    backward = forward\n    train = eval = lambda self: None\n"
        )
        answers["diagnosis"] = f"diagnosis = {value.replace('{count}', '3')}\n"

    verdict = grade(name, answers)

    for result in verdict.tasks.values():
        assert result.points < result.max_points
        assert result.failed
