"""What chapter 10's solutions print is true: the dropout with its own dice, and the doctor."""

import pytest
import torch
import torch.nn.functional as F
from chapter import defined

NETS = ["Registered", "Functional", "FunctionalWithMode", "BornInForward", "Stubborn"]


def shown(*names):
    return defined("10_pytorch", *names, torch=torch, F=F)


@pytest.fixture(scope="module")
def own_dropout():
    return shown("OwnDropout")["OwnDropout"]


@pytest.fixture(scope="module")
def clinic():
    return shown(*NETS, "diagnose")


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9])
def test_own_dropout_draws_what_torch_draws_and_hears_of_nobody_else(own_dropout, p):
    x = torch.randn(100, 50)
    layer, theirs = own_dropout(p, seed=3), torch.nn.Dropout(p)
    torch.manual_seed(3)
    first, second = theirs(x), theirs(x)

    got = []
    for _ in range(2):
        torch.randn(1)
        got.append(layer(x))

    torch.testing.assert_close(got, [first, second])


def test_own_dropout_passes_its_gradient_through_the_mask(own_dropout):
    x = torch.randn(100, 50, requires_grad=True)

    y = own_dropout(0.2, seed=3)(x)
    y.sum().backward()

    torch.testing.assert_close(x.grad, torch.where(y == 0, 0.0, 1 / 0.8))


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("Registered", "healthy"),
        ("FunctionalWithMode", "healthy"),
        ("Functional", "F.dropout"),
        ("BornInForward", "born in forward"),
        ("Stubborn", "still on: ['dropout']"),
    ],
)
def test_the_doctor_finds_what_each_net_has(clinic, name, finding):
    net = clinic[name]()

    assert finding in clinic["diagnose"](net, torch.rand(100, 784))
