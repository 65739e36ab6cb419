"""The experiment ``how-much`` runs as it is described."""

import numpy as np
import pytest

from dropoutlab import data
from dropoutlab.experiments import Experiment, run
from dropoutlab.experiments.catalogue import how_much
from dropoutlab.experiments.catalogue.how_much import train_so_much
from dropoutlab.history import Evaluation


@pytest.fixture
def calls(monkeypatch):
    """What `train_so_much` asks of `training`, without the work."""
    asked = {"steps": 0, "evaluated": [], "orders": []}

    def fit(net, optimizer, train, *, n_epochs, batch_size, rng, **_):
        net.train()(train.x[:4])  # draws masks
        asked["steps"] += n_epochs * -(-len(train) // batch_size)
        asked["orders"].append(rng.permutation(50).tolist())

    def evaluate(net, dataset):
        asked["evaluated"].append((asked["steps"], len(dataset)))
        return Evaluation(1.0, 0.5)

    monkeypatch.setattr(how_much.training, "fit", fit)
    monkeypatch.setattr(how_much.training, "evaluate", evaluate)
    return asked


@pytest.mark.parametrize("n", how_much.GRID["n"])
def test_how_much_trains_for_as_many_steps_whatever_the_number_of_digits(calls, n):
    measured = train_so_much(0, p=0.5, width=32, n=n, wrong=0.3, lr=0.1)

    assert calls["steps"] == 1200
    assert measured["step"].tolist() == list(range(0, 1201, 80))
    assert len(measured["validation error"]) == 16


def test_how_much_looks_at_the_test_digits_once_when_training_has_ended(calls):
    train_so_much(0, p=0.5, width=32, n=500, wrong=0.0, lr=0.1)

    assert [at for at, n_digits in calls["evaluated"] if n_digits == 2000] == [1200]
    assert [at for at, n_digits in calls["evaluated"] if n_digits == 1000] == list(
        range(0, 1201, 80)
    )


def test_how_much_shows_every_rate_the_same_batches(calls):
    train_so_much(3, p=0.0, width=32, n=200, wrong=0.0, lr=0.1)
    train_so_much(3, p=0.5, width=32, n=200, wrong=0.0, lr=0.01)

    assert calls["orders"][:15] == calls["orders"][15:]
    assert calls["orders"][0] != calls["orders"][1]


def test_how_much_spoils_the_labels_of_the_training_digits_alone(monkeypatch):
    seen = {}

    def fit(net, optimizer, train, **_):
        seen["train"] = train

    def evaluate(net, dataset):
        seen[len(dataset)] = dataset
        return Evaluation(1.0, 0.5)

    monkeypatch.setattr(how_much.training, "fit", fit)
    monkeypatch.setattr(how_much.training, "evaluate", evaluate)
    train_so_much(0, p=0.5, width=32, n=500, wrong=0.3, lr=0.1)

    parts = data.digits(n_train=500, n_validation=1000, n_test=2000, seed=0)
    assert np.count_nonzero(seen["train"].y != parts.train.y) == 150
    assert seen[500] is seen["train"]
    np.testing.assert_array_equal(seen[1000].y, parts.validation.y)
    np.testing.assert_array_equal(seen[2000].y, parts.test.y)


def test_a_slice_of_how_much_learns():
    slice_ = Experiment(
        "slice",
        how_much.how_much.function,
        grid={"p": [0.2], "width": [32], "n": [500], "wrong": [0.0], "lr": [0.03]},
        seeds=[0],
    )
    results = run(slice_, store=False)

    assert results.curves("train error", p=0.2)[0, 0] > 0.7
    assert results.final("test error", p=0.2)[0] < 0.2
