"""Schedules of rates: the line, beside PyTorch's schedulers, and around every optimiser."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dropoutlab import data, nn
from dropoutlab.nn import SGD, Adam, MaxNorm, Parameter, Scheduled, linear_schedule
from dropoutlab.training import Diverged, fit


def with_gradient(data=(1.0, 2.0)):
    parameter = Parameter(np.array(data))
    parameter.grad = np.ones_like(parameter.data)
    return parameter


@given(st.floats(-2, 2), st.floats(-2, 2), st.integers(1, 10**6))
def test_a_line_begins_and_ends_where_it_says_and_then_stays(start, end, n_steps):
    schedule = linear_schedule(start, end, n_steps)
    assert schedule(0) == start
    assert schedule(n_steps) == schedule(n_steps + 1) == schedule(10**9) == end


def test_a_line_equals_that_of_pytorch():
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=0.2)
    theirs = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, total_iters=7)
    ours = linear_schedule(0.2, 0.002, 7)
    for step in range(10):
        assert ours(step) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
        optimizer.step()
        theirs.step()


@pytest.mark.parametrize("make", [lambda w: SGD(w, 1.0, momentum=0.9), lambda w: Adam(w, 1.0)])
def test_twelve_steps_equal_those_of_pytorch_with_its_scheduler(make):
    rng = np.random.default_rng(0)
    ours = Parameter(rng.standard_normal((4, 3)))
    theirs = torch.tensor(ours.data.copy(), requires_grad=True)
    inner = make([ours])
    our_optimizer = Scheduled(inner, lr=lambda step: 0.1 * 0.7**step)
    if isinstance(inner, SGD):
        their_optimizer = torch.optim.SGD([theirs], lr=0.1, momentum=0.9)
    else:
        their_optimizer = torch.optim.Adam([theirs], lr=0.1)
    scheduler = torch.optim.lr_scheduler.LambdaLR(their_optimizer, lambda step: 0.7**step)
    for step in range(12):
        ours.grad = rng.standard_normal(ours.data.shape)
        theirs.grad = torch.tensor(ours.grad)
        our_optimizer.step()
        their_optimizer.step()
        scheduler.step()
        np.testing.assert_allclose(ours.data, theirs.detach(), rtol=0, atol=1e-12)
        assert our_optimizer.lr == inner.lr == 0.1 * 0.7**step
    assert our_optimizer.n_steps == 12


def test_a_rising_momentum_worked_by_hand():
    w = with_gradient([0.0])
    optimizer = Scheduled(SGD([w], lr=1.0), momentum=lambda step: [0.25, 0.5, 0.75][step])
    seen = []
    for _ in range(3):
        optimizer.step()
        seen.append(w.data[0])
    # v = 1, then 0.5 + 1, then 0.75 · 1.5 + 1.
    assert seen == [-1.0, -2.5, -4.625]


def test_a_step_without_momentum_leaves_the_velocity_as_it_is_in_pytorch_too():
    ours = with_gradient([0.0])
    theirs = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    momentum = [0.5, 0.0, 0.5]
    our_optimizer = Scheduled(SGD([ours], lr=1.0), momentum=lambda step: momentum[step])
    their_optimizer = torch.optim.SGD([theirs], lr=1.0)
    for step in range(3):
        their_optimizer.param_groups[0]["momentum"] = momentum[step]
        theirs.grad = torch.ones(1, dtype=torch.float64)
        our_optimizer.step()
        their_optimizer.step()
        assert ours.data[0] == theirs.item()


def test_both_rates_at_once_within_max_norm():
    weight = with_gradient([[3.0, 4.0]])
    scheduled = Scheduled(
        SGD([weight], lr=1.0), lr=linear_schedule(0.0, 1.0, 2), momentum=lambda step: 0.5
    )
    optimizer = MaxNorm(scheduled, 1.0)
    optimizer.step()
    np.testing.assert_allclose(weight.data, [[0.6, 0.8]])  # no step, and cut to length
    assert (optimizer.lr, scheduled.optimizer.momentum) == (0.0, 0.5)
    optimizer.step()
    assert optimizer.lr == 0.5


def test_training_that_goes_on_takes_the_schedule_up_where_it_was():
    seen = []

    def schedule(step):
        seen.append(step)
        return 0.1

    train = data.moons(20, noise=0.1, rng=np.random.default_rng(0))
    net = nn.Linear(2, 2, rng=np.random.default_rng(0))
    optimizer = Scheduled(SGD(net.parameters(), lr=1.0), lr=schedule)
    for _ in range(2):
        fit(net, optimizer, train, n_epochs=2, batch_size=10, rng=np.random.default_rng(0))
    assert seen == list(range(8))


def test_a_rate_that_is_not_scheduled_may_be_set_and_a_scheduled_one_may_not():
    optimizer = Scheduled(SGD([with_gradient()], lr=0.5), momentum=lambda step: 0.9)
    optimizer.lr = 0.25
    assert optimizer.optimizer.lr == 0.25
    optimizer = Scheduled(SGD([with_gradient()], lr=0.5), lr=lambda step: 0.9)
    with pytest.raises(AttributeError, match="lr follows a schedule"):
        optimizer.lr = 0.25


def test_divergence_names_the_rate_of_the_step_that_it_happened_in():
    train = data.moons(20, noise=0.1, rng=np.random.default_rng(0))
    rngs = np.random.default_rng(0).spawn(2)
    net = nn.Sequential(nn.Linear(2, 9, rng=rngs[0]), nn.ReLU(), nn.Linear(9, 2, rng=rngs[1]))
    optimizer = Scheduled(SGD(net.parameters(), lr=1.0), lr=lambda step: 1e38)
    with pytest.raises(Diverged, match=r"1e\+38"):
        fit(net, optimizer, train, n_epochs=50, rng=np.random.default_rng(0))


@pytest.mark.parametrize("rate", [float("nan"), -0.1, float("inf")])
def test_a_rate_out_of_range_stops_the_step_before_anything_has_changed(rate):
    w = with_gradient()
    before = w.data.copy()
    optimizer = Scheduled(SGD([w], lr=0.5), lr=lambda step: rate)
    with pytest.raises(ValueError, match="lr must be a finite number of at least 0"):
        optimizer.step()
    np.testing.assert_array_equal(w.data, before)
    assert optimizer.n_steps == 0
    with pytest.raises(ValueError, match=r"momentum must be a number in \[0, 1\)"):
        Scheduled(SGD([w], lr=0.5), momentum=lambda step: 1.0).step()


def test_what_cannot_be_scheduled_is_refused():
    w = [with_gradient()]
    with pytest.raises(ValueError, match="a schedule must be given"):
        Scheduled(SGD(w, lr=0.5))
    with pytest.raises(TypeError, match="lr must be a function of the number of steps"):
        Scheduled(SGD(w, lr=0.5), lr=0.1)
    with pytest.raises(TypeError, match="Adam has no momentum"):
        Scheduled(Adam(w), momentum=lambda step: 0.9)
    with pytest.raises(TypeError, match=r"optimizer must be an nn\.Optimizer"):
        Scheduled(w, lr=lambda step: 0.1)
    with pytest.raises(TypeError, match="lr must be a finite number"):
        Scheduled(SGD(w, lr=0.5), lr=lambda step: "fast").step()
    with pytest.raises(ValueError, match="start must be a finite number, got nan"):
        linear_schedule(float("nan"), 0, 5)
    with pytest.raises(ValueError, match="n_steps must be an integer of at least 1, got 0"):
        linear_schedule(0.1, 0, 0)


def test_it_says_what_it_is():
    optimizer = Scheduled(SGD([with_gradient()], lr=0.5), lr=lambda step: 0.1)
    assert repr(optimizer) == (
        "Scheduled(SGD(lr=0.5, momentum=0.0, weight_decay=0.0, 1 parameters), lr by schedule)"
    )
