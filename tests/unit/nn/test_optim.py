"""Optimisers in common, and SGD: one exact step, many beside PyTorch's, bad input."""

import numpy as np
import pytest
import torch

from dropoutlab.nn import SGD, Linear, Optimizer, Parameter


def with_gradient(data, grad):
    parameter = Parameter(data)
    parameter.grad = np.asarray(grad, dtype=parameter.data.dtype)
    return parameter


def test_three_steps_worked_by_hand():
    # g = 1 + 0.5 w; v = 0.5 v + g; w -= 0.25 v, in numbers that binary fractions hold.
    w = with_gradient([2.0], [1.0])
    optimizer = SGD([w], lr=0.25, momentum=0.5, weight_decay=0.5)
    expected, v = 2.0, 0.0
    seen = []
    for _ in range(3):
        v = 0.5 * v + (1 + 0.5 * expected)
        expected -= 0.25 * v
        optimizer.step()
        seen.append(w.data[0])
        assert w.data[0] == expected
    assert seen[:2] == [1.5, 0.8125]


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 2e-6)])
@pytest.mark.parametrize("weight_decay", [0.0, 0.03])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_twenty_steps_equal_those_of_pytorch_with_the_rate_changing_half_way(
    momentum, weight_decay, dtype, tolerance
):
    rng = np.random.default_rng(0)
    ours = [Parameter(rng.standard_normal(shape).astype(dtype)) for shape in [(4, 3), (4,)]]
    theirs = [torch.tensor(parameter.data.copy(), requires_grad=True) for parameter in ours]
    settings = {"lr": 0.1, "momentum": momentum, "weight_decay": weight_decay}
    our_optimizer, their_optimizer = SGD(ours, **settings), torch.optim.SGD(theirs, **settings)
    for i in range(20):
        if i == 10:
            our_optimizer.lr = their_optimizer.param_groups[0]["lr"] = 0.02
        for our, their in zip(ours, theirs, strict=True):
            our.grad = rng.standard_normal(our.data.shape).astype(dtype)
            their.grad = torch.tensor(our.grad)
        our_optimizer.step()
        their_optimizer.step()
        for our, their in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(our.data, their.detach(), rtol=0, atol=tolerance)


@pytest.mark.parametrize("lr", [0.1, np.float64(0.1), np.float32(0.1), 1])
def test_steps_are_in_place_keep_float32_and_leave_the_gradient_alone(lr):
    w = with_gradient(np.ones(3, np.float32), [1, 2, 3])
    array, grad = w.data, w.grad
    SGD([w], lr, momentum=np.float64(0.9), weight_decay=np.float64(0.1)).step()
    assert w.data is array
    assert w.data.dtype == np.float32
    assert w.grad is grad
    np.testing.assert_array_equal(grad, [1, 2, 3])


def test_a_learning_rate_of_zero_changes_nothing():
    w = with_gradient([1.0], [5.0])
    SGD([w], lr=0, momentum=0.9).step()
    assert w.data[0] == 1


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["lr", "weight_decay", "momentum"])
def test_rates_out_of_range(name, value):
    arguments = {"lr": 0.1} | {name: value}
    with pytest.raises(ValueError, match=f"{name} must be a .*, got {value}"):
        SGD([Parameter([1.0])], **arguments)


@pytest.mark.parametrize("value", ["0.1", None, True])
@pytest.mark.parametrize("name", ["lr", "weight_decay", "momentum"])
def test_rates_that_are_not_numbers(name, value):
    arguments = {"lr": 0.1} | {name: value}
    with pytest.raises(TypeError, match=f"{name} must be a .*, got {value!r}"):
        SGD([Parameter([1.0])], **arguments)


def test_momentum_of_one_is_refused():
    with pytest.raises(ValueError, match=r"momentum must be a number in \[0, 1\), got 1"):
        SGD([Parameter([1.0])], lr=0.1, momentum=1)


def test_a_bad_new_learning_rate_leaves_the_old_one():
    optimizer = SGD([Parameter([1.0])], lr=0.1)
    with pytest.raises(ValueError, match="lr must be"):
        optimizer.lr = float("nan")
    assert optimizer.lr == 0.1


def test_bad_parameters():
    with pytest.raises(ValueError, match="parameters must hold at least one Parameter"):
        SGD([], lr=0.1)
    with pytest.raises(
        TypeError, match=r"parameters must be nn.Parameter .* got a float64 array"
    ):
        SGD([np.ones(3)], lr=0.1)
    layer = Linear(2, 2, rng=np.random.default_rng(0))
    for forgotten in (layer, layer.parameters, None):
        with pytest.raises(TypeError, match=r"parameters must be .* such as net\.param"):
            SGD(forgotten, lr=0.1)
    with pytest.raises(ValueError, match="parameters must all be different objects"):
        SGD([layer.weight, layer.bias, layer.weight], lr=0.1)


def test_an_optimiser_without_a_step_says_so():
    with pytest.raises(NotImplementedError, match=r"Optimizer does not define step\(\)"):
        Optimizer([Parameter([1.0])], lr=0.1).step()


def test_an_optimiser_shows_its_settings():
    assert repr(SGD([Parameter([1.0])], lr=0.1, momentum=0.5)) == (
        "SGD(lr=0.1, momentum=0.5, weight_decay=0.0, 1 parameters)"
    )


def test_parameters_may_come_from_anything_that_can_be_iterated():
    optimizer = SGD((parameter for parameter in [Parameter([1.0]), Parameter([2.0])]), lr=0.1)
    assert len(optimizer.parameters) == 2
