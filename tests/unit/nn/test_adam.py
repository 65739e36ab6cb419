"""Adam: steps worked by hand, beside PyTorch's, and what it refuses."""

import numpy as np
import pytest
import torch

from dropoutlab import nn, torch_training
from dropoutlab.nn import Adam, Parameter

SETTINGS = [
    {},
    {"lr": 0.1, "betas": (0.5, 0.75), "eps": 1e-3},
    {"lr": 0.05, "betas": (0.0, 0.99)},
    {"lr": 0.05, "betas": (0.9, 0.5)},
]


def test_two_steps_worked_by_hand():
    w = Parameter([1.0])
    optimizer = Adam([w], lr=0.5, betas=(0.5, 0.75), eps=1.0)

    w.grad = np.array([2.0])
    optimizer.step()  # the means of one gradient are the gradient: 1 − 0.5 · 2 / (2 + 1)
    assert w.data[0] == pytest.approx(2 / 3, rel=1e-15)

    w.grad = np.array([-1.0])
    optimizer.step()
    mean, mean_square = (0.5 * 2 - 1) / 1.5, (0.75 * 4 + 1) / 1.75
    assert mean == 0
    assert mean_square > 2
    assert w.data[0] == pytest.approx(2 / 3, rel=1e-15)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 5e-6)])
@pytest.mark.parametrize("settings", SETTINGS)
def test_twenty_steps_equal_those_of_pytorch_with_the_rate_changing_half_way(
    settings, dtype, tolerance
):
    rng = np.random.default_rng(0)
    ours = [Parameter(rng.standard_normal(shape).astype(dtype)) for shape in [(4, 3), (4,)]]
    theirs = [torch.tensor(parameter.data.copy(), requires_grad=True) for parameter in ours]
    our_optimizer, their_optimizer = (
        Adam(ours, **settings),
        torch.optim.Adam(theirs, **settings),
    )
    start = [parameter.data.copy() for parameter in ours]
    for i in range(20):
        if i == 10:
            our_optimizer.lr = their_optimizer.param_groups[0]["lr"] = 0.02
        for our, their in zip(ours, theirs, strict=True):
            # Sizes from 10⁻⁶ to 10³: Adam must not care.
            sizes = 10 ** rng.uniform(-6, 3, our.data.shape)
            our.grad = (sizes * rng.standard_normal(our.data.shape)).astype(dtype)
            their.grad = torch.tensor(our.grad)
        our_optimizer.step()
        their_optimizer.step()
        for our, their in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(our.data, their.detach(), rtol=tolerance, atol=tolerance)
    for our, before in zip(ours, start, strict=True):
        assert np.abs(our.data - before).min() > 1e-4


def test_ten_training_steps_of_a_net_equal_those_of_pytorch():
    rng = np.random.default_rng(1)
    ours = nn.Sequential(
        nn.Linear(6, 8, rng=rng, dtype=np.float64),
        nn.Tanh(),
        nn.Linear(8, 2, rng=rng, dtype=np.float64),
    )
    theirs = torch.nn.Sequential(
        torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2)
    ).double()
    torch_training.copy_weights(ours, theirs)
    our_optimizer = Adam(ours.parameters(), lr=0.01)
    their_optimizer = torch.optim.Adam(theirs.parameters(), lr=0.01)
    criterion = nn.MeanSquaredError()
    for _ in range(10):
        x, target = rng.standard_normal((20, 6)), rng.standard_normal((20, 2))
        criterion(ours(x), target)
        ours.backward(criterion.backward())
        our_optimizer.step()
        their_optimizer.zero_grad()
        torch.nn.functional.mse_loss(theirs(torch.tensor(x)), torch.tensor(target)).backward()
        their_optimizer.step()
    for parameter, weight in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(parameter.data, weight.detach(), rtol=0, atol=1e-10)


def test_the_first_step_of_every_weight_has_the_length_of_the_rate():
    w = Parameter(np.zeros(4))
    w.grad = np.array([1e-4, -1.0, 1e4, -1e100])
    Adam([w], lr=0.25).step()
    np.testing.assert_allclose(w.data, [-0.25, 0.25, -0.25, 0.25], rtol=1e-3)


def test_a_gradient_of_zero_moves_nothing():
    w = Parameter([1.0, 2.0])
    Adam([w]).step()
    np.testing.assert_array_equal(w.data, [1, 2])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"lr": -1.0}, ValueError, "lr must be a finite number of at least 0, got -1"),
        ({"lr": "fast"}, TypeError, "lr must be a finite number .* got 'fast'"),
        ({"betas": (0.9, 1.0)}, ValueError, r"betas\[1\] must be a number in \[0, 1\), got 1"),
        ({"betas": (-0.1, 0.9)}, ValueError, r"betas\[0\] must be .* got -0\.1"),
        ({"betas": (float("nan"), 0.9)}, ValueError, r"betas\[0\] must be .* got nan"),
        ({"betas": (None, 0.9)}, TypeError, r"betas\[0\] must be .* got None"),
        ({"betas": 0.9}, TypeError, "betas must be a pair of numbers .* got 0.9"),
        ({"betas": (0.9,)}, TypeError, r"betas must be a pair of numbers .* got \(0\.9,\)"),
        ({"eps": 0.0}, ValueError, "eps must be a positive number, got 0.0"),
        ({"eps": float("inf")}, ValueError, "eps must be a positive number, got inf"),
        ({"parameters": []}, ValueError, "parameters must hold at least one Parameter"),
    ],
)
def test_bad_settings(arguments, error, message):
    with pytest.raises(error, match=message):
        Adam(**({"parameters": [Parameter([1.0])]} | arguments))


def test_it_shows_its_settings():
    assert repr(Adam([Parameter([1.0])])) == (
        "Adam(lr=0.001, betas=(0.9, 0.999), eps=1e-08, 1 parameters)"
    )
