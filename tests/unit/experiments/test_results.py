"""Results give arrays by metric and setting, in order of seeds."""

import time

import numpy as np
import pytest

from dropoutlab import stats
from dropoutlab.experiments import Experiment, Results, run
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.measurements import Measurement


def measure(seed, p, width):
    return {"error": [1.0, p + seed / 64], "norm": width * (seed + 1)}


GRID = {"p": [0.0, 0.5], "width": [2, 4]}


@pytest.fixture
def results():
    experiment = Experiment("rate", measure, grid=GRID, seeds=[7, 3])
    return run(experiment, store=False)


def test_the_table_is_tidy_and_sorted(results):
    table = results.table
    assert list(table.columns) == ["p", "width", "seed", "epoch", "metric", "value"]
    assert len(table) == 4 * 2 * 3
    first = table[(table.p == 0.5) & (table.width == 4)]
    assert first.seed.tolist() == [3, 3, 3, 7, 7, 7]
    assert first.metric.tolist() == ["error", "error", "norm"] * 2
    assert first.epoch[first.metric == "error"].tolist() == [0, 1, 0, 1]
    assert first.epoch[first.metric == "norm"].isna().all()
    assert first.value.tolist() == [1.0, 0.546875, 16.0, 1.0, 0.609375, 32.0]


def test_final_values_are_the_last_of_every_seed(results):
    np.testing.assert_array_equal(results.final("error", p=0.5, width=2), [0.546875, 0.609375])
    np.testing.assert_array_equal(results.final("norm", width=4, p=0.0), [16.0, 32.0])


def test_curves_have_a_row_for_each_seed(results):
    np.testing.assert_array_equal(
        results.curves("error", p=0.5, width=2), [[1.0, 0.546875], [1.0, 0.609375]]
    )


def test_a_part_of_the_setting_is_enough_where_it_singles_one_out():
    experiment = Experiment("rate", measure, grid=GRID | {"width": [2]}, seeds=[0, 1])
    results = run(experiment, store=False)
    assert results.final("norm", p=0.5).tolist() == [2.0, 4.0]


def test_final_values_go_straight_into_intervals(results):
    difference = stats.paired_difference(
        results.final("error", p=0.5, width=2), results.final("error", p=0.0, width=2)
    )
    assert difference.estimate == pytest.approx(0.5)


def test_it_says_what_it_has(results):
    assert results.metrics == ["error", "norm"]
    assert results.seeds == [3, 7]
    assert results.settings[1] == {"p": 0.0, "width": 4}
    assert (len(results), results.n_computed, results.n_read) == (8, 8, 0)
    assert repr(results) == "Results(rate: 4 settings × 2 seeds; 8 computed, 0 read)"


@pytest.mark.parametrize(
    ("metric", "setting", "error", "message"),
    [
        ("accuracy", {}, KeyError, "'accuracy' was not measured; metrics: 'error', 'norm'"),
        ("error", {"p": 0.4}, KeyError, r"no setting has p=0.4; settings: p=0.0, width=2; "),
        ("error", {"lr": 1}, KeyError, "no setting has lr=1; settings: p=0.0, width=2"),
        ("error", {"p": [0.5]}, KeyError, r"no setting has p=\[0.5\]; settings: p=0.0, "),
        ("error", {"p": 0.5}, ValueError, "p=0.5 must single out one setting; .*width=2; .*=4"),
        ("error", {}, ValueError, "nothing must single out one setting; settings: "),
    ],
)
def test_what_is_not_there_is_said_with_what_is(results, metric, setting, error, message):
    for select in (results.final, results.curves):
        with pytest.raises(error, match=message):
            select(metric, **setting)


def test_the_setting_that_has_the_values_comes_whole_and_as_a_copy(results):
    chosen = results.chosen(width=4, p=np.float64(0.5))
    assert chosen == {"p": 0.5, "width": 4}
    chosen["p"] = 0.9
    assert results.chosen(p=0.5, width=4) == {"p": 0.5, "width": 4}


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"p": 0.4}, KeyError, "no setting has p=0.4; settings: p=0.0, width=2; "),
        ({"lr": 1}, KeyError, "no setting has lr=1; settings: p=0.0, width=2; "),
        ({"p": 0.5}, ValueError, "p=0.5 must single out .*: p=0.5, width=2; p=0.5, width=4"),
        ({}, ValueError, "nothing must single out one setting; settings: "),
    ],
)
def test_values_that_fit_none_or_several_settings_choose_nothing(
    results, values, error, message
):
    with pytest.raises(error, match=message):
        results.chosen(**values)


def test_twenty_thousand_runs_are_looked_through_once():
    settings = [{"p": p / 200, "lr": lr} for p in range(200) for lr in range(20)]
    measured = {"error": Measurement((0.5,), None)}
    runs = [FinishedRun(s, seed, measured, None) for s in settings for seed in range(5)]
    counts = {"total": len(runs), "computed": 0, "seconds": 0.0}
    manifest = {"settings": settings, "seeds": list(range(5)), "runs": counts}
    started = time.process_time()

    tuned = Results(runs, manifest).tuned("lr", metric="error")

    assert all(len(tuned.final("error", **setting)) == 5 for setting in tuned.settings)
    assert all(tuned.chosen(p=setting["p"]) == setting for setting in tuned.settings)
    assert time.process_time() - started < 3  # 40 s where every question looks at every run


def test_a_number_without_epochs_has_no_curve(results):
    with pytest.raises(ValueError, match=r"'norm' is one number a run .*: use final\(\)"):
        results.curves("norm", p=0.5, width=2)


def test_curves_of_different_length_are_not_put_into_one_array():
    experiment = Experiment(
        "stops", lambda seed, p: {"error": [0.5] * (seed + 1)}, grid={"p": [1]}, seeds=[0, 2]
    )
    results = run(experiment, store=False)
    assert results.final("error").tolist() == [0.5, 0.5]
    with pytest.raises(ValueError, match="must have 'error' for the same epochs, got 1, 3 "):
        results.curves("error")


def test_a_missing_run_is_named_and_not_skipped(results):
    runs = [r for r in results._runs if not (r.seed == 3 and r.setting["p"] == 0.5)]
    partial = Results(runs, results.manifest)
    assert len(partial.final("error", p=0.0, width=2)) == 2
    with pytest.raises(ValueError, match=r"'error' is missing for p=0\.5, width=2, seed 3"):
        partial.final("error", p=0.5, width=2)


def test_a_metric_that_only_some_runs_have_is_missing_in_the_others():
    experiment = Experiment(
        "odd",
        lambda seed, p: {"a": 1.0} | ({"b": 2.0} if seed else {}),
        grid={"p": [1]},
        seeds=[0, 1],
    )
    results = run(experiment, store=False)
    with pytest.raises(ValueError, match="'b' is missing for p=1, seed 0"):
        results.final("b")


def test_text_can_be_had_or_written(results, tmp_path):
    text = results.to_csv()
    assert text.splitlines()[1] == "0.0,2,3,0,error,1.0"
    assert results.to_csv(tmp_path / "rows.csv") is None
    assert (tmp_path / "rows.csv").read_text() == text
