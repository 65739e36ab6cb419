"""Parameters and modules: finding what is inside, switching modes, errors."""

import numpy as np
import pytest

from dropoutlab.nn import Dropout, Linear, Module, Parameter, ReLU, Sequential


class Residual(Module):
    """A module with parameters of its own and modules inside."""

    def __init__(self, rng):
        self.scale = Parameter([1.0])
        self.inside = Sequential(Linear(4, 4, rng=rng), Dropout(0.5, rng=rng))
        self.relu = ReLU()


def test_parameters_are_found_at_every_depth_with_the_names_of_pytorch():
    rng = np.random.default_rng(0)
    net = Sequential(Residual(rng), Linear(4, 2, rng=rng))
    assert [name for name, _ in net.named_parameters()] == [
        "0.scale",
        "0.inside.0.weight",
        "0.inside.0.bias",
        "1.weight",
        "1.bias",
    ]
    inner = net[0]
    expected = [inner.scale, *inner.inside[0].parameters(), net[1].weight, net[1].bias]
    assert [id(parameter) for parameter in net.parameters()] == [id(p) for p in expected]


def test_the_mode_is_training_at_first_and_reaches_every_depth():
    net = Sequential(Residual(np.random.default_rng(0)))
    modules = list(net.modules())
    assert len(modules) == 6
    assert all(module.training for module in modules)
    assert net.eval() is net
    assert not any(module.training for module in modules)
    assert net.train() is net
    assert all(module.training for module in modules)


def test_the_mode_of_one_module_is_not_that_of_another():
    first, second = ReLU(), ReLU()
    first.eval()
    assert second.training


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_parameter_copies_its_values_and_starts_with_a_gradient_of_zero(dtype):
    values = np.ones((2, 3), dtype)
    parameter = Parameter(values)
    values[...] = 5
    np.testing.assert_array_equal(parameter.data, 1)
    np.testing.assert_array_equal(parameter.grad, 0)
    assert parameter.data.dtype == parameter.grad.dtype == dtype


def test_without_a_way_of_its_own_a_layer_sets_its_gradients_in_the_whole_backward_pass():
    class Shift(Module):
        def __init__(self):
            self.shift = Parameter([0.0])

        def forward(self, x):
            return x + self.shift.data

        def backward(self, grad_output):
            self.shift.grad = np.sum(grad_output, keepdims=True)
            return grad_output

    layer = Shift()
    assert layer.backward_parameters(np.array([2.0, 3.0])) is None
    np.testing.assert_array_equal(layer.shift.grad, [5])


def test_modules_and_parameters_show_what_they_are():
    net = Sequential(ReLU(), Sequential(ReLU()))
    assert repr(net) == "Sequential(ReLU(), Sequential(ReLU()))"
    assert list(net.named_children()) == [("0", net[0]), ("1", net[1])]
    assert repr(Parameter([1.0])) == "Parameter(shape=(1,), dtype=float64)"


def test_a_parameter_of_integers_is_refused():
    with pytest.raises(TypeError, match=r"data must be an array of floats .* got an int64"):
        Parameter([1, 2])


def test_a_module_without_passes_says_which_one_is_missing():
    with pytest.raises(NotImplementedError, match=r"Empty does not define forward\(x\)"):
        type("Empty", (Module,), {})()(np.ones(1))
    with pytest.raises(NotImplementedError, match="Empty does not define backward"):
        type("Empty", (Module,), {})().backward(np.ones(1))
