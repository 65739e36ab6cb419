"""The summary is a table of final means."""

from dropoutlab.experiments import Experiment, run
from dropoutlab.experiments.final_means import aligned, summary


def measure(seed, p, act):
    return {"error": [9.0, p + seed], "norm": 1.0}


def test_it_has_a_line_for_every_setting_and_metric():
    grid = [{"p": 0.5, "act": "relu"}, {"p": 0.25, "act": None}]
    text = summary(run(Experiment("a", measure, grid=grid, seeds=[0, 1, 2]), store=False))
    assert text.splitlines() == [
        "p     act   metric  final mean",
        "0.5   relu  error   1.5 ± 2.5 (95 %, 3 seeds)",
        "0.5   relu  norm    1.00 ± 0.00 (95 %, 3 seeds)",
        "0.25        error   1.2 ± 2.5 (95 %, 3 seeds)",
        "0.25        norm    1.00 ± 0.00 (95 %, 3 seeds)",
    ]


def test_a_single_seed_has_no_interval():
    experiment = Experiment("a", measure, grid=[{"p": 1 / 3, "act": "x"}], seeds=[0])
    assert "0.3333 (1 seed)" in summary(run(experiment, store=False))


def test_columns_are_as_wide_as_their_widest_cell_without_blanks_at_the_end():
    assert aligned([["a", "b"], ["long", ""]]) == "a     b\nlong"
