"""The net and the training that chapter 11 shows are those of its recorded runs."""

import numpy as np
import pytest
from chapter import defined

from dropoutlab import nn
from dropoutlab.experiments.catalogue import amounts as catalogue
from dropoutlab.experiments.catalogue.cures import spoilt_digits
from dropoutlab.training import evaluate, fit

USUAL = {"p": 0.0, "p_input": 0.0, "width": 128, "depth": 2}


@pytest.mark.parametrize(
    ("net", "n", "wrong"),
    [
        ({}, 1000, 0.0),
        ({"p": 0.5, "width": 64}, 1000, 0.3),
        ({"p": 0.5, "p_input": 0.2}, 500, 0.0),
        ({"p": 0.8, "depth": 1}, 1000, 0.0),
        ({"p_input": 0.2, "depth": 4}, 1000, 0.0),
    ],
)
def test_training_is_that_of_the_recorded_runs(monkeypatch, net, n, wrong):
    monkeypatch.setattr(catalogue, "N_STEPS", 60)
    known = {"np": np, "nn": nn, "fit": fit, "evaluate": evaluate}
    known["spoilt_digits"] = spoilt_digits
    train = defined("11_how_much", "make_net", "train", **known)["train"]

    error = train(3, 0.05, wrong, n, n_steps=60, **USUAL | net)

    recorded = catalogue.train_amount(3, n=n, wrong=wrong, lr=0.05, **USUAL | net)
    assert error == 100 * recorded["test error"] < 89
