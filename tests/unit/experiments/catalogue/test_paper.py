"""The experiments on all of MNIST run as they are described."""

import numpy as np
import pytest
import torch

from dropoutlab import data, nn, torch_training, training
from dropoutlab.data import Dataset, Split
from dropoutlab.experiments.catalogue import (
    dropout_nets,
    paper_frontier,
    paper_table,
    paper_torch,
    paper_tuning,
)
from dropoutlab.experiments.catalogue.paper_arms import (
    ARMS,
    N_ATTEMPTS,
    STRENGTHS,
    paper_net,
    paper_optimizer,
    tried,
)
from dropoutlab.experiments.catalogue.paper_frontier import train_so_wide_and_long
from dropoutlab.experiments.catalogue.paper_table import monte_carlo_errors, train_tuned_arm
from dropoutlab.experiments.catalogue.paper_torch import (
    follow,
    torch_net,
    train_arm_in_torch,
)
from dropoutlab.experiments.catalogue.paper_tuning import train_by_epochs, try_arm
from dropoutlab.history import Evaluation


def some_digits(n, seed=0):
    rng = np.random.default_rng(seed)
    return Dataset(rng.random((n, 784), dtype=np.float32), np.arange(n) % 10)


def net_of(arm, width=4, seed=0):
    rngs = np.random.default_rng(seed).spawn(2)
    return paper_net(arm, width=width, rng=rngs[0], mask_rng=rngs[1])


