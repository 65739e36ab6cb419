"""The contest of cures is fair: equal budgets, equal data, equal weights."""

import numpy as np
import pytest

from dropoutlab import nn, training
from dropoutlab.experiments import load_recorded
from dropoutlab.experiments.catalogue import cures
from dropoutlab.experiments.catalogue.cure_layers import L1, KLSparsity, Shifts
from dropoutlab.experiments.catalogue.cured_nets import cured_net
from dropoutlab.experiments.catalogue.cures import (
    fit_and_stop,
    spoilt_digits,
    train_cure,
    try_cure,
    tuned_cures,
)
from dropoutlab.experiments.catalogue.strengths import CURES, N_ATTEMPTS, learning_rates, tried
from dropoutlab.history import Evaluation

# The budget


@pytest.mark.parametrize("cure", CURES)
def test_every_cure_tries_each_learning_rate_once(cure):
    attempts = [tried(cure, i) for i in range(N_ATTEMPTS)]

    assert sorted(attempt["lr"] for attempt in attempts) == learning_rates()
    for name, strength in zip(["strength", "second"], CURES[cure], strict=False):
        assert sorted(attempt[name] for attempt in attempts) == strength.values()


def test_the_attempts_at_two_strengths_leave_no_corner_out():
    attempts = [tried("dropout + L2", i) for i in range(N_ATTEMPTS)]
    p, weight_decay = (
        np.median([a[name] for a in attempts]) for name in ["strength", "second"]
    )
    corners = {(a["strength"] > p, a["second"] > weight_decay) for a in attempts}
    assert len(corners) == 4


def test_the_experiment_gives_every_cure_as_many_attempts_on_the_same_seeds():
    settings = cures.cures.settings
    assert len(settings) == len(CURES) * 2 * N_ATTEMPTS
    assert {s["attempt"] for s in settings if s["cure"] == "shifts"} == set(range(25))
    assert list(cures.cures.seeds) == [0, 1, 2]


def test_widths_and_shifts_are_whole_numbers():
    for cure in ["smaller net", "shifts"]:
        assert all(value == int(value) >= 1 for value in CURES[cure][0].values())


# What each cure is


def described(cure, strength, second=0.0):
    net, optimizer, _ = cured_net(0, cure, 0.1, strength, second)
    return [repr(layer) for layer in net], optimizer


PLAIN = ["Linear(784, 128)", "ReLU()", "Linear(128, 128)", "ReLU()", "Linear(128, 10)"]


def test_a_smaller_net_is_narrower_and_otherwise_the_same():
    layers, _ = described("smaller net", 32.0)
    assert layers == ["Linear(784, 32)", "ReLU()", "Linear(32, 32)", "ReLU()", "Linear(32, 10)"]


@pytest.mark.parametrize(
    "cure", ["plain", "more data", "early stopping", "L2", "L1", "max-norm"]
)
def test_cures_outside_the_net_leave_it_as_it_is(cure):
    assert described(cure, 0.5)[0] == PLAIN


def test_dropout_stands_behind_both_hidden_layers_and_before_them_where_asked():
    drop = ["Dropout(p=0.4)"]
    hidden = [*PLAIN[:2], *drop, *PLAIN[2:4], *drop, PLAIN[4]]
    assert described("dropout", 0.4)[0] == hidden
    assert described("dropout + L2", 0.4, 0.01)[0] == hidden
    assert described("dropout + max-norm", 0.4, 1.0)[0] == hidden
    assert described("dropout + input", 0.4, 0.2)[0] == ["Dropout(p=0.2)", *hidden]


def test_penalties_have_their_strength():
    assert described("L2", 0.02)[1].weight_decay == 0.02
    assert described("dropout + L2", 0.4, 0.02)[1].weight_decay == 0.02
    assert described("dropout", 0.4)[1].weight_decay == 0
    assert described("L1", 0.02)[1].strength == 0.02
    assert described("max-norm", 1.5)[1].c == 1.5
    assert described("dropout + max-norm", 0.4, 1.5)[1].c == 1.5


def test_an_unknown_cure_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"plain, more data, .*; got 'sleep'"):
        cured_net(0, "sleep", 0.1)


def test_every_cure_of_the_full_width_starts_from_the_same_weights():
    first = cured_net(3, "plain", 0.1)[0].state_dict()
    for cure in set(CURES) - {"smaller net"}:
        weights = cured_net(3, cure, **tried(cure, 5))[0]
        for a, b in zip(first.values(), weights.parameters(), strict=True):
            np.testing.assert_array_equal(a, b.data)


