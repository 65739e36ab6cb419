"""Gradient checks: right ones pass, each classic bug is caught, nothing is disturbed."""

import numpy as np
import pytest
import torch

from dropoutlab import nn
from dropoutlab.gradcheck import (
    GradientMismatch,
    check_gradients,
    numerical_gradient,
    relative_error,
)

P = 0.4


def batch(n=4, d=5, seed=1):
    return np.random.default_rng(seed).standard_normal((n, d))


class HandWritten:
    """Dropout as a reader writes it: no base class, the last mask kept."""

    def __init__(self, p, rng):
        self.p, self.rng, self.mask = p, rng, None

    def __call__(self, x, mask=None):
        self.mask = self.rng.random(x.shape) >= self.p if mask is None else mask
        return x * self.mask / (1 - self.p)

    def backward(self, grad_output):
        return grad_output * self.mask / (1 - self.p)


class FreshMask(HandWritten):
    def backward(self, grad_output):
        return grad_output * (self.rng.random(grad_output.shape) >= self.p) / (1 - self.p)


class NotRescaledBackward(HandWritten):
    def backward(self, grad_output):
        return grad_output * self.mask


class KeepForDrop(HandWritten):
    def backward(self, grad_output):
        return grad_output * self.mask / self.p


class NotMasked(HandWritten):
    def backward(self, grad_output):
        return grad_output / (1 - self.p)


class Summed(HandWritten):
    def backward(self, grad_output):
        return super().backward(grad_output).sum(axis=0)


class Nan(HandWritten):
    def backward(self, grad_output):
        return np.full_like(grad_output, np.nan)


class Scribbles(HandWritten):
    """Right, but for writing into what it was given."""

    def __call__(self, x, mask=None):
        y = super().__call__(x, mask)
        x *= 0
        return y


BUGS = [FreshMask, NotRescaledBackward, KeepForDrop, NotMasked, Nan]


# Numerical gradients


def test_the_gradient_of_a_cubic_is_found_at_every_entry_of_any_shape():
    x = np.random.default_rng(0).standard_normal((2, 3, 2))
    original = x.copy()
    gradient = numerical_gradient(lambda x: np.sum(x**3), x)
    np.testing.assert_allclose(gradient, 3 * x**2, atol=1e-8)
    np.testing.assert_array_equal(x, original)
    assert numerical_gradient(lambda x: x**2, np.float64(3.0)) == pytest.approx(6)


def test_a_central_difference_is_exact_for_a_quadratic_and_a_one_sided_one_is_not():
    # With step 0.5, (f(x + h) − f(x)) / h would give 2x + 0.5.
    assert numerical_gradient(lambda x: float(x[0] ** 2), [3.0], step=0.5)[0] == 6


def test_a_function_that_writes_to_its_argument_does_no_harm():
    def scribble(x):
        total = np.sum(x**2)
        x *= 0
        return total

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(numerical_gradient(scribble, x), [2, 4])
    np.testing.assert_array_equal(x, [1, 2])


def test_bad_arguments_of_numerical_gradient():
    with pytest.raises(TypeError, match=r"x must be float64 .* got a float32 array"):
        numerical_gradient(np.sum, np.ones(3, np.float32))
    for step in [0, -1e-6, float("nan")]:
        with pytest.raises(ValueError, match=f"step must be a positive number, got {step}"):
            numerical_gradient(np.sum, np.ones(3), step=step)


# Relative errors


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([1.0, 100.0], [2.0, 100.0], 0.01),
        ([1.0], [-1.0], 2.0),
        ([0.0, 0.0], [0.0, 0.0], 0.0),
        ([], [], 0.0),
        ([0.0], [1e-30], 1.0),
        ([[3.0]], [[4.0]], 0.25),
    ],
)
def test_relative_error_is_the_largest_difference_over_the_largest_entry(a, b, expected):
    assert relative_error(a, b) == relative_error(b, a) == pytest.approx(expected)


def test_relative_error_below_the_floor_is_absolute_and_nan_is_never_small():
    assert relative_error([0.0], [1e-9], floor=1e-3) == pytest.approx(1e-6)
    assert np.isnan(relative_error([np.nan, 1.0], [0.0, 1.0]))


def test_relative_error_of_arrays_that_do_not_match():
    with pytest.raises(
        ValueError, match=r"b must have the shape of a, \(2,\), got shape \(1,\)"
    ):
        relative_error([1.0, 2.0], [1.0])


# Right gradients pass


