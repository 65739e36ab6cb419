"""The experiments with a name run as they are described."""

import numpy as np
import pytest

from dropoutlab import data, nn
from dropoutlab.experiments import Experiment, fingerprint, run
from dropoutlab.experiments.catalogue import CATALOGUE, how_much_on_digits, rate_on_digits
from dropoutlab.experiments.catalogue.how_much_on_digits import how_much, train_so_much
from dropoutlab.experiments.catalogue.rate_on_digits import rate, rate_data, rate_net
from dropoutlab.history import Evaluation


def net(p, seed=0):
    rngs = np.random.default_rng(seed).spawn(2)
    return rate_net(p, rng=rngs[0], mask_rng=rngs[1])


def test_every_experiment_has_its_name_and_a_line_of_description():
    for name, experiment in CATALOGUE.items():
        assert experiment.name == name
        assert experiment.description.strip()
        assert "\n" not in experiment.description
        assert len(fingerprint(experiment.function)) == 16


def test_rate_compares_six_rates_on_five_seeds():
    assert [setting["p"] for setting in rate.settings] == [0.0, 0.1, 0.2, 0.3, 0.5, 0.7]
    assert list(rate.seeds) == [0, 1, 2, 3, 4]


def test_the_net_has_two_hidden_layers_with_dropout_after_both():
    assert [type(layer) for layer in net(0.3)] == [
        *(nn.Linear, nn.ReLU, nn.Dropout),
        *(nn.Linear, nn.ReLU, nn.Dropout),
        nn.Linear,
    ]
    assert [p.data.shape for p in net(0.3).parameters() if p.data.ndim == 2] == [
        (256, 784),
        (256, 256),
        (10, 256),
    ]
    assert [layer.p for layer in net(0.3) if isinstance(layer, nn.Dropout)] == [0.3, 0.3]


def test_every_rate_starts_from_the_same_weights():
    for a, b in zip(net(0.0).parameters(), net(0.7).parameters(), strict=True):
        np.testing.assert_array_equal(a.data, b.data)


def test_every_rate_sees_the_same_batches(monkeypatch):
    orders = []

    def fit(net, optimizer, train, *, rng, **_):
        net.train()(train.x[:4])
        orders.append(rng.permutation(50).tolist())

    monkeypatch.setattr(rate_on_digits.training, "fit", fit)
    for p in (0.0, 0.5):
        rate_on_digits.train_at_rate(3, p)
    expected = np.random.default_rng(3).spawn(3)[1].permutation(50).tolist()
    assert orders == [expected, expected]


def test_without_dropout_the_net_has_no_noise():
    x = rate_data(0).train.x[:5]
    still = net(0.0).train()
    np.testing.assert_array_equal(still(x), still(x))
    noisy = net(0.5).train()
    assert (noisy(x) != noisy(x)).any()


def test_the_data_follow_the_seed_and_not_the_rate():
    assert len(rate_data(1).train) == 1000
    np.testing.assert_array_equal(rate_data(1).test.x, rate_data(1).test.x)
    assert (rate_data(1).train.x != rate_data(2).train.x).any()


def test_a_slice_of_rate_learns(monkeypatch):
    monkeypatch.setattr(rate_on_digits, "N_EPOCHS", 3)
    experiment = Experiment("slice", rate.function, grid={"p": [0.0, 0.5]}, seeds=[0])
    results = run(experiment, store=False)
    assert results.metrics == ["test error", "test loss", "train error", "train loss"]
    for p in (0.0, 0.5):
        curve = results.curves("test error", p=p)
        assert curve.shape == (1, 4)
        assert curve[0, 0] > 0.7
        assert curve[0, -1] < 0.25
    # Before training, equal weights have equal errors.
    before = [results.curves("test loss", p=p)[0, 0] for p in (0.0, 0.5)]
    assert before[0] == pytest.approx(before[1], abs=0)


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

    monkeypatch.setattr(how_much_on_digits.training, "fit", fit)
    monkeypatch.setattr(how_much_on_digits.training, "evaluate", evaluate)
    return asked


@pytest.mark.parametrize("n", how_much_on_digits.GRID["n"])
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

    monkeypatch.setattr(how_much_on_digits.training, "fit", fit)
    monkeypatch.setattr(how_much_on_digits.training, "evaluate", evaluate)
    train_so_much(0, p=0.5, width=32, n=500, wrong=0.3, lr=0.1)

    parts = data.digits(n_train=500, n_validation=1000, n_test=2000, seed=0)
    assert np.count_nonzero(seen["train"].y != parts.train.y) == 150
    assert seen[500] is seen["train"]
    np.testing.assert_array_equal(seen[1000].y, parts.validation.y)
    np.testing.assert_array_equal(seen[2000].y, parts.test.y)


def test_a_slice_of_how_much_learns():
    slice_ = Experiment(
        "slice",
        how_much.function,
        grid={"p": [0.2], "width": [32], "n": [500], "wrong": [0.0], "lr": [0.03]},
        seeds=[0],
    )
    results = run(slice_, store=False)

    assert results.curves("train error", p=0.2)[0, 0] > 0.7
    assert results.final("test error", p=0.2)[0] < 0.2
