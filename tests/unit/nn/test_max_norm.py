"""Max-norm: the projection, beside PyTorch's renorm, and around every optimiser."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dropoutlab import nn
from dropoutlab.nn import SGD, Adam, MaxNorm, Parameter


def projected(values, c):
    """What a step with a gradient of zero makes of the values."""
    parameter = Parameter(values)
    MaxNorm(SGD([parameter], lr=0.1), c).step()
    return parameter.data


def test_rows_are_cut_to_length_and_keep_their_direction():
    weight = projected([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0], [0.0, -2.0]], 1.0)
    np.testing.assert_allclose(weight, [[0.6, 0.8], [0.3, 0.4], [0, 0], [0, -1]], rtol=1e-15)


def test_rows_within_the_ball_and_on_it_keep_every_bit():
    rows = np.random.default_rng(0).standard_normal((50, 7))
    within = rows / np.linalg.norm(rows, axis=1, keepdims=True) * 0.999
    np.testing.assert_array_equal(projected(within, 1.0), within)
    mixed = np.vstack([within, 100 * rows])
    np.testing.assert_array_equal(projected(mixed, 1.0)[:50], within)
    np.testing.assert_array_equal(projected([[3.0, 4.0]], 5.0), [[3, 4]])


@given(
    st.sampled_from([np.float32, np.float64]).flatmap(
        lambda dtype: hnp.arrays(
            dtype,
            hnp.array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=5),
            elements=st.floats(-8, 8, width=16).filter(lambda x: x == 0 or abs(x) > 1e-3),
        )
    ),
    st.sampled_from([0.5, 1, 3.7]),
)
def test_the_projection_equals_renorm_of_pytorch_on_any_shape(values, c):
    # PyTorch adds 10⁻⁷ to the norm before it divides.
    ours = projected(values, c)
    theirs = torch.renorm(torch.tensor(values), 2, 0, c)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=0)
    assert ours.dtype == values.dtype
    norms = np.linalg.norm(ours.reshape(len(ours), -1).astype(np.float64), axis=1)
    assert (norms <= c * (1 + 4 * np.finfo(values.dtype).eps)).all()


@pytest.mark.parametrize("make", [lambda w: SGD(w, 0.5, momentum=0.9), lambda w: Adam(w, 0.3)])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-6), (np.float32, 1e-5)])
def test_ten_steps_equal_those_of_pytorch_with_renorm_after_each(make, dtype, tolerance):
    rng = np.random.default_rng(0)
    ours = [Parameter(rng.standard_normal(shape).astype(dtype)) for shape in [(8, 5), (8,)]]
    theirs = [torch.tensor(parameter.data.copy(), requires_grad=True) for parameter in ours]
    our_optimizer = MaxNorm(make(ours), 2.0)
    if isinstance(our_optimizer.optimizer, SGD):
        their_optimizer = torch.optim.SGD(theirs, lr=0.5, momentum=0.9)
    else:
        their_optimizer = torch.optim.Adam(theirs, lr=0.3)
    n_cut = 0
    for _ in range(10):
        for our, their in zip(ours, theirs, strict=True):
            our.grad = rng.standard_normal(our.data.shape).astype(dtype)
            their.grad = torch.tensor(our.grad)
        our_optimizer.step()
        their_optimizer.step()
        with torch.no_grad():
            n_cut += int((theirs[0].norm(dim=1) > 2).sum())
            theirs[0].copy_(torch.renorm(theirs[0], 2, 0, 2.0))
        for our, their in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(our.data, their.detach(), rtol=0, atol=tolerance)
    assert 10 < n_cut < 80  # some rows were cut in most steps, and some were not
    assert np.linalg.norm(ours[1].data) > 2  # the biases went their own way


def test_biases_are_not_constrained():
    layer = nn.Linear(3, 2, rng=np.random.default_rng(0), dtype=np.float64)
    layer.weight.data[...], layer.bias.data[...] = 100, 100
    MaxNorm(SGD(layer.parameters(), lr=0.1), 2.0).step()
    np.testing.assert_allclose(np.linalg.norm(layer.weight.data, axis=1), 2)
    np.testing.assert_array_equal(layer.bias.data, 100)


def test_weights_too_large_to_square_are_projected_and_not_zeroed():
    rows = projected(np.full((2, 4), 1e30, np.float32), 2.0)
    np.testing.assert_allclose(rows, 1, rtol=1e-6)


def test_nan_is_not_hidden():
    weight = projected([[np.nan, 1.0], [3.0, 4.0]], 1.0)
    assert np.isnan(weight[0]).all()
    np.testing.assert_allclose(weight[1], [0.6, 0.8])


def test_values_that_lie_in_memory_by_columns_are_projected_in_place():
    parameter = Parameter(np.asfortranarray([[3.0, 4.0, 0.0], [6.0, 8.0, 0.0]]))
    array = parameter.data
    MaxNorm(SGD([parameter], lr=0.1), 1.0).step()
    np.testing.assert_allclose(array, [[0.6, 0.8, 0], [0.6, 0.8, 0]])


def test_the_learning_rate_is_that_of_the_optimiser_inside():
    inside = SGD([Parameter([[1.0]])], lr=0.1)
    optimizer = MaxNorm(inside, 2.0)
    assert optimizer.lr == 0.1
    optimizer.lr = 0.2
    assert inside.lr == 0.2
    inside.lr = 0.3
    assert optimizer.lr == 0.3
    assert optimizer.parameters == inside.parameters
    assert repr(optimizer) == f"MaxNorm({inside}, c=2.0)"


@pytest.mark.parametrize("c", [0, -1.0, float("nan"), float("inf")])
def test_lengths_out_of_range(c):
    with pytest.raises(ValueError, match=f"c must be a positive number, got {c}"):
        MaxNorm(SGD([Parameter([[1.0]])], lr=0.1), c)


def test_bad_arguments():
    weight, bias = Parameter([[1.0]]), Parameter([1.0])
    with pytest.raises(TypeError, match="c must be a positive number, got None"):
        MaxNorm(SGD([weight], lr=0.1), None)
    with pytest.raises(TypeError, match=r"optimizer must be an nn\.Optimizer.* got \[Param"):
        MaxNorm([weight], 2.0)
    with pytest.raises(ValueError, match=r"a parameter with two axes.* got shapes \[\(1,\)\]"):
        MaxNorm(SGD([bias], lr=0.1), 2.0)
