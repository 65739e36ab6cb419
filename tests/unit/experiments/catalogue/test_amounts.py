"""How much dropout is measured fairly: equal nets, data, steps and learning rates."""

import numpy as np
import pytest

from dropoutlab import nn, training
from dropoutlab.data import Dataset, Split
from dropoutlab.experiments import load_recorded
from dropoutlab.experiments.catalogue import amounts, data_size_mnist, dropout_nets
from dropoutlab.experiments.catalogue.amounts import train_amount
from dropoutlab.experiments.catalogue.data_size import data_size
from dropoutlab.experiments.catalogue.data_size_mnist import n_steps, train_on_mnist
from dropoutlab.experiments.catalogue.dropout_nets import dropout_net, train_and_measure
from dropoutlab.experiments.catalogue.rate_and_width import RATES, rate_and_width, widened
from dropoutlab.experiments.catalogue.where_to_drop import where_to_drop
from dropoutlab.history import Evaluation


def net(p=0.5, p_input=0.2, width=16, depth=2, seed=0):
    rng, mask_rng = np.random.default_rng(seed).spawn(2)
    return dropout_net(p, p_input, width=width, depth=depth, rng=rng, mask_rng=mask_rng)


# The nets


def test_pixels_drop_before_everything_and_units_behind_each_hidden_layer():
    assert [repr(layer) for layer in net()] == [
        "Dropout(p=0.2)",
        *("Linear(784, 16)", "ReLU()", "Dropout(p=0.5)"),
        *("Linear(16, 16)", "ReLU()", "Dropout(p=0.5)"),
        "Linear(16, 10)",
    ]


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_a_net_has_as_many_hidden_layers_as_asked(depth):
    assert sum(isinstance(layer, nn.ReLU) for layer in net(depth=depth)) == depth
    assert len(net(depth=depth).dropouts) == depth + 1


def test_where_nothing_is_dropped_there_is_no_layer_for_it():
    assert [layer.p for layer in net(p=0.0).dropouts] == [0.2]
    assert [layer.p for layer in net(p_input=0.0).dropouts] == [0.5, 0.5]
    assert list(net(p=0.0, p_input=0.0).dropouts) == []


def test_nets_of_one_shape_start_alike_whatever_they_drop():
    first = [parameter.data for parameter in net(p=0.0, p_input=0.0).parameters()]
    for p, p_input in [(0.3, 0.0), (0.9, 0.2)]:
        for a, b in zip(first, net(p=p, p_input=p_input).parameters(), strict=True):
            np.testing.assert_array_equal(a, b.data)


def test_a_widened_net_keeps_sixty_four_units_a_layer():
    for p in RATES:
        assert abs(widened(p) * (1 - p) - 64) < 0.5


# The grids: equal budgets


@pytest.mark.parametrize("experiment", [rate_and_width, where_to_drop, data_size])
def test_every_setting_is_tried_at_the_same_learning_rates(experiment):
    rates = {}
    for setting in experiment.settings:
        rest = tuple(value for name, value in setting.items() if name != "lr")
        rates.setdefault(rest, []).append(setting["lr"])
    assert {tuple(tried) for tried in rates.values()} == {amounts.LEARNING_RATES}


def test_both_series_of_rates_are_whole_and_meet_at_a_half():
    shapes = {(s["p"], s["width"]) for s in rate_and_width.settings}
    assert shapes == {(p, 128) for p in RATES} | {(p, widened(p)) for p in RATES}
    assert widened(0.5) == 128


def test_pixels_and_hidden_units_are_dropped_alone_and_together_at_every_depth():
    places = {(s["depth"], s["p_input"] > 0, s["p"] > 0) for s in where_to_drop.settings}
    assert places == {
        (depth, pixels, units)
        for depth in (1, 2, 4)
        for pixels in (False, True)
        for units in (False, True)
    }


# A run


def some_digits(n, seed=0):
    rng = np.random.default_rng(seed)
    return Dataset(rng.random((n, 784), dtype=np.float32), rng.integers(0, 10, size=n))


@pytest.fixture
def calls(monkeypatch):
    """What a run asks of `training`, without the work."""
    asked = {"steps": 0, "orders": [], "evaluated": [], "labels": []}

    def fit(net, optimizer, train, *, n_epochs, batch_size, rng, **_):
        net.train()(train.x[:4])  # draws masks
        asked["steps"] += n_epochs * len(train) // batch_size
        asked["orders"].append(rng.permutation(50).tolist())
        asked["labels"].append(train.y.tolist())
        asked["optimizer"] = optimizer

    def evaluate(net, dataset):
        asked["evaluated"].append((asked["steps"], len(dataset)))
        return Evaluation(1.0, 0.5)

    monkeypatch.setattr(dropout_nets.training, "fit", fit)
    monkeypatch.setattr(dropout_nets.training, "evaluate", evaluate)
    return asked


