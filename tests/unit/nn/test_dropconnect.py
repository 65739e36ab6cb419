"""DropConnect: values and gradients, one mask an example, its mean, bad input."""

import itertools
import math

import numpy as np
import pytest
import torch

from dropoutlab.nn import DropConnect, Linear

N, IN, OUT = 7, 5, 4


def make(p=0.3, seed=0, dtype=np.float64, shape=(IN, OUT)):
    layer = DropConnect(*shape, p, rng=np.random.default_rng(seed), dtype=dtype)
    layer.bias.data[...] = np.arange(shape[1])
    return layer


def linear_like(layer):
    linear = Linear(IN, OUT, rng=np.random.default_rng(1), dtype=layer.weight.data.dtype)
    linear.load_state_dict(layer.state_dict())
    return linear


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 1e-5)])
@pytest.mark.parametrize("p", [0.0, 0.3, 0.5, 0.9])
def test_values_and_gradients_equal_those_of_pytorch_on_injected_masks(p, dtype, tolerance):
    rng = np.random.default_rng(1)
    layer = make(p, dtype=dtype)
    values = rng.standard_normal((N, IN)).astype(dtype)
    grad_output = rng.standard_normal((N, OUT)).astype(dtype)
    mask = rng.random((N, OUT, IN)) >= p
    x = torch.tensor(values, requires_grad=True)
    weight = torch.tensor(layer.weight.data, requires_grad=True)
    bias = torch.tensor(layer.bias.data, requires_grad=True)
    thinned = torch.tensor(mask.astype(dtype)) * weight / (1 - p)
    output = torch.bmm(thinned, x[:, :, None])[:, :, 0] + bias
    output.backward(torch.tensor(grad_output))

    y = layer(values, mask=mask)
    grad_input = layer.backward(grad_output)

    close = {"rtol": 0, "atol": tolerance}
    np.testing.assert_allclose(y, output.detach(), **close)
    np.testing.assert_allclose(grad_input, x.grad, **close)
    np.testing.assert_allclose(layer.weight.grad, weight.grad, **close)
    np.testing.assert_allclose(layer.bias.grad, bias.grad, **close)


def test_the_mean_over_all_masks_is_the_linear_layer():
    p, layer = 0.3, make(0.3, shape=(3, 2))
    x = np.array([[1.0, -2.0, 0.5]])
    mean = np.zeros((1, 2))
    for kept in itertools.product([False, True], repeat=6):
        probability = math.prod(1 - p if k else p for k in kept)
        mean += probability * layer(x, mask=np.array(kept).reshape(1, 2, 3))
    np.testing.assert_allclose(mean, layer.eval()(x), rtol=1e-14)


def test_evaluation_and_p_zero_are_the_linear_layer():
    rng = np.random.default_rng(2)
    x, grad_output = rng.standard_normal((N, IN)), rng.standard_normal((N, OUT))
    for layer in (make().eval(), make(0.0)):
        linear = linear_like(layer)
        close = {"rtol": 1e-13, "atol": 1e-14}
        np.testing.assert_allclose(layer(x), linear(x), **close)
        np.testing.assert_allclose(
            layer.backward(grad_output), linear.backward(grad_output), **close
        )
        np.testing.assert_allclose(layer.weight.grad, linear.weight.grad, **close)
        np.testing.assert_array_equal(layer.bias.grad, linear.bias.grad)


def test_initial_parameters_are_those_of_a_linear_layer():
    layer = DropConnect(IN, OUT, 0.5, rng=np.random.default_rng(3), init="torch")
    linear = Linear(IN, OUT, rng=np.random.default_rng(3), init="torch")
    for name, values in linear.state_dict().items():
        np.testing.assert_array_equal(layer.state_dict()[name], values, strict=True)
    assert layer.mask is None
    assert repr(layer) == f"DropConnect({IN}, {OUT}, p=0.5)"


def test_one_mask_for_every_example_and_call_at_rate_p():
    # 100,000 draws a correlation: |z| < 6 fails by chance with probability 2e-9.
    p, layer = 0.3, make(0.3, shape=(20, 50))
    masks = []
    for _ in range(10):
        layer(np.ones((10, 20)))
        masks.append(layer.mask)
    masks = np.array(masks)
    assert masks.shape == (10, 10, 50, 20)
    z = ((~masks).mean() - p) / math.sqrt(p * (1 - p) / masks.size)
    assert abs(z) < 6
    residual = (masks - (1 - p)) / math.sqrt(p * (1 - p))
    for axis in range(4):
        moved = np.moveaxis(residual, axis, 0)
        assert abs((moved[1:] * moved[:-1]).mean()) < 6 / math.sqrt(moved[1:].size)


def test_backward_replays_the_mask_even_after_p_or_the_mode_changed():
    layer, x = make(0.5), np.random.default_rng(4).standard_normal((N, IN))
    layer(x)
    expected, weight_grad = layer.backward(np.ones((N, OUT))), layer.weight.grad
    before = layer.rng.bit_generator.state
    layer.p = 0.9
    layer.eval()
    np.testing.assert_array_equal(layer.backward(np.ones((N, OUT))), expected)
    np.testing.assert_array_equal(layer.weight.grad, weight_grad)
    assert layer.rng.bit_generator.state == before


def test_a_pass_in_evaluation_forgets_the_mask():
    layer, x = make(0.5), np.ones((2, IN))
    layer(x)
    layer.eval()(x)
    assert layer.mask is None
    layer.train()(x)
    assert not layer.mask.all()


def test_an_injected_mask_is_copied_and_draws_nothing():
    layer = make()
    before = layer.rng.bit_generator.state
    mask = np.ones((2, OUT, IN), bool)
    layer(np.ones((2, IN)), mask=mask)
    expected = layer.backward(np.ones((2, OUT)))
    mask[...] = False
    np.testing.assert_array_equal(layer.backward(np.ones((2, OUT))), expected)
    assert layer.mask.all()
    assert layer.rng.bit_generator.state == before


@pytest.mark.parametrize(
    ("x", "mask", "error", "message"),
    [
        (np.ones((2, OUT)), None, ValueError, r"x must have shape \(n, in_features\)"),
        (np.ones((2, IN), np.float32), None, TypeError, "x must have the dtype of the layer"),
        (
            np.ones((2, IN)),
            np.ones((OUT, IN), bool),
            ValueError,
            r"mask must have the shape of \(n, out_features, in_features\), \(2, 4, 5\), got",
        ),
        (
            np.ones((2, IN)),
            np.ones((2, OUT, IN)),
            TypeError,
            "mask must be a boolean array, True = kept, got a float64",
        ),
    ],
)
def test_bad_calls_leave_the_layer_usable(x, mask, error, message):
    layer = make()
    layer(np.ones((3, IN)))
    expected = layer.backward(np.ones((3, OUT)))
    before = layer.rng.bit_generator.state
    with pytest.raises(error, match=message):
        layer(x, mask=mask)
    np.testing.assert_array_equal(layer.backward(np.ones((3, OUT))), expected)
    assert layer.rng.bit_generator.state == before


def test_a_mask_in_evaluation_is_refused():
    with pytest.raises(ValueError, match="mask must be None in evaluation mode"):
        make().eval()(np.ones((2, IN)), mask=np.ones((2, OUT, IN), bool))


def test_bad_arguments():
    for p in (1.0, float("nan")):
        with pytest.raises(ValueError, match="p must be a probability of dropping"):
            make(p)
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator"):
        DropConnect(2, 2, 0.5, rng=None)
    with pytest.raises(ValueError, match="in_features must be an integer of at least 1"):
        make(shape=(0, 2))
