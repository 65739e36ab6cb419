"""What every layer promises, for all that `nn` offers: a new layer must be added here."""

import copy

import numpy as np
import pytest

from dropoutlab import nn, training
from dropoutlab.data import Dataset
from dropoutlab.gradcheck import check_gradients
from dropoutlab.nn.workspace import workspace

N, WIDTH = 5, 6

LAYERS = {
    "DropConnect": lambda rng, dtype: nn.DropConnect(WIDTH, WIDTH, 0.3, rng=rng, dtype=dtype),
    "Dropout": lambda rng, dtype: nn.Dropout(0.3, rng=rng),
    "GaussianDropout": lambda rng, dtype: nn.GaussianDropout(0.3, rng=rng),
    "Linear": lambda rng, dtype: nn.Linear(WIDTH, WIDTH, rng=rng, dtype=dtype),
    "ReLU": lambda rng, dtype: nn.ReLU(),
    "Sigmoid": lambda rng, dtype: nn.Sigmoid(),
    "Tanh": lambda rng, dtype: nn.Tanh(),
    "Sequential": lambda rng, dtype: nn.Sequential(
        nn.Dropout(0.3, rng=rng),
        nn.Sequential(nn.Linear(WIDTH, WIDTH, rng=rng, dtype=dtype), nn.Tanh()),
        nn.GaussianDropout(0.1, rng=rng),
        nn.DropConnect(WIDTH, WIDTH, 0.5, rng=rng, dtype=dtype),
    ),
}
OPTIMIZERS = {
    "SGD": lambda parameters: nn.SGD(parameters, 0.05, momentum=0.9, weight_decay=1e-3),
    "Adam": lambda parameters: nn.Adam(parameters, 0.01),
    "MaxNorm": lambda parameters: nn.MaxNorm(nn.SGD(parameters, 0.05, momentum=0.9), 1.0),
    "Scheduled": lambda parameters: nn.Scheduled(
        nn.SGD(parameters, 0.05), momentum=nn.linear_schedule(0.5, 0.9, 5)
    ),
}
DTYPES = [np.float32, np.float64]
MODES = ["train", "eval"]

every_layer = pytest.mark.parametrize("name", LAYERS)
every_dtype = pytest.mark.parametrize("dtype", DTYPES)
every_mode = pytest.mark.parametrize("mode", MODES)


def offered(base):
    """Names of the subclasses of ``base`` in the public interface."""
    classes = {name: getattr(nn, name) for name in nn.__all__}
    return {
        name
        for name, value in classes.items()
        if isinstance(value, type) and issubclass(value, base) and value is not base
    }


def make(name, dtype=np.float64, seed=0, mode="train"):
    return getattr(LAYERS[name](np.random.default_rng(seed), dtype), mode)()


def batch(dtype=np.float64, seed=1, n=N):
    return np.random.default_rng(seed).standard_normal((n, WIDTH)).astype(dtype)


