"""Activations: values, gradients, kinks and tails, shapes."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dropoutlab.nn import ReLU, Sigmoid, Tanh

THEIRS = {ReLU: torch.relu, Sigmoid: torch.sigmoid, Tanh: torch.tanh}
DTYPES = [np.float32, np.float64]


def both(activation, values, grad_output):
    """Values and gradients of ours and of PyTorch's."""
    x = torch.tensor(values, requires_grad=True)
    output = THEIRS[activation](x)
    output.backward(torch.tensor(grad_output))
    layer = activation()
    return layer(values), layer.backward(grad_output), output.detach().numpy(), x.grad.numpy()


@pytest.mark.parametrize("activation", THEIRS)
@given(
    hnp.arrays(
        st.sampled_from(DTYPES),
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
        elements=st.floats(-10, 10, width=32),
    )
)
def test_values_and_gradients_equal_those_of_pytorch_on_any_shape(activation, values):
    original = values.copy()

    y, grad_input, their_y, their_grad = both(activation, values, np.full_like(values, 3))

    ulp = 0 if activation is ReLU else np.finfo(values.dtype).eps
    np.testing.assert_allclose(y, their_y, rtol=8 * ulp, atol=0)
    np.testing.assert_allclose(grad_input, their_grad, rtol=0, atol=8 * ulp)
    assert y.dtype == grad_input.dtype == values.dtype
    assert isinstance(y, np.ndarray)
    assert isinstance(grad_input, np.ndarray)
    assert not np.shares_memory(y, values)
    np.testing.assert_array_equal(values, original)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", [Sigmoid, Tanh])
def test_enormous_inputs_neither_warn_nor_overflow(activation, dtype):
    largest = float(np.finfo(dtype).max)
    layer = activation()
    y = layer(np.array([-largest, -1e4, 0, 1e4, largest, -np.inf, np.inf], dtype))
    low, middle = (0, 0.5) if activation is Sigmoid else (-1, 0)
    np.testing.assert_array_equal(y, [low, low, middle, 1, 1, low, 1])
    slope = 0.25 if activation is Sigmoid else 1
    np.testing.assert_array_equal(layer.backward(np.ones(7, dtype)), [0, 0, slope, 0, 0, 0, 0])


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_sigmoid_keeps_its_digits_near_zero(dtype):
    x = np.array([-80, -40, -20], dtype)
    expected = np.exp(x.astype(np.float64)) / (1 + np.exp(x.astype(np.float64)))
    # The exponent of e^x loses some of the digits of x itself in float32.
    np.testing.assert_allclose(Sigmoid()(x), expected, rtol=8 * np.finfo(dtype).eps, atol=0)


def test_the_sigmoid_is_the_formula_where_the_formula_can_be_computed():
    x = np.linspace(-30, 30, 601)
    np.testing.assert_allclose(Sigmoid()(x), 1 / (1 + np.exp(-x)), rtol=1e-14)
    np.testing.assert_allclose(Sigmoid()(x) + Sigmoid()(-x), 1, rtol=1e-15)


def test_the_gradient_of_relu_at_zero_is_zero():
    relu = ReLU()
    relu(np.array([-0.0, 0.0, 5e-324]))
    np.testing.assert_array_equal(relu.backward(np.ones(3)), [0, 0, 1])


@pytest.mark.parametrize("activation", THEIRS)
def test_nan_is_not_hidden(activation):
    assert np.isnan(activation()(np.array([np.nan]))).all()


@pytest.mark.parametrize("activation", THEIRS)
def test_it_shows_its_name(activation):
    assert repr(activation()) == f"{activation.__name__}()"
