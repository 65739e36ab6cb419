"""The run explorer shows the numbers of the runs, and no others."""

import re

import numpy as np
import pytest
import traitlets
from explorables.run_explorer.made_up_runs import GRID, measure, results

from dropoutlab.explorables.run_explorer import RunExplorer
from dropoutlab.explorables.run_explorer.run_numbers import parameters, run_numbers
from dropoutlab.explorables.run_explorer.run_picture import position
from dropoutlab.stats import mean_interval, paired_difference


@pytest.fixture(scope="module")
def runs():
    return results()


@pytest.fixture
def numbers(runs):
    return run_numbers(runs)


def test_the_setting_on_the_axis_comes_first_and_the_learning_rate_never(runs):
    assert parameters(runs) == {"p": [0.0, 0.2, 0.5], "width": [8, 16]}
    assert list(parameters(runs, "width")) == ["width", "p"]


def test_a_setting_that_was_not_varied_gets_no_control():
    assert parameters(results({"p": [0.0, 0.5], "width": [8]})) == {"p": [0.0, 0.5]}


@pytest.mark.parametrize("setting", [{"p": 0.0, "width": 16}, {"p": 0.5, "width": 8}])
@pytest.mark.parametrize(
    ("kind", "scale", "tolerance"), [("error", 100, 5e-3), ("loss", 1, 5e-5)]
)
def test_every_number_is_that_of_the_library(runs, numbers, setting, kind, scale, tolerance):
    at = position(numbers["parameters"], setting)
    end = scale * runs.final(f"test {kind}", **setting)
    start = scale * runs.final(f"test {kind}", **setting | {"p": 0.0})
    curve = scale * runs.curves(f"validation {kind}", **setting)[:, -1]

    for values, shown in [
        (mean_interval(end), {k: v[at] for k, v in numbers[kind]["test"].items()}),
        (
            paired_difference(end, start),
            {k: v[at] for k, v in numbers[kind]["difference"].items()},
        ),
        (mean_interval(curve), {k: v[at][-1] for k, v in numbers[kind]["validation"].items()}),
    ]:
        assert shown["mean"] == pytest.approx(values.estimate, abs=tolerance)
        assert shown["half"] == pytest.approx(values.high - values.estimate, abs=tolerance)


def test_numbers_come_in_the_order_of_the_product(numbers):
    found = np.array(numbers["error"]["test"]["mean"]).reshape(3, 2)

    expected = [[100 * (0.06 + (p - 0.2) ** 2 + 1 / w) for w in (8, 16)] for p in GRID["p"]]
    np.testing.assert_allclose(found, expected, atol=5e-3)


def test_steps_give_the_axis_and_else_epochs(numbers):
    assert (numbers["axis"], numbers["steps"]) == ("step", [0.0, 50.0, 100.0])

    def without_steps(seed, p):
        return {k: v for k, v in measure(seed, p, 8).items() if k != "step"}

    by_epoch = run_numbers(results({"p": [0.0, 0.5]}, measure=without_steps))
    assert (by_epoch["axis"], by_epoch["steps"]) == ("epoch", [0, 1, 2])


def test_learning_rates_are_said_where_there_are_any(numbers):
    assert numbers["lr"] == [0.1] * 6
    assert run_numbers(results({"p": [0.0, 0.5], "width": [8, 16]}))["lr"] is None


def test_what_was_measured_now_has_no_day(numbers):
    assert numbers["recorded"] is None


def test_recorded_runs_say_their_day(runs, tmp_path):
    from dropoutlab.experiments import load_recorded

    recorded = load_recorded(runs.record(tmp_path))

    day = run_numbers(recorded)["recorded"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", day)
    assert runs.manifest["finished"].startswith(day)


@pytest.mark.parametrize(
    ("grid", "seeds", "message"),
    [
        ({"width": [8, 16], "p": [0.5]}, (0, 1), "must differ in 'p'; they differ in 'width'"),
        ({"p": [0.0, 0.5], "width": [8], "lr": [0.1, 0.2]}, (0, 1), "Results.tuned"),
        ([{"p": 0.0, "width": 8}, {"p": 0.5, "width": 16}], (0, 1), "every combination"),
        ({"p": [0.0, 0.5], "width": [8]}, (0,), "at least two seeds"),
    ],
)
def test_runs_that_do_not_fit_together_are_refused(grid, seeds, message):
    with pytest.raises(ValueError, match=message):
        RunExplorer(results(grid, seeds))


def test_settings_are_traits(runs):
    explorer = RunExplorer(runs, p=0.2)
    assert (explorer.p, explorer.width, explorer.metric) == (0.2, 16, "error")

    explorer.width = 8
    assert explorer.state()["width"] == 8


def test_two_explorers_of_different_runs_do_not_meet(runs):
    other = RunExplorer(results({"p": [0.0, 0.9], "width": [8]}))

    assert other.p == 0.9
    assert not hasattr(other, "width")
    with pytest.raises(traitlets.TraitError):
        RunExplorer(runs).p = 0.9


@pytest.mark.parametrize("value", [0.3, "0.2", None, float("nan")])
def test_a_value_that_was_not_run_is_refused(runs, value):
    with pytest.raises(traitlets.TraitError, match="p"):
        RunExplorer(runs).p = value


def test_a_setting_that_was_not_varied_cannot_be_chosen(runs):
    with pytest.raises(TypeError, match="'depth' was not varied; settings: p, width"):
        RunExplorer(runs, depth=3)


def test_a_setting_with_a_name_of_the_widget_is_refused():
    named = results(
        {"p": [0.0, 0.5], "layout": [1, 2]}, measure=lambda seed, p, layout: measure(seed, p, 8)
    )
    with pytest.raises(ValueError, match="'layout'"):
        RunExplorer(named)


def test_the_picture_gives_the_findings_in_words(runs):
    picture = RunExplorer(runs, p=0.5, width=8).picture()

    assert "27.50 on the training and 27.50 on the validation set at 0.5" in picture
    assert "lowest with 18.50 at 0.2, and 27.50 at 0.5" in picture
    assert "loss (nats)" in RunExplorer(runs, metric="loss").picture()