# Shifts, KL sparsity, L1


def test_a_shift_moves_an_image_as_a_whole_and_brings_in_background():
    images = np.arange(1.0, 785).reshape(1, 784).repeat(200, axis=0)
    moved = Shifts(2, rng=np.random.default_rng(0))(images).reshape(200, 28, 28)

    seen = set()
    for image in moved:
        inside = np.argwhere(image > 0)
        value = image[tuple(inside[0])] - 1
        down, right = inside[0] - np.array(divmod(int(value), 28))
        expected = np.zeros((32, 32))
        expected[2 + down : 30 + down, 2 + right : 30 + right] = images[0].reshape(28, 28)
        np.testing.assert_array_equal(image, expected[2:30, 2:30])
        seen.add((int(down), int(right)))
    assert len(seen) == 25
    np.testing.assert_array_equal(images[0], np.arange(1.0, 785))


def test_shifts_stand_still_in_evaluation_mode():
    x = np.random.default_rng(0).random((3, 784))
    np.testing.assert_array_equal(Shifts(3, rng=np.random.default_rng(0)).eval()(x), x)


def kl(h, beta, target):
    mean = np.tanh(h).mean(axis=0)
    return beta * np.sum(
        target * np.log(target / mean) + (1 - target) * np.log((1 - target) / (1 - mean))
    )


def test_the_gradient_of_the_sparsity_penalty_is_that_of_its_formula():
    h = np.random.default_rng(0).uniform(0.1, 2, size=(5, 3))
    layer = KLSparsity(0.7, target=0.2)
    layer(h)
    analytic = layer.backward(np.zeros_like(h))

    numeric = np.zeros_like(h)
    for at in np.ndindex(h.shape):
        step = np.zeros_like(h)
        step[at] = 1e-6
        numeric[at] = (kl(h + step, 0.7, 0.2) - kl(h - step, 0.7, 0.2)) / 2e-6
    np.testing.assert_allclose(analytic, numeric, rtol=1e-6)


def test_the_sparsity_penalty_is_added_and_in_evaluation_mode_it_is_not():
    h, grad = np.full((2, 2), 1.0), np.full((2, 2), 3.0)
    layer = KLSparsity(0.5, target=0.1)
    layer(h)
    penalty = layer.backward(np.zeros_like(h))
    np.testing.assert_allclose(layer.backward(grad), 3.0 + penalty)
    np.testing.assert_array_equal(layer.eval().backward(grad), grad)


def test_a_silent_unit_gets_a_finite_gradient():
    layer = KLSparsity(1.0, target=0.1)
    layer(np.zeros((4, 2), dtype=np.float32))
    grad = layer.backward(np.zeros((4, 2), dtype=np.float32))
    assert np.isfinite(grad).all()
    assert grad.dtype == np.float32


def test_l1_pulls_weights_to_zero_by_equal_steps_and_spares_biases():
    weight, bias = nn.Parameter([[2.0, -0.1]]), nn.Parameter([5.0])
    optimizer = L1([weight, bias], lr=0.5, momentum=0.0, strength=0.1)
    weight.grad = np.array([[1.0, 0.0]])
    optimizer.step()
    np.testing.assert_allclose(weight.data, [[2.0 - 0.5 * 1.1, -0.05]])
    assert bias.data == 5.0


# The runs


@pytest.fixture
def calls(monkeypatch):
    """What a run asks of `training`, without the work."""
    asked = {"steps": 0, "orders": [], "evaluated": []}

    def fit(net, optimizer, train, *, n_epochs, batch_size, rng, **_):
        net.train()(train.x[:4])  # draws masks and shifts
        asked["steps"] += n_epochs * len(train) // batch_size
        asked["orders"].append(rng.permutation(50).tolist())

    def evaluate(net, dataset):
        asked["evaluated"].append((asked["steps"], len(dataset)))
        return Evaluation(1.0, 0.5)

    monkeypatch.setattr(cures.training, "fit", fit)
    monkeypatch.setattr(cures.training, "evaluate", evaluate)
    return asked


@pytest.mark.parametrize("cure", CURES)
def test_every_cure_trains_for_a_thousand_steps_and_is_tested_once_after_that(calls, cure):
    train_cure(0, cure, 0.3, **tried(cure, 5))

    assert calls["steps"] == 1000
    assert [at for at, n in calls["evaluated"] if n == 2000] == [1000] * (
        2 if cure == "more data" else 1  # which has as many training digits
    )


