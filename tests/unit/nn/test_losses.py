"""Losses: values, gradients, extremes, bad input."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dropoutlab.gradcheck import numerical_gradient
from dropoutlab.nn import MeanSquaredError, SoftmaxCrossEntropy, softmax


def test_guessing_among_k_classes_costs_log_k_whatever_the_size_of_the_batch():
    for n, k in [(1, 2), (5, 10), (64, 3)]:
        loss = SoftmaxCrossEntropy()(np.zeros((n, k)), np.zeros(n, int))
        assert loss == pytest.approx(math.log(k), rel=1e-15)
        assert type(loss) is float


def test_values_and_gradient_of_a_small_case_worked_by_hand():
    criterion = SoftmaxCrossEntropy()
    logits = np.log([[1.0, 3.0], [1.0, 1.0]])

    loss = criterion(logits, [1, 0])

    assert loss == pytest.approx(-(math.log(0.75) + math.log(0.5)) / 2)
    np.testing.assert_allclose(criterion.backward(), [[0.125, -0.125], [-0.25, 0.25]])


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_values_and_gradients_equal_those_of_pytorch(dtype):
    rng = np.random.default_rng(0)
    values, labels = 3 * rng.standard_normal((50, 10)), rng.integers(10, size=50)
    logits = torch.tensor(values, requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
    theirs.backward()
    criterion = SoftmaxCrossEntropy()

    assert criterion(values, labels.astype(dtype)) == pytest.approx(theirs.item(), abs=1e-12)
    np.testing.assert_allclose(criterion.backward(), logits.grad, rtol=0, atol=1e-12)


def test_the_gradient_equals_central_differences():
    rng = np.random.default_rng(0)
    logits, labels = rng.standard_normal((4, 3)), rng.integers(3, size=4)
    criterion = SoftmaxCrossEntropy()
    numeric = numerical_gradient(lambda z: criterion(z, labels), logits)
    criterion(logits, labels)
    np.testing.assert_allclose(criterion.backward(), numeric, atol=1e-9)


def test_enormous_logits_neither_overflow_nor_become_infinite():
    criterion = SoftmaxCrossEntropy()
    assert criterion(np.array([[1e4, 0.0], [0.0, -1e4]]), [0, 0]) == 0
    assert criterion(np.array([[1e4, 0.0]]), [1]) == 1e4
    np.testing.assert_array_equal(criterion.backward(), [[1, -1]])


@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64]),
        hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=5),
        elements=st.floats(-1e4, 1e4, width=32),
    )
)
def test_softmax_is_a_distribution_over_the_last_axis_and_equals_that_of_pytorch(logits):
    probabilities = softmax(logits)
    assert probabilities.dtype == logits.dtype
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=1e-6)
    np.testing.assert_allclose(
        probabilities, torch.softmax(torch.tensor(logits), -1), rtol=1e-5, atol=1e-30
    )


def test_float32_stays_float32_and_nothing_is_written_to_or_aliased():
    rng = np.random.default_rng(0)
    logits, labels = rng.standard_normal((6, 4), dtype=np.float32), rng.integers(4, size=6)
    logits.flags.writeable = labels.flags.writeable = False
    criterion = SoftmaxCrossEntropy()
    criterion(logits, labels)
    first, second = criterion.backward(), criterion.backward()
    assert first.dtype == np.float32
    assert not np.shares_memory(first, second)
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("logits", "labels", "error", "message"),
    [
        (
            np.ones((2, 3)),
            [0, 3],
            ValueError,
            "labels must lie between 0 and 2.*got 3 in row 1",
        ),
        (np.ones((2, 3)), [-1, 0], ValueError, "labels must lie .* got -1 in row 0"),
        (np.ones((2, 3)), [0.0, 1.0], TypeError, "labels must be .* integers, got a float64"),
        (np.ones((2, 3)), [True, False], TypeError, "labels must be .* integers, got a bool"),
        (
            np.ones((2, 3)),
            [0],
            ValueError,
            r"labels must have shape \(n,\) = \(2,\).*got .*\(1,\)",
        ),
        (
            np.ones((2, 3)),
            [[0], [1]],
            ValueError,
            r"labels must have shape .* got shape \(2, 1\)",
        ),
        (
            np.ones((0, 3)),
            [],
            ValueError,
            r"logits must have shape .* at least one row.*\(0, 3\)",
        ),
        (
            np.ones((2, 0)),
            [0, 0],
            ValueError,
            r"logits must have shape .* one class, .*\(2, 0\)",
        ),
        (np.ones(3), [0], ValueError, r"logits must have shape \(n, k\).* got shape \(3,\)"),
        (np.ones((2, 3), int), [0, 1], TypeError, "logits must be an array of floats.*int64"),
    ],
)
def test_bad_input_names_the_argument_and_leaves_the_criterion_usable(
    logits, labels, error, message
):
    criterion = SoftmaxCrossEntropy()
    criterion(np.zeros((1, 2)), [0])
    with pytest.raises(error, match=message):
        criterion(logits, labels)
    np.testing.assert_array_equal(criterion.backward(), [[-0.5, 0.5]])


def test_softmax_of_whole_numbers_is_refused():
    with pytest.raises(TypeError, match=r"logits must be an array of floats .* got an int64"):
        softmax([1, 2])


@pytest.mark.parametrize("logits", [np.float64(1), np.ones((2, 0))])
def test_softmax_of_nothing_is_refused(logits):
    with pytest.raises(ValueError, match=r"logits must have shape \(\.\.\., k\)"):
        softmax(logits)


@pytest.mark.parametrize(
    ("criterion", "call"),
    [
        (SoftmaxCrossEntropy(), r"criterion\(logits, labels\)"),
        (MeanSquaredError(), r"criterion\(prediction, target\)"),
    ],
)
def test_backward_before_any_loss_says_what_to_do(criterion, call):
    name = type(criterion).__name__
    assert repr(criterion) == f"{name}()"
    with pytest.raises(RuntimeError, match=f"{name}.backward was called before .* {call}"):
        criterion.backward()


# Mean squared error


def test_the_squared_error_is_the_mean_over_rows_and_columns():
    criterion = MeanSquaredError()
    loss = criterion([[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [0.0, 4.0]])
    assert loss == (0 + 4 + 9 + 0) / 4
    assert type(loss) is float
    np.testing.assert_array_equal(criterion.backward(), [[0, 1], [1.5, 0]])


@given(
    hnp.arrays(
        st.sampled_from([np.float32, np.float64]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=5),
        elements=st.floats(-1e3, 1e3, width=32),
    )
)
def test_the_squared_error_and_its_gradient_equal_those_of_pytorch(values):
    target = np.flip(values) / 2
    prediction = torch.tensor(values, requires_grad=True)
    theirs = torch.nn.functional.mse_loss(prediction, torch.tensor(target))
    theirs.backward()
    criterion = MeanSquaredError()

    loss, grad = criterion(values, target), criterion.backward()

    eps = float(np.finfo(values.dtype).eps)
    assert loss == pytest.approx(theirs.item(), rel=8 * eps, abs=0)
    np.testing.assert_allclose(grad, prediction.grad, rtol=8 * eps)
    assert isinstance(grad, np.ndarray)
    assert grad.dtype == values.dtype


def test_the_gradient_of_the_squared_error_equals_central_differences():
    rng = np.random.default_rng(0)
    prediction, target = rng.standard_normal((2, 4, 3))
    criterion = MeanSquaredError()
    numeric = numerical_gradient(lambda y: criterion(y, target), prediction)
    criterion(prediction, target)
    np.testing.assert_allclose(criterion.backward(), numeric, atol=1e-9)


def test_the_squared_error_writes_to_nothing_and_aliases_nothing():
    prediction, target = np.ones((2, 3)), np.zeros((2, 3))
    prediction.flags.writeable = target.flags.writeable = False
    criterion = MeanSquaredError()
    criterion(prediction, target)
    first, second = criterion.backward(), criterion.backward()
    assert not np.shares_memory(first, second)
    first[...] = 7
    np.testing.assert_array_equal(criterion.backward(), second)


@pytest.mark.parametrize(
    ("prediction", "target", "error", "message"),
    [
        (
            np.ones((3, 1)),
            np.ones(3),
            ValueError,
            r"target must have the shape of prediction, \(3, 1\), got shape \(3,\)",
        ),
        (np.ones(3), np.ones(1), ValueError, "target must have the shape of prediction"),
        (np.ones(3), np.ones(3, int), TypeError, "target must be an array of floats .* int64"),
        (np.ones(3, int), np.ones(3), TypeError, "prediction must be an array of floats"),
        (
            np.ones(3, np.float32),
            np.ones(3),
            TypeError,
            r"target must have the dtype of prediction, float32, got float64; .*astype",
        ),
        (
            np.ones((0, 3)),
            np.ones((0, 3)),
            ValueError,
            r"prediction must have at least one entry, got shape \(0, 3\)",
        ),
    ],
)
def test_bad_input_of_the_squared_error_leaves_it_usable(prediction, target, error, message):
    criterion = MeanSquaredError()
    criterion([3.0], [1.0])
    with pytest.raises(error, match=message):
        criterion(prediction, target)
    np.testing.assert_array_equal(criterion.backward(), [4])