@pytest.mark.parametrize("n", [100, 500, 2000])
def test_a_net_trains_for_a_thousand_steps_and_is_tested_once_after_that(calls, n):
    train_amount(0, 0.5, 0.2, 16, 2, n, 0.0, 0.1)
    assert calls["steps"] == 1000
    assert calls["evaluated"] == [(1000, n), (1000, 1000), (1000, 2000)]
    assert (calls["optimizer"].lr, calls["optimizer"].momentum) == (0.1, 0.9)


def test_whatever_is_dropped_the_batches_and_the_wrong_labels_are_the_same(calls):
    for p, p_input in [(0.0, 0.0), (0.5, 0.0), (0.5, 0.2)]:
        train_amount(3, p, p_input, 16, 2, 200, 0.3, 0.1)
    assert calls["orders"][0] == calls["orders"][1] == calls["orders"][2]
    assert calls["labels"][0] == calls["labels"][1] == calls["labels"][2]
    train_amount(4, 0.0, 0.0, 16, 2, 200, 0.3, 0.1)
    assert calls["orders"][0] != calls["orders"][3]


@pytest.mark.parametrize(("n", "steps"), [(100, 2000), (10_000, 2000), (50_000, 10_000)])
def test_on_mnist_a_net_trains_for_twenty_epochs_at_least(n, steps):
    assert n_steps(n) == steps
    assert steps * data_size_mnist.BATCH_SIZE % n == 0


def test_on_mnist_half_of_the_units_and_a_fifth_of_the_pixels_are_dropped(calls, monkeypatch):
    nets, asked = [], []

    def mnist(**sizes):
        asked.append(sizes)
        return Split(some_digits(100), some_digits(20, 1), some_digits(30, 2))

    def keep(*args, **kwargs):
        nets.append(dropout_net(*args, **kwargs))
        return nets[-1]

    monkeypatch.setattr(data_size_mnist.data, "mnist", mnist)
    monkeypatch.setattr(data_size_mnist, "dropout_net", keep)
    for dropout in (False, True):
        train_on_mnist(5, dropout, 100, 0.03)
    assert [[layer.p for layer in each.dropouts] for each in nets] == [[], [0.2, 0.5, 0.5]]
    assert asked == [{"n_train": 100, "n_validation": 10_000, "seed": 5}] * 2
    assert calls["orders"][0] == calls["orders"][1]
    for a, b in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        np.testing.assert_array_equal(a.data, b.data)


def test_training_that_diverges_counts_as_a_guess(monkeypatch):
    def fit(*args, **kwargs):
        raise training.Diverged("the loss is NaN")

    monkeypatch.setattr(dropout_nets.training, "fit", fit)
    parts = Split(some_digits(100), some_digits(20, 1), some_digits(30, 2))
    diverging = net()
    measured = train_and_measure(
        diverging,
        nn.SGD(diverging.parameters(), lr=9.0),
        parts,
        n_epochs=2,
        batch_size=50,
        rng=np.random.default_rng(0),
    )
    for name in ("train", "validation", "test"):
        assert measured[f"{name} error"] == 0.9
        assert measured[f"{name} loss"] == pytest.approx(np.log(10))


# The recordings


@pytest.mark.parametrize("experiment", [rate_and_width, where_to_drop, data_size])
def test_a_slice_comes_out_as_recorded(experiment):
    recorded = load_recorded(experiment.name)
    assert recorded.settings == experiment.settings
    assert recorded.seeds == list(experiment.seeds)
    setting = next(
        s for s in experiment.settings if s["p"] > 0 and s["lr"] == 0.03 and not s["wrong"]
    )

    again = train_amount(recorded.seeds[0], **setting)

    # Another processor rounds differently, and 1,000 steps may turn that into some digits.
    for metric, value in again.items():
        there = recorded.final(metric, **setting)[0]
        assert value == pytest.approx(there, abs=0.02 if "error" in metric else 0.1)


def test_a_slice_of_mnist_comes_out_as_recorded(real_data):
    recorded = load_recorded("data-size-mnist")
    assert recorded.settings == data_size_mnist.data_size_mnist.settings
    assert recorded.seeds == list(data_size_mnist.data_size_mnist.seeds)
    setting = {"dropout": True, "n": 100, "lr": 0.03}

    again = train_on_mnist(0, **setting)

    assert again["test error"] == pytest.approx(
        recorded.final("test error", **setting)[0], abs=0.02
    )