def test_every_cure_sees_the_same_batches(calls):
    firsts = []
    for cure in CURES:
        calls["orders"].clear()
        train_cure(3, cure, 0.3, **tried(cure, 5))
        firsts.append(calls["orders"][0])
    assert all(first == firsts[0] for first in firsts)


def test_labels_are_spoilt_for_training_and_validation_and_never_for_the_test():
    right, spoilt = spoilt_digits(4, 0.0), spoilt_digits(4, 0.3)
    assert np.count_nonzero(right.train.y != spoilt.train.y) == 300
    assert np.count_nonzero(right.validation.y != spoilt.validation.y) == 300
    np.testing.assert_array_equal(right.test.y, spoilt.test.y)
    np.testing.assert_array_equal(right.train.x, spoilt.train.x)


def test_early_stopping_goes_back_to_the_epoch_of_the_lowest_validation_loss(monkeypatch):
    losses = iter([0.9, 0.5, 0.7, 0.5, 0.6])
    parts = spoilt_digits(0, 0.0)
    net, optimizer, rng = cured_net(0, "early stopping", 0.01)
    states = []

    def evaluate(net, dataset):
        assert dataset is parts.validation
        states.append(net.state_dict())
        return Evaluation(next(losses), 0.5)

    monkeypatch.setattr(cures.training, "evaluate", evaluate)
    epoch = fit_and_stop(net, optimizer, parts.train, parts.validation, n_epochs=5, rng=rng)

    assert epoch == 2
    for name, weights in net.state_dict().items():
        np.testing.assert_array_equal(weights, states[1][name])
        assert weights.shape != (128, 784) or (weights != states[4][name]).any()


def test_tuning_measures_nothing_on_the_test_digits():
    measured = try_cure(0, "smaller net", 0.0, 4)
    assert sorted(measured) == [
        *("epoch", "lr", "second", "strength"),
        *("train error", "train loss", "validation error", "validation loss"),
    ]


def test_training_that_diverged_counts_as_a_guess(monkeypatch):
    def fit(*_, **__):
        raise training.Diverged("the loss became nan")

    monkeypatch.setattr(cures.training, "fit", fit)
    measured = try_cure(0, "L2", 0.0, 24)
    assert measured["validation error"] == 0.9
    assert measured["train loss"] == pytest.approx(np.log(10))
    assert measured["lr"] == 0.2


# The recording


@pytest.fixture(scope="module")
def recorded():
    return load_recorded("cures")


def test_the_recording_is_of_this_experiment(recorded):
    assert recorded.settings == cures.cures.settings
    assert recorded.seeds == list(cures.cures.seeds)
    assert not [metric for metric in recorded.metrics if metric.startswith("test")]
    for setting in recorded.settings:
        for name, value in tried(setting["cure"], setting["attempt"]).items():
            assert set(recorded.final(name, **setting)) == {value}


@pytest.mark.parametrize(
    ("cure", "wrong", "attempt"),
    [("smaller net", 0.0, 0), ("early stopping", 0.3, 0), ("dropout + max-norm", 0.0, 2)],
)
def test_a_slice_of_the_recording_comes_out_again(recorded, cure, wrong, attempt):
    setting = {"cure": cure, "wrong": wrong, "attempt": attempt}
    again = try_cure(1, **setting)
    for name in ["train", "validation"]:
        loss, error = (recorded.final(f"{name} {m}", **setting)[1] for m in ["loss", "error"])
        assert again[f"{name} loss"] == pytest.approx(loss, rel=0.02)
        assert again[f"{name} error"] == pytest.approx(error, abs=0.02)


def test_tuned_cures_have_the_lowest_validation_error_of_their_attempts(recorded):
    tuned = tuned_cures()

    assert [(s["wrong"], s["cure"]) for s in tuned] == [
        (w, c) for w in (0.0, 0.3) for c in CURES
    ]
    for setting in tuned:
        where = {"cure": setting["cure"], "wrong": setting["wrong"]}
        means = [
            recorded.final("validation error", **where, attempt=i).mean()
            for i in range(N_ATTEMPTS)
        ]
        best = tried(setting["cure"], int(np.argmin(means)))
        assert setting == {**where, **best}


def test_tuned_cures_can_be_narrowed_and_are_settings_to_train_at(calls):
    (setting,) = tuned_cures(["dropout + L2"], wrong=[0.3])
    assert sorted(train_cure(100, **setting)) == [
        *("epoch", "test error", "test loss", "train error", "train loss"),
        *("validation error", "validation loss"),
    ]
