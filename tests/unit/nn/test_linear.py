"""The fully connected layer: values, gradients, initialisation, bad input."""

import numpy as np
import pytest
import torch

from dropoutlab.nn import Linear


def make(in_features=3, out_features=2, dtype=np.float64):
    return Linear(in_features, out_features, rng=np.random.default_rng(0), dtype=dtype)


def test_values_and_gradients_of_a_small_case_worked_by_hand():
    layer = make()
    layer.weight.data[...] = [[1, 2, 3], [-1, 0, 1]]
    layer.bias.data[...] = [10, 20]

    y = layer(np.array([[1.0, 1.0, 1.0], [0.0, 2.0, 0.0]]))
    grad_input = layer.backward(np.array([[1.0, 0.0], [2.0, -1.0]]))

    np.testing.assert_array_equal(y, [[16, 20], [14, 20]])
    np.testing.assert_array_equal(grad_input, [[1, 2, 3], [3, 4, 5]])
    np.testing.assert_array_equal(layer.weight.grad, [[1, 5, 1], [0, -2, 0]])
    np.testing.assert_array_equal(layer.bias.grad, [3, -1])


def test_values_and_gradients_equal_those_of_pytorch():
    rng = np.random.default_rng(1)
    ours, theirs = make(20, 30), torch.nn.Linear(20, 30, dtype=torch.float64)
    ours.bias.data[...] = rng.standard_normal(30)
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(ours.weight.data))
        theirs.bias.copy_(torch.tensor(ours.bias.data))
    values, grad_output = rng.standard_normal((7, 20)), rng.standard_normal((7, 30))
    x = torch.tensor(values, requires_grad=True)
    output = theirs(x)
    output.backward(torch.tensor(grad_output))

    close = {"rtol": 0, "atol": 1e-10}
    np.testing.assert_allclose(ours(values), output.detach(), **close)
    np.testing.assert_allclose(ours.backward(grad_output), x.grad, **close)
    np.testing.assert_allclose(ours.weight.grad, theirs.weight.grad, **close)
    np.testing.assert_allclose(ours.bias.grad, theirs.bias.grad, **close)


def test_initial_weights_have_variance_two_over_in_features_and_biases_are_zero():
    # 200,000 weights: |z| < 6 for mean and variance fails by chance with probability 4e-9.
    layer = Linear(500, 400, rng=np.random.default_rng(0))
    n = layer.weight.data.size
    assert layer.weight.data.shape == (400, 500)
    assert layer.weight.data.dtype == np.float32
    assert abs(layer.weight.data.mean()) < 6 * np.sqrt(2 / 500 / n)
    assert abs(layer.weight.data.var() / (2 / 500) - 1) < 6 * np.sqrt(2 / n)
    np.testing.assert_array_equal(layer.bias.data, np.zeros(400, np.float32))


def test_the_same_seed_gives_the_same_weights_in_both_dtypes():
    single, double = make(dtype=np.float32), make(dtype=np.float64)
    np.testing.assert_array_equal(single.weight.data, double.weight.data.astype(np.float32))


def test_gradients_are_set_and_never_added_up_or_overwritten():
    layer, x = make(), np.ones((4, 3))
    layer(x)
    layer.backward(np.ones((4, 2)))
    weight_grad = layer.weight.grad
    kept = weight_grad.copy()
    layer.backward(np.ones((4, 2)))
    np.testing.assert_array_equal(layer.weight.grad, kept)
    layer.backward(np.full((4, 2), 5.0))
    np.testing.assert_array_equal(weight_grad, kept)
    np.testing.assert_array_equal(layer.weight.grad, 5 * kept)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"in_features": 0}, ValueError, "in_features must be an integer of at least 1, got 0"),
        ({"in_features": 2.0}, TypeError, "in_features must be an integer .* got 2.0"),
        ({"out_features": -3}, ValueError, "out_features must be .* at least 1, got -3"),
        ({"out_features": True}, TypeError, "out_features must be an integer .* got True"),
        ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator, got 0"),
        ({"dtype": int}, TypeError, "dtype must be float32 or float64, got int64"),
        ({"dtype": np.float16}, TypeError, "dtype must be float32 or float64, got float16"),
    ],
)
def test_bad_arguments(arguments, error, message):
    good = {"in_features": 3, "out_features": 2, "rng": np.random.default_rng(0)}
    with pytest.raises(error, match=message):
        Linear(**(good | arguments))


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.ones((4, 2)), ValueError, r"x must have shape \(n, in_features\) = \(n, 3\), got"),
        (np.ones(3), ValueError, r"x must have shape .* got \(3,\)"),
        (np.ones((2, 3, 3)), ValueError, r"x must have shape .* got \(2, 3, 3\)"),
        (np.ones((4, 3), int), TypeError, "x must be an array of floats .* got an int64"),
        (np.ones((4, 3), np.float32), TypeError, "dtype .* float64, got float32; .*astype"),
    ],
)
def test_bad_inputs_leave_the_layer_usable(x, error, message):
    layer = make()
    layer(np.ones((4, 3)))
    with pytest.raises(error, match=message):
        layer(x)
    assert layer.backward(np.ones((4, 2))).shape == (4, 3)


@pytest.mark.parametrize("shape", [(4, 3), (3, 2), (2,), (4,)])
def test_bad_gradients_leave_the_layer_usable(shape):
    layer = make()
    layer(np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"grad_output must have the shape .* \(4, 2\), got"):
        layer.backward(np.ones(shape))
    np.testing.assert_array_equal(layer.weight.grad, 0)


def test_it_shows_its_widths():
    assert repr(make(3, 2)) == "Linear(3, 2)"