def arrays_in(value):
    """Every array that an object holds, at any depth."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, nn.Parameter):
        yield from (value.data, value.grad)
    elif isinstance(value, nn.Module):
        for inside in vars(value).values():
            yield from arrays_in(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from arrays_in(inside)


def gradients(layer):
    return [parameter.grad.copy() for parameter in layer.parameters()]


def test_every_layer_and_optimiser_that_is_offered_is_tested_here():
    assert offered(nn.Module) == set(LAYERS)
    assert offered(nn.Optimizer) == set(OPTIMIZERS)


@every_mode
@every_dtype
@every_layer
def test_the_dtype_of_the_input_is_that_of_everything_that_comes_out(name, dtype, mode):
    layer = make(name, dtype, mode=mode)
    y = layer(batch(dtype))
    results = [y, layer.backward(np.ones_like(y)), *gradients(layer)]
    assert {result.dtype for result in results} == {np.dtype(dtype)}


@every_mode
@every_dtype
@every_layer
def test_a_gradient_of_another_dtype_than_the_output_is_refused_and_nothing_is_set(
    name, dtype, mode
):
    layer = make(name, dtype, mode=mode)
    y = layer(batch(dtype))
    other = np.float32 if dtype is np.float64 else np.float64
    for backward in (layer.backward, layer.backward_parameters):
        if backward == layer.backward_parameters and not layer.parameters():
            continue  # a net without parameters looks at no gradient for them
        with pytest.raises(
            TypeError, match=rf"grad_output .* of the output, {y.dtype}, got .*\.astype\(np\."
        ):
            backward(np.ones(y.shape, other))
    assert not any(gradient.any() for gradient in gradients(layer))


@every_mode
@every_layer
def test_results_share_no_memory_with_anything_else(name, mode):
    layer, x = make(name, mode=mode), batch()
    grad_output = np.ones((N, WIDTH))
    x.flags.writeable = grad_output.flags.writeable = False

    results = []
    for _ in range(2):
        results += [layer(x), layer.backward(grad_output)]

    others = [x, grad_output, *arrays_in(layer)]
    for i, result in enumerate(results):
        assert result.flags.writeable
        for other in [*results[:i], *others]:
            assert not np.shares_memory(result, other)


@every_mode
@every_layer
def test_writing_into_an_output_does_not_change_the_backward_pass(name, mode):
    spoiled, untouched = make(name, mode=mode), make(name, mode=mode)
    spoiled(batch())[...] = np.nan
    untouched(batch())
    np.testing.assert_array_equal(
        spoiled.backward(batch(seed=2)), untouched.backward(batch(seed=2))
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@every_layer
def test_what_a_caller_holds_is_not_written_to_by_later_training(name, optimizer):
    rng, dtype = np.random.default_rng(0), np.float32
    net = nn.Sequential(LAYERS[name](rng, dtype), nn.Linear(WIDTH, 3, rng=rng))
    train = Dataset(batch(dtype, n=20), rng.integers(3, size=20))
    x, labels = train.x[:N].copy(), train.y[:N]
    criterion = nn.SoftmaxCrossEntropy()
    held = [net(x), net(x), net[0](x), x]
    criterion(net(x), labels)
    held += [criterion.backward(), net.backward(criterion.backward())]
    held += [*(parameter.grad for parameter in net.parameters()), *net.state_dict().values()]
    held += [dropout.mask for dropout in net.dropouts]
    before = [array.copy() for array in held]
    start = net.state_dict()

    steps = OPTIMIZERS[optimizer](net.parameters())
    training.fit(net, steps, train, n_epochs=2, batch_size=7, rng=rng)

    for array, copied in zip(held, before, strict=True):
        np.testing.assert_array_equal(array, copied)
    after = net.state_dict()
    assert all((after[key] != start[key]).any() for key in start)


@pytest.mark.parametrize("seed", [0, 1, 2])
@every_layer
def test_gradients_equal_central_differences_with_the_masks_held(name, seed):
    layer = make(name, seed=seed)
    errors = check_gradients(layer, batch(seed=seed + 10))
    assert set(errors) == {"input", *(key for key, _ in layer.named_parameters())}


@every_layer
def test_gradients_equal_central_differences_in_evaluation(name):
    assert max(check_gradients(make(name, mode="eval"), batch(seed=3)).values()) < 1e-6


@every_mode
@every_layer
def test_backward_parameters_sets_the_gradients_that_backward_sets(name, mode):
    layer = make(name, mode=mode)
    layer(batch())
    layer.backward(batch(seed=2))
    expected = gradients(layer)
    for parameter in layer.parameters():
        parameter.grad = np.full_like(parameter.data, np.nan)

    assert layer.backward_parameters(batch(seed=2)) is None

    for gradient, wanted in zip(gradients(layer), expected, strict=True):
        np.testing.assert_array_equal(gradient, wanted)


@every_mode
@every_dtype
@every_layer
def test_gradients_in_a_workspace_are_the_same_bits_in_the_memory_lent(name, dtype, mode):
    layer = make(name, dtype, mode=mode)
    layer(batch(dtype))
    layer.backward(batch(dtype, seed=2))
    expected = gradients(layer)
    with workspace(layer.parameters()):
        layer.backward(batch(dtype, seed=2))
        for parameter, wanted in zip(layer.parameters(), expected, strict=True):
            assert parameter.grad is parameter.workspace
            np.testing.assert_array_equal(parameter.grad, wanted, strict=True)


@every_mode
@every_layer
def test_input_may_lie_in_memory_in_any_way(name, mode):
    x, grad_output = batch(), batch(seed=2)
    straight, crooked = make(name, mode=mode), make(name, mode=mode)
    expected = [straight(x), straight.backward(grad_output)]
    twice = np.repeat(x, 2, axis=1)
    results = [crooked(twice[:, ::2]), crooked.backward(np.asfortranarray(grad_output))]
    for result, wanted in zip(results, expected, strict=True):
        np.testing.assert_allclose(result, wanted, rtol=1e-14, atol=1e-15)


@every_mode
@every_layer
def test_an_empty_batch_gives_empty_results(name, mode):
    layer = make(name, mode=mode)
    assert layer(batch(n=0)).shape == (0, WIDTH)
    assert layer.backward(batch(n=0)).shape == (0, WIDTH)
    for gradient in gradients(layer):
        np.testing.assert_array_equal(gradient, 0)


@every_layer
def test_evaluation_repeats_itself_and_leaves_generators_alone(name):
    layer = make(name, mode="eval")
    states = [dropout.rng.bit_generator.state for dropout in nn.Sequential(layer).dropouts]
    np.testing.assert_array_equal(layer(batch()), layer(batch()))
    assert states == [
        dropout.rng.bit_generator.state for dropout in nn.Sequential(layer).dropouts
    ]


@every_layer
def test_a_layer_that_draws_draws_anew_in_every_call_and_row(name):
    layer = make(name)
    x = np.tile(batch(n=1), (200, 1))
    first, second = layer(x), layer(x)
    draws = len(nn.Sequential(layer).dropouts) > 0
    assert (first != second).any() == draws
    assert (first != first[:1]).any() == draws


@every_layer
def test_a_deep_copy_is_independent(name):
    layer = make(name)
    twin = copy.deepcopy(layer)
    np.testing.assert_array_equal(layer(batch()), twin(batch()))
    for parameter in twin.parameters():
        parameter.data[...] = np.nan
    assert np.isfinite(layer(batch())).all()


@every_layer
def test_bad_calls_name_the_argument_and_leave_the_layer_usable(name):
    layer = make(name)
    with pytest.raises(RuntimeError, match=r"backward was called before .* layer\(x\) first"):
        layer.backward(batch())
    layer(batch())
    expected = layer.backward(batch(seed=2))
    for dtype in (np.int64, np.float16, np.longdouble):
        with pytest.raises(TypeError, match=r"x must be an array of floats .* got an? \w+"):
            layer(np.ones((N, WIDTH), dtype))
    for wrong in (batch(n=N + 1), batch()[:, :-1], batch().T):
        with pytest.raises(ValueError, match="grad_output must have the shape of the output"):
            layer.backward(wrong)
    with pytest.raises(TypeError, match="grad_output must be an array of floats"):
        layer.backward(np.ones((N, WIDTH), int))
    np.testing.assert_array_equal(layer.backward(batch(seed=2)), expected)


@every_layer
def test_parameters_reload_exactly_into_a_layer_that_started_elsewhere(name):
    layer, other = make(name, mode="eval"), make(name, seed=5, mode="eval")
    other.load_state_dict(layer.state_dict())
    np.testing.assert_array_equal(layer(batch()), other(batch()))


# Optimisers


def net_and_gradients(dtype, seed=0):
    rng = np.random.default_rng(seed)
    net = nn.Sequential(
        nn.Linear(WIDTH, 4, rng=rng, dtype=dtype), nn.Linear(4, 3, rng=rng, dtype=dtype)
    )
    draws = [
        [rng.standard_normal(p.data.shape).astype(dtype) for p in net.parameters()]
        for _ in range(10)
    ]
    return net, draws


@every_dtype
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_steps_are_in_place_keep_the_dtype_and_leave_gradients_alone(optimizer, dtype):
    net, draws = net_and_gradients(dtype)
    parameters = net.parameters()
    arrays = [parameter.data for parameter in parameters]
    steps = OPTIMIZERS[optimizer](parameters)
    for step in draws:
        for parameter, gradient in zip(parameters, step, strict=True):
            parameter.grad = gradient
        copies = [gradient.copy() for gradient in step]
        before = [array.copy() for array in arrays]
        steps.step()
        for parameter, array, gradient, copied, earlier in zip(
            parameters, arrays, step, copies, before, strict=True
        ):
            assert parameter.data is array
            assert parameter.grad is gradient
            assert array.dtype == dtype
            np.testing.assert_array_equal(gradient, copied)
            assert (array != earlier).any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_after_training_every_parameter_has_the_gradient_of_the_last_step(optimizer):
    rng = np.random.default_rng(0)
    train = Dataset(batch(n=20), rng.integers(3, size=20))
    (net, _), (twin, _) = net_and_gradients(np.float64), net_and_gradients(np.float64)
    options = {"n_epochs": 1, "batch_size": 20}  # one step, from where the twin still is
    rng, again = np.random.default_rng(1), np.random.default_rng(1)

    training.fit(net, OPTIMIZERS[optimizer](net.parameters()), train, rng=rng, **options)

    ((x, labels),) = training.batches(train, 20, again)
    criterion = nn.SoftmaxCrossEntropy()
    criterion(twin(x), labels)
    twin.backward(criterion.backward())
    for gradient, wanted in zip(gradients(net), gradients(twin), strict=True):
        np.testing.assert_allclose(gradient, wanted, rtol=1e-12, atol=1e-15)
        assert wanted.any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimiser_trains_a_net(optimizer):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((200, WIDTH)).astype(np.float32)
    train = Dataset(x, (x[:, 0] > 0).astype(int))
    net = nn.Sequential(nn.Linear(WIDTH, 16, rng=rng), nn.Tanh(), nn.Linear(16, 2, rng=rng))
    history = training.fit(
        net,
        OPTIMIZERS[optimizer](net.parameters()),
        train,
        n_epochs=20,
        rng=rng,
        monitor={"train": train},
    )
    assert history["train"].error[-1] < 0.1 < history["train"].error[0]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_learning_rate_can_be_read_and_changed_and_zero_stops_all_movement(optimizer):
    net, draws = net_and_gradients(np.float64)
    net.parameters()[0].data *= 1e-3  # inside the ball of max-norm, all of them
    net.parameters()[2].data *= 1e-3
    steps = OPTIMIZERS[optimizer](net.parameters())
    assert steps.lr in (0.05, 0.01)
    before = net.state_dict()
    for parameter, gradient in zip(net.parameters(), draws[0], strict=True):
        parameter.grad = gradient
    steps.lr = 0
    steps.step()
    assert steps.lr == 0
    for name, values in net.state_dict().items():
        np.testing.assert_array_equal(values, before[name])
    with pytest.raises(ValueError, match="lr must be a finite number of at least 0, got nan"):
        steps.lr = float("nan")
    assert steps.lr == 0
