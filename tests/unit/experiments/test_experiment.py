"""An experiment checks its declaration before anything runs."""

from dataclasses import replace

import pytest

from dropoutlab.experiments import Experiment


def measure(seed, p, width=3):
    return {"error": p}


GOOD = {"name": "rate", "function": measure, "grid": {"p": [0.1, 0.5]}, "seeds": [2, 0]}


def test_runs_are_settings_by_seeds_in_increasing_order():
    experiment = Experiment(**GOOD)
    assert experiment.runs == [
        ({"p": 0.1}, 0),
        ({"p": 0.1}, 2),
        ({"p": 0.5}, 0),
        ({"p": 0.5}, 2),
    ]
    assert repr(experiment) == "Experiment('rate', 2 settings × 2 seeds)"


def test_settings_that_are_handed_out_are_copies():
    experiment = Experiment(**GOOD)
    experiment.settings[0]["p"] = 9
    assert experiment.settings[0] == {"p": 0.1}


def test_an_experiment_can_be_declared_anew_with_other_seeds():
    assert replace(Experiment(**GOOD), seeds=range(3)).seeds == (0, 1, 2)
    assert replace(Experiment(**GOOD), seeds=range(3)).settings == [{"p": 0.1}, {"p": 0.5}]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"name": 3}, TypeError, "name must be a string, got 3"),
        ({"name": ""}, ValueError, "name must consist of .* got ''"),
        ({"name": "a/b"}, ValueError, "name must consist of .* got 'a/b'"),
        ({"name": "../up"}, ValueError, r"name must consist of .* got '\.\./up'"),
        ({"name": "Rate"}, ValueError, "lower-case letters.* got 'Rate'"),
        ({"name": "nul"}, ValueError, "name must consist of .* got 'nul'"),
        ({"name": "a" * 65}, ValueError, "name must consist of 1 to 64"),
        ({"name": "rate\n"}, ValueError, r"name must consist of .* got 'rate\\n'"),
        ({"function": 3}, TypeError, "function must be callable, got 3"),
        ({"description": None}, TypeError, "description must be a string, got None"),
        ({"seeds": 5}, TypeError, "seeds must be a list of integers or a range, got 5"),
        ({"seeds": "123"}, TypeError, "seeds must be a list of integers .* got '123'"),
        ({"seeds": []}, ValueError, "seeds must hold at least one integer, got none"),
        ({"seeds": [0, 1, 0]}, ValueError, "seeds must be distinct, got 0 more than once"),
        ({"seeds": [0.5]}, TypeError, r"seeds: each must be an integer .* got 0\.5"),
        ({"seeds": [True]}, TypeError, "seeds: each must be an integer .* got True"),
        ({"seeds": [-1]}, ValueError, "seeds: each must be an integer of at least 0, got -1"),
        ({"grid": {"q": [1]}}, TypeError, r"function\(seed, q=…\); its signature is \(seed, p"),
        ({"grid": {"width": [1]}}, TypeError, "missing a required argument: 'p'"),
        ({"function": lambda p: 0}, TypeError, "function must accept .* multiple values"),
        ({"function": lambda: 0}, TypeError, "function must accept"),
    ],
)
def test_a_declaration_that_cannot_be_used_says_what_came(change, error, message):
    with pytest.raises(error, match=message):
        Experiment(**GOOD | change)
