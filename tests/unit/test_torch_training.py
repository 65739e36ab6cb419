"""Training in PyTorch: the same batches, the same numbers, the same History."""

import numpy as np
import pytest
import torch

from dropoutlab import data, nn, torch_training, training

OPTIONS = {"lr": 0.1, "momentum": 0.9, "weight_decay": 1e-3}


def numpy_net(dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Linear(784, 32, rng=rng, dtype=dtype),
        nn.ReLU(),
        nn.Linear(32, 16, rng=rng, dtype=dtype),
        nn.ReLU(),
        nn.Linear(16, 10, rng=rng, dtype=dtype),
    )


def torch_net(dtype=torch.float64, p=None):
    dropout = [] if p is None else [torch.nn.Dropout(p)]
    return torch.nn.Sequential(
        torch.nn.Linear(784, 32),
        torch.nn.ReLU(),
        *dropout,
        torch.nn.Linear(32, 16),
        torch.nn.ReLU(),
        torch.nn.Linear(16, 10),
    ).to(dtype)


def digits(dtype=np.float64, n_train=300):
    return data.digits(n_train=n_train, n_test=100, seed=0, dtype=dtype)


def moons():
    return data.moons(20, noise=0.1, rng=np.random.default_rng(0))


def arrays(net):
    if isinstance(net, nn.Module):
        return [parameter.data for parameter in net.parameters()]
    return [parameter.detach().numpy() for parameter in net.parameters()]


# Parity


@pytest.mark.parametrize("batch_size", [64, 300])
def test_several_epochs_from_equal_weights_give_equal_histories_and_weights(batch_size):
    parts, ours, theirs = digits(), numpy_net(), torch_net()
    torch_training.copy_weights(ours, theirs)
    start = [array.copy() for array in arrays(ours)]
    common = {"n_epochs": 4, "batch_size": batch_size}
    monitor = {"train": parts.train, "test": parts.test}

    our_history = training.fit(
        ours,
        nn.SGD(ours.parameters(), **OPTIONS),
        parts.train,
        rng=np.random.default_rng(7),
        monitor=monitor,
        **common,
    )
    their_history = torch_training.fit(
        theirs,
        torch.optim.SGD(theirs.parameters(), **OPTIONS),
        parts.train,
        rng=np.random.default_rng(7),
        monitor=monitor,
        **common,
    )

    assert type(their_history) is training.History
    np.testing.assert_array_equal(their_history.epoch, our_history.epoch)
    for name in monitor:
        our, their = our_history[name], their_history[name]
        np.testing.assert_allclose(their.loss, our.loss, rtol=0, atol=1e-9)
        np.testing.assert_array_equal(their.error, our.error)
    for our, their, before in zip(arrays(ours), arrays(theirs), start, strict=True):
        np.testing.assert_allclose(their, our, rtol=0, atol=1e-9)
        assert np.abs(our - before).max() > 1e-3
    assert our_history["train"].loss[-1] < our_history["train"].loss[0] - 0.3


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_evaluations_of_equal_nets_are_equal(dtype):
    parts, ours = digits(dtype), numpy_net(dtype)
    theirs = torch_net(getattr(torch, np.dtype(dtype).name))
    torch_training.copy_weights(ours, theirs)
    one, other = (
        training.evaluate(ours, parts.test),
        torch_training.evaluate(theirs, parts.test),
    )
    assert other.loss == pytest.approx(one.loss, rel=1e-5 if dtype == np.float32 else 1e-12)
    assert other.error == one.error


# Modes and gradients


def test_evaluation_does_not_drop_and_records_no_gradients():
    net, parts = torch_net(torch.float32, p=0.9), digits(np.float32)
    first, second = (torch_training.evaluate(net, parts.test) for _ in range(2))
    assert first == second
    assert all(parameter.grad is None for parameter in net.parameters())


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_the_mode_of_every_layer_is_restored_and_training_drops(mode):
    modes = []

    class Records(torch.nn.Module):
        def forward(self, x):
            modes.append(self.training)
            return x

    net, parts = (
        torch.nn.Sequential(Records(), torch_net(torch.float32)),
        digits(np.float32, 70),
    )
    getattr(net, mode)()
    net[1].training = not net[1].training
    before = [module.training for module in net.modules()]
    torch_training.fit(
        net,
        torch.optim.SGD(net.parameters(), lr=0.1),
        parts.train,
        n_epochs=1,
        rng=np.random.default_rng(0),
        monitor={"test": parts.test},
    )
    assert modes == [False, True, True, False]
    assert [module.training for module in net.modules()] == before


