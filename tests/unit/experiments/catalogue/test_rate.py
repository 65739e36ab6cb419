"""The experiment ``rate`` runs as it is described."""

import numpy as np
import pytest

from dropoutlab import nn
from dropoutlab.experiments import Experiment, run
from dropoutlab.experiments.catalogue import rate
from dropoutlab.experiments.catalogue.rate import rate_data, rate_net


def net(p, seed=0):
    rngs = np.random.default_rng(seed).spawn(2)
    return rate_net(p, rng=rngs[0], mask_rng=rngs[1])


def test_rate_compares_six_rates_on_five_seeds():
    assert [setting["p"] for setting in rate.rate.settings] == [0.0, 0.1, 0.2, 0.3, 0.5, 0.7]
    assert list(rate.rate.seeds) == [0, 1, 2, 3, 4]


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

    monkeypatch.setattr(rate.training, "fit", fit)
    for p in (0.0, 0.5):
        rate.train_at_rate(3, p)
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
    monkeypatch.setattr(rate, "N_EPOCHS", 3)
    experiment = Experiment("slice", rate.rate.function, grid={"p": [0.0, 0.5]}, seeds=[0])
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
