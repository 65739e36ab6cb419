"""The memory that a training loop lends: lent, returned, and no difference in any bit."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from dropoutlab import nn, training
from dropoutlab.data import Dataset
from dropoutlab.nn.workspace import workspace


def make(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Dropout(0.2, rng=rng),
        nn.Linear(4, 8, rng=rng, dtype=dtype),
        nn.ReLU(),
        nn.Sequential(nn.DropConnect(8, 8, 0.5, rng=rng, dtype=dtype), nn.Sigmoid()),
        nn.Linear(8, 3, rng=rng, dtype=dtype),
    )


def examples(n=50, dtype=np.float64):
    rng = np.random.default_rng(1)
    return Dataset(rng.standard_normal((n, 4)).astype(dtype), rng.integers(3, size=n))


def fit(net, optimizer, n_epochs=3):
    rng = np.random.default_rng(2)
    return training.fit(net, optimizer, examples(), n_epochs=n_epochs, batch_size=16, rng=rng)


def lent(net):
    return [parameter.workspace is not None for parameter in net.parameters()]


def test_every_parameter_gets_memory_of_its_own_shape_and_gives_it_back():
    net = make(dtype=np.float32)
    assert not any(lent(net))
    with workspace(net.parameters()):
        arrays = [parameter.workspace for parameter in net.parameters()]
        for i, (array, parameter) in enumerate(zip(arrays, net.parameters(), strict=True)):
            assert (array.shape, array.dtype) == (parameter.data.shape, np.float32)
            for other in [*arrays[:i], parameter.data, parameter.grad]:
                assert not np.shares_memory(array, other)
    assert not any(lent(net))


def test_it_lends_to_whatever_can_be_iterated():
    net = make()
    with workspace(parameter for parameter in net.parameters()):
        assert all(lent(net))
    assert not any(lent(net))


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_the_memory_is_given_back_when_something_goes_wrong_inside(error):
    net = make()
    with pytest.raises(error), workspace(net.parameters()):
        raise error
    assert not any(lent(net))


def test_training_lends_to_the_parameters_that_it_trains_and_gives_back_on_errors():
    net, seen = make(), []
    optimizer = nn.SGD(net[4].parameters(), lr=0.1)

    class Stops(nn.SGD):
        def step(self):
            seen.append(lent(net))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(net, Stops(net[4].parameters(), lr=0.1))
    assert seen == [[False, False, False, False, True, True]]
    assert not any(lent(net))
    fit(net, optimizer)
    assert not any(lent(net))


@pytest.mark.parametrize("sizes", [(4, 8, 16), (37, 50, 64), (1, 5, 3), (5, 1, 3), (6, 7, 1)])
@pytest.mark.parametrize("p", [None, 0])
def test_gradients_lie_in_memory_as_the_weights_do_lent_or_not(p, sizes):
    n_in, n_out, n = sizes
    rng = np.random.default_rng(0)
    layer = nn.Linear(n_in, n_out, rng=rng)
    if p is not None:
        layer = nn.DropConnect(n_in, n_out, p, rng=rng)
    x, grad_output = (rng.standard_normal((n, d), dtype=np.float32) for d in (n_in, n_out))
    layer(x)
    layer.backward(grad_output)
    new = layer.weight.grad
    assert new.strides == layer.weight.data.strides
    with workspace(layer.parameters()):
        layer.backward(grad_output)
    assert layer.weight.grad is not new
    np.testing.assert_array_equal(layer.weight.grad, new)


def test_inside_each_backward_pass_writes_over_the_last_gradient():
    layer = nn.Linear(2, 1, rng=np.random.default_rng(0), dtype=np.float64)
    with workspace(layer.parameters()):
        gradients = []
        for x in ([1.0, 2.0], [3.0, 4.0]):
            layer(np.array([x]))
            layer.backward(np.array([[1.0]]))
            gradients.append(layer.weight.grad)
        assert gradients[0] is gradients[1]
        np.testing.assert_array_equal(gradients[0], [[3, 4]])


def test_gradients_made_outside_are_never_written_over():
    net, criterion = make(), nn.SoftmaxCrossEntropy()
    train = examples()
    held = []
    for rows in (slice(0, 10), slice(10, 20)):
        criterion(net(train.x[rows]), train.y[rows])
        net.backward(criterion.backward())
        held += [parameter.grad for parameter in net.parameters()]
        fit(net, nn.SGD(net.parameters(), lr=0.1))  # lends, and takes back
        held += [parameter.grad for parameter in net.parameters()]
    copies = [array.copy() for array in held]
    criterion(net(train.x), train.y)
    net.backward(criterion.backward())
    nn.Adam(net.parameters()).step()
    fit(net, nn.SGD(net.parameters(), lr=0.1, momentum=0.9))
    for array, copied in zip(held, copies, strict=True):
        np.testing.assert_array_equal(array, copied)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "make_optimizer",
    [
        lambda p: nn.SGD(p, 0.1),
        lambda p: nn.SGD(p, 0.1, momentum=0.9, weight_decay=1e-2),
        lambda p: nn.Adam(p, 0.01),
        lambda p: nn.MaxNorm(nn.SGD(p, 0.1, momentum=0.9), 1.0),
    ],
)
def test_training_with_and_without_a_workspace_gives_identical_bits(make_optimizer, dtype):
    with_, without = make(dtype=dtype), make(dtype=dtype)
    train, criterion = examples(dtype=dtype), nn.SoftmaxCrossEntropy()
    rng = np.random.default_rng(2)
    optimizer = make_optimizer(with_.parameters())
    training.fit(with_, optimizer, train, n_epochs=3, batch_size=16, rng=rng)

    rng, optimizer = np.random.default_rng(2), make_optimizer(without.parameters())
    with threadpool_limits(1, user_api="blas"):  # as in fit; two may round differently
        for _ in range(3):
            for x, labels in training.batches(train, 16, rng):
                criterion(without(x), labels)
                without.backward(criterion.backward())
                optimizer.step()

    for name, values in with_.state_dict().items():
        np.testing.assert_array_equal(values, without.state_dict()[name], strict=True)
