"""ReLU: values, gradients, the kink, shapes."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dropoutlab.nn import ReLU


@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64]),
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
        elements=st.floats(-10, 10, width=32),
    )
)
def test_values_and_gradients_equal_those_of_pytorch_exactly(values):
    x = torch.tensor(values, requires_grad=True)
    output = torch.relu(x)
    output.backward(torch.full_like(output, 3))
    relu, original = ReLU(), values.copy()

    y = relu(values)
    grad_input = relu.backward(np.full_like(values, 3))

    np.testing.assert_array_equal(y, output.detach().numpy())
    np.testing.assert_array_equal(grad_input, x.grad.numpy())
    assert y.dtype == grad_input.dtype == values.dtype
    assert isinstance(y, np.ndarray)
    assert not np.shares_memory(y, values)
    np.testing.assert_array_equal(values, original)


def test_the_gradient_at_zero_is_zero():
    relu = ReLU()
    relu(np.array([-0.0, 0.0, 5e-324]))
    np.testing.assert_array_equal(relu.backward(np.ones(3)), [0, 0, 1])


def test_nan_is_not_hidden():
    assert np.isnan(ReLU()(np.array([np.nan]))).all()


def test_bad_calls_name_the_argument_and_leave_the_layer_usable():
    relu = ReLU()
    with pytest.raises(RuntimeError, match=r"ReLU\.backward.*call layer\(x\) first"):
        relu.backward(np.ones(2))
    relu(np.ones(2))
    with pytest.raises(TypeError, match=r"x must be an array of floats .* got an int64"):
        relu(np.arange(3))
    with pytest.raises(
        ValueError, match=r"grad_output must have the shape of the output, \(2,\)"
    ):
        relu.backward(np.ones(3))
    np.testing.assert_array_equal(relu.backward(np.ones(2)), 1)
