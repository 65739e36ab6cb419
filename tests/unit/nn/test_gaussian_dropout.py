"""Gaussian dropout: values, the distribution of the noise, bad input."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dropoutlab.nn import Dropout, GaussianDropout

RATES = [0.1, 0.3, 0.5, 0.8]
DTYPES = [np.float32, np.float64]


def make(p=0.5, seed=0):
    return GaussianDropout(p, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_output_is_input_times_noise_and_so_is_the_gradient(dtype):
    rng = np.random.default_rng(1)
    x, grad_output = rng.standard_normal((2, 30, 20)).astype(dtype)
    layer = make()
    assert layer.mask is None

    y, grad_input = layer(x), layer.backward(grad_output)

    assert layer.mask.dtype == dtype
    np.testing.assert_array_equal(y, x * layer.mask)
    np.testing.assert_array_equal(grad_input, grad_output * layer.mask)


@pytest.mark.parametrize("dtype", DTYPES)
def test_values_and_gradients_equal_those_of_pytorch_on_injected_noise(dtype):
    rng = np.random.default_rng(2)
    values, grad_output = rng.standard_normal((2, 30, 20)).astype(dtype)
    noise = rng.normal(1, 0.5, (30, 20)).astype(dtype)
    x = torch.tensor(values, requires_grad=True)
    theirs = x * torch.tensor(noise)
    theirs.backward(torch.tensor(grad_output))
    layer = make()
    np.testing.assert_array_equal(layer(values, mask=noise), theirs.detach())
    np.testing.assert_array_equal(layer.backward(grad_output), x.grad)


# 100,000 draws: |z| < 6 fails by chance with probability 2e-9.


@pytest.mark.parametrize("p", RATES)
def test_the_noise_is_normal_with_the_mean_and_variance_of_dropout(p):
    n, variance = 100_000, p / (1 - p)
    layer = make(p)
    layer(np.ones((100, n // 100)))
    noise = layer.mask
    assert abs(noise.mean() - 1) < 6 * math.sqrt(variance / n)
    assert abs(noise.var() / variance - 1) < 6 * math.sqrt(2 / n)
    z = (noise - 1) / math.sqrt(variance)
    assert abs((z**3).mean()) < 6 * math.sqrt(15 / n)  # no skew
    assert abs((z**4).mean() - 3) < 6 * math.sqrt(96 / n)  # the tails of a normal

    dropout = Dropout(p, rng=np.random.default_rng(0))
    factors = dropout(np.ones(n))
    assert factors.var() == pytest.approx(variance, rel=0.05)


def test_every_row_unit_and_call_has_draws_of_its_own():
    layer = make()
    x = np.ones((100, 100))
    noise = np.array([layer(x) - 1 for _ in range(10)])
    pairs = [
        (noise[1:], noise[:-1]),
        (noise[:, 1:], noise[:, :-1]),
        (noise[:, :, 1:], noise[:, :, :-1]),
    ]
    for one, other in pairs:
        assert abs((one * other).mean()) < 6 / math.sqrt(one.size)


def test_with_p_zero_nothing_changes():
    x = np.random.default_rng(0).standard_normal((5, 5))
    np.testing.assert_array_equal(make(0.0)(x), x)


def test_a_new_p_takes_effect_at_the_next_call():
    layer = make(0.5)
    layer(np.ones(3))
    mask = layer.mask.copy()
    layer.p = 0.0
    np.testing.assert_array_equal(layer.backward(np.ones(3)), mask)
    np.testing.assert_array_equal(layer(np.ones(3)), 1)
    assert repr(layer) == "GaussianDropout(p=0.0)"


def test_equal_generators_give_equal_noise_in_both_dtypes():
    single, double = make(), make()
    np.testing.assert_array_equal(
        single(np.ones((4, 4), np.float32)), double(np.ones((4, 4))).astype(np.float32)
    )


def test_injected_noise_is_used_copied_and_draws_nothing():
    layer = make()
    before = layer.rng.bit_generator.state
    noise = np.array([1.5, -0.5])
    y = layer(np.array([2.0, 2.0]), mask=noise)
    noise[:] = 7
    np.testing.assert_array_equal(y, [3, -1])
    np.testing.assert_array_equal(layer.mask, [1.5, -0.5])
    np.testing.assert_array_equal(layer.backward([1.0, 1.0]), [1.5, -0.5])
    assert layer.rng.bit_generator.state == before


def test_injected_noise_takes_the_dtype_of_the_input():
    layer = make()
    y = layer(np.ones(2, np.float32), mask=np.array([0.1, 1.0]))
    assert y.dtype == layer.mask.dtype == layer.backward(y).dtype == np.float32


def test_evaluation_is_the_identity_on_a_copy_and_forgets_the_noise():
    layer = make()
    x = np.random.default_rng(0).standard_normal((4, 6))
    layer(x)
    y, grad_input = layer.eval()(x), layer.backward(x)
    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(grad_input, x)
    assert not np.shares_memory(y, x)
    assert not np.shares_memory(grad_input, x)
    assert layer.mask is None


@given(
    st.sampled_from(DTYPES).flatmap(
        lambda dtype: hnp.arrays(
            dtype,
            hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
            elements=st.floats(-100, 100, width=16),
        )
    ),
    st.floats(0, 0.99),
)
def test_any_shape_dtype_and_p(x, p):
    x.flags.writeable = False
    layer = make(p)
    for result in (layer(x), layer.backward(x)):
        assert isinstance(result, np.ndarray)
        assert (result.shape, result.dtype) == (x.shape, x.dtype)
        np.testing.assert_array_equal(result, x * layer.mask)


@pytest.mark.parametrize("p", [-0.1, 1.0, float("nan")])
def test_bad_p(p):
    with pytest.raises(ValueError, match=r"p must be a probability of dropping in \[0, 1\)"):
        make(p)
    layer = make(0.25)
    with pytest.raises(ValueError, match="p must be"):
        layer.p = p
    assert layer.p == 0.25


def test_bad_arguments():
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator, got 0"):
        GaussianDropout(0.5, rng=0)
    layer = make()
    layer(np.ones(2), mask=np.array([2.0, 3.0]))
    with pytest.raises(TypeError, match=r"mask must be an array of floats .* got a bool array"):
        layer(np.ones(2), mask=np.array([True, False]))
    with pytest.raises(
        ValueError, match=r"mask must have the shape of x, \(2,\), got .*\(1,\)"
    ):
        layer(np.ones(2), mask=np.ones(1))
    with pytest.raises(ValueError, match="mask must be None in evaluation mode"):
        layer.eval()(np.ones(2), mask=np.ones(2))
    np.testing.assert_array_equal(layer.backward(np.ones(2)), [2, 3])
