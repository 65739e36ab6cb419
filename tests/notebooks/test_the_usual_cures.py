"""The net, the training, the shift and the stopping of chapter 3 are those of its contest."""

import numpy as np
import pytest
from chapter import defined

from dropoutlab import nn
from dropoutlab.experiments.catalogue import cures as catalogue
from dropoutlab.experiments.catalogue.cure_layers import Shifts
from dropoutlab.experiments.catalogue.cured_nets import cured_net
from dropoutlab.training import evaluate, fit


@pytest.fixture(scope="module")
def shown():
    names = ["make_net", "prepare", "train", "shifted", "stop_early"]
    known = {"np": np, "nn": nn, "fit": fit, "evaluate": evaluate}
    known["spoilt_digits"] = catalogue.spoilt_digits
    return defined("03_the_usual_cures", *names, **known)


@pytest.mark.parametrize("wrong", [0.0, 0.3])
@pytest.mark.parametrize(
    ("cure", "strength", "setting"),
    [
        ("plain", 0.0, {}),
        ("smaller net", 24.0, {"width": 24}),
        ("L2", 0.02, {"weight_decay": 0.02}),
    ],
)
def test_training_is_that_of_the_contest(shown, monkeypatch, cure, strength, setting, wrong):
    monkeypatch.setattr(catalogue, "N_STEPS", 60)  # three epochs

    error = shown["train"](7, wrong, 0.05, n_epochs=3, **setting)

    contest = catalogue.train_cure(7, cure, wrong, lr=0.05, strength=strength)
    assert error == 100 * contest["test error"] < 50


@pytest.mark.parametrize("largest", [1, 4])
def test_the_shift_moves_as_the_layer_of_the_contest_does(shown, largest):
    images = np.random.default_rng(0).random((60, 784), dtype=np.float32) + 1
    by_layer = Shifts(largest, rng=np.random.default_rng(1))(images)

    moves = range(-largest, largest + 1)
    for image, moved in zip(images, by_layer, strict=True):
        candidates = [shown["shifted"](image, down, right) for down in moves for right in moves]
        assert sum(np.array_equal(moved, candidate) for candidate in candidates) == 1


def test_a_shift_goes_down_and_right(shown):
    dot = np.zeros(784)
    dot[10 * 28 + 12] = 1
    assert divmod(int(shown["shifted"](dot, 2, -3).argmax()), 28) == (12, 9)
    assert shown["shifted"](dot, 0, 4).sum() == 1
    edge = np.zeros(784)
    edge[-1] = 1
    assert shown["shifted"](edge, 1, 0).sum() == 0


def test_stopping_early_is_that_of_the_contest(shown):
    net, optimizer, parts, rng = shown["prepare"](0, 0.3, 0.05)
    epoch = shown["stop_early"](net, optimizer, parts, n_epochs=6, rng=rng)
    again, optimizer, rng = cured_net(0, "early stopping", 0.05)
    expected = catalogue.fit_and_stop(
        again, optimizer, parts.train, parts.validation, n_epochs=6, rng=rng
    )

    assert epoch == expected < 6
    for name, weights in again.state_dict().items():
        np.testing.assert_array_equal(net.state_dict()[name], weights)