def test_fit_takes_any_optimiser_and_neither_seeds_nor_reads_numpys_global_state():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the state that must not change
    seeds = torch.get_rng_state()
    net, parts = torch_net(torch.float32), digits(np.float32)
    torch.set_rng_state(seeds)
    history = torch_training.fit(
        net,
        torch.optim.Adam(net.parameters(), lr=0.003),
        parts.train,
        n_epochs=5,
        rng=np.random.default_rng(0),
        monitor={"train": parts.train},
    )
    assert history["train"].loss[-1] < history["train"].loss[0] - 0.5
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    assert torch.equal(torch.get_rng_state(), seeds)


def test_a_loss_that_is_not_finite_names_the_rate():
    net, parts = torch_net(torch.float32), digits(np.float32)
    with pytest.raises(
        training.Diverged, match=r"the loss became (nan|inf) in epoch .* 1e\+30"
    ):
        torch_training.fit(
            net,
            torch.optim.SGD(net.parameters(), lr=1e30),
            parts.train,
            n_epochs=2,
            rng=np.random.default_rng(0),
        )


@pytest.mark.parametrize(
    ("net", "optimizer", "error", "message"),
    [
        (
            lambda: torch_net(),
            lambda _: torch.optim.SGD(torch_net().parameters(), lr=0.1),
            ValueError,
            "optimizer must hold .* of net alone, but 6 of its 6 are not in net; .* anew",
        ),
        (
            lambda: torch_net(),
            lambda net: torch.optim.SGD(
                [
                    {"params": net.parameters()},
                    {"params": [torch.nn.Parameter(torch.ones(1))], "lr": 1.0},
                ],
                lr=0.1,
            ),
            ValueError,
            "but 1 of its 7 are not in net",
        ),
        (lambda: torch_net(), lambda _: None, TypeError, "optimizer must be .* got None"),
        (
            lambda: torch_net(),
            lambda _: nn.SGD(numpy_net().parameters(), 0.1),
            TypeError,
            r"optimizer must be an optimiser of PyTorch, .* of dropoutlab\.nn\.optim",
        ),
        (
            lambda: numpy_net(),
            lambda _: torch.optim.SGD(torch_net().parameters(), lr=0.1),
            TypeError,
            r"net must be a torch\.nn\.Module .* of dropoutlab\.nn\.sequential",
        ),
    ],
)
def test_what_cannot_be_trained_together_is_refused(net, optimizer, error, message):
    net, rng = net(), np.random.default_rng(0)
    with pytest.raises(error, match=message):
        torch_training.fit(net, optimizer(net), digits().train, n_epochs=1, rng=rng)
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state


def test_a_net_of_the_other_library_is_not_evaluated_nor_anything_else_copied():
    with pytest.raises(TypeError, match=r"net must be a torch\.nn\.Module .* of dropoutlab"):
        torch_training.evaluate(numpy_net(), digits().test)
    for source, target in [(None, torch_net()), (torch_net(), digits())]:
        with pytest.raises(TypeError, match=r"(source|target) must be a net of"):
            torch_training.copy_weights(source, target)


def test_a_net_without_parameters_is_evaluated():
    result = torch_training.evaluate(torch.nn.Identity(), moons())
    assert result == training.evaluate(nn.Dropout(0, rng=np.random.default_rng(0)), moons())


# Copying weights


def test_weights_are_copied_in_both_directions_and_between_dtypes():
    ours, theirs = numpy_net(), torch_net(torch.float32)
    torch_training.copy_weights(ours, theirs)
    for our, their in zip(arrays(ours), arrays(theirs), strict=True):
        np.testing.assert_array_equal(their, our.astype(np.float32))
    other = numpy_net(seed=9)
    places = arrays(other)
    torch_training.copy_weights(theirs, other)
    for place, now, their in zip(places, arrays(other), arrays(theirs), strict=True):
        assert now is place
        assert now.dtype == np.float64
        np.testing.assert_array_equal(now, their)


def test_a_copy_does_not_share_memory_with_its_source():
    ours, theirs = numpy_net(), torch_net()
    torch_training.copy_weights(theirs, ours)
    ours.parameters()[0].data[...] = 3
    assert not (arrays(theirs)[0] == 3).any()
    torch_training.copy_weights(ours, theirs)
    ours.parameters()[0].data[...] = 4
    assert (arrays(theirs)[0] == 3).all()


def test_nets_that_do_not_match_are_refused_unchanged():
    target = torch.nn.Sequential(torch.nn.Linear(784, 32), torch.nn.Linear(32, 17)).double()
    before = [array.copy() for array in arrays(target)]
    with pytest.raises(
        ValueError, match=r"target must have parameters of the shapes .* \(17,\)"
    ):
        torch_training.copy_weights(numpy_net(), target)
    assert all(map(np.array_equal, arrays(target), before))
