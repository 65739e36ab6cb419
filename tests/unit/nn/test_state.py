"""Parameters out of a net and into another: exact, all or nothing, also PyTorch's."""

import numpy as np
import pytest
import torch

from dropoutlab import nn


def make(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    net = nn.Sequential(
        nn.Linear(4, 3, rng=rng, dtype=dtype, init="torch"),
        nn.ReLU(),
        nn.Sequential(nn.Dropout(0.5, rng=rng), nn.Linear(3, 2, rng=rng, dtype=dtype)),
    )
    for parameter in net.parameters():
        parameter.data += rng.standard_normal(parameter.data.shape)
    return net


def make_torch(dtype=torch.float64):
    net = torch.nn.Sequential(
        torch.nn.Linear(4, 3),
        torch.nn.ReLU(),
        torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.Linear(3, 2)),
    )
    return net.to(dtype).eval()


def same(state, other):
    return list(state) == list(other) and all(
        values.tobytes() == other[name].tobytes() for name, values in state.items()
    )


def test_the_state_holds_copies_under_the_names_of_pytorch():
    net = make()
    state = net.state_dict()
    assert list(state) == list(make_torch().state_dict())
    assert list(state) == ["0.weight", "0.bias", "2.1.weight", "2.1.bias"]
    for name, parameter in net.named_parameters():
        np.testing.assert_array_equal(state[name], parameter.data, strict=True)
        assert not np.shares_memory(state[name], parameter.data)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_state_loads_bit_for_bit_and_in_place(dtype):
    net, other = make(dtype=dtype), make(1, dtype=dtype)
    net[0].weight.data[0, :3] = [np.nan, -0.0, np.inf]
    arrays = [parameter.data for parameter in other.parameters()]
    state = net.state_dict()

    assert other.load_state_dict(state) is None

    assert same(other.state_dict(), net.state_dict())
    for parameter, array in zip(other.parameters(), arrays, strict=True):
        assert parameter.data is array
    state["0.weight"][...] = 5
    assert same(other.state_dict(), net.state_dict())


def test_an_optimiser_goes_on_with_the_loaded_parameters():
    net, other = make(), make(1)
    optimizer = nn.SGD(net.parameters(), lr=1.0)
    net.load_state_dict(other.state_dict())
    for parameter in net.parameters():
        parameter.grad = np.ones_like(parameter.data)
    optimizer.step()
    for parameter, start in zip(net.parameters(), other.parameters(), strict=True):
        np.testing.assert_array_equal(parameter.data, start.data - 1)


def test_the_other_order_of_bytes_loads_without_loss():
    net, other = make(), make(1)
    swapped = {
        name: values.astype(values.dtype.newbyteorder())
        for name, values in net.state_dict().items()
    }
    other.load_state_dict(swapped)
    assert same(other.state_dict(), net.state_dict())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_states_go_to_pytorch_and_back(dtype):
    net, theirs = make(dtype=dtype).eval(), make_torch(getattr(torch, dtype))
    theirs.load_state_dict(
        {name: torch.tensor(values) for name, values in net.state_dict().items()}
    )
    x = np.random.default_rng(2).standard_normal((5, 4)).astype(dtype)
    with torch.no_grad():
        output = theirs(torch.tensor(x)).numpy()
    np.testing.assert_allclose(net(x), output, rtol=1e-5, atol=1e-6)

    other = make(1, dtype=dtype)
    other.load_state_dict(theirs.state_dict())
    assert same(other.state_dict(), net.state_dict())


def test_everything_that_does_not_fit_is_listed_and_nothing_is_loaded():
    net = make()
    before = net.state_dict()
    state = make(1).state_dict()
    del state["0.bias"]
    state["0.weight"] = state["0.weight"].T
    state["2.1.weight"] = state["2.1.weight"].astype(np.float32)
    state["2.1.bias"] = [[1.0], [2.0, 3.0]]
    state["3.weight"] = np.ones(1)
    with pytest.raises(ValueError, match="state must hold the parameters of the net") as caught:
        net.load_state_dict(state)
    lines = str(caught.value).splitlines()
    assert [line.strip() for line in lines[1:5]] == [
        "'0.bias' is missing",
        "'3.weight' is not in the net",
        "'0.weight' must have shape (3, 4), got (4, 3)",
        "'2.1.weight' must have dtype float64, got float32",
    ]
    assert lines[5].startswith("    '2.1.bias' is not an array: ")
    assert len(lines) == 6
    assert same(net.state_dict(), before)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("0.bias", np.ones(3, int), "'0.bias' must have dtype float64, got int64"),
        ("0.bias", 1.0, r"'0.bias' must have shape \(3,\), got \(\)"),
        ("0.bias", None, r"'0.bias' must have dtype float64, got object"),
        ("0.bias", torch.ones(3, requires_grad=True), "'0.bias' is not an array: .*detach"),
    ],
)
def test_one_misfit_is_enough(name, value, message):
    net = make()
    before = net.state_dict()
    with pytest.raises(ValueError, match=message):
        net.load_state_dict(make(1).state_dict() | {name: value})
    assert same(net.state_dict(), before)


@pytest.mark.parametrize("state", [None, "net.npz", [np.ones(3)], make()])
def test_a_state_must_be_a_mapping(state):
    with pytest.raises(TypeError, match=r"state must be a mapping .* got .*nn\.load\(path\)"):
        make().load_state_dict(state)


def test_a_net_without_parameters_has_an_empty_state():
    net = nn.Sequential(nn.ReLU())
    assert net.state_dict() == {}
    net.load_state_dict({})