@pytest.mark.parametrize(
    "layer",
    [
        nn.Linear(5, 3, rng=np.random.default_rng(0), dtype=np.float64),
        nn.ReLU(),
        nn.Dropout(P, rng=np.random.default_rng(0)),
        nn.Dropout(P, rng=np.random.default_rng(0)).eval(),
        nn.Dropout(0, rng=np.random.default_rng(0)),
        HandWritten(P, np.random.default_rng(0)),
        Scribbles(P, np.random.default_rng(0)),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_every_layer_passes(layer):
    x = batch()
    errors = check_gradients(layer, x)
    names = ["weight", "bias"] if isinstance(layer, nn.Linear) else []
    assert list(errors) == ["input", *names]
    assert max(errors.values()) < 1e-7
    np.testing.assert_array_equal(x, batch())


def net_with(dropout, dtype=np.float64):
    rng = np.random.default_rng(0)
    net = nn.Sequential(
        nn.Linear(5, 8, rng=rng, dtype=dtype),
        nn.ReLU(),
        dropout,
        nn.Linear(8, 3, rng=rng, dtype=dtype),
    )
    for layer in (net[0], net[3]):
        layer.bias.data[...] = rng.standard_normal(layer.out_features)
    return net


@pytest.mark.parametrize("labels", [None, [0, 2, 1, 1]])
def test_a_whole_net_passes_and_ends_as_it_began(labels):
    net = net_with(nn.Dropout(P, rng=np.random.default_rng(3)))
    before = [parameter.data.copy() for parameter in net.parameters()]
    arrays = [parameter.data for parameter in net.parameters()]
    errors = check_gradients(net, batch(), labels)
    assert list(errors) == ["input", "0.weight", "0.bias", "3.weight", "3.bias"]
    for parameter, array, values in zip(net.parameters(), arrays, before, strict=True):
        assert parameter.data is array
        np.testing.assert_array_equal(array, values)


def test_given_masks_are_the_ones_held():
    layer, mask = nn.Dropout(P, rng=np.random.default_rng(0)), batch() > 0
    check_gradients(layer, batch(), masks=mask)
    np.testing.assert_array_equal(layer.mask, mask)
    net = net_with(nn.Dropout(P, rng=np.random.default_rng(0)))
    mask = batch(d=8) > 0
    check_gradients(net, batch(), [0, 1, 2, 0], masks=[mask])
    np.testing.assert_array_equal(net[2].mask, mask)


def test_a_gradient_that_is_zero_by_cancellation_is_not_drowned_in_rounding():
    # Softmax does not notice a constant added to all logits.
    class Shift(nn.Module):
        def __init__(self):
            self.shift = nn.Parameter([0.3])

        def forward(self, x):
            return x + self.shift.data

        def backward(self, grad_output):
            self.shift.grad = np.array([grad_output.sum()])
            return grad_output

    check_gradients(Shift(), batch(), [0, 1, 2, 3])


# Wrong gradients are caught


@pytest.mark.parametrize("bug", BUGS)
def test_each_classic_bug_is_caught(bug):
    with pytest.raises(GradientMismatch, match="gradient of input: relative error"):
        check_gradients(bug(P, np.random.default_rng(0)), batch())


@pytest.mark.parametrize("bug", BUGS)
def test_each_classic_bug_is_caught_inside_a_net(bug):
    class Layer(nn.Module):
        def __init__(self):
            self.inner = bug(P, np.random.default_rng(0))

        @property
        def mask(self):
            return self.inner.mask

        def forward(self, x, mask=None):
            return self.inner(x, mask)

        def backward(self, grad_output):
            return self.inner.backward(grad_output)

    with pytest.raises(GradientMismatch, match="gradient of "):
        check_gradients(net_with(Layer()), batch(), [0, 1, 2, 0])


def test_the_message_shows_array_place_and_both_values():
    class Wrong(nn.Linear):
        def backward(self, grad_output):
            grad_input = super().backward(grad_output)
            self.weight.grad[2, 1] += 1
            return grad_input

    layer = Wrong(2, 3, rng=np.random.default_rng(0), dtype=np.float64)
    with pytest.raises(GradientMismatch) as caught:
        check_gradients(layer, np.ones((1, 2)))
    # The gradient is cos(2), the weight of the third output, times the input, 1.
    message = str(caught.value)
    assert message.startswith("gradient of weight: relative error ")
    assert "worst at index (2, 1)" in message
    assert f"backward gives {1 + np.cos(2):.10g} and" in message
    assert f"central differences give {np.cos(2):.6f}"[:-2] in message
    assert isinstance(caught.value, AssertionError)


def test_a_gradient_of_the_wrong_shape_is_caught():
    with pytest.raises(
        GradientMismatch, match=r"input: backward gave shape \(5,\), .* \(4, 5\)"
    ):
        check_gradients(Summed(P, np.random.default_rng(0)), batch())


def test_parameters_are_put_back_when_the_forward_pass_fails():
    class Fragile(nn.Linear):
        def forward(self, x):
            if self.weight.data[0, 0] != self.first:
                raise ZeroDivisionError
            return super().forward(x)

    layer = Fragile(2, 3, rng=np.random.default_rng(0), dtype=np.float64)
    layer.first, before = layer.weight.data[0, 0], layer.weight.data.copy()
    with pytest.raises(ZeroDivisionError):
        check_gradients(layer, np.ones((1, 2)))
    np.testing.assert_array_equal(layer.weight.data, before)


def test_a_random_forward_pass_without_masks_is_refused():
    class Hidden(HandWritten):
        def __call__(self, x):
            self.kept = self.rng.random(x.shape) >= self.p
            return x * self.kept / (1 - self.p)

    with pytest.raises(ValueError, match=r"two different outputs for the same x.*masks="):
        check_gradients(Hidden(P, np.random.default_rng(0)), batch())


def test_float32_is_refused_for_inputs_and_parameters():
    net = net_with(nn.ReLU(), dtype=np.float32)
    with pytest.raises(TypeError, match=r"parameter 0\.weight must be float64 .*float32"):
        check_gradients(net, batch())
    for other in (torch.nn.Linear(3, 2), None):
        with pytest.raises(TypeError, match=r"net must have a forward pass, .* got (Lin|None)"):
            check_gradients(other, np.ones((2, 3)))
    with pytest.raises(TypeError, match=r"x must be float64 for a gradient check.*float32"):
        check_gradients(net, batch().astype(np.float32))
