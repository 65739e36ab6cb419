"""Tuning keeps, of every setting, the value that the validation set prefers."""

import numpy as np
import pytest

from dropoutlab.experiments import Experiment, run

BEST = {0.0: 0.1, 0.5: 0.01}


def measure(seed, p, lr):
    """Validation prefers BEST; on the test set the others would look better."""
    error = 0.1 if lr == BEST[p] else 0.2
    return {
        "validation error": [0.9, error + 0.001 * seed],
        "test error": 0.3 - error,
    }


def results(grid):
    return run(Experiment("tuning", measure, grid=grid, seeds=[0, 1]), store=False)


@pytest.fixture
def tuned():
    return results({"p": [0.0, 0.5], "lr": [0.01, 0.1]}).tuned("lr")


def test_the_validation_set_chooses_and_not_the_test_set(tuned):
    assert tuned.settings == [{"p": 0.0, "lr": 0.1}, {"p": 0.5, "lr": 0.01}]


def test_the_chosen_runs_are_there_and_no_others(tuned):
    assert len(tuned) == 4
    np.testing.assert_allclose(tuned.final("test error", p=0.5), [0.2, 0.2])
    assert tuned.curves("validation error", p=0.0).shape == (2, 2)
    with pytest.raises(KeyError):
        tuned.final("test error", p=0.5, lr=0.1)


def test_runs_that_were_computed_stay_so(tuned):
    assert (tuned.n_computed, tuned.n_read) == (4, 0)


def test_with_a_run_that_was_read_nothing_counts_as_computed(tmp_path):
    some = Experiment("tuning", measure, grid=[{"p": 0.0, "lr": 0.1}], seeds=[0, 1])
    run(some, store=tmp_path)
    both = Experiment("tuning", measure, grid={"p": [0.0], "lr": [0.1, 0.01]}, seeds=[0, 1])

    chosen = run(both, store=tmp_path).tuned("lr")

    assert (chosen.n_computed, chosen.n_read) == (0, 2)


def test_a_tie_goes_to_the_first():
    same = Experiment(
        "same", lambda seed, p, lr: {"e": 1.0}, grid={"p": [0], "lr": [2, 1]}, seeds=[0]
    )

    assert run(same, store=False).tuned("lr", metric="e").settings == [{"p": 0, "lr": 2}]


@pytest.mark.parametrize(
    ("over", "metric", "error", "message"),
    [
        ("rate", "test error", KeyError, "'rate' was not varied; settings have 'p', 'lr'"),
        ("lr", "error", KeyError, "'error' was not measured"),
    ],
)
def test_what_is_not_there_is_named(over, metric, error, message):
    with pytest.raises(error, match=message):
        results({"p": [0.0, 0.5], "lr": [0.01, 0.1]}).tuned(over, metric=metric)


def test_unequal_budgets_are_refused():
    grid = [{"p": 0.0, "lr": 0.1}, {"p": 0.5, "lr": 0.1}, {"p": 0.5, "lr": 0.01}]
    with pytest.raises(ValueError, match="the same values of 'lr'"):
        results(grid).tuned("lr")


def test_something_must_be_left_to_compare():
    alone = Experiment("alone", lambda seed, lr: {"e": lr}, grid={"lr": [1, 2]}, seeds=[0])
    with pytest.raises(ValueError, match="nothing is left"):
        run(alone, store=False).tuned("lr", metric="e")
