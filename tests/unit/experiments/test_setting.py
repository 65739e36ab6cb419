"""What a grid may look like, and what is said of one that cannot be used."""

import numpy as np
import pytest

from dropoutlab.experiments.setting import cell, run_text, settings


def test_a_mapping_of_lists_stands_for_every_combination_last_name_fastest():
    assert settings({"p": [0.1, 0.2], "act": ("relu", "tanh")}) == (
        {"p": 0.1, "act": "relu"},
        {"p": 0.1, "act": "tanh"},
        {"p": 0.2, "act": "relu"},
        {"p": 0.2, "act": "tanh"},
    )


def test_a_list_of_settings_stands_for_just_those_in_its_order():
    arms = [{"p": 0.5, "lr": 0.2}, {"lr": 0.1, "p": 0.0}]
    assert [list(setting.items()) for setting in settings(arms)] == [
        [("p", 0.5), ("lr", 0.2)],
        [("p", 0.0), ("lr", 0.1)],
    ]


def test_numbers_of_numpy_become_those_of_python():
    (first, _), (third,) = settings({"p": np.linspace(0, 1, 2)}), settings({"n": [np.int64(3)]})
    assert type(first["p"]) is float
    assert type(third["n"]) is int


@pytest.mark.parametrize("value", [0.5, 3, "relu", True, None])
def test_scalars_are_kept_as_they_are(value):
    (setting,) = settings([{"a": value}])
    assert setting["a"] is value


@pytest.mark.parametrize(
    ("grid", "error", "message"),
    [
        ({}, ValueError, r"grid must hold at least one setting with a value, got \{\}"),
        ([], ValueError, r"grid must hold at least one setting with a value, got \[\]"),
        ([{}], ValueError, r"grid must hold at least one setting with a value"),
        ({"p": []}, ValueError, r"grid\['p'\] must hold at least one value, got \[\]"),
        ({"p": 0.5}, TypeError, r"grid\['p'\] must be a list .* got 0\.5; .* \[0\.5\]"),
        ({"act": "relu"}, TypeError, r"grid\['act'\] must be a list of values, got 'relu'"),
        (0.5, TypeError, r"grid must be a mapping .* or a list of settings, got 0\.5"),
        ("p", TypeError, r"grid must be a mapping .* got 'p'"),
        ([0.5], TypeError, r"grid must be a list of mappings, got 0\.5 in it"),
        ({"w": [(1, 2)]}, TypeError, r"grid\['w'\] must hold numbers, .* got \(1, 2\)"),
        ({"w": [np.ones(2)]}, TypeError, r"grid\['w'\] must hold numbers, .* a float64 array"),
        ({"p": [1j]}, TypeError, r"grid\['p'\] must hold numbers, .* got 1j"),
        ({"p": [float("nan")]}, ValueError, r"grid\['p'\] must hold finite numbers, got nan"),
        ({"p": [np.inf]}, ValueError, r"grid\['p'\] must hold finite numbers, got inf"),
        ({"seed": [1]}, ValueError, "other than seed, epoch, metric, value, got 'seed'"),
        ({"learning rate": [1]}, ValueError, "names of arguments .* got 'learning rate'"),
        ({3: [1]}, ValueError, "names of arguments .* got 3"),
        ([{"p": 1}, {"q": 1}], ValueError, "must have the same names, .* got p and q"),
        ({"p": [0.1, 0.2, 0.1]}, ValueError, "distinct settings, got p=0.1 and p=0.1"),
        ({"p": [0, 0.0]}, ValueError, "distinct settings, got p=0 and p=0.0"),
        ({"p": [1, True]}, ValueError, "distinct settings, got p=1 and p=True"),
        ({"p": [1, "1"]}, ValueError, "distinct settings, got p=1 and p='1'"),
        ({"p": [None, ""]}, ValueError, "distinct settings, got p=None and p=''"),
    ],
)
def test_a_grid_that_cannot_be_used_says_what_came(grid, error, message):
    with pytest.raises(error, match=message):
        settings(grid)


@pytest.mark.parametrize("value", [0.1, 1e-300, 1 / 3, -0.0, 2.0**70])
def test_floats_read_back_exactly_from_a_cell(value):
    assert float(cell(value)).hex() == value.hex()


def test_a_run_is_named_by_setting_and_seed():
    assert run_text({"p": 0.5, "act": "relu"}) == "p=0.5, act='relu'"
    assert run_text({"p": 0.5}, 3) == "p=0.5, seed 3"