@pytest.fixture
def asked(monkeypatch):
    """What the runs ask of `data` and `training`, without the work."""
    asked = {"mnist": [], "epochs": 0, "optimizers": [], "orders": [], "measured": []}

    def mnist(*, n_train, n_validation=0, n_test=10_000, seed):
        asked["mnist"].append((n_train, n_validation, n_test, seed))
        validation = some_digits(n_validation // 1000, 1) if n_validation else None
        # A hundredth of a step an epoch for every digit, so that steps can be counted.
        return Split(some_digits(n_train // 100), validation, some_digits(30, 2))

    def fit(net, optimizer, train, *, n_epochs, batch_size, rng, progress):
        assert batch_size == 100
        net.train()(train.x[:4])  # draws masks
        asked["epochs"] += n_epochs
        asked["optimizers"].append(optimizer)
        asked["orders"].append(rng.permutation(50).tolist())

    def evaluate(net, dataset):
        asked["measured"].append((asked["epochs"], len(dataset)))
        return Evaluation(1.0, 0.5)

    monkeypatch.setattr(data, "mnist", mnist)
    monkeypatch.setattr(training, "fit", fit)
    monkeypatch.setattr(training, "evaluate", evaluate)
    return asked


def schedules(optimizer):
    scheduled = optimizer.optimizer if isinstance(optimizer, nn.MaxNorm) else optimizer
    return scheduled.schedules


# The arms


def test_every_arm_has_the_same_budget_and_the_same_learning_rates():
    for arm, what in ARMS.items():
        attempts = [tried(arm, attempt) for attempt in range(N_ATTEMPTS)]
        assert [lr for lr, _ in attempts] == [0.01, 0.02, 0.04, 0.08, 0.16]
        assert sorted(strength for _, strength in attempts) == sorted(STRENGTHS[what.penalty])


@pytest.mark.parametrize("arm", ARMS)
def test_an_arm_drops_and_bounds_what_its_name_says(arm):
    net = net_of(arm)
    optimizer = paper_optimizer(net, arm, lr=0.1, strength=2.0, n_steps=100)

    assert [layer.p for layer in net.dropouts] == ([0.2, 0.5, 0.5] if "dropout" in arm else [])
    assert isinstance(optimizer, nn.MaxNorm) == ("max-norm" in arm)
    scheduled = optimizer.optimizer if "max-norm" in arm else optimizer
    assert scheduled.optimizer.weight_decay == (2.0 if "L2" in arm else 0.0)
    assert getattr(optimizer, "c", 2.0) == 2.0


def test_every_arm_starts_from_the_same_weights():
    first, *others = (net_of(arm).parameters() for arm in ARMS)
    first = list(first)
    for other in others:
        for a, b in zip(first, other, strict=True):
            np.testing.assert_array_equal(a.data, b.data)


def test_the_rate_falls_to_a_hundredth_and_momentum_rises_in_a_fifth_of_the_steps():
    rates = schedules(paper_optimizer(net_of("none"), "none", lr=0.1, n_steps=1000))
    lr, momentum = rates["lr"], rates["momentum"]
    assert [lr(step) for step in (0, 1000)] == pytest.approx([0.1, 0.001])
    assert [momentum(step) for step in (0, 100, 200, 999)] == pytest.approx(
        [0.5, 0.725, 0.95, 0.95]
    )


# The runs


def test_an_attempt_trains_on_50_000_digits_and_never_sees_a_test_digit(asked, monkeypatch):
    monkeypatch.setattr(paper_tuning, "N_EPOCHS", 3)
    measured = try_arm(7, "L2", 1)

    assert asked["mnist"] == [(50_000, 10_000, 10, 7)]
    assert asked["measured"] == [(0, 10), (1, 10), (2, 10), (3, 10), (3, 500)]
    assert {"lr", "strength"} <= set(measured)
    assert (measured["lr"], measured["strength"]) == tried("L2", 1)
    assert len(measured["validation error"]) == len(measured["validation loss"]) == 4
    # One optimiser throughout, whose schedules span all steps: 3 epochs of 500 digits here.
    assert len(set(map(id, asked["optimizers"]))) == 1
    assert schedules(asked["optimizers"][0])["lr"](15) == pytest.approx(0.01 * measured["lr"])


def test_an_attempt_that_diverges_counts_as_a_guess_from_there_on(monkeypatch):
    calls = []

    def fit(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise training.Diverged("the loss is NaN")

    monkeypatch.setattr(training, "fit", fit)
    monkeypatch.setattr(training, "evaluate", lambda *_: Evaluation(1.0, 0.5))
    digits = some_digits(20)
    measured = train_by_epochs(
        net_of("none"), None, digits, digits, n_epochs=5, rng=np.random.default_rng(0)
    )
    assert [one.error for one in measured] == [0.5, 0.5, 0.5, 0.9, 0.9, 0.9]
    assert measured[-1].loss == pytest.approx(np.log(10))


def test_epochs_one_by_one_are_the_training_that_one_call_does():
    digits, watched = some_digits(250), some_digits(50, 1)
    nets = [net_of("dropout + max-norm", width=8) for _ in range(2)]
    optimizers = [
        paper_optimizer(net, "dropout + max-norm", lr=0.1, strength=1.0, n_steps=9)
        for net in nets
    ]
    measured = train_by_epochs(
        nets[0], optimizers[0], digits, watched, n_epochs=3, rng=np.random.default_rng(0)
    )
    history = training.fit(
        nets[1],
        optimizers[1],
        digits,
        n_epochs=3,
        batch_size=100,
        rng=np.random.default_rng(0),
        monitor={"watched": watched},
    )
    assert [one.loss for one in measured] == history["watched"].loss.tolist()
    assert measured[-1].loss < measured[0].loss


def test_the_table_trains_what_was_tuned_on_all_digits_and_tests_once(asked, monkeypatch):
    monkeypatch.setattr(paper_table, "N_EPOCHS", 3)
    monkeypatch.setattr(paper_table, "tuned_arm", lambda arm: (0.25, 1.5))
    measured = train_tuned_arm(100, "dropout + max-norm")

    assert asked["mnist"] == [(60_000, 0, 10_000, 100)]
    assert asked["measured"] == [(3, 600), (3, 30)]
    assert (measured["lr"], measured["strength"]) == (0.25, 1.5)
    (optimizer,) = asked["optimizers"]
    assert optimizer.c == 1.5
    assert schedules(optimizer)["lr"](0) == 0.25
    assert schedules(optimizer)["lr"](18) == pytest.approx(0.0025)
    passes = [name for name in measured if "passes" in name]
    assert passes == [f"test error, {k} passes" for k in (1, 2, 5, 10, 20, 50, 100)]
    assert not [name for name in train_tuned_arm(100, "none") if "passes" in name]


def test_the_frontier_trains_as_wide_and_as_long_as_it_says(asked):
    for dropout in (False, True):
        train_so_wide_and_long(3, dropout=dropout, width=8, n_epochs=5, lr=0.08)

    assert asked["mnist"] == [(50_000, 10_000, 10_000, 3)] * 2
    assert asked["measured"] == [(5, 500), (5, 10), (5, 30), (10, 500), (10, 10), (10, 30)]
    assert asked["orders"][0] == asked["orders"][1]
    assert schedules(asked["optimizers"][0])["lr"](25) == pytest.approx(0.0008)
    grid = paper_frontier.GRID
    assert len(grid) == 60
    assert {setting["width"] for setting in grid} == {256, 512, 1024, 2048}


def test_a_run_that_diverges_counts_as_a_guess_without_its_validation_part(monkeypatch):
    def fit(*args, **kwargs):
        raise training.Diverged("the loss is NaN")

    monkeypatch.setattr(dropout_nets.training, "fit", fit)
    parts = Split(some_digits(10), None, some_digits(10, 2))
    measured = dropout_nets.train_and_measure(
        net_of("none"), None, parts, n_epochs=1, batch_size=5, rng=np.random.default_rng(0)
    )
    assert set(measured) == {"train error", "train loss", "test error", "test loss"}
    assert measured["test error"] == 0.9


# Monte Carlo


def test_passes_are_averaged_and_the_net_keeps_its_mode():
    net, digits = net_of("dropout", width=64), some_digits(1500)
    for layer in net.eval().dropouts:
        layer.p = 0.0
    exact = training.evaluate(net, digits).error
    assert set(monte_carlo_errors(net, digits).values()) == {exact}
    assert not net.training


def test_the_mean_prediction_of_masks_comes_from_as_many_passes_as_it_says(monkeypatch):
    net, digits = net_of("dropout", width=16), some_digits(40)
    monkeypatch.setattr(paper_table, "PASSES", (1, 3))
    errors = monte_carlo_errors(net, digits)

    again = net_of("dropout", width=16).train()
    predictions = [nn.softmax(again(digits.x)) for _ in range(3)]
    for n_passes in (1, 3):
        chosen = np.mean(predictions[:n_passes], axis=0).argmax(axis=1)
        assert errors[n_passes] == np.mean(chosen != digits.y)


# In PyTorch


@pytest.mark.parametrize("arm", ["none", "dropout"])
def test_the_net_in_pytorch_is_that_of_its_arm(arm):
    ours, theirs = net_of(arm, width=8), torch_net(arm, width=8)
    torch_training.copy_weights(ours, theirs)
    x = some_digits(5).x
    np.testing.assert_allclose(
        ours.eval()(x), theirs.eval()(torch.tensor(x)).detach(), rtol=0, atol=1e-5
    )
    rates = [layer.p for layer in theirs if isinstance(layer, torch.nn.Dropout)]
    assert rates == ([0.2, 0.5, 0.5] if arm == "dropout" else [0, 0, 0])


def test_without_dropout_pytorch_takes_the_steps_of_the_table(monkeypatch):
    digits = Split(some_digits(300), None, some_digits(50, 2))
    monkeypatch.setattr(data, "mnist", lambda **_: digits)
    for module in (paper_table, paper_torch):
        monkeypatch.setattr(module, "N_EPOCHS", 4)
        monkeypatch.setattr(module, "tuned_arm", lambda arm: (0.1, 0.0))
        monkeypatch.setattr(
            module, "paper_net", lambda arm, **rngs: paper_net(arm, width=16, **rngs)
        )
    monkeypatch.setattr(paper_torch, "torch_net", lambda arm: torch_net(arm, width=16))

    ours, theirs = train_tuned_arm(100, "none"), train_arm_in_torch(100, "none")

    assert theirs == {
        name: pytest.approx(ours[name], rel=1e-3) for name in ours if name != "strength"
    }
    assert theirs["train loss"] < np.log(10)


def test_pytorch_follows_both_schedules_step_by_step():
    weight = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=1.0, momentum=0.5)
    follow(optimizer, {"lr": lambda step: 2.0 - step, "momentum": lambda step: step / 4})
    for step in range(2):
        optimizer.step()
        assert optimizer.param_groups[0]["lr"] == 2.0 - step
        assert optimizer.param_groups[0]["momentum"] == step / 4


def test_training_in_pytorch_that_diverges_counts_as_a_guess(monkeypatch):
    digits = Split(some_digits(100), None, some_digits(50, 2))
    monkeypatch.setattr(data, "mnist", lambda **_: digits)
    monkeypatch.setattr(paper_torch, "N_EPOCHS", 30)
    monkeypatch.setattr(paper_torch, "tuned_arm", lambda arm: (1e20, 0.0))
    measured = train_arm_in_torch(100, "none")
    assert (measured["train error"], measured["test error"]) == (0.9, 0.9)
